/** A comment whose answer is lost: it must not fail a run that was paid for, nor stand there twice. */
import { beforeEach, describe, expect, it } from 'vitest';
import { GitHubComments } from '../../src/github/comments.ts';
import type { Comments } from '../../src/ports/comments.ts';
import { openStage } from './stage.ts';

const stage = openStage();

let comments: Comments;

beforeEach(async () => {
  comments = new GitHubComments(stage.client);
  await comments.list(1);
});

const body = '<!-- plan abc -->\nA plan\n';
const written = () => stage.pull.comments.filter((comment) => comment.body === body);
const create = () => comments.create(1, body);

describe('a comment', () => {
  it.each([
    ['came after it was written', { status: 502, when: 'after' as const }],
    ['came before it was written', { status: 502 }],
    ['broke off', { garbage: 'truncated' as const }],
    ['never came', { drop: true, when: 'after' as const }],
  ])('stands there once if the trouble %s', async (_, fault) => {
    stage.github.fault({ method: 'POST', path: /comments/, ...fault });
    const created = await create();
    expect(written().map(({ id }) => id)).toEqual([created.id]);
  });

  it('is another one than that of an hour ago', async () => {
    const { id } = await create();
    stage.github.clock.advance({ hours: 1 });
    await comments.list(1);
    stage.github.fault({ method: 'POST', path: /comments/, status: 502 });
    expect((await create()).id).not.toBe(id);
    expect(written()).toHaveLength(2);
  });

  it('is another one than an older one that reads like it since a moment ago', async () => {
    const older = await comments.create(1, 'something else');
    stage.github.clock.advance({ hours: 1 });
    await comments.update(older.id, body);
    stage.github.fault({ method: 'POST', path: /comments/, status: 502 });
    expect((await create()).id).not.toBe(older.id);
    expect(written()).toHaveLength(2);
  });

  it('is not written if GitHub refuses it', async () => {
    stage.repo.as('alice').lock(1);
    stage.github.requests.length = 0;
    await expect(create()).rejects.toMatchObject({ reason: 'github-refused' });
    expect(stage.github.requests).toHaveLength(1);
  });

  it('is given up in lasting trouble', async () => {
    stage.github.fault({ method: 'POST', path: /comments/, status: 502, times: 9 });
    await expect(create()).rejects.toMatchObject({ reason: 'api-unavailable' });
    expect(written()).toEqual([]);
  });
});
