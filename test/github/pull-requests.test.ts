/** What GitHub's trees and commits say about a pull request, many in one call. */
import { beforeEach, describe, expect, it } from 'vitest';
import { GitHubPullRequests } from '../../src/github/pull-requests.ts';
import { GitHubStatuses } from '../../src/github/statuses.ts';
import { objectId } from '../support/object-ids.ts';
import { openStage } from './stage.ts';

const stage = openStage();

let pulls: GitHubPullRequests;

beforeEach(() => {
  pulls = new GitHubPullRequests(stage.client);
});

describe('files at two commits', () => {
  /** Two commits of the base. */
  function commits() {
    const first = stage.repo.push('main', {
      'same.txt': 'x\n',
      'changed.txt': 'x\n',
      'mode.sh': 'x\n',
      'gone.txt': 'x\n',
      'a folder/name".txt': 'x\n',
    });
    const second = stage.repo.push('main', {
      'changed.txt': 'y\n',
      'mode.sh': { executable: 'x\n' },
      'gone.txt': null,
      'new.txt': 'n\n',
    });
    return [objectId(first), objectId(second)] as const;
  }
  const blob = (text: string) => objectId(stage.repo.git.writeBlob(Buffer.from(text)));

  it('are told with mode and blob, or as absent', async () => {
    const [first, second] = commits();
    const paths = [
      'same.txt',
      'changed.txt',
      'mode.sh',
      'gone.txt',
      'new.txt',
      'a folder/name".txt',
      'none',
    ];
    stage.github.requests.length = 0;
    const plain = (text: string) => ({ mode: '100644', blob: blob(text) });
    expect([...(await pulls.fileStates([first, second], paths))]).toEqual([
      ['same.txt', [plain('x\n'), plain('x\n')]],
      ['changed.txt', [plain('x\n'), plain('y\n')]],
      ['mode.sh', [plain('x\n'), { mode: '100755', blob: blob('x\n') }]],
      ['gone.txt', [plain('x\n'), null]],
      ['new.txt', [null, plain('n\n')]],
      ['a folder/name".txt', [plain('x\n'), plain('x\n')]],
      ['none', [null, null]],
    ]);
    expect(stage.github.requests).toHaveLength(1);
  });

  it('are asked for a hundred at a time', async () => {
    const paths = Array.from({ length: 201 }, (_, index) => `f${index}`);
    stage.github.requests.length = 0;
    expect((await pulls.fileStates(commits(), paths)).size).toBe(201);
    expect(stage.github.requests).toHaveLength(3);
  });

  it('are unknown if GitHub says nothing of one, or lacks a commit', async () => {
    const [first, second] = commits();
    stage.github.fault({
      graphql: /file0/,
      edit: (answer) => {
        delete answer.data.repository.second.file0;
        return answer;
      },
    });
    await expect(pulls.fileStates([first, second], ['same.txt'])).rejects.toMatchObject({
      reason: 'api-unavailable',
    });
    await expect(pulls.fileStates([first, objectId('0')], ['same.txt'])).rejects.toMatchObject({
      reason: 'api-unavailable',
    });
  });
});

describe('the head of a pull request', () => {
  const context = 'codex-plan';

  it('has the commits that the base lacks, with their messages', async () => {
    const sha = stage.repo.as('alice').pushTo(1, { 'b.md': 'b\n' }).payload.after as string;
    const { commits } = await pulls.readHead(1, context);
    expect(commits.map((one) => one.sha)).toEqual([expect.any(String), sha]);
    expect(commits.at(-1)).toMatchObject({
      tree: stage.repo.git.treeId(sha),
      message: expect.any(String),
    });
  });

  it('has the status of the context, if there is one', async () => {
    expect((await pulls.readHead(1, context)).status).toBeNull();
    const status = { context, state: 'pending', description: 'Awaiting', url: null } as const;
    await new GitHubStatuses(stage.client).set(stage.pull.head.sha, status);
    expect((await pulls.readHead(1, context)).status).toEqual(status);
    expect((await pulls.readHead(1, 'another')).status).toBeNull();
  });

  it('has other open pull requests of the same commit into the same base', async () => {
    const { repo, pull } = stage;
    const siblings = async () => (await pulls.readHead(1, context)).siblings;
    expect(await siblings()).toEqual([]);
    repo.push('release', {}, { parent: repo.tip() });
    repo.openPullRequest({ author: 'alice', head: 'feature/x', base: 'release' });
    repo.openPullRequest({ author: 'alice', head: 'other' });
    expect(await siblings()).toEqual([]);
    repo.moveBranch('same', pull.head.sha);
    const sibling = repo.openPullRequest({ author: 'alice', head: 'same' });
    expect(await siblings()).toEqual([sibling.number]);
    repo.as('alice').close(sibling.number);
    expect(await siblings()).toEqual([]);
  });
});
