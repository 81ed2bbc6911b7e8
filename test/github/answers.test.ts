/** What of GitHub's answers is needed: what decides something, and nothing besides. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { GitHubArtifacts } from '../../src/github/artifacts.ts';
import { GitHubClient } from '../../src/github/client.ts';
import { GitHubComments } from '../../src/github/comments.ts';
import { GitHubPullRequests } from '../../src/github/pull-requests.ts';
import { GitHubRepository } from '../../src/github/repository.ts';
import { nobody, talkTo } from '../support/api-address.ts';
import {
  type GitHub,
  type JobRun,
  type PullView,
  type Repository,
  startGitHub,
} from '../support/github/index.ts';
import { present } from '../support/present.ts';
import { reasonOf } from '../support/reason.ts';

const label = 'approved-plan';
let github: GitHub;
let repo: Repository;
let pull: PullView;
let job: JobRun;
let client: GitHubClient;
let edited: { readonly hits: number; remove(): void } | undefined;

beforeAll(async () => {
  github = await startGitHub();
  talkTo(github.apiUrl);
});
beforeEach(() => {
  const name = `shop-${github.repositories.length}`;
  repo = github.createRepository({ name, collaborators: { alice: 'write' }, labels: [label] });
  pull = repo.openPullRequest({ author: 'alice', files: { 'a.md': 'a\n' } });
  job = repo.startRun({ event: repo.as('alice').comment(pull.number, '/codex x') });
  client = new GitHubClient(job.token, { owner: 'octo', name });
});
afterEach(() => {
  edited?.remove();
  edited = undefined;
  github.pageLimit = 100;
  expect(github.violations).toEqual([]);
});
afterAll(async () => {
  talkTo(nobody);
  await github?.close();
});

/** Changes the answers of a path; a field that becomes undefined is absent. */
// biome-ignore lint/suspicious/noExplicitAny: whatever GitHub answers
const edit = (path: RegExp, change: (answer: any) => unknown) => {
  edited = github.fault({ method: 'GET', path, edit: change, times: Number.POSITIVE_INFINITY });
};
const each = (change: object) => (list: object[]) => list.map((one) => ({ ...one, ...change }));

describe('a list', () => {
  const bodies = async () =>
    (await new GitHubComments(client).list(pull.number)).map(({ body }) => body);

  beforeEach(() => {
    repo.as('alice').comment(pull.number, 'b');
    repo.as('alice').comment(pull.number, 'c');
  });

  it('goes on after a page that is not full if GitHub says so', async () => {
    github.pageLimit = 2;
    expect(await bodies()).toEqual(['/codex x', 'b', 'c']);
    expect(github.requests.at(-1)?.query).toMatchObject({ page: '2', per_page: '100' });
  });

  it('ends with a page that GitHub names none after', async () => {
    github.pageLimit = 3;
    expect(await bodies()).toHaveLength(3);
    expect(github.requests.at(-1)?.query).toMatchObject({ page: '1' });
  });

  it('is a fault if it does not end', async () => {
    const link = `<${github.apiUrl}/x>; rel="next"`;
    const fault = { path: /\/events/, status: 200, headers: { link }, times: 99 };
    edited = github.fault(fault);
    const step = () =>
      client.list('GET /repos/{owner}/{repo}/issues/1/events', {}, z.unknown(), () => [], 3);
    expect(await reasonOf(step)).toBe('limit-exceeded');
    expect(edited.hits).toBe(3);
  });
});

describe('a time', () => {
  it('may have an offset, and is told in UTC', async () => {
    edit(/\/comments/, each({ created_at: '2026-03-02T10:00:00+01:00' }));
    const [comment] = await new GitHubComments(client).list(pull.number);
    expect(comment?.createdAt).toBe('2026-03-02T09:00:00Z');
  });

  it('is a time', async () => {
    edit(/\/comments/, each({ updated_at: 'yesterday' }));
    const step = () => new GitHubComments(client).list(pull.number);
    expect(await reasonOf(step)).toBe('api-unavailable');
  });
});

describe('what decides nothing may be absent:', () => {
  it('the node of a comment, which then cannot be folded away', async () => {
    edit(/\/comments/, each({ node_id: undefined }));
    const comments = new GitHubComments(client);
    const [comment] = await comments.list(pull.number);
    expect(comment).toMatchObject({ nodeId: null, body: '/codex x' });
    expect(await reasonOf(() => comments.minimise(present(comment)))).toBe('api-unavailable');
  });

  it('address and merge of a pull request', async () => {
    const absent = { html_url: undefined, merged: undefined };
    edit(/\/pulls\//, (one: object) => ({ ...one, ...absent }));
    const read = await new GitHubPullRequests(client).read(pull.number);
    expect(read).toMatchObject({ open: true });
  });

  it('the attempt of a run', async () => {
    edit(/\/actions\/runs\//, (one: object) => ({ ...one, run_attempt: undefined }));
    expect(await new GitHubRepository(client).run(job.id)).toMatchObject({
      id: job.id,
      attempt: 1,
      createdAt: job.run.createdAt,
    });
  });

  it('when a run began', async () => {
    edit(/\/actions\/runs\//, (one: object) => ({ ...one, run_attempt: 3, created_at: undefined }));
    expect(await new GitHubRepository(client).run(job.id)).toMatchObject({
      attempt: 3,
      createdAt: null,
    });
  });

  it('when an artifact expires', async () => {
    repo.artifacts.add({ name: 'y', run: job.run, content: Buffer.from('y') });
    edit(/\/artifacts/, (answer: { artifacts: object[] }) => ({
      ...answer,
      artifacts: each({ expires_at: undefined })(answer.artifacts),
    }));
    const found = await new GitHubArtifacts(client, job.temp, job).find(['y'], 'all');
    expect(found).toMatchObject([{ expiresAt: null }]);
  });

  it('when an artifact was made, and what its run is of, which the run is asked then', async () => {
    const made = { name: 'x', run: job.run, content: Buffer.from('x') };
    const { expiresAt } = repo.artifacts.add(made);
    edit(/\/artifacts/, (answer: { artifacts: object[] }) => ({
      ...answer,
      artifacts: each({ created_at: undefined, workflow_run: { id: job.id } })(answer.artifacts),
    }));
    const [found] = await new GitHubArtifacts(client, job.temp, job).find(['x'], 'all');
    expect(found).toMatchObject({ createdAt: null, expiresAt });
    expect(found?.run).toEqual({ id: job.id, repositoryId: null, headRepositoryId: null });
  });
});

describe('a pull request that was merged', () => {
  it('is closed', async () => {
    repo.as('alice').merge(pull.number);
    expect((await new GitHubPullRequests(client).read(pull.number)).open).toBe(false);
  });
});
