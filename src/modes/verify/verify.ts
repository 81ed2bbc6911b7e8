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
import { describeTouched, findTouched } from '../../checks/merges.ts';
import type { StepResult } from '../../checks/stated-pull.ts';
import { type Comparison, comparePlans, type ScopeChange } from '../../core/plan/drift.ts';
import { findImpactedTests } from '../../core/policy/impacted-tests.ts';
import { driftGate, regenerateWays } from '../../core/policy/policy.ts';
import { driftWays } from '../../core/records/verification.ts';
import { Stopped } from '../../decision.ts';
import type { DenialTools } from '../../evidence/record-denial.ts';
import { type PlanningProgress, recordingPlanning } from '../../evidence/record-planning.ts';
import { newestJournal } from '../../evidence/records.ts';
import { codexInputs, commonInputs, inputSchema, oneOf, whenMissingInput } from '../../inputs.ts';
import { describeBasis, whatPasses } from '../../report/verified.ts';
import { defineMode } from '../mode.ts';
import type { Uses } from '../tools.ts';
import { chooseBasis } from './basis.ts';
import { findCauses } from './causes.ts';
import { compareMakings } from './makings.ts';
import { type Regenerated, recordVerified } from './record.ts';
import { regenerate } from './regenerate.ts';
import { showVerified, stopDrifted } from './show.ts';

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
    'instructions',
    'brakes',
    'authority',
    'provenance',
    'evidence',
    'records',
    'targets',
    'requests',
    'label',
    'page',
    'rotation',
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
    runAfterApproval(tools, inputs, 'verify', async (pull, progress) => {
      const life = await findPlanLife(tools, pull, () => tools.warmUp('codex if it is there'));
      progress.planId = life.plan.planId;
      return findDrift(tools, inputs, await requireApproved(tools, life));
    }),
});

type GateInputs = Parameters<typeof driftGate>[1];

type VerifyTools = Parameters<typeof stopDrifted>[0] &
  Parameters<typeof recordVerified>[0] &
  Parameters<typeof regenerate>[0] &
  DenialTools &
  Uses<'authority' | 'brakes' | 'evidence' | 'requests' | 'targets' | 'merges' | 'warmUp'>;

/** If Codex was asked, but no verification was stored, what Codex did is recorded as a denial. */
async function findDrift(
  tools: VerifyTools,
  inputs: GateInputs,
  approved: ApprovedPlan,
): Promise<StepResult> {
  const { plan, life } = approved;
  const step = {
    mode: 'verify',
    pullRequest: plan.manifest.pull_request,
    plan: { planId: plan.planId, plan: plan.plan },
    actor: findActor(tools.run, approved),
    journal: newestJournal(plan, life.records),
  } as const;
  return recordingPlanning(tools, step, (progress) =>
    compareWithToday(tools, inputs, approved, progress),
  );
}

async function compareWithToday(
  tools: VerifyTools,
  inputs: GateInputs,
  approved: ApprovedPlan,
  progress: PlanningProgress,
): Promise<StepResult> {
  const { log, report } = tools;
  tools.warmUp('codex');
  const valid = await checkStillValid(tools, approved);
  const { pull, plan } = valid;
  const policy = await tools.policy.read();
  const { drift: way, regenerate: when } = driftGate(policy, inputs);
  const planned = plan.plan.files.map((file) => file.path);
  report.note({ impactedTests: findImpactedTests(policy, planned) });

  const today = await tools.merges.lookAtToday(pull, plan, () => tools.warmUp('artifacts'));
  const { pins } = today;
  if (today.isAsPlanned) tools.warmUp('artifacts');
  const touched = await today.findTouched();
  if (touched !== null) {
    const { paths, workspace } = touched;
    const why = describeTouched(paths, 'approval');
    const stopped = new Stopped('base-moved', why, { decision: 'drifted' });
    return stopDrifted(tools, valid, stopped, progress, async () => {
      const causes = { ...(await findCauses(tools, plan, pins, paths)), toolchain: [] };
      const diff = await workspace.difference(plan.manifest.base.sha, pins.base, paths);
      const comparison = { drift: 'scope-drift', scope: unchanged, diff } as const;
      const basis = 'deterministic';
      return { approved: valid, way, basis, pins, regenerated: null, comparison, causes };
    });
  }

  const basis = await chooseBasis(tools, when, plan, today);
  log.step('Drift');
  log.progress(`Head ${pins.head}, base ${pins.base}: no planned file was touched`);
  log.progress(describeBasis(basis, way));
  let regenerated: Regenerated | null = null;
  let comparison: Comparison = { drift: null, scope: unchanged, diff: '' };
  let toolchain: readonly string[] = [];
  if (basis === 'model') {
    await tools.brakes.checkRunsLeft(pull.number);
    regenerated = await regenerate(tools, approved, await today.build(), way, progress);
    comparison = comparePlans(plan.plan, regenerated.plan, way);
    const instructions = await tools.instructions.read();
    toolchain = compareMakings(plan, regenerated.proposal, instructions);
  }
  if (comparison.drift !== null && regenerated !== null) {
    const why = "Planning again on today's repository does not give the approved plan.";
    const files = regenerated.plan.files.map((file) => file.path);
    return stopDrifted(tools, valid, new Stopped(comparison.drift, why), progress, async () => {
      const moved = await findTouched(plan, await today.build(), pins.base, files);
      const causes = { ...(await findCauses(tools, plan, pins, moved)), toolchain };
      return { approved: valid, way, basis, pins, regenerated, comparison, causes };
    });
  }
  if (comparison.diff !== '') {
    log.warn(whatPasses(way));
    log.progress(comparison.diff);
  }
  // A push, a label or a plan that changed while Codex planned ends the verification, too.
  const now = await checkAgain(tools, approved, () => readTarget(tools, pull.number));
  const causes = { moved: [], baseCommits: [], toolchain };
  const finding = { approved: now, way, basis, pins, regenerated, comparison, causes };
  await recordVerified(tools, finding);
  progress.stored = true;
  await showVerified(tools, finding);
  return {
    decision: 'verified',
    detail: `Plan ${plan.planId} still holds on base ${pins.base}.`,
    life: now.life,
  };
}

const unchanged: ScopeChange = { added: [], removed: [], retyped: [] };
