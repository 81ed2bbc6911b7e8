import { type PlanId, shortDigest } from '../core/text/digest.ts';
import { code } from './markdown.ts';

/** The first line of the comment that counts the votes for a plan. */
export function votesMarker(planId: PlanId): string {
  return `<!-- codex-votes ${planId} -->`;
}

/** In a comment of its own: the plan comment stays untouched while people vote on what it says. */
export function renderVotes(planId: PlanId, voters: readonly string[], needed: number): string {
  return [
    `## ${voters.length} of ${needed} approvals of the plan ${code(shortDigest(planId))}`,
    `By ${voters.map((login) => code(login)).join(', ')}. The label is off again, for the next approver to set.`,
  ].join('\n\n');
}
