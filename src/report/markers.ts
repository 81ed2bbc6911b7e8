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

/** The marker of a comment about a plan, beside the comment that shows the plan: a report, a change, who was asked. */
const besidePlan = /^<!-- codex-(?:report|change|asked) ([0-9a-f]{64}) -->/;

/**
 * The text of a comment about another plan, once that plan is over: with a marker by which nobody finds it again.
 * @param planId the newest plan
 * @returns undefined for a comment that is not about another plan
 */
export function asSettled(body: string, planId: PlanId): string | undefined {
  const about = besidePlan.exec(body)?.[1];
  if (about === undefined || about === planId) return undefined;
  return body.replace(besidePlan, settledMarker);
}

/** The comment that says why a request did not succeed. */
export function requestMarker(commentId: number): string {
  return `<!-- codex-request ${commentId} -->`;
}
