/**
 * Mode execute: commits exactly the change that was approved, in one fast-forward of the pull request's branch. No
 * model is called again, and nothing is written before everything that time can have changed was looked at again.
 */

import { readTarget, runAfterApproval } from '../../checks/after-approval.ts';
import {
  type ApprovedPlan,
  checkStillValid,
  findApprovedPlan,
  type ValidApproval,
} from '../../checks/approval.ts';
import { checkUntouched, findTouched } from '../../checks/merges.ts';
import type { VerificationEvidence } from '../../core/records/archive-contents.ts';
import { carriesOut, commitMessage } from '../../core/records/execution.ts';
import type { ObjectId } from '../../core/text/object-id.ts';
import { Stopped } from '../../decision.ts';
import { runUrl } from '../../evidence/addresses.ts';
import type { WithArtifact } from '../../evidence/store.ts';
import { commonInputs, inputSchema, whenMissingInput } from '../../inputs.ts';
import type { ModeResult } from '../../ports/outcome.ts';
import type { PullRequest } from '../../ports/pull-requests.ts';
import { defineMode } from '../mode.ts';
import type { Uses } from '../tools.ts';
import { unseal, writeTree } from './sealed-change.ts';
import { showCommit, showExecuted } from './show.ts';

export const execute = defineMode({
  inputs: inputSchema({ ...commonInputs, ...whenMissingInput }),
  needs: [
    'run',
    'clock',
    'policy',
    'authority',
    'provenance',
    'evidence',
    'targets',
    'requests',
    'label',
    'page',
    'merges',
    'pullRequests',
    'commits',
    'log',
    'report',
    'keepForLaterSteps',
  ],
  run: (tools, inputs) =>
    runAfterApproval(tools, inputs, (pull) => {
      // `GITHUB_TOKEN` cannot read teams: without another token they are as the verification of minutes ago found them.
      const authority =
        inputs.teamToken === undefined ? tools.authority.trustingTeams() : tools.authority;
      return executeOnce({ ...tools, authority }, pull);
    }),
});

type ExecuteTools = Parameters<typeof commitApproved>[0];

/** An approval is used once. The branch itself says whether it was. */
async function executeOnce(tools: ExecuteTools, pull: PullRequest): Promise<ModeResult> {
  const { commits, pullRequests, run } = tools;
  if (pull.headRepository !== run.repository.id) {
    throw new Stopped('fork-denied', 'The branch lies in a fork, which the token cannot write to.');
  }
  const approved = await findApprovedPlan(tools, pull);
  const used = await findUse(commits, approved);
  if (used !== undefined) return stopConsumed(tools, approved, used);
  try {
    return await commitApproved(tools, approved);
  } catch (error) {
    // Another run may have used the approval while this one was on its way.
    if (!(error instanceof Stopped)) throw error;
    const now = { ...approved, pull: await pullRequests.read(pull.number) };
    const usedSince = await findUse(commits, now);
    if (usedSince === undefined) throw error;
    return stopConsumed(tools, now, usedSince);
  }
}

async function commitApproved(
  tools: Parameters<typeof showExecuted>[0] &
    Uses<
      | 'authority'
      | 'policy'
      | 'requests'
      | 'clock'
      | 'targets'
      | 'merges'
      | 'pullRequests'
      | 'commits'
    >,
  approved: ApprovedPlan,
): Promise<ModeResult> {
  const { commits, report, run } = tools;
  const valid = await checkStillValid(tools, approved);
  const { approval } = valid.approval;
  const verification = await findFreshVerification(tools, valid);
  const { pins, workspace } = await tools.merges.buildForToday(valid.pull, valid.plan);
  checkUntouched(await findTouched(valid.plan, workspace, pins.base), 'approval');
  const changes = await unseal(workspace, valid.plan.plan, valid.approval);
  const tree = await writeTree(commits, workspace, approval.head.sha, changes);
  const message = commitMessage(
    approval.plan_id,
    approval.approvers.map((approver) => approver.login),
    runUrl(run),
  );
  const commit = await commits.createCommit(message, tree, approval.head.sha);

  // The last look before the branch moves; the fast-forward itself fails if it moved since.
  const pull = await readTarget(tools, valid.pull.number);
  const now = await checkStillValid(tools, { ...valid, pull });
  if (!(await moveBranch(tools, now, commit))) {
    throw new Stopped(
      'head-moved',
      'The branch moved before the commit reached it, or is protected.',
    );
  }
  report.note({ commitSha: commit });
  await showExecuted(tools, valid, { commit, tree, verification });
  return {
    decision: 'executed',
    detail: `Commit ${commit} carries out plan ${approval.plan_id}.`,
  };
}

/** The commit that an approval already became: the first one on the approved head, with the plan in its trailers. */
async function findUse(
  commits: Uses<'commits'>['commits'],
  { pull, approval: { approval } }: ApprovedPlan,
): Promise<ObjectId | undefined> {
  if (pull.head.sha === approval.head.sha) return undefined;
  const [first] = await commits.between(approval.head.sha, pull.head.sha);
  if (first === undefined || !first.parents.includes(approval.head.sha)) return undefined;
  return carriesOut(first.message, approval.plan_id) ? first.sha : undefined;
}

/** Also what a run says that is repeated after a crash: the commit is whole, and the page catches up. */
async function stopConsumed(
  tools: Parameters<typeof showCommit>[0] & Uses<'report'>,
  approved: ApprovedPlan,
  commit: ObjectId,
): Promise<never> {
  tools.report.note({ commitSha: commit });
  await showCommit(tools, approved, commit);
  throw new Stopped('approval-consumed', `Commit ${commit} carries out the plan already.`);
}

/**
 * The drift gate passed for this approval on this head, not long ago.
 * @throws Stopped verification-missing
 */
async function findFreshVerification(
  { clock, evidence, policy }: Uses<'clock' | 'evidence' | 'policy'>,
  { pull, approval }: ValidApproval,
): Promise<WithArtifact<VerificationEvidence>> {
  const minutes = (await policy.read()).execute['verification-minutes'];
  const found = await evidence.findVerification(pull.number);
  const verification = found?.verification;
  if (
    found === undefined ||
    verification?.result !== 'verified' ||
    verification.approval_sha256 !== approval.digest ||
    verification.head.sha !== pull.head.sha ||
    !found.journal.startsWith(approval.journal)
  ) {
    throw new Stopped('verification-missing', 'No verification of this approval passed.');
  }
  const age = clock.now().getTime() - Date.parse(verification.created_at);
  if (age > minutes * 60_000) {
    throw new Stopped(
      'verification-missing',
      `The verification of ${verification.created_at} is older than ${minutes} minutes (execute.verification-minutes).`,
    );
  }
  return found;
}

/** @returns whether the branch moved; if the answer is lost, the branch itself says so */
async function moveBranch(
  { commits, pullRequests }: Uses<'commits' | 'pullRequests'>,
  { pull }: ValidApproval,
  commit: ObjectId,
): Promise<boolean> {
  try {
    return await commits.fastForward(pull.head.ref, commit);
  } catch (error) {
    if (!(error instanceof Stopped) || error.reason !== 'api-unavailable') throw error;
    const { head } = await pullRequests.read(pull.number);
    if (head.sha === commit) return true;
    throw error;
  }
}
