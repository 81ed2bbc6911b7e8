/**
 * Mode verify, the drift gate: is the approval still true, and does the repository of today still imply the approved
 * plan? Cheap checks first; the model is called only if they all hold.
 */

import { readTarget, runAfterApproval } from '../../checks/after-approval.ts';
import {
  type ApprovedPlan,
  checkAgain,
  checkStillValid,
  findActor,
  findPlanLife,
  requireApproved,
} from '../../checks/approval.ts';
import { describeTouched, findTouched, type Merge } from '../../checks/merges.ts';
import { type Comparison, comparePlans, type ScopeChange } from '../../core/plan/drift.ts';
import { narrowPlan } from '../../core/plan/narrow.ts';
import { parsePlan, planJson } from '../../core/plan/plan.ts';
import { driftGate, impactedTests, regenerateWays } from '../../core/policy/policy.ts';
import type { PlanEvidence } from '../../core/records/archive-contents.ts';
import { type DriftWay, driftWays } from '../../core/records/verification.ts';
import { CodexStopped, Stopped } from '../../decision.ts';
import { toTokens } from '../../evidence/facts.ts';
import { type DenialRooms, noEdit, recordDenial } from '../../evidence/record-denial.ts';
import { newestJournal } from '../../evidence/store.ts';
import { codexInputs, commonInputs, inputSchema, oneOf, whenMissingInput } from '../../inputs.ts';
import { bestEffort } from '../../page/best-effort.ts';
import type { Proposal } from '../../ports/agent.ts';
import type { ModeResult } from '../../ports/outcome.ts';
import type { BaseCommit } from '../../ports/pull-requests.ts';
import type { Workspace } from '../../ports/workspaces.ts';
import { driftMarker, renderDrift } from '../../report/drift.ts';
import { describeBasis, renderVerified, whatPasses } from '../../report/verified.ts';
import { defineMode } from '../mode.ts';
import type { Uses } from '../tools.ts';
import { chooseBasis } from './basis.ts';
import {
  type Finding,
  type Regenerated,
  recordDrifted,
  recordVerified,
  type Verified,
} from './record.ts';

export const verify = defineMode({
  inputs: inputSchema({
    ...commonInputs,
    ...codexInputs,
    ...whenMissingInput,
    drift: oneOf(driftWays),
    regenerate: oneOf(regenerateWays),
  }),
  needs: [
    'run',
    'clock',
    'policy',
    'brakes',
    'authority',
    'provenance',
    'evidence',
    'records',
    'targets',
    'requests',
    'label',
    'page',
    'merges',
    'pullRequests',
    'planner',
    'warmUp',
    'status',
    'log',
    'report',
    'keepForLaterSteps',
    'findSecret',
  ],
  run: (tools, inputs) =>
    runAfterApproval(tools, inputs, async (pull) =>
      findDrift(tools, inputs, await requireApproved(tools, await findPlanLife(tools, pull))),
    ),
});

type GateInputs = Parameters<typeof driftGate>[1];

async function findDrift(
  tools: Parameters<typeof stopDrifted>[0] &
    Parameters<typeof recordVerified>[0] &
    Parameters<typeof regenerate>[0] &
    Uses<'authority' | 'brakes' | 'requests' | 'targets' | 'merges' | 'warmUp'>,
  inputs: GateInputs,
  approved: ApprovedPlan,
): Promise<ModeResult> {
  const { log, report } = tools;
  await checkStillValid(tools, approved);
  const { pull, plan } = approved;
  const policy = await tools.policy.read();
  const { drift: way, regenerate: when } = driftGate(policy, inputs);
  const paths = plan.plan.files.map((file) => file.path);
  report.note({ impactedTests: impactedTests(policy, paths) });

  tools.warmUp();
  const merge = await tools.merges.buildForToday(pull, plan);
  const { pins, workspace } = merge;
  const touched = await findTouched(plan, workspace, pins.base);
  if (touched.length > 0) {
    const causes = { ...(await findCauses(tools, plan, merge, touched)), toolchain: [] };
    const diff = await workspace.difference(plan.manifest.base.sha, pins.base, touched);
    const comparison = { drift: 'scope-drift', scope: unchanged, diff } as const;
    return stopDrifted(
      tools,
      { approved, way, basis: 'deterministic', pins, regenerated: null, comparison, causes },
      new Stopped('base-moved', describeTouched(touched, 'approval'), { decision: 'drifted' }),
    );
  }

  const basis = await chooseBasis(tools, when, plan, merge);
  log.progress(describeBasis(basis, way));
  let regenerated: Regenerated | null = null;
  let comparison: Comparison = { drift: null, scope: unchanged, diff: '' };
  let toolchain: readonly string[] = [];
  if (basis === 'model') {
    await tools.brakes.checkRunsLeft(pull.number);
    regenerated = await regenerate(tools, approved, workspace, way);
    comparison = comparePlans(plan.plan, regenerated.plan, way);
    toolchain = compareToolchains(plan, regenerated.proposal);
  }
  if (comparison.drift !== null && regenerated !== null) {
    const files = regenerated.plan.files.map((file) => file.path);
    const moved = await findTouched(plan, workspace, pins.base, files);
    const causes = { ...(await findCauses(tools, plan, merge, moved)), toolchain };
    return stopDrifted(
      tools,
      { approved, way, basis, pins, regenerated, comparison, causes },
      new Stopped(
        comparison.drift,
        "Planning again on today's repository does not give the approved plan.",
      ),
    );
  }
  if (comparison.diff !== '') {
    log.warn(whatPasses(way));
    log.progress(comparison.diff);
  }
  // Whatever moved while the model was called ends the verification, too.
  const valid = await checkAgain(tools, approved, await readTarget(tools, pull.number));
  const causes = { moved: [], baseCommits: [], toolchain };
  const finding = { approved: valid, way, basis, pins, regenerated, comparison, causes };
  await recordVerified(tools, finding);
  await showVerified(tools, finding);
  return { decision: 'verified', detail: `Plan ${plan.planId} still holds on base ${pins.base}.` };
}

