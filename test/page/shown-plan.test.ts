/** Which plan the page shows, and whether GitHub's list of artifacts may not have it yet. */
import { expect, it } from 'vitest';
import type { PlanId } from '../../src/core/text/digest.ts';
import { findShownPlan } from '../../src/page/shown-plan.ts';
import type { Comment } from '../../src/ports/comments.ts';
import { planMarker } from '../../src/report/plan-comment.ts';

const [first, second] = ['a', 'b'].map((digit) => digit.repeat(64) as PlanId) as [PlanId, PlanId];
const now = new Date('2026-03-02T09:00:00Z');
const self = 7;

const comment = (id: number, body: string, seconds: number, authorId = self): Comment => ({
  id,
  nodeId: null,
  url: '',
  body,
  authorId,
  createdAt: new Date(now.getTime() - seconds * 1000).toISOString(),
  updatedAt: '',
});
const digest = `sha256:${'c'.repeat(64)}`;
const shows = (planId: PlanId) =>
  `${planMarker(planId)}\n\n# A plan\n\n| artifact | [7](x) \`${digest}\` |`;

it('is that of our newest plan comment', () => {
  const comments = [comment(2, shows(second), 5), comment(1, shows(first), 30)];
  expect(findShownPlan(comments, self, now)).toEqual({
    planId: second,
    digests: [digest],
    isNew: true,
  });
  expect(findShownPlan(comments.toReversed(), self, now)?.planId).toBe(second);
});

it('is not new a minute after it was published, whatever else is newer', () => {
  const old = { planId: second, digests: [digest], isNew: false };
  expect(findShownPlan([comment(2, shows(second), 60)], self, now)).toEqual(old);
  const comments = [comment(2, shows(second), 90), comment(1, shows(first), 5)];
  expect(findShownPlan(comments, self, now)).toEqual(old);
});

it.each([
  ['a comment of somebody else', comment(2, shows(second), 1, 8)],
  ['another comment of ours', comment(2, `<!-- codex-change ${second} -->`, 1)],
  ['a marker that is none', comment(2, '<!-- codex-plan x -->', 1)],
  ['a marker that does not come first', comment(2, `x ${shows(second)}`, 1)],
])('is not told by %s', (_, other) => {
  expect(findShownPlan([other], self, now)).toBeUndefined();
  const shown = findShownPlan([comment(1, shows(first), 90), other], self, now);
  expect(shown?.planId).toBe(first);
});

it('is none before the own account is known', () => {
  expect(findShownPlan([comment(1, shows(first), 1)], undefined, now)).toBeUndefined();
});
