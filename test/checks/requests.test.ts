import { describe, expect, it } from 'vitest';
import { freezePrompt } from '../../src/core/plan/prompt.ts';
import { type PlanEvidence, readPlanEvidence } from '../../src/core/records/archive-contents.ts';
import type { Comment } from '../../src/ports/comments.ts';
import { planArtifact } from '../core/samples.ts';
import { reasonOf } from '../support/reason.ts';
import { buildRooms } from '../support/rooms.ts';

const sample: PlanEvidence = readPlanEvidence(planArtifact());
const { manifest } = sample;
const evidence = (id: number | null): PlanEvidence => ({
  ...sample,
  manifest: { ...manifest, request: { comment_id: id, requester: { id: 5, login: 'mona' } } },
  prompt: freezePrompt('add a tax', 1),
});
const comment = (change: Partial<Comment> = {}): Comment => ({
  id: 77,
  nodeId: null,
  url: 'https://github.com/octo/demo/pull/12#issuecomment-77',
  authorId: 5,
  body: '/codex  add a tax \r\n',
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
  ...change,
});
const check = (found: Comment | undefined, id: number | null = 77) =>
  buildRooms({ comment: found }).requests.requireUnedited(evidence(id));

describe('the request', () => {
  it('reads as it was frozen, and was never edited', async () => {
    expect(await check(comment())).toBeUndefined();
  });

  it('says when it was edited to read so again', async () => {
    const updatedAt = '2026-01-01T00:05:00Z';
    expect(await check(comment({ updatedAt }))).toBe(updatedAt);
  });

  it('is not asked for where the workflow was dispatched', async () => {
    expect(await check(undefined, null)).toBeUndefined();
  });

  it.each<[string, Comment | undefined]>([
    ['is gone', undefined],
    ['is another one', comment({ body: '/codex add taxes' })],
    ['is no request any more', comment({ body: 'add a tax' })],
    ['cannot be frozen any more', comment({ body: '/codex add\u200b a tax' })],
    ['is somebody else’s', comment({ authorId: 6 })],
    ['is of an account that is gone', comment({ authorId: null })],
  ])('is altered where it %s', async (_, found) => {
    expect(await reasonOf(() => check(found))).toBe('plan-altered');
    await expect(check(found)).rejects.toThrow(
      'The comment with the request was edited or deleted.',
    );
  });
});
