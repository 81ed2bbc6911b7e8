/** The plan that the page shows, as the comments told it that were seen last. */
import type { ShownPlan } from '../evidence/outdated-plan.ts';
import type { Comment } from '../ports/comments.ts';
import { markedPlan } from '../report/plan-comment.ts';

/** The list of artifacts lags by some seconds. An artifact that is older than this and not listed is gone. */
const latelyMs = 60_000;

/**
 * @param comments of the pull request, as they were seen last
 * @param self id of the action's own account
 * @param now GitHub's time when they were seen
 * @returns undefined if there is no plan comment of the action
 */
export function findShownPlan(
  comments: readonly Comment[],
  self: number | undefined,
  now: Date,
): ShownPlan | undefined {
  const own = comments.filter(({ authorId }) => authorId === self).toSorted((a, b) => b.id - a.id);
  for (const { body, createdAt } of own) {
    const planId = markedPlan(body);
    if (planId !== undefined) {
      const digests = body.match(/sha256:[0-9a-f]{64}/g) ?? [];
      return { planId, digests, isNew: now.getTime() - Date.parse(createdAt) < latelyMs };
    }
  }
  return undefined;
}
