/**
 * Mode execute: commits exactly the change that was approved, in one fast-forward of the pull request's branch. No
 * model is called again, and nothing is written before everything that time can have changed was looked at again.
 */

import { readTarget, runAfterApproval } from '../../checks/after-approval.ts';
import {
  type ApprovedPlan,
  checkAgain,
  checkStillValid,
  findPlanLife,
  requireApproved,
  type ValidApproval,
} from '../../checks/approval.ts';
import { checkUntouched, findTouched } from '../../checks/merges.ts';
import { type LifeRooms, type PlanLife, readLife, withExecution } from '../../checks/plan-life.ts';
import type { StepResult } from '../../checks/stated-pull.ts';
import { stoppedByState } from '../../checks/stopped-by-state.ts';
import { commitMessage } from '../../core/plan/commit-message.ts';
import { findImpactedTests } from '../../core/policy/impacted-tests.ts';
import type { VerificationEvidence } from '../../core/records/archive-contents.ts';
import { listNarrowers } from '../../core/records/narrowing.ts';
import { Stopped } from '../../decision.ts';
import { runUrl } from '../../evidence/addresses.ts';
import type { WithArtifact } from '../../evidence/genuine.ts';
import { readUntil } from '../../evidence/lag.ts';
import { commonInputs, inputSchema, whenMissingInput } from '../../inputs.ts';
import type { PullRequest } from '../../ports/pull-requests.ts';
import { defineMode } from '../mode.ts';
import type { Uses } from '../tools.ts';
import {
  findLeftByEarlierAttempt,
  type RecordedExecution,
  recordExecution,
  recordStop,
} from './record.ts';
import { unseal, writeTree } from './sealed-change.ts';
import { showCommit, showExecuted } from './show.ts';

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
    'status',
    'log',
    'report',
    'keepForLaterSteps',
  ],
  run: (tools, inputs) =>
    runAfterApproval(tools, inputs, (pull) => {
      // `GITHUB_TOKEN` cannot read teams: without another token they are as the verification of minutes ago found them.
      const teamsAsVerified = inputs.teamToken === undefined;
      const authority = teamsAsVerified ? tools.authority.trustingTeams() : tools.authority;
      return executeOnce({ ...tools, authority, teamsAsVerified }, pull);
    }),
});

type ExecuteTools = Parameters<typeof commitApproved>[0];

/** An approval is used once: its record and the branch say whether it was. */
async function executeOnce(tools: ExecuteTools, pull: PullRequest): Promise<StepResult> {
  if (pull.headRepository !== tools.run.repository.id) {
    throw new Stopped('fork-denied', 'The branch lies in a fork, which the token cannot write to.');
  }
  const life = await findPlanLife(tools, pull);
  await stopIfConsumed(tools, life);
  const left = findLeftByEarlierAttempt(tools.run, life);
  // This attempt makes another commit, or none.
  if (left !== undefined) await recordStop(tools, left, 'internal');
  const approved = await requireApproved(tools, life);
  try {
    return await commitApproved(tools, approved);
  } catch (error) {
    // Another run may have used the approval while this one was at work.
    await stopIfConsumed(tools, await readLifeAfter(tools, life, error));
    throw error;
  }
}

/**
 * The life of the plan after a step was stopped. If it cannot be read, the step has stopped for its own reason.
 * @throws what stopped the step
 */
async function readLifeAfter(
  tools: ExecuteTools,
  { pull, plan }: PlanLife,
  stopped: unknown,
): Promise<PlanLife> {
  if (!(stopped instanceof Stopped)) throw stopped;
  try {
    return await readLife(tools, () => tools.pullRequests.read(pull.number), plan);
  } catch (error) {
    throw error instanceof Stopped ? stopped : error;
  }
}

