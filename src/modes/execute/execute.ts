/**
 * Mode execute: commits exactly the change that was approved, in one fast-forward of the pull request's branch. It calls
 * no model. Before it writes, it checks again everything that can have changed since the approval.
 */

import { runAfterApproval } from '../../checks/after-approval.ts';
import {
  type ApprovedPlan,
  checkStillValid,
  findPlanLife,
  requireApproved,
} from '../../checks/approval.ts';
import { type LifeTools, type PlanLife, readLife, withExecution } from '../../checks/plan-life.ts';
import type { StepResult } from '../../checks/stated-pull.ts';
import { stoppedByState } from '../../checks/stopped-by-state.ts';
import type { StopProgress } from '../../checks/telling-stop.ts';
import { tryTo } from '../../core/first-error.ts';
import { findImpactedTests } from '../../core/policy/impacted-tests.ts';
import { Stopped } from '../../decision.ts';
import { commonInputs, inputSchema, whenMissingInput } from '../../inputs.ts';
import type { PullRequest } from '../../ports/pull-requests.ts';
import { defineMode } from '../mode.ts';
import type { Uses } from '../tools.ts';
import { moveBranch, writeMessage } from './commit.ts';
import { findLeftByEarlierAttempt, recordExecution, recordStop } from './record.ts';
import { unseal, writeTree } from './sealed-change.ts';
import { showCommit, showExecuted } from './show.ts';
import { checkSameTeams, findFreshVerification } from './verification.ts';

export const execute = defineMode({
  inputs: inputSchema({ ...commonInputs, ...whenMissingInput }),
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
    'commits',
    'warmUp',
    'status',
    'log',
    'report',
    'keepForLaterSteps',
  ],
  run: (tools, inputs) =>
    runAfterApproval(tools, inputs, 'execute', (pull, progress) => {
      // `GITHUB_TOKEN` cannot read teams. Without another token, the members are those that the verification found
      // minutes ago.
      const teamsAsVerified = inputs.teamToken === undefined;
      const authority = teamsAsVerified ? tools.authority.trustingTeams() : tools.authority;
      return executeOnce({ ...tools, authority, teamsAsVerified }, pull, progress);
    }),
});

type ExecuteTools = Parameters<typeof commitApproved>[0];

/** An approval is used once: its record and the branch say whether it was. */
async function executeOnce(
  tools: ExecuteTools,
  pull: PullRequest,
  progress: StopProgress,
): Promise<StepResult> {
  if (pull.headRepository !== tools.run.repository.id) {
    throw new Stopped('fork-denied', 'The branch lies in a fork, which the token cannot write to.');
  }
  const life = await findPlanLife(tools, pull);
  progress.planId = life.plan.planId;
  await stopIfConsumed(tools, life);
  const left = findLeftByEarlierAttempt(tools.run, life);
  // This attempt makes another commit, or none.
  if (left !== undefined) await recordStop(tools, left, 'internal');
  const approved = await requireApproved(tools, life);
  return unlessConsumed(tools, life, () => commitApproved(tools, approved));
}

/**
 * Runs a step. Another run may use the approval at the same time, or this one before it fails: then that is the reason why
 * it stops, since the commit is on the branch.
 * @throws Stopped approval-consumed, and what the step throws
 */
export async function unlessConsumed<T>(
  tools: LifeTools & Parameters<typeof showCommit>[0] & Uses<'pullRequests'>,
  life: PlanLife,
  step: () => Promise<T>,
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    const now = await readLifeAfter(tools, life);
    if (now !== undefined) await stopIfConsumed(tools, now);
    throw error;
  }
}

/**
 * The life of the plan after a step was stopped.
 * @returns undefined if it cannot be read: then the reason of the stopped step counts
 */
async function readLifeAfter(
  tools: LifeTools & Uses<'log' | 'pullRequests'>,
  { pull, plan }: PlanLife,
): Promise<PlanLife | undefined> {
  let life: PlanLife | undefined;
  const failed = 'Whether another run has used the approval could not be read.';
  await tryTo({ failed, log: tools.log }, async () => {
    life = await readLife(tools, () => tools.pullRequests.read(pull.number), plan);
  });
  return life;
}

/**
 * Also helps a run that is repeated after a crash: the commit is complete, and the page is updated now.
 * @throws Stopped approval-consumed
 */
async function stopIfConsumed(
  tools: Parameters<typeof showCommit>[0],
  life: PlanLife,
): Promise<void> {
  if (life.state.is !== 'executed') return;
  tools.report.note({ commitSha: life.state.commit });
  await showCommit(tools, life, life.state.commit);
  throw stoppedByState(life);
}

async function commitApproved(
  tools: Parameters<typeof showExecuted>[0] &
    Parameters<typeof recordStop>[0] &
    Parameters<typeof findPlanLife>[0] &
    Uses<'authority' | 'merges' | 'policy' | 'commits' | 'targets' | 'pullRequests' | 'warmUp'> & {
      /** Everybody counts as a member of the policy's teams, since the verification has asked for them. */
      readonly teamsAsVerified: boolean;
    },
  approved: ApprovedPlan,
): Promise<StepResult> {
  const { commits, log, report } = tools;
  const valid = await checkStillValid(tools, approved);
  const { approval } = valid.approval;
  const verification = await findFreshVerification(tools, valid);
  if (tools.teamsAsVerified) await checkSameTeams(tools, verification);
  const { workspace } = await tools.merges.buildForToday(valid.pull, valid.plan, () =>
    tools.warmUp('artifacts'),
  );
  const changes = await unseal(workspace, valid.plan.plan, valid.approval);
  log.step('Commit');
  log.progress(`The verification of ${verification.verification.created_at} is fresh`);
  const tree = await writeTree(commits, workspace, approval.head.sha, changes);
  const message = await writeMessage(tools, valid);
  const commit = await commits.createCommit(message, tree, approval.head.sha);
  // Before the branch moves: a commit on the branch without its record would look like somebody else's.
  const recorded = await recordExecution(tools, valid, { commit, tree, verification });
  const now = await moveBranch(tools, valid, recorded);
  log.progress(`Commit ${commit} on ${approval.head.sha}`);
  const paths = changes.map(({ path }) => path);
  const impactedTests = findImpactedTests(await tools.policy.read(), paths);
  report.note({ commitSha: commit, impactedTests });
  const records = { ...valid.life.records, approvals: [valid.approval] };
  await showExecuted(tools, { plan: valid.plan, pull: valid.pull, records }, commit);
  return {
    decision: 'executed',
    detail: `Commit ${commit} has the change of plan ${approval.plan_id}.`,
    life: withExecution(now.life, commit),
  };
}