const unchanged: ScopeChange = { added: [], removed: [], retyped: [] };

/** Names the commits that touched the files, for the readers; the decision was made from the trees. */
async function findCauses(
  { log, pullRequests }: Uses<'log' | 'pullRequests'>,
  { manifest }: PlanEvidence,
  { pins }: Merge,
  moved: readonly string[],
): Promise<Pick<Finding['causes'], 'moved' | 'baseCommits'>> {
  let baseCommits: readonly BaseCommit[] = [];
  if (moved.length > 0) {
    await bestEffort(log, async () => {
      baseCommits = await pullRequests.commitsTouching(moved, manifest.base.sha, pins.base);
    });
  }
  return { moved, baseCommits };
}

async function regenerate(
  tools: DenialRooms & Uses<'log' | 'planner' | 'policy'>,
  approved: ApprovedPlan,
  workspace: Pick<Workspace, 'directory'>,
  way: DriftWay,
): Promise<Regenerated> {
  const { log, planner, policy } = tools;
  const { plan, planId, prompt, manifest } = approved.plan;
  log.progress(`Regenerating plan ${planId}, ${way}`);
  let proposal: Proposal | undefined;
  try {
    proposal = await planner.propose({
      workspace: workspace.directory,
      prompt,
      anchor: way === 'anchored' ? planJson(plan) : null,
      purpose: 'verify',
      instructions: approved.plan.instructions,
    });
    tools.report.note({ tokens: toTokens(proposal.usage) });
    const regenerated = parsePlan(proposal.answer, (await policy.read()).limits.files);
    return { plan: narrowPlan(regenerated, manifest.narrows?.paths ?? []), proposal };
  } catch (error) {
    const codexRan = proposal !== undefined || error instanceof CodexStopped;
    if (codexRan && error instanceof Stopped) {
      await recordFailure(tools, approved, proposal?.log ?? '', error);
    }
    throw error;
  }
}

/** Codex gave no plan to compare: that says nothing about the approval, and is recorded all the same. */
async function recordFailure(
  tools: DenialRooms,
  approved: ApprovedPlan,
  log: string,
  stopped: Stopped,
): Promise<void> {
  const { plan, life } = approved;
  const ended = {
    mode: 'verify',
    pullRequest: plan.manifest.pull_request,
    plan: { planId: plan.planId, plan: plan.plan },
    actor: findActor(tools.run, approved),
    labelEvents: [],
    refused: [],
    edit: noEdit,
    log: stopped instanceof CodexStopped ? stopped.log : log,
    journal: newestJournal(plan, life.records),
  } as const;
  await recordDenial(tools, ended, stopped);
}

function compareToolchains({ manifest }: PlanEvidence, { toolchain }: Proposal): string[] {
  const before = manifest.codex;
  const facts: [string, string | null, string | null][] = [
    ['Codex version', before.version, toolchain.version],
    ['model', before.model, toolchain.model],
    ['effort', before.effort, toolchain.effort],
  ];
  return facts
    .filter(([, then, now]) => then !== now)
    .map(([what, then, now]) => `${what} was ${then ?? 'the default'}, is ${now ?? 'the default'}`);
}

/** First removes the label, since it is what opens the gate; then comes the evidence, then the page. */
async function stopDrifted(
  tools: Parameters<typeof recordDrifted>[0] & Uses<'label' | 'log' | 'page' | 'pullRequests'>,
  finding: Finding,
  stopped: Stopped,
): Promise<never> {
  const { label, log, page, report, run } = tools;
  const { approved, way, comparison, causes } = finding;
  const { pull, plan } = approved;
  report.note({ drift: true });
  const removed = await label.tryRemove(pull.number);
  await recordDrifted(tools, finding);
  const text = renderDrift({
    planId: plan.planId,
    way,
    comparison,
    ...causes,
    labelRemoved: removed,
    repositoryUrl: `${run.serverUrl}/${plan.manifest.repository.full_name}`,
  });
  const address = await page.writeReport(pull.number, driftMarker(plan.planId), text);
  if (address !== undefined) report.note({ commentUrl: address });
  log.summarise(text);
  await bestEffort(log, async () => {
    const [comment] = await page.findPlanComments(pull.number, plan.planId);
    if (comment !== undefined) await page.updateState(comment, { is: 'drifted' });
  });
  throw stopped;
}

/** The summary, with what was let pass, and the address of the plan on the page. */
async function showVerified(
  { log, page, report }: Uses<'log' | 'page' | 'report'>,
  { approved, way, basis, pins, comparison }: Verified,
): Promise<void> {
  const { pull, plan } = approved;
  const base = { ref: pull.baseRef, sha: pins.base };
  log.summarise(renderVerified({ planId: plan.planId, way, basis, base, diff: comparison.diff }));
  await bestEffort(log, async () => {
    const [comment] = await page.findPlanComments(pull.number, plan.planId);
    if (comment !== undefined) report.note({ commentUrl: comment.url });
  });
}
