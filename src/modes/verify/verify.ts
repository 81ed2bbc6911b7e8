/**
 * Mode verify, the drift gate: is the approval still true, and does the repository of today still imply the approved
 * plan? Cheap checks first; the model is asked only where they all hold.
 */

import {
  actorOf,
  checkStanding,
  closingTheGate,
  findApproved,
  nothingPlanned,
  readTarget,
  type StandingApproval,
} from '../../checks/approval.ts';
import { authoriseCommenter } from '../../checks/authority.ts';
import { overlappingPaths } from '../../checks/base-branch.ts';
import { takeOff } from '../../checks/label.ts';
import { artifactUrl, runRef, timestamp, type World } from '../../checks/world.ts';
import { type Comparison, comparePlans, type ScopeChange } from '../../core/plan/drift.ts';
import { type Plan, parsePlan, planDigest, planJson } from '../../core/plan/plan.ts';
import { renderPlanText } from '../../core/plan/plan-text.ts';
import { impactedTests } from '../../core/policy/policy.ts';
import { packVerification, toMembers } from '../../core/records/archive-contents.ts';
import { appendToJournal } from '../../core/records/journal.ts';
import type { DriftWay, Verification } from '../../core/records/verification.ts';
import { journalOfEarlierAttempt } from '../../evidence/find.ts';
import { checkTrustedRun } from '../../evidence/provenance.ts';
import type { InputsOf } from '../../inputs.ts';
import { decorate, planComments, report, showState } from '../../page/page.ts';
import type { Planner, Proposal } from '../../ports/agent.ts';
import { type Outcome, refuse, succeed } from '../../ports/outcome.ts';
import type { BaseCommit } from '../../ports/pull-requests.ts';
import type { Pins, Workspace } from '../../ports/workspaces.ts';
import { driftMarker, renderDrift } from '../../report/drift.ts';
import { renderVerified, whatPasses } from '../../report/verified.ts';

type VerifyInputs = InputsOf<'verify'>;

/** What was found at today's head and base. */
interface Check {
  readonly approved: StandingApproval;
  readonly way: DriftWay;
  readonly pins: Pins;
  /** Null where the base decided before the plan was asked for again. */
  readonly regenerated: { readonly plan: Plan; readonly proposal: Proposal } | null;
  readonly comparison: Comparison;
  readonly causes: Causes;
}

interface Causes {
  /** Files of either plan that the base changed. */
  readonly moved: readonly string[];
  readonly baseCommits: readonly BaseCommit[];
  readonly toolchain: readonly string[];
}

export async function verify(
  world: World,
  inputs: VerifyInputs,
  planner: Planner,
): Promise<Outcome> {
  await checkTrustedRun(world);
  await authoriseCommenter(world);
  return closingTheGate(world, inputs, async () => {
    const nothing = await nothingPlanned(world, inputs);
    if (nothing !== undefined) return nothing;
    const pull = await readTarget(world, inputs);
    return decide(world, inputs, planner, await findApproved(world, inputs, pull));
  });
}

async function decide(
  world: World,
  inputs: VerifyInputs,
  planner: Planner,
  approved: StandingApproval,
): Promise<Outcome> {
  await checkStanding(world, inputs, approved);
  const { pull, plan } = approved;
  const way = inputs.drift ?? (await world.policy()).drift;
  world.findings.impactedTests = impactedTests(
    await world.policy(),
    plan.plan.files.map((file) => file.path),
  );

  world.prepare();
  const base = await world.pullRequests.baseTip(pull.baseRef);
  const mergeBase = await world.pullRequests.mergeBase(base, pull.head.sha);
  const pins = { head: pull.head.sha, base, mergeBase };
  const workspace = await world.workspaces.build(pins, [plan.manifest.base.sha]);
  const moved = await overlappingPaths(plan, workspace, base);
  if (moved.length > 0) {
    const baseCommits = await nameCommits(world, moved, plan.manifest.base.sha, base);
    const causes = { moved, baseCommits, toolchain: [] };
    const diff = await workspace.difference(plan.manifest.base.sha, base, moved);
    const comparison = { drift: 'scope-drift', scope: unchanged, diff } as const;
    await drifted(world, inputs, { approved, way, pins, regenerated: null, comparison, causes });
    const paths = moved.map((path) => JSON.stringify(path)).join(', ');
    return {
      decision: 'drifted',
      reason: 'base-moved',
      detail: `The base has changed ${paths} since the approval.`,
    };
  }

  const regenerated = await regenerate(world, planner, approved, workspace, way);
  const comparison = comparePlans(plan.plan, regenerated.plan, way);
  const toolchain = toolchainChanges(approved, regenerated.proposal);
  if (comparison.drift !== null) {
    const paths = regenerated.plan.files.map((file) => file.path);
    const moved = await overlappingPaths(plan, workspace, base, paths);
    const baseCommits = await nameCommits(world, moved, plan.manifest.base.sha, base);
    const causes = { moved, baseCommits, toolchain };
    await drifted(world, inputs, { approved, way, pins, regenerated, comparison, causes });
    return refuse(
      comparison.drift,
      'The plan that the repository implies now is not the approved one.',
    );
  }
  if (comparison.diff !== '') {
    world.warn(whatPasses(way));
    world.progress(comparison.diff);
  }
  // Whatever moved while the model was asked ends the verification, too.
  await checkStanding(world, inputs, { ...approved, pull: await readTarget(world, inputs) });
  const causes = { moved: [], baseCommits: [], toolchain };
  const check = { approved, way, pins, regenerated, comparison, causes };
  await record(world, inputs, check);
  await showVerified(world, check);
  return succeed('verified', `Plan ${plan.planId} still holds on base ${base}.`);
}

