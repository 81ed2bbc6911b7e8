import { Stopped } from '../decision.ts';
import type { Comment } from '../ports/comments.ts';
import { anyPlanMarker, showsSuperseded } from '../report/plan-comment.ts';

/**
 * A newer plan whose evidence is gone must not make an older one the newest again: people have read the newer one.
 * @throws Stopped plan-superseded
 */
export function checkNewest(shown: readonly Comment[], own: readonly Comment[]): void {
  const newest = Math.max(...shown.map(({ id }) => id));
  const newer = own.filter(({ id, body }) => id > newest && body.startsWith(anyPlanMarker));
  if (newer.every(({ body }) => showsSuperseded(body))) return;
  throw new Stopped(
    'plan-superseded',
    'A newer plan comment is on the page, and the evidence of that plan is gone.',
  );
}
