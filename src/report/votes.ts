import { type PlanId, shortDigest } from '../core/text/digest.ts';
import { code } from './markdown.ts';

/** The first line of the comment that counts the votes for a plan. */
export function votesMarker(planId: PlanId): string {
  return `<!-- codex-votes ${planId} -->`;
}

/**
 * In a separate comment: the plan comment stays untouched while people vote on what it says.
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
    `## ${voters.length} of ${needed} approvals of the plan ${code(shortDigest(planId))}`,
    `By ${voters.map((login) => code(login)).join(', ')}. ${next}`,
  ].join('\n\n');
}