/**
 * Also for a run that is repeated after a crash: the commit is whole, and the page catches up.
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
    Uses<'authority' | 'merges' | 'policy' | 'commits' | 'targets' | 'pullRequests'> & {
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
  const { pins, workspace } = await tools.merges.buildForToday(valid.pull, valid.plan);
  checkUntouched(await findTouched(valid.plan, workspace, pins.base), 'approval');
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
    detail: `Commit ${commit} carries out plan ${approval.plan_id}.`,
    life: withExecution(now.life, commit),
  };
}

/** The last look, and the move of the branch. If one of them stops the step, the record says so. */
async function moveBranch(
  tools: Parameters<typeof recordStop>[0] &
    Parameters<typeof checkAgain>[0] &
    Uses<'commits' | 'targets'>,
  valid: ValidApproval,
  recorded: RecordedExecution,
): Promise<ValidApproval> {
  const { head, commit } = recorded.execution;
  let mayMoveLater = false;
  try {
    const now = await checkAgain(tools, valid, () => readTarget(tools, valid.pull.number));
    mayMoveLater = true;
    // The move itself fails if the branch is no longer at the approved head.
    if ((await tools.commits.moveForward(now.pull.head.ref, head.sha, commit)) === 'moved') {
      return now;
    }
    throw new Stopped('head-moved', 'The branch moved before the commit reached it.');
  } catch (error) {
    const { reason } = error instanceof Stopped ? error : { reason: 'internal' as const };
    // GitHub may still move the branch after an answer that was lost.
    if (!(mayMoveLater && reason === 'api-unavailable')) await recordStop(tools, recorded, reason);
    throw error;
  }
}

async function writeMessage(
  { policy, run }: Uses<'policy' | 'run'>,
  { plan: { plan, planId, manifest, journal }, approval }: ValidApproval,
): Promise<string> {
  return commitMessage((await policy.read()).execute.message, {
    title: plan.title,
    planId,
    pullRequest: manifest.pull_request,
    requesters: manifest.requests.map(({ requester }) => requester.login),
    narrowedBy: listNarrowers({ manifest, journal }).map(({ login }) => login),
    approvers: approval.approval.approvers.map(({ login }) => login),
    runUrl: runUrl(run),
  });
}

/**
 * The drift gate passed for this approval on this head, not long ago. Often that was a moment ago, in the same workflow:
 * the artifact list can lag.
 * @throws Stopped verification-missing
 */
async function findFreshVerification(
  tools: LifeRooms & Uses<'clock' | 'policy'>,
  valid: ValidApproval,
): Promise<WithArtifact<VerificationEvidence>> {
  const { pull, plan } = valid;
  const minutes = (await tools.policy.read()).execute['verification-minutes'];
  const isFresh = ({ verification }: VerificationEvidence) =>
    tools.clock.now().getTime() - Date.parse(verification.created_at) <= minutes * 60_000;
  const find = (life: PlanLife) => findVerification(life, valid);
  const life = await readUntil(
    () => readLife(tools, pull, plan),
    (one) => {
      const found = find(one);
      return found !== undefined && isFresh(found);
    },
    valid.life,
  );
  const found = find(life);
  if (found === undefined) {
    throw new Stopped('verification-missing', 'No verification of this approval passed.');
  }
  if (isFresh(found)) return found;
  throw new Stopped(
    'verification-missing',
    `The verification of ${found.verification.created_at} is older than ${minutes} minutes (execute.verification-minutes).`,
  );
}

/**
 * The verification has asked who is in the teams of its own policy. Under another one, whoever was struck from
 * `approvers.users` since would pass for a member of a team.
 * @throws Stopped verification-missing
 */
async function checkSameTeams(
  { policy }: Uses<'policy'>,
  { verification }: VerificationEvidence,
): Promise<void> {
  const { teams } = (await policy.read()).approvers;
  if (teams.length === 0 || verification.policy.blob === (await policy.origin()).blob) return;
  throw new Stopped(
    'verification-missing',
    'The policy has changed since the verification, and who is in its teams (approvers.teams) is not known: verify again, or give team-token.',
  );
}

/** The newest verification of the approval, if that passed on its head. */
function findVerification(
  { records }: Pick<PlanLife, 'records'>,
  { pull, approval }: ApprovedPlan,
): WithArtifact<VerificationEvidence> | undefined {
  const found = records.verifications.findLast(
    ({ verification }) => verification.approval_sha256 === approval.digest,
  );
  const passed =
    found?.verification.result === 'verified' &&
    found.verification.head.sha === pull.head.sha &&
    found.journal.startsWith(approval.journal);
  return passed ? found : undefined;
}
