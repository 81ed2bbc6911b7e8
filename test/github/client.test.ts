/** What the client does about trouble, limits and answers that it has already. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { GitHubClient } from '../../src/github/client.ts';
import type { Fault } from '../support/github/index.ts';
import { openStage } from './stage.ts';

const stage = openStage();

const anything = z.unknown();
const readPull = () =>
  stage.client.request(
    'GET /repos/{owner}/{repo}/pulls/{pull_number}',
    { pull_number: 1 },
    z.object({ number: z.int() }),
  );
const comment = () =>
  stage.client.request(
    'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
    { issue_number: 1, body: 'hello' },
    anything,
  );
const viewer = () => stage.client.graphql('the viewer', 'query { viewer { login } }', {}, anything);
const minimise = () =>
  stage.client.graphql(
    'the minimising',
    'mutation($id: ID!) { minimizeComment(input: { subjectId: $id, classifier: OUTDATED }) { clientMutationId } }',
    { id: stage.pull.comments[0]?.nodeId },
    anything,
  );
const meets = (fault: Fault) => stage.github.fault(fault);
const statuses = () => stage.github.requests.map(({ status }) => status);
const secondary = 'You have exceeded a secondary rate limit. Please wait a few minutes.';
const primary = 'API rate limit exceeded for installation ID 1.';

describe('trouble', () => {
  it.each([502, 503, 500])('of status %i passes for what may be repeated', async (status) => {
    meets({ status, times: 3 });
    await expect(readPull()).resolves.toMatchObject({ number: 1 });
    expect(statuses()).toEqual([status, status, status, 200]);
  });

  it.each(['malformed', 'truncated', 'html', 'bytes', 'empty'] as const)(
    'is an answer that is %s',
    async (garbage) => {
      meets({ garbage });
      await expect(readPull()).resolves.toMatchObject({ number: 1 });
      meets({ garbage, times: Number.POSITIVE_INFINITY });
      await expect(readPull()).rejects.toMatchObject({
        reason: 'api-unavailable',
        message: expect.stringMatching(/^GET \/repos/),
      });
      // Also if nothing of the answer is needed: a page of a proxy is no success.
      await expect(
        stage.client.find('GET /repos/{owner}/{repo}/labels/{name}', { name: 'bug' }, anything),
      ).rejects.toMatchObject({ reason: 'api-unavailable' });
    },
  );

  it('ends what does not pass', async () => {
    const fault = meets({ status: 502, times: Number.POSITIVE_INFINITY });
    await expect(readPull()).rejects.toMatchObject({ reason: 'api-unavailable' });
    expect(fault.hits).toBe(4);
  });

  it('does not write twice', async () => {
    meets({ status: 502, when: 'after' });
    await expect(comment()).rejects.toMatchObject({ reason: 'api-unavailable' });
    expect(stage.pull.comments).toHaveLength(2);
    meets({ status: 502 });
    await expect(minimise()).rejects.toMatchObject({ reason: 'api-unavailable' });
    expect(stage.github.requests).toHaveLength(2);
  });

  it('passes for queries of GraphQL, whichever way it is told', async () => {
    meets({ path: '/graphql', status: 502 });
    meets({
      path: '/graphql',
      nth: 2,
      status: 200,
      body: { errors: [{ message: 'Something went wrong while executing your query.' }] },
    });
    await expect(viewer()).resolves.toBeDefined();
    expect(stage.github.requests).toHaveLength(3);
  });
});

describe('a rate limit', () => {
  it.each<[string, Fault]>([
    ['secondary, without a time', { status: 403, message: secondary }],
    ['secondary, as 429', { status: 429, message: secondary }],
    ['secondary, with a time', { status: 403, message: secondary, retryAfter: 1 }],
    ['with a time alone', { status: 403, message: 'Wait a moment.', retryAfter: 1 }],
  ])('is waited for: %s', async (_, fault) => {
    meets({ ...fault, times: 2 });
    await comment();
    expect(stage.pull.comments).toHaveLength(2);
    expect(stage.reported).toHaveLength(2);
    expect(stage.reported[0]).toMatch(/^GitHub takes no more requests for now \(".+"\): waiting/);
  });

  it.each<[string, object]>([
    ['by its type', { errors: [{ type: 'RATE_LIMITED', message: primary }] }],
    ['by its words', { errors: [{ message: secondary }] }],
  ])('is waited for in GraphQL: %s', async (_, body) => {
    meets({ path: '/graphql', status: 200, body, times: 2 });
    await minimise();
    expect(stage.pull.comments[0]?.minimized).toBe('outdated');
  });

  it('that ends too late is told with its time', async () => {
    const headers = {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Date.parse('2026-03-02T10:00:00Z') / 1000),
    };
    meets({ status: 403, message: primary, headers });
    await expect(readPull()).rejects.toMatchObject({
      reason: 'api-unavailable',
      message: `GitHub takes no more requests for now: "${primary}". Run the job again after 2026-03-02T10:00:01Z.`,
    });
    expect(stage.github.requests).toHaveLength(1);
  });

  it('is no missing permission, and a missing permission no limit', async () => {
    const { value } = stage.github.createToken({
      kind: 'actions',
      repository: stage.repo,
      permissions: { contents: 'read' },
    });
    const poor = new GitHubClient(value, stage.client.repository);
    const refused = poor.request(
      'POST /repos/{owner}/{repo}/issues/{issue_number}/comments',
      { issue_number: 1, body: 'x' },
      anything,
    );
    await expect(refused).rejects.toMatchObject({
      reason: 'permission-missing',
      message: expect.stringContaining('issues: write or pull-requests: write'),
    });
  });
});

describe('a refusal of GitHub’s', () => {
  const refused = async (step: () => Promise<unknown>, words: string) => {
    await expect(step()).rejects.toMatchObject({
      reason: 'github-refused',
      message: expect.stringContaining(words),
    });
  };

  it('is told in its words: a locked conversation, an archive, an allow list', async () => {
    stage.repo.as('alice').lock(1);
    await refused(comment, '"Unable to create comment because issue is locked."');
    stage.repo.as('alice').unlock(1);
    stage.repo.as('ada').archive();
    await refused(comment, '"Repository was archived so is read-only."');
    await refused(minimise, '"Repository was archived so is read-only."');
    stage.repo.archived = false;
    stage.repo.owner.ipAllowList = true;
    await refused(readPull, 'has an IP allow list enabled');
    stage.repo.owner.ipAllowList = false;
  });
});

describe('what was read before', () => {
  it('is asked for again for nothing, until it has changed', async () => {
    const titles = z.object({ title: z.string() });
    const read = () =>
      stage.client.request(
        'GET /repos/{owner}/{repo}/issues/{issue_number}',
        { issue_number: 1 },
        titles,
      );
    expect((await read()).title).toBe('Change feature/x');
    expect((await read()).title).toBe('Change feature/x');
    expect(statuses()).toEqual([200, 304]);
    stage.repo.as('alice').retitle(1, 'Better');
    expect((await read()).title).toBe('Better');
    expect(statuses()).toEqual([200, 304, 200]);
    expect(stage.client.counted).toBe(2);
    expect(stage.github.counted()).toHaveLength(2);
    expect(stage.client.allowance()).toEqual({ limit: 1000, remaining: 998 });
  });

  it('is another thing under another name, and by another page', async () => {
    stage.github.pageLimit = 1;
    stage.repo.as('alice').comment(1, 'second');
    const list = (number: number) =>
      stage.client.list(
        'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
        { issue_number: number },
        z.array(z.object({ body: z.string() })),
        (page) => page,
      );
    stage.repo.openPullRequest({ author: 'alice', files: { b: 'b\n' } });
    const bodies = async (number: number) => (await list(number)).flat().map(({ body }) => body);
    expect(await bodies(1)).toEqual(['/codex x', 'second']);
    expect(await bodies(2)).toEqual([]);
    expect(await bodies(1)).toEqual(['/codex x', 'second']);
    expect(statuses()).toEqual([200, 200, 200, 304, 304]);
  });

  it('counts of GraphQL by itself', async () => {
    expect(stage.client.allowance('graphql')).toBeUndefined();
    await viewer();
    expect(stage.client.allowance('graphql')).toEqual({ limit: 1000, remaining: 999 });
    expect(stage.client.allowance('core')).toBeUndefined();
    expect(stage.client.counted).toBe(1);
  });
});
