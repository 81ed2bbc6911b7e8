import { type PlanId, shortDigest } from '../core/text/digest.ts';
import { code } from './markdown.ts';

/**
 * In the report comment: the plan comment stays untouched while people vote on what it says.
 * @param labelRemoved whether GitHub was seen to remove the label
 */
export function renderVotes(
  planId: PlanId,
  voters: readonly string[],
  needed: number,
  labelRemoved: boolean,
): string {
  const next = labelRemoved
    ? 'The label was removed, for the next approver to set.'
    : 'The label could not be removed: remove it by hand, for the next approver to set.';
  return [
    `### ${voters.length} of ${needed} approvals of plan ${code(shortDigest(planId))}`,
    `By ${voters.map((login) => code(login)).join(', ')}. ${next}`,
  ].join('\n\n');
}

/** The report of a plan that all who have to have approved: what it told before is over. */
export function renderApproved(planId: PlanId, approvers: readonly string[]): string {
  return [
    `### Plan ${code(shortDigest(planId))} is approved`,
    `By ${approvers.map((login) => code(login)).join(', ')}. The sealed change is in the comment that shows it.`,
  ].join('\n\n');
}

/** The report of a plan whose change is committed: what it told before is over. */
export function renderExecuted(planId: PlanId, commit: string): string {
  return `### Plan ${code(shortDigest(planId))} is executed\n\nCommit ${code(commit)} carries it out.`;
}
