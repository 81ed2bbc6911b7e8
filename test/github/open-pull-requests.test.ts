import { beforeEach, describe, expect, it } from 'vitest';
import { GitHubOpenPullRequests } from '../../src/github/open-pull-requests.ts';
import { GitHubStatuses } from '../../src/github/statuses.ts';
import type { OpenPullRequests } from '../../src/ports/open-pull-requests.ts';
import { label, openStage } from './stage.ts';

const stage = openStage();

const context = 'codex-plan';
let pulls: OpenPullRequests;

beforeEach(() => {
  pulls = new GitHubOpenPullRequests(stage.client);
});

const open = (files: Record<string, string>) =>
  stage.repo.openPullRequest({ author: 'alice', files });

describe('the open pull requests', () => {
  it('come with labels and status, one call for a hundred', async () => {
    const { repo } = stage;
    repo.as('tina').label(1, label);
    const status = { context, state: 'pending', description: 'Awaiting', url: null } as const;
    await new GitHubStatuses(stage.client).set(stage.pull.head.sha, status);
    const closed = open({ b: 'b\n' });
    repo.as('alice').close(closed.number);
    const other = open({ c: 'c\n' });
    repo.as('alice').setDraft(other.number, true);
    stage.github.requests.length = 0;
    expect(await pulls.list(context)).toEqual([
      {
        number: 1,
        draft: false,
        head: stage.pull.head,
        headRepository: repo.id,
        baseRef: 'main',
        labels: [{ id: repo.findLabel(label)?.nodeId, name: label }],
        status,
      },
      {
        number: other.number,
        draft: true,
        head: other.head,
        headRepository: repo.id,
        baseRef: 'main',
        labels: [],
        status: null,
      },
    ]);
    expect(stage.github.requests).toHaveLength(1);
  });

  it('come all, page by page', async () => {
    for (const name of ['b', 'c', 'd']) open({ [name]: 'x\n' });
    stage.github.pageLimit = 2;
    expect((await pulls.list(context)).map(({ number }) => number)).toEqual([1, 2, 3, 4]);
    expect(stage.github.requests).toHaveLength(2);
  });

  it('have no status that is another commit’s', async () => {
    const old = stage.pull.head.sha;
    const status = { context, state: 'success', description: '', url: null } as const;
    await new GitHubStatuses(stage.client).set(old, status);
    stage.github.fault({
      graphql: /pullRequests/,
      edit: (answer) => {
        answer.data.repository.pullRequests.nodes[0].headRefOid = '1'.repeat(40);
        return answer;
      },
    });
    expect(await pulls.list(context)).toMatchObject([{ status: null }]);
    expect(await pulls.list(context)).toMatchObject([{ status }]);
  });

  it('cannot be told without all of their labels', async () => {
    stage.github.fault({
      graphql: /pullRequests/,
      edit: (answer) => {
        answer.data.repository.pullRequests.nodes[0].labels.totalCount = 101;
        return answer;
      },
    });
    await expect(pulls.list(context)).rejects.toMatchObject({ reason: 'api-unavailable' });
  });
});

describe('a merge queue', () => {
  it('is told in its order, with the commit of each group', async () => {
    expect(await pulls.queue('main')).toEqual([]);
    open({ b: 'b\n' });
    const events = [1, 2].map((number) => stage.repo.as('alice').enqueue(number));
    const heads = events.map(
      ({ payload }) => (payload.merge_group as { head_sha: string }).head_sha,
    );
    expect(await pulls.queue('main')).toEqual([
      { number: 1, groupHead: heads[0] },
      { number: 2, groupHead: heads[1] },
    ]);
    expect(await pulls.queue('release')).toEqual([]);
  });

  it('is told by its pull requests, too', async () => {
    open({ b: 'b\n' });
    stage.repo.as('alice').enqueue(2);
    stage.github.jobsReadMergeQueues = false;
    expect(await pulls.queued('main')).toEqual([2]);
    expect(await pulls.queued('release')).toEqual([]);
    stage.github.jobsReadMergeQueues = true;
    stage.github.jobsSeeQueued = false;
    await expect(pulls.queued('main')).rejects.toMatchObject({ reason: 'permission-missing' });
    stage.github.jobsSeeQueued = true;
  });

  it('is a missing permission if the token may not read it', async () => {
    stage.github.jobsReadMergeQueues = false;
    const reading = pulls.queue('main');
    await expect(reading).rejects.toMatchObject({ reason: 'permission-missing' });
    stage.github.jobsReadMergeQueues = true;
  });
});
