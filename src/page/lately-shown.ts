/** Finds a plan that was published a moment ago: GitHub's list of artifacts may not have it yet. */
import type { Comment } from '../ports/comments.ts';
import { markedPlan } from '../report/plan-comment.ts';

/** The list lags by some seconds. An artifact that is older than this and not listed is gone. */
const latelyMs = 60_000;

/**
 * @param comments of the pull request, as they were seen last
 * @param self id of the action's own account
 * @param now GitHub's time when they were seen
 * @returns the id of the plan in the newest plan comment of the action; undefined if that is not new, or there is none
 */
export function findLatelyShown(
  comments: readonly Comment[],
  self: number | undefined,
  now: Date,
): string | undefined {
  const plans = comments.filter(
    ({ authorId, body }) => authorId === self && markedPlan(body) !== undefined,
  );
  const newest = plans.toSorted((a, b) => a.id - b.id).at(-1);
  if (newest === undefined || now.getTime() - Date.parse(newest.createdAt) >= latelyMs) {
    return undefined;
  }
  return markedPlan(newest.body);
}
