/** The message of the commit, and the move of the branch to it. */

import { readTarget } from '../../checks/after-approval.ts';
import { checkAgain, type ValidApproval } from '../../checks/approval.ts';
import { followingUp } from '../../core/first-error.ts';
import { commitMessage } from '../../core/plan/commit-message.ts';
import { listNarrowers } from '../../core/records/narrowing.ts';
import { Stopped, toStopped } from '../../decision.ts';
import { runUrl } from '../../evidence/addresses.ts';
import type { Uses } from '../tools.ts';
import { type RecordedExecution, recordStop } from './record.ts';

export async function writeMessage(
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

/** Checks everything a last time and moves the branch. If one of them stops the step, the record says so. */
export async function moveBranch(
  tools: Parameters<typeof recordStop>[0] &
    Parameters<typeof checkAgain>[0] &
    Uses<'commits' | 'targets'>,
  valid: ValidApproval,
  recorded: RecordedExecution,
): Promise<ValidApproval> {
  const { head, commit } = recorded.execution;
  let mayMoveLater = false;
  const move = async (): Promise<ValidApproval> => {
    const look = () => checkAgain(tools, valid, () => readTarget(tools, valid.pull.number));
    let now = await look();
    mayMoveLater = true;
    // GitHub can have it wait for minutes, in which somebody may remove the label.
    const lookAgain = async () => {
      now = await look();
    };
    // The move itself fails if the branch is no longer at the approved head.
    const { commits } = tools;
    const moved = await commits.moveForward(now.pull.head.ref, head.sha, commit, lookAgain);
    if (moved === 'moved') return now;
    throw new Stopped('head-moved', 'The branch moved before the commit reached it.');
  };
  const failed = `It could not be recorded that commit ${commit} was stopped.`;
  return followingUp({ failed, log: tools.log }, move, async (error) => {
    const { reason } = toStopped(error);
    // If an answer was lost, GitHub may still move the branch later.
    if (!(mayMoveLater && reason === 'api-unavailable')) await recordStop(tools, recorded, reason);
  });
}
