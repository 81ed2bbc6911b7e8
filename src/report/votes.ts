import { type PlanId, shortDigest } from '../core/text/digest.ts';
import { code } from './markdown.ts';

/**
 * For the report comment. The plan comment must not be edited while people vote on it.
 * @param labelRemoved whether GitHub confirmed that the label was removed
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

/** The report of a plan that has all its approvals. It replaces what the report said before. */
export function renderApproved(planId: PlanId, approvers: readonly string[]): string {
  return [
    `### Plan ${code(shortDigest(planId))} is approved`,
    `By ${approvers.map((login) => code(login)).join(', ')}. The sealed change is in the comment that shows it.`,
  ].join('\n\n');
}

/** The report of a plan whose change was committed. It replaces what the report said before. */
export function renderExecuted(planId: PlanId, commit: string): string {
  return `### Plan ${code(shortDigest(planId))} is executed\n\nIts change is in commit ${code(commit)}.`;
}
