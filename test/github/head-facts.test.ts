import { beforeEach, describe, expect, it } from 'vitest';
import { GitHubPullRequests } from '../../src/github/pull-requests.ts';
import { GitHubStatuses } from '../../src/github/statuses.ts';
import type { PullRequests } from '../../src/ports/pull-requests.ts';
import { openStage } from './stage.ts';

const stage = openStage();

const context = 'codex-plan';
let pulls: PullRequests;

beforeEach(() => {
  pulls = new GitHubPullRequests(stage.client);
});

const read = (number = stage.pull.number) => pulls.readHead(number, context);
const setStatus = (sha: string) =>
  new GitHubStatuses(stage.client).set(sha, {
    context,
    state: 'pending',
    description: 'Awaiting',
    url: null,
  });

/** Another pull request with the same head. */
function share(base: string, author: string, forked: boolean) {
  const { repo, pull } = stage;
  const from = forked ? repo.fork(author) : repo;
  const head = `same-${repo.issues.size}`;
  from.moveBranch(head, pull.head.sha);
  return repo.openPullRequest({ author, head, base, from });
}

describe('the head of a pull request', () => {
  it('comes with its commits, without those of the base, and its status', async () => {
    const { pull, repo } = stage;
    repo.as('alice').pushTo(pull.number, { b: 'b\n' }, { message: 'Second\n\nA: b' });
    await setStatus(pull.head.sha);
    stage.github.requests.length = 0;
    const { commits, ...facts } = await read();
    expect(commits.map(({ message }) => message.split('\n')[0])).toHaveLength(2);
    expect(commits.at(-1)).toMatchObject({
      sha: pull.head.sha,
      tree: repo.git.readCommit(pull.head.sha)?.tree,
      message: expect.stringContaining('A: b'),
    });
    expect(facts).toEqual({
      siblings: [],
      sharedElsewhere: false,
      head: pull.head.sha,
      status: { context, state: 'pending', description: 'Awaiting', url: null },
    });
    expect(stage.github.requests).toHaveLength(1);
  });

  it('says when GitHub signed a commit, and of no other commit when it was made', async () => {
    const { pull, repo, github } = stage;
    const sha = repo.as('alice').pushTo(pull.number, { c: 'c\n' }) && pull.head.sha;
    const last = async () => (await read()).commits.at(-1);
    expect(await last()).toMatchObject({ sha, signedAt: null });
    repo.signedCommits.add(sha);
    const { date = '' } = repo.git.readCommit(sha)?.committer ?? {};
    expect(await last()).toMatchObject({ sha, signedAt: `${date.slice(0, 19)}Z` });
    for (const signature of [
      { isValid: false, wasSignedByGitHub: true },
      { isValid: true, wasSignedByGitHub: false },
    ]) {
      const fault = github.fault({
        graphql: /wasSignedByGitHub/,
        // biome-ignore lint/suspicious/noExplicitAny: whatever GitHub answers
        edit: (answer: any) => {
          for (const { commit } of answer.data.repository.pullRequest.commits.nodes) {
            commit.signature = signature;
          }
          return answer;
        },
      });
      expect(await last()).toMatchObject({ sha, signedAt: null });
      fault.remove();
    }
  });

  it('has a status in this repository, also if the branch lies in a fork', async () => {
    const fork = stage.repo.fork('mallory');
    fork.as('mallory').push('mine', { m: 'm\n' });
    const pull = stage.repo.openPullRequest({ author: 'mallory', head: 'mine', from: fork });
    await setStatus(pull.head.sha);
    expect((await read(pull.number)).status).toMatchObject({ state: 'pending' });
    fork.delete();
    expect((await read(pull.number)).status).toMatchObject({ state: 'pending' });
  });

  it('is shared by branches of this repository into the same base', async () => {
    const { number } = share('main', 'alice', false);
    expect(await read()).toMatchObject({ siblings: [number], sharedElsewhere: false });
  });

  it.each([
    ['of a fork', 'main', 'mallory', true],
    ['into another base', 'release', 'alice', false],
  ])('is shared elsewhere by one %s, which does not count', async (_, base, author, forked) => {
    stage.repo.push('release', { r: 'r\n' });
    share(base, author, forked);
    expect(await read()).toMatchObject({ siblings: [], sharedElsewhere: true });
  });

  it('is not shared by what is closed', async () => {
    stage.repo.as('alice').close(share('main', 'alice', false).number);
    expect(await read()).toMatchObject({ siblings: [], sharedElsewhere: false });
  });
});