const unchanged: ScopeChange = { added: [], removed: [], retyped: [] };

/** Names the commits for the readers; the decision was made from the trees. */
async function nameCommits(
  world: World,
  paths: readonly string[],
  since: string,
  tip: string,
): Promise<readonly BaseCommit[]> {
  let commits: readonly BaseCommit[] = [];
  if (paths.length > 0) {
    await decorate(world, async () => {
      commits = await world.pullRequests.commitsTouching(paths, since, tip);
    });
  }
  return commits;
}

async function regenerate(
  world: World,
  planner: Planner,
  { plan }: StandingApproval,
  workspace: Workspace,
  way: DriftWay,
): Promise<{ plan: Plan; proposal: Proposal }> {
  world.progress(`Regenerating plan ${plan.planId}, ${way}`);
  const proposal = await planner.propose({
    workspace: workspace.directory,
    prompt: plan.prompt,
    anchor: way === 'anchored' ? planJson(plan.plan) : null,
  });
  return { plan: parsePlan(proposal.answer, (await world.policy()).limits.files), proposal };
}

function toolchainChanges({ plan }: StandingApproval, { toolchain }: Proposal): string[] {
  const before = plan.manifest.codex;
  const facts: [string, string | null, string | null][] = [
    ['Codex version', before.version, toolchain.version],
    ['model', before.model, toolchain.model],
    ['effort', before.effort, toolchain.effort],
  ];
  return facts
    .filter(([, then, now]) => then !== now)
    .map(([what, then, now]) => `${what} was ${then ?? 'the default'}, is ${now ?? 'the default'}`);
}

/** Label off first, since it is what opens the gate; then the evidence, then the page. */
async function drifted(world: World, inputs: VerifyInputs, check: Check): Promise<void> {
  const { pull, plan } = check.approved;
  world.findings.drift = true;
  await takeOff(world, pull.number, inputs.label);
  await record(world, inputs, check);
  const text = renderDrift({
    planId: plan.planId,
    way: check.way,
    comparison: check.comparison,
    ...check.causes,
    repositoryUrl: `${world.run.serverUrl}/${plan.manifest.repository.full_name}`,
  });
  const address = await report(world, pull.number, driftMarker(plan.planId), text);
  if (address !== undefined) world.findings.commentUrl = address;
  world.summarise(text);
  await decorate(world, async () => {
    const [comment] = await planComments(world, pull.number, plan);
    if (comment !== undefined) await showState(world, comment, { is: 'drifted' });
  });
}

/** The summary, with what was let pass, and the address of the plan on the page. */
async function showVerified(
  world: World,
  { approved, way, pins, comparison }: Check,
): Promise<void> {
  const { pull, plan } = approved;
  const base = { ref: pull.baseRef, sha: pins.base };
  world.summarise(renderVerified({ planId: plan.planId, way, base, diff: comparison.diff }));
  await decorate(world, async () => {
    const [comment] = await planComments(world, pull.number, plan);
    if (comment !== undefined) world.findings.commentUrl = comment.url;
  });
}

/** The verification artifact; on drift with the regenerated plan and the diff. */
async function record(world: World, inputs: VerifyInputs, check: Check): Promise<void> {
  const { approved, comparison, regenerated } = check;
  const { pull, plan, approval } = approved;
  const name = `${inputs['artifact-prefix']}-verification-${pull.number}`;
  const result = world.findings.drift ? 'drifted' : 'verified';
  const verification: Verification = {
    schema: 'codex-verification/v1',
    repository: plan.manifest.repository,
    pull_request: pull.number,
    plan_id: plan.planId,
    approval_sha256: approval.digest,
    approval_artifact: approval.artifact,
    way: check.way,
    result,
    regenerated_plan_sha256: regenerated && planDigest(regenerated.plan),
    scope: scopeOf(comparison.scope),
    causes: {
      base_commits: check.causes.baseCommits.map(({ sha, paths }) => ({ sha, paths: [...paths] })),
      toolchain: [...check.causes.toolchain],
    },
    head: { ref: pull.head.ref, sha: check.pins.head },
    base: { ref: pull.baseRef, sha: check.pins.base },
    run: runRef(world.run),
    created_at: timestamp(world.now()),
  };
  const journal = appendToJournal(await journalOfEarlierAttempt(world, name, approval.journal), {
    at: verification.created_at,
    event: result,
    actor: actorOf(world, approved),
    digests: { plan_id: plan.planId, approval: approval.digest },
    detail: null,
  });
  const members = packVerification(verification, {
    'journal.jsonl': journal,
    'run.log': regenerated?.proposal.log ?? '',
    ...(world.findings.drift ? { 'drift.diff': comparison.diff } : {}),
    ...(world.findings.drift && regenerated !== null
      ? {
          'plan.json': planJson(regenerated.plan),
          'plan.txt': renderPlanText(regenerated.plan),
        }
      : {}),
  });
  const artifact = await world.artifacts.publish(name, members);
  const folder = await world.keep(
    'verification',
    new Map([
      ...toMembers({
        'prompt.txt': plan.prompt,
        'plan.json': planJson(plan.plan),
        'plan.txt': renderPlanText(plan.plan),
      }),
      ...members,
    ]),
  );
  Object.assign(world.findings, {
    artifactId: artifact.id,
    artifactUrl: artifactUrl(world, artifact),
    evidencePath: folder,
    ...(world.findings.drift ? { driftDiff: `${folder}/drift.diff` } : {}),
  });
}

function scopeOf({ added, removed, retyped }: ScopeChange): Verification['scope'] {
  const files = (list: ScopeChange['added']) =>
    list.map(({ path, operation }) => ({ path, operation }));
  return { added: files(added), removed: files(removed), retyped: files(retyped) };
}
