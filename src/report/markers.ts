/** The first line of each of our comments. A comment is ours only if its author is, too. */

import type { PlanId } from '../core/text/digest.ts';

/** The one comment that tells what happened to a plan: votes, trouble, denial, drift. It is written in place. */
export function reportMarker(planId: PlanId): string {
  return `<!-- codex-report ${planId} -->`;
}

/** The one comment of a pull request that says why runs stopped before they knew the plan. */
export const pullReportMarker = '<!-- codex-report -->';

/** Takes the place of that marker when what the comment says is over, and the comment is minimised. */
export const settledMarker = '<!-- codex-settled -->';

/** The comment that shows the sealed change of a plan. */
export function changeMarker(planId: PlanId): string {
  return `<!-- codex-change ${planId} -->`;
}

/** The comment that says why a request did not succeed. */
export function requestMarker(commentId: number): string {
  return `<!-- codex-request ${commentId} -->`;
}
