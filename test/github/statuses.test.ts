import { beforeEach, describe, expect, it } from 'vitest';
import { GitHubStatuses } from '../../src/github/statuses.ts';
import type { CommitStatus, Statuses } from '../../src/ports/statuses.ts';
import { openStage } from './stage.ts';

const stage = openStage();

let statuses: Statuses;

beforeEach(() => {
  statuses = new GitHubStatuses(stage.client);
});

const context = 'codex-plan';
const pending: CommitStatus = {
  context,
  state: 'pending',
  description: 'Awaiting approval',
  url: 'https://github.com/octo/shop/actions/runs/1',
};
const read = () => statuses.read(stage.pull.head.sha, context);
const set = (status: CommitStatus) => statuses.set(stage.pull.head.sha, status);

describe('a status', () => {
  it('is what was set last', async () => {
    expect(await read()).toBeUndefined();
    await set(pending);
    expect(await read()).toEqual(pending);
    await set({ ...pending, context: 'another', state: 'failure' });
    await set({ ...pending, state: 'success', url: null });
    expect(await read()).toEqual({ ...pending, state: 'success', url: null });
    expect(stage.repo.statuses).toHaveLength(3);
  });

  it('has no more description than GitHub takes', async () => {
    await set({ ...pending, description: '💥'.repeat(141) });
    expect((await read())?.description).toBe(`${'💥'.repeat(69)}…`);
    await set({ ...pending, description: 'x'.repeat(141) });
    expect((await read())?.description).toBe(`${'x'.repeat(139)}…`);
    await set({ ...pending, description: 'x'.repeat(140) });
    expect((await read())?.description).toBe('x'.repeat(140));
  });

  it('is set also if an answer is lost', async () => {
    stage.github.fault({ method: 'POST', path: /statuses/, status: 502, when: 'after' });
    await set(pending);
    expect(await read()).toEqual(pending);
  });

  it('needs a permission', async () => {
    const token = stage.github.findToken(stage.job.token);
    if (token) token.permissions = { contents: 'write' };
    await expect(set(pending)).rejects.toMatchObject({
      reason: 'permission-missing',
      message: expect.stringContaining('statuses: write'),
    });
  });

  it('is nothing that can be read of a commit that is none', async () => {
    const answer = statuses.read('1'.repeat(40), context);
    await expect(answer).rejects.toMatchObject({ reason: 'api-unavailable' });
  });
});
