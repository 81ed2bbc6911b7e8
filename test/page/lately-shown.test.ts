/** Which plan the page has shown so lately that GitHub's list may not have it yet. */
import { expect, it } from 'vitest';
import type { PlanId } from '../../src/core/text/digest.ts';
import { findLatelyShown } from '../../src/page/lately-shown.ts';
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
const shows = (planId: PlanId) => `${planMarker(planId)}\n\n# A plan`;

it('is that of our newest plan comment', () => {
  const comments = [comment(2, shows(second), 5), comment(1, shows(first), 30)];
  expect(findLatelyShown(comments, self, now)).toBe(second);
});

it.each([
  ['an older comment', comment(1, shows(first), 60)],
  ['a comment of somebody else', comment(1, shows(first), 1, 8)],
  ['another comment of ours', comment(1, `<!-- codex-change ${first} -->`, 1)],
  ['a marker that is none', comment(1, '<!-- codex-plan x -->', 1)],
  ['a marker that does not come first', comment(1, `x ${shows(first)}`, 1)],
])('is none for %s', (_, only) => {
  expect(findLatelyShown([only], self, now)).toBeUndefined();
});

it('is none if a newer one is too old to be missing', () => {
  const comments = [comment(2, shows(second), 90), comment(1, shows(first), 5)];
  expect(findLatelyShown(comments, self, now)).toBeUndefined();
});

it('is none before the own account is known', () => {
  expect(findLatelyShown([comment(1, shows(first), 1)], undefined, now)).toBeUndefined();
});
