import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { getOctokit } from '@actions/github';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerProblem } from './github/description.ts';
import { type GitHub, type JobRun, type Repository, startGitHub } from './github/index.ts';

let github: GitHub;

beforeEach(async () => {
  github = await startGitHub();
});

afterEach(async () => {
  await github.close();
});

const R = '/repos/octo/shop';

/** A repository with a pull request of alice's, and a run with a job's token. */
function scene(options: { private?: boolean } = {}) {
  const repo = github.createRepository({
    ...options,
    collaborators: { alice: 'write', bob: 'maintain', tina: 'triage', rita: 'read', ada: 'admin' },
    files: { 'src/a.ts': 'export const a = 1;\n' },
    labels: ['approved-plan'],
  });
  const pull = repo.openPullRequest({
    author: 'alice',
    head: 'feature/x',
    files: { 'src/b.ts': 'export const b = 2;\n' },
  });
  const request = repo.as('alice').comment(pull.number, '/codex add a test');
  const run = repo.startRun({ event: request });
  return { repo, pull, request, run };
}

/** One request of a client; JSON if the answer is JSON. */
async function call(
  token: string | null,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const response = await fetch(new URL(path, github.apiUrl), {
    method,
    redirect: 'manual',
    headers: {
      'user-agent': 'test',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json');
  // biome-ignore lint/suspicious/noExplicitAny: a client that knows no types
  const data: any = json && text !== '' ? JSON.parse(text) : text;
  return { status: response.status, headers: response.headers, data };
}

async function ended(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    output += chunk;
  });
  const code = await new Promise<number | null>((done) => child.on('close', done));
  return { code, output };
}

function git(run: JobRun, args: string[], token: string | null = run.token) {
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  const header = token ? ['-c', `http.extraheader=Authorization: Basic ${basic}`] : [];
  const env = {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@example.com',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@example.com',
    ...run.env,
  };
  return ended(spawn('git', [...header, ...args], { cwd: run.workspace, env }));
}

describe('the description', () => {
  it('lets nothing through that GitHub does not document', async () => {
    const { run } = scene();
    const wrong: [string, string, unknown?][] = [
      ['GET', `${R}/pulls/1?expand=all`],
      ['GET', `${R}/pulls/one`],
      ['GET', `${R}/issues?state=every`],
      ['POST', `${R}/issues/1/comments`, { text: 'hello' }],
      ['POST', `${R}/issues/1/comments`, { body: 'hello', pinned: true }],
      ['POST', `${R}/git/refs`, { ref: 'refs/heads/x' }],
      ['GET', `${R}/rulesets`],
      ['GET', '/nothing'],
    ];
    for (const [method, path, body] of wrong) {
      const { status, data } = await call(run.token, method, path, body);
      expect(status, path).toBeGreaterThanOrEqual(500);
      expect(data.message).toMatch(/^embedded GitHub:/);
    }
    expect(github.violations).toHaveLength(wrong.length);
    expect(github.repositories[0]?.commentsOf(1)).toHaveLength(1);
  });

  it('catches an answer that GitHub would not give', async () => {
    const { repo, run } = scene();
    const [comment] = repo.commentsOf(1);
    if (comment) comment.createdAt = 'yesterday';
    expect((await call(run.token, 'GET', `${R}/issues/1/comments`)).status).toBe(500);
    expect(github.violations[0]).toContain('/0/created_at must match format "date-time"');
  });

  it('refuses a member that GitHub does not document', async () => {
    const { run } = scene();
    const { data } = await call(run.token, 'GET', `${R}/issues/1/comments`);
    const of = (body: unknown) =>
      answerProblem({
        method: 'GET',
        template: '/repos/{owner}/{repo}/issues/{issue_number}/comments',
        status: 200,
        body,
      });
    expect(of(data)).toBeNull();
    expect(of([{ ...data[0], approved: true }])).toContain('approved');
    expect(of([{ ...data[0], user: { ...data[0].user, trusted: true } }])).toContain('trusted');
    expect(of([{ ...data[0], id: '1' }])).toContain('/0/id');
    expect(of({ comments: data })).toContain('array');
  });

  it('is there fast enough to be asked in every test', async () => {
    const { run } = scene();
    // Processor time, so that a busy machine does not decide.
    const start = process.cpuUsage();
    await call(run.token, 'GET', `${R}/pulls/1`);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1000).toBeLessThan(1_500);
  });
});

describe('REST', () => {
  it('serves what octokit asks, page by page', async () => {
    const { repo, run } = scene();
    for (let index = 0; index < 64; index++) repo.as('rita').comment(1, `comment ${index}`);
    const octokit = getOctokit(run.token, { baseUrl: github.apiUrl });
    const comments = await octokit.paginate(octokit.rest.issues.listComments, {
      owner: 'octo',
      repo: 'shop',
      issue_number: 1,
    });
    expect(comments.map((comment) => comment.body).slice(-2)).toEqual(['comment 62', 'comment 63']);
    expect(comments).toHaveLength(65);
    expect(github.requests.map((request) => request.path)).toContain(
      `/repositories/${repo.id}/issues/1/comments`,
    );
    const { data } = await octokit.rest.git.getRef({
      owner: 'octo',
      repo: 'shop',
      ref: 'heads/feature/x',
    });
    expect(data.object.sha).toBe(repo.tip('feature/x'));
    expect(github.violations).toEqual([]);
  });

  it('reads files, links, folders and submodules as they are at a ref', async () => {
    const { repo, run } = scene();
    repo.push('main', {
      'link.ts': { symlink: 'src/a.ts' },
      'far.ts': { symlink: '../../etc/passwd' },
      'run.sh': { executable: '#!/bin/sh\n' },
      vendor: { gitlink: '1'.repeat(40) },
      'big.bin': Buffer.alloc(1_100_000, 7),
    });
    const read = async (path: string) =>
      (await call(run.token, 'GET', `${R}/contents/${path}`)).data;
    expect(Buffer.from((await read('src/a.ts')).content, 'base64').toString()).toBe(
      'export const a = 1;\n',
    );
    expect(await read('src/b.ts?ref=feature/x')).toMatchObject({ type: 'file', path: 'src/b.ts' });
    expect(await read('src/b.ts')).toMatchObject({ message: 'Not Found' });
    expect(await read('link.ts')).toMatchObject({ type: 'file', size: 20 });
    expect(await read('far.ts')).toMatchObject({ type: 'symlink', target: '../../etc/passwd' });
    expect(await read('vendor')).toMatchObject({ type: 'submodule', sha: '1'.repeat(40) });
    expect(await read('big.bin')).toMatchObject({ encoding: 'none', content: '' });
    expect(await read('src')).toMatchObject([{ path: 'src/a.ts', type: 'file' }]);
    const raw = { accept: 'application/vnd.github.raw+json' };
    expect((await call(run.token, 'GET', `${R}/contents/run.sh`, undefined, raw)).data).toBe(
      '#!/bin/sh\n',
    );
    expect(github.violations).toEqual([]);
  });

  it('compares, with the merge base and the files in between', async () => {
    const { repo, run } = scene();
    const before = repo.tip('main');
    repo.push('main', { 'src/c.ts': 'c\n' });
    const { data } = await call(run.token, 'GET', `${R}/compare/main...feature%2Fx`);
    expect(data).toMatchObject({
      status: 'diverged',
      ahead_by: 1,
      behind_by: 1,
      merge_base_commit: { sha: before },
      files: [{ filename: 'src/b.ts', status: 'added', additions: 1, patch: expect.any(String) }],
    });
    const touched = await call(run.token, 'GET', `${R}/commits?sha=main&path=src/c.ts`);
    expect(touched.data).toHaveLength(1);
    expect((await call(run.token, 'GET', `${R}/compare/main...nowhere`)).status).toBe(404);
    expect(github.violations).toEqual([]);
  });

  it('lists a renamed, an emptied and a binary file of a pull request as GitHub does', async () => {
    const { repo, run } = scene();
    const text = 'one\ntwo\nthree\nfour\n';
    repo.push('main', { 'old.txt': text, 'gone.txt': 'x\n', 'blob.bin': Buffer.from([0, 1, 2]) });
    const pull = repo.openPullRequest({
      author: 'alice',
      files: {
        'old.txt': null,
        'new.txt': text,
        'gone.txt': null,
        'blob.bin': Buffer.from([0, 9]),
        'src/a.ts': { executable: 'export const a = 1;\n' },
        'README.md': { symlink: 'new.txt' },
        'zz.txt': 'last\n',
      },
    });
    const { data } = await call(run.token, 'GET', `${R}/pulls/${pull.number}/files`);
    const rows = data.map((file: Record<string, unknown>) => [
      file.filename,
      file.status,
      file.previous_filename,
      typeof file.patch,
    ]);
    expect(data.at(-1).patch).toBe('@@ -0,0 +1 @@\n+last');
    expect(rows).toEqual([
      ['README.md', 'changed', undefined, 'string'],
      ['blob.bin', 'modified', undefined, 'undefined'],
      ['gone.txt', 'removed', undefined, 'string'],
      ['new.txt', 'renamed', 'old.txt', 'undefined'],
      ['src/a.ts', 'changed', undefined, 'undefined'],
      ['zz.txt', 'added', undefined, 'string'],
    ]);
    expect(github.violations).toEqual([]);
  });

  it('cuts a tree that is too large, and says so', async () => {
    const { repo, run } = scene();
    repo.treeLimit = 2;
    const { data } = await call(run.token, 'GET', `${R}/git/trees/main?recursive=1`);
    expect(data).toMatchObject({ truncated: true, tree: { length: 2 } });
  });

  it('serves a repository whose objects are packed', async () => {
    const { repo, run } = scene();
    const many = Object.fromEntries(
      Array.from({ length: 600 }, (_, index) => [`pack/${index}.txt`, `file ${index}\n`]),
    );
    repo.push('main', many);
    const tree = await call(run.token, 'GET', `${R}/git/trees/main?recursive=1`);
    expect(tree.data.tree).toContainEqual(
      expect.objectContaining({ path: 'pack/599.txt', size: 9, type: 'blob' }),
    );
    const file = await call(run.token, 'GET', `${R}/contents/pack/7.txt`);
    expect(Buffer.from(file.data.content, 'base64').toString()).toBe('file 7\n');
    expect((await call(run.token, 'GET', `${R}/git/blobs/${'0'.repeat(39)}1`)).status).toBe(404);
    repo.git.run(['repack', '-adq']);
    repo.git.run(['pack-refs', '--all']);
    const fresh = await call(run.token, 'GET', `${R}/contents/src/b.ts?ref=feature/x`);
    expect(fresh.data.size).toBe(20);
    expect((await call(run.token, 'GET', `${R}/git/commits/${repo.tip()}`)).status).toBe(200);
    expect(github.violations).toEqual([]);
  });

  it('tells its own time, which stands still until it is moved', async () => {
    const { run } = scene();
    const date = async () => (await call(run.token, 'GET', R)).headers.get('date');
    const first = await date();
    expect(await date()).toBe(first);
    github.clock.advance({ minutes: 20, seconds: 1.4 });
    expect(await date()).toBe('Mon, 02 Mar 2026 09:20:01 GMT');
  });

  it('stops answering an hour’s thousand-and-first request of a repository’s jobs', async () => {
    const { repo, run, request } = scene();
    for (let index = 0; index < 1_000; index++) github.spend(github.findToken(run.token));
    const second = repo.startRun({ event: request });
    const refused = await call(second.token, 'GET', R);
    expect(refused.status).toBe(403);
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
    github.clock.advance({ hours: 1 });
    expect((await call(second.token, 'GET', R)).status).toBe(200);
  });
});

describe('comments', () => {
  it('refuses a body that is blank or longer than 65,536 characters', async () => {
    const { run } = scene();
    const post = (body: string) => call(run.token, 'POST', `${R}/issues/1/comments`, { body });
    expect((await post(' \n')).status).toBe(422);
    expect((await post('x'.repeat(65_537))).data.errors[0].message).toContain('is too long');
    expect((await post('x'.repeat(65_536))).status).toBe(201);
  });

  it('are the bot’s when a job writes them, and change time only with their text', async () => {
    const { run } = scene();
    const made = await call(run.token, 'POST', `${R}/issues/1/comments`, { body: 'a plan' });
    expect(made.data).toMatchObject({
      user: { login: 'github-actions[bot]', id: 41898282, type: 'Bot' },
      performed_via_github_app: { slug: 'github-actions', id: 15368 },
    });
    github.clock.advance({ minutes: 1 });
    const path = `${R}/issues/comments/${made.data.id}`;
    const same = await call(run.token, 'PATCH', path, { body: 'a plan' });
    expect(same.data.updated_at).toBe(made.data.updated_at);
    const other = await call(run.token, 'PATCH', path, { body: 'approved' });
    expect(other.data.updated_at).toBe('2026-03-02T09:01:00Z');
    const since = await call(run.token, 'GET', `${R}/issues/1/comments?since=2026-03-02T09:00:30Z`);
    expect(since.data).toHaveLength(1);
    expect((await call(run.token, 'DELETE', path)).status).toBe(204);
    expect((await call(run.token, 'GET', path)).status).toBe(404);
    expect(github.violations).toEqual([]);
  });

  it('say when a bot wrote them', () => {
    const { repo } = scene();
    const event = repo.as('dependabot[bot]').comment(1, '/codex x');
    expect(event.payload).toMatchObject({
      sender: { type: 'Bot', login: 'dependabot[bot]' },
      comment: { performed_via_github_app: { slug: 'dependabot' } },
    });
    github.bot('Copilot');
    expect(repo.as('Copilot').comment(1, '/codex x').payload).toMatchObject({
      comment: { user: { type: 'Bot', login: 'Copilot' } },
    });
  });

  it('take a reaction once', async () => {
    const { request, run } = scene();
    const id = (request.payload.comment as { id: number }).id;
    const path = `${R}/issues/comments/${id}/reactions`;
    const react = () => call(run.token, 'POST', path, { content: 'eyes' });
    expect([(await react()).status, (await react()).status]).toEqual([201, 200]);
    expect((await call(run.token, 'POST', path, { content: 'tada' })).status).toBe(500);
  });

  it('are minimised over GraphQL, which knows who asks', async () => {
    const { repo, run } = scene();
    const [comment] = repo.commentsOf(1);
    const ask = (query: string, variables = {}) =>
      call(run.token, 'POST', '/graphql', { query, variables });
    expect((await ask('query { viewer { login databaseId } }')).data).toEqual({
      data: { viewer: { login: 'github-actions[bot]', databaseId: 41898282 } },
    });
    const minimize = `mutation($id: ID!) {
      minimizeComment(input: { subjectId: $id, classifier: OUTDATED }) {
        minimizedComment { isMinimized minimizedReason }
      }
    }`;
    expect((await ask(minimize, { id: comment?.nodeId })).data).toEqual({
      data: {
        minimizeComment: { minimizedComment: { isMinimized: true, minimizedReason: 'outdated' } },
      },
    });
    expect(comment?.minimized).toBe('outdated');
    expect((await ask(minimize, { id: 'IC_none' })).data.errors[0].type).toBe('NOT_FOUND');
    expect(github.violations).toEqual([]);
  });
});

describe('labels', () => {
  it('leave an event with its actor and time, which a rename does not', async () => {
    const { repo, run } = scene();
    github.clock.advance({ minutes: 2 });
    repo.as('tina').label(1, 'approved-plan');
    await call(run.token, 'DELETE', `${R}/issues/1/labels/Approved-Plan`);
    repo.as('tina').label(1, 'approved-plan');
    repo.as('bob').renameLabel('approved-plan', 'other');
    const { data } = await call(run.token, 'GET', `${R}/issues/1/events`);
    expect(data).toMatchObject([
      {
        event: 'labeled',
        actor: { login: 'tina' },
        label: { name: 'approved-plan' },
        created_at: '2026-03-02T09:02:00Z',
        performed_via_github_app: null,
      },
      {
        event: 'unlabeled',
        actor: { login: 'github-actions[bot]' },
        performed_via_github_app: { slug: 'github-actions' },
      },
      { event: 'labeled', label: { name: 'approved-plan' } },
    ]);
    expect(repo.pull(1).labels).toEqual(['other']);
    expect(github.violations).toEqual([]);
  });

  it('cannot be removed twice, nor made twice', async () => {
    const { repo, run } = scene();
    repo.as('bob').label(1, 'approved-plan');
    const remove = () => call(run.token, 'DELETE', `${R}/issues/1/labels/approved-plan`);
    expect([(await remove()).status, (await remove()).status]).toEqual([200, 404]);
    const make = () => call(run.token, 'POST', `${R}/labels`, { name: 'APPROVED-plan' });
    expect((await make()).data.errors[0].code).toBe('already_exists');
    expect((await call(run.token, 'GET', `${R}/labels/none`)).status).toBe(404);
  });

  it('are for people who may triage', () => {
    const { repo } = scene();
    expect(() => repo.as('rita').label(1, 'approved-plan')).toThrow('rita has read');
    expect(() => repo.as('mallory').label(1, 'approved-plan')).toThrow('mallory has read');
    expect(() => repo.as('tina').label(1, 'brand-new')).toThrow('make labels');
    repo.as('tina').label(1, 'approved-plan');
    expect(() => repo.as('bob').label(1, 'approved-plan')).toThrow('no event');
  });
});

describe('tokens', () => {
  const deeds: [string, string, string, unknown, string][] = [
    ['reads a pull request', 'GET', `${R}/pulls/1`, undefined, 'pull-requests:read'],
    ['reads a file', 'GET', `${R}/contents/README.md`, undefined, 'contents:read'],
    ['lists artifacts', 'GET', `${R}/actions/artifacts`, undefined, 'actions:read'],
    ['comments', 'POST', `${R}/issues/1/comments`, { body: 'x' }, 'pull-requests:write'],
    [
      'sets a label',
      'POST',
      `${R}/issues/1/labels`,
      { labels: ['approved-plan'] },
      'pull-requests:write',
    ],
    ['makes a label', 'POST', `${R}/labels`, { name: 'new' }, 'issues:write'],
    ['writes a blob', 'POST', `${R}/git/blobs`, { content: 'x' }, 'contents:write'],
    ['sets a status', 'POST', `${R}/statuses/SHA`, { state: 'success' }, 'statuses:write'],
  ];

  it.each(deeds)('%s only with the permission for it', async (_, method, path, body, need) => {
    const { repo, request } = scene({ private: true });
    const [name = '', level] = need.split(':');
    const tokenWith = (permissions: Record<string, 'read' | 'write'>) =>
      repo.startRun({ event: request, permissions }).token;
    const all = {
      actions: 'write',
      contents: 'write',
      issues: 'write',
      statuses: 'write',
    } as const;
    const everythingElse = { ...all, 'pull-requests': 'write' as const };
    delete (everythingElse as Record<string, string>)[name];
    const target = path.replace('SHA', repo.tip());
    const refused = await call(tokenWith(everythingElse), method, target, body);
    expect(refused.status).toBe(403);
    expect(refused.data).toMatchObject({
      message: 'Resource not accessible by integration',
      status: '403',
      documentation_url: expect.stringContaining('https://docs.github.com/rest'),
    });
    if (level === 'write') {
      expect((await call(tokenWith({ [name]: 'read' }), method, target, body)).status).toBe(403);
    }
    const granted = await call(tokenWith({ [name]: level as 'read' }), method, target, body);
    expect(granted.status).toBeLessThan(300);
    expect(github.violations).toEqual([]);
  });

  it('reach what is public without a permission, but no download', async () => {
    const { repo, run, request } = scene();
    const artifact = repo.artifacts.add({ name: 'x', run: run.run, content: Buffer.from('x') });
    const bare = repo.startRun({ event: request, permissions: {} }).token;
    for (const token of [bare, null]) {
      expect((await call(token, 'GET', `${R}/pulls/1`)).status).toBe(200);
      expect((await call(token, 'GET', `${R}/actions/artifacts`)).status).toBe(200);
    }
    const zip = `${R}/actions/artifacts/${artifact.id}/zip`;
    expect((await call(bare, 'GET', zip)).status).toBe(403);
    expect((await call(null, 'GET', zip)).status).toBe(401);
    expect((await call(null, 'POST', `${R}/issues/1/comments`, { body: 'x' })).status).toBe(401);
  });

  it('hide a private repository from everybody else', async () => {
    const { repo } = scene({ private: true });
    const other = github.createRepository({ name: 'other' });
    const foreign = github.createToken({
      kind: 'actions',
      repository: other,
      permissions: { contents: 'write' },
    });
    const mallory = github.createToken({ kind: 'user', login: 'mallory', scopes: ['repo'] });
    const rita = github.createToken({ kind: 'user', login: 'rita', scopes: ['repo'] });
    for (const token of [null, foreign.value, mallory.value]) {
      expect((await call(token, 'GET', `/repos/${repo.fullName}`)).status).toBe(404);
    }
    expect((await call(rita.value, 'GET', R)).status).toBe(200);
    expect((await call(rita.value, 'POST', `${R}/git/blobs`, { content: 'x' })).status).toBe(403);
    expect((await call('ghs_wrong', 'GET', R)).data.message).toBe('Bad credentials');
  });

  it('end with their job', async () => {
    const { repo, run } = scene();
    expect((await call(run.token, 'GET', R)).status).toBe(200);
    repo.finishRun(run);
    expect((await call(run.token, 'GET', R)).status).toBe(401);
  });

  it('of a fork’s pull_request run can only read', async () => {
    const { repo } = scene();
    const fork = repo.fork('mallory');
    const pull = repo.openPullRequest({ author: 'mallory', from: fork, head: 'evil' });
    const event = repo.as('bob').label(pull.number, 'approved-plan');
    const weak = repo.startRun({ event, on: 'pull_request' });
    const strong = repo.startRun({ event });
    const comment = (token: string) =>
      call(token, 'POST', `${R}/issues/${pull.number}/comments`, { body: 'x' });
    expect((await comment(weak.token)).status).toBe(403);
    expect((await comment(strong.token)).status).toBe(201);
  });

  it('of a job have no user and read no team, a person’s do', async () => {
    const { run } = scene();
    github.createTeam({ organization: 'octo', slug: 'core', members: ['bob'], pending: ['eve'] });
    const path = (login: string) => `/orgs/octo/teams/core/memberships/${login}`;
    const ask = async (token: string, login: string) => call(token, 'GET', path(login));
    const weak = github.createToken({ kind: 'user', login: 'bob', scopes: ['repo'] }).value;
    const strong = github.createToken({ kind: 'user', login: 'bob', scopes: ['read:org'] }).value;
    const outside = github.createToken({ kind: 'user', login: 'rita', scopes: ['read:org'] }).value;
    expect((await ask(run.token, 'bob')).status).toBe(403);
    expect((await ask(weak, 'bob')).status).toBe(403);
    expect((await ask(outside, 'bob')).status).toBe(404);
    expect((await ask(strong, 'bob')).data).toMatchObject({ state: 'active', role: 'member' });
    expect((await ask(strong, 'eve')).data).toMatchObject({ state: 'pending' });
    expect((await ask(strong, 'rita')).status).toBe(404);
    const parent = github.findAccount('octo')?.teams.get('core');
    if (!parent) throw new Error('no team');
    github.createTeam({ organization: 'octo', slug: 'inner', members: ['tina'], parent });
    expect((await ask(strong, 'tina')).data).toMatchObject({ state: 'active' });
    expect((await call(run.token, 'GET', '/user')).status).toBe(403);
    expect((await call(strong, 'GET', '/user')).data.login).toBe('bob');
    expect(github.violations).toEqual([]);
  });
});

describe('people', () => {
  it('have a permission and a role, everybody read in public, apps neither', async () => {
    const { repo, run } = scene();
    repo.setRole('carl', 'write', 'release-manager');
    const ask = async (login: string) =>
      (await call(run.token, 'GET', `${R}/collaborators/${login}/permission`)).data;
    const rows = await Promise.all(
      ['ada', 'bob', 'alice', 'carl', 'tina', 'rita'].map(async (login) => {
        const { permission, role_name, user } = await ask(login);
        return [login, permission, role_name, user.id === github.user(login).id];
      }),
    );
    expect(rows).toEqual([
      ['ada', 'admin', 'admin', true],
      ['bob', 'write', 'maintain', true],
      ['alice', 'write', 'write', true],
      ['carl', 'write', 'release-manager', true],
      ['tina', 'read', 'triage', true],
      ['rita', 'read', 'read', true],
    ]);
    github.user('passer-by');
    expect(await ask('passer-by')).toMatchObject({ permission: 'read', role_name: 'read' });
    expect(await ask('github-actions%5Bbot%5D')).toMatchObject({ status: '404' });
    expect(await ask('nobody-of-that-name')).toMatchObject({ status: '404' });
    repo.private = true;
    expect(await ask('passer-by')).toMatchObject({ permission: 'none' });
    expect(github.violations).toEqual([]);
  });

  it('keep their id when their login goes to somebody else', () => {
    const { repo } = scene();
    const before = github.user('bob').id;
    expect(github.renameAccount('bob', 'robert').id).toBe(before);
    expect(repo.roleOf('robert')).toBe('maintain');
    expect(github.user('bob').id).not.toBe(before);
    expect(repo.roleOf('bob')).toBe('read');
  });
});

describe('pull requests', () => {
  it('keep the base and the test merge of the last push to their head', async () => {
    const { repo, pull, run } = scene();
    const read = async () => (await call(run.token, 'GET', `${R}/pulls/1`)).data;
    expect((await read()).mergeable).toBeNull();
    const first = await read();
    expect(first).toMatchObject({ mergeable: true, mergeable_state: 'clean', changed_files: 1 });
    const moved = repo.push('main', { 'src/b.ts': 'in the way\n' });
    expect(await read()).toMatchObject({
      mergeable: true,
      base: { sha: first.base.sha },
      merge_commit_sha: first.merge_commit_sha,
    });
    repo.as('alice').pushTo(1, { 'src/d.ts': 'd\n' });
    expect(await read()).toMatchObject({ mergeable: null, base: { sha: moved } });
    expect(await read()).toMatchObject({ mergeable: false, merge_commit_sha: null });
    expect(pull.head.sha).toBe(repo.tip('feature/x'));
    expect(repo.git.ref('refs/pull/1/head')).toBe(pull.head.sha);
    expect(repo.git.ref('refs/pull/1/merge')).toBeNull();
  });

  it('are merged again after twelve hours', async () => {
    const { repo, run } = scene();
    const read = async () => (await call(run.token, 'GET', `${R}/pulls/1`)).data;
    const moved = repo.push('main', { 'src/c.ts': 'c\n' });
    expect((await read()).base.sha).not.toBe(moved);
    github.clock.advance({ hours: 12 });
    expect((await read()).base.sha).toBe(moved);
  });

  it('close when merged, also when their commits reach the base another way', () => {
    const { repo, pull } = scene();
    const event = repo.as('bob').merge(1);
    expect(event.payload).toMatchObject({ action: 'closed', pull_request: { merged: true } });
    expect([pull.merged, pull.open]).toEqual([true, false]);
    const second = repo.openPullRequest({ author: 'alice' });
    repo.moveBranch('main', second.head.sha);
    expect(second.merged).toBe(true);
    expect(() => repo.as('ada').reopen(1)).toThrow('stays closed');
  });

  it('come from forks, whose commits the base repository knows by id', async () => {
    const { repo, run } = scene();
    const fork = repo.fork('mallory');
    const pull = repo.openPullRequest({ author: 'mallory', from: fork, head: 'evil' });
    const read = async () => (await call(run.token, 'GET', `${R}/pulls/${pull.number}`)).data;
    expect(await read()).toMatchObject({
      head: { label: 'mallory:evil', repo: { id: fork.id, fork: true } },
      base: { repo: { id: repo.id } },
    });
    const commit = await call(run.token, 'GET', `${R}/git/commits/${pull.head.sha}`);
    expect(commit.status).toBe(200);
    fork.delete();
    expect((await read()).head.repo).toBeNull();
    expect(github.violations).toEqual([]);
  });

  it('can be retargeted, drafted, retitled, closed and locked', () => {
    const { repo, pull } = scene();
    repo.push('release', {}, { parent: repo.tip() });
    expect(repo.as('alice').retarget(1, 'release').payload).toMatchObject({
      changes: { base: { ref: { from: 'main' } } },
    });
    repo.as('alice').setDraft(1, true);
    repo.as('alice').retitle(1, 'Better');
    repo.as('alice').close(1);
    repo.as('alice').reopen(1);
    repo.as('bob').lock(1);
    expect(() => repo.as('rita').comment(1, 'x')).toThrow('write comment');
    expect([pull.base.ref, pull.state.draft, pull.open]).toEqual(['release', true, true]);
    expect(repo.events.map((event) => event.event)).toEqual([
      'base_ref_changed',
      'convert_to_draft',
      'renamed',
      'closed',
      'reopened',
      'locked',
    ]);
  });

  it('may have hostile names', async () => {
    const { repo, run } = scene();
    const names = ['-n', 'a;rm -rf $HOME', '$(id)', "it's", 'ünï/`x`', 'a&b|c', '@octo', 'x#1%2F'];
    for (const head of names.map((name) => name.replaceAll(' ', '\u00a0'))) {
      const pull = repo.openPullRequest({ author: 'alice', head, files: { [head]: 'x\n' } });
      const { data } = await call(run.token, 'GET', `${R}/pulls/${pull.number}`);
      expect(data.head.ref).toBe(head);
      const ref = await call(run.token, 'GET', `${R}/git/ref/heads%2F${encodeURIComponent(head)}`);
      expect(ref.data.object.sha).toBe(pull.head.sha);
    }
    expect(github.violations).toEqual([]);
  });
});

describe('commits through the API', () => {
  async function commitOn(repo: Repository, run: JobRun, parent: string, path = 'src/new.ts') {
    const tree = repo.git.treeId(parent);
    const blob = await call(run.token, 'POST', `${R}/git/blobs`, { content: 'new\n' });
    const grown = await call(run.token, 'POST', `${R}/git/trees`, {
      base_tree: tree,
      tree: [{ path, mode: '100644', type: 'blob', sha: blob.data.sha }],
    });
    return call(run.token, 'POST', `${R}/git/commits`, {
      message: 'Carry out the plan',
      tree: grown.data.sha,
      parents: [parent],
    });
  }

  const move = (run: JobRun, sha: string, force = false) =>
    call(run.token, 'PATCH', `${R}/git/refs/heads%2Ffeature%2Fx`, { sha, force });

  it('are signed, and move a branch forward only', async () => {
    const { repo, pull, run } = scene();
    const base = pull.head.sha;
    const commit = await commitOn(repo, run, base);
    expect(commit.data.verification).toMatchObject({ verified: true, reason: 'valid' });
    expect(commit.data.committer.name).toBe('GitHub');
    repo.as('alice').pushTo(1, { 'src/late.ts': 'late\n' });
    expect((await move(run, commit.data.sha)).data.message).toBe('Update is not a fast forward');
    expect(pull.file('src/new.ts')).toBeNull();
    const again = await commitOn(repo, run, pull.head.sha);
    expect((await move(run, again.data.sha)).status).toBe(200);
    expect(pull.head.sha).toBe(again.data.sha);
    expect(pull.file('src/new.ts')).toBe('new\n');
    expect((await move(run, base, true)).status).toBe(200);
    expect(repo.events.at(-1)?.event).toBe('head_ref_force_pushed');
    expect(github.violations).toEqual([]);
  });

  it('cannot hold what git would not check out, nor delete what is not there', async () => {
    const { repo, run } = scene();
    const base_tree = repo.git.treeId('refs/heads/main');
    const sha = repo.git.writeBlob(Buffer.from('x'));
    const tree = (entry: object) =>
      call(run.token, 'POST', `${R}/git/trees`, {
        base_tree,
        tree: [{ mode: '100644', type: 'blob', sha, ...entry }],
      });
    for (const path of ['.git/config', 'a/../b', '../x', '/x', 'a//b', 'a/.GIT/b', '.']) {
      expect((await tree({ path })).status, path).toBe(422);
    }
    expect((await tree({ path: 'x', sha: '2'.repeat(40) })).status).toBe(422);
    expect((await tree({ path: 'nope.ts', sha: null })).data.message).toBe(
      'GitRPC::BadObjectState',
    );
    expect((await tree({ path: '.github/workflows/x.yml' })).status).toBe(403);
    const deleted = await tree({ path: 'src/a.ts', sha: null });
    expect(deleted.data.tree.map((entry: { path: string }) => entry.path)).not.toContain('src');
  });

  it('lock by a ref that can be made once', async () => {
    const { repo, run } = scene();
    const make = (ref: string, sha = repo.tip()) =>
      call(run.token, 'POST', `${R}/git/refs`, { ref, sha });
    expect((await make('refs/codex-plan/consumed/1')).status).toBe(201);
    expect((await make('refs/codex-plan/consumed/1')).status).toBe(422);
    expect((await make('refs/pull/1/head')).status).toBe(422);
    expect((await make('refs/heads/a..b')).status).toBe(422);
    expect((await make('refs/heads/x', '3'.repeat(40))).status).toBe(422);
    expect((await make('refs/heads/feature')).status).toBe(422);
  });
});

describe('git over HTTP', () => {
  it('gives any commit by its id, to depth one', async () => {
    const { repo, pull, run } = scene();
    const base = repo.tip();
    repo.push('main', { 'src/c.ts': 'c\n' });
    repo.moveBranch('feature/x', base);
    await git(run, ['init', '-q']);
    const fetched = await git(run, [
      'fetch',
      '-q',
      '--depth=1',
      'https://github.com/octo/shop',
      pull.head.sha,
      base,
      '5'.repeat(40) === base ? base : repo.tip(),
    ]);
    expect(fetched).toMatchObject({ code: 0 });
    const tree = await git(run, ['rev-parse', `${repo.tip()}^{tree}`]);
    expect(tree.output.trim()).toBe(repo.git.treeId('refs/heads/main'));
    const served = github.requests.filter((request) => request.service === 'git');
    expect(served.every((request) => request.login === 'github-actions[bot]')).toBe(true);
  });

  it('wants a token for a private repository, as a password', async () => {
    const { repo, run, request } = scene({ private: true });
    await git(run, ['init', '-q']);
    const fetch = (token: string | null) =>
      git(run, ['fetch', '-q', '--depth=1', 'https://github.com/octo/shop.git', repo.tip()], token);
    const poor = repo.startRun({ event: request, permissions: { issues: 'write' } });
    expect((await fetch(null)).code).not.toBe(0);
    expect((await fetch(poor.token)).output).toContain('not found');
    expect((await fetch(run.token)).code).toBe(0);
    const bearer = await call(run.token, 'GET', '/octo/shop/info/refs?service=git-upload-pack');
    expect(bearer.status).toBe(401);
  });

  it('takes a push, and the pull request follows', async () => {
    const { pull, run } = scene();
    await git(run, ['init', '-q']);
    await git(run, ['fetch', '-q', 'https://github.com/octo/shop', 'feature/x']);
    await git(run, ['checkout', '-q', '-b', 'work', 'FETCH_HEAD']);
    await git(run, ['commit', '-q', '--allow-empty', '-m', 'More']);
    const pushed = await git(run, ['push', '-q', 'https://github.com/octo/shop', 'work:feature/x']);
    expect(pushed).toMatchObject({ code: 0 });
    expect((await git(run, ['rev-parse', 'work'])).output.trim()).toBe(pull.head.sha);
    const hidden = await git(run, [
      'push',
      'https://github.com/octo/shop',
      'work:refs/pull/1/head',
    ]);
    expect(hidden.output).toContain('hidden ref');
  });
});

describe('artifacts', () => {
  /** Runs a script with the real client in a process with a job's environment. */
  async function upload(run: JobRun, script: string): Promise<unknown> {
    mkdirSync(join(run.temp, 'out'), { recursive: true });
    writeFileSync(join(run.temp, 'prompt.txt'), 'hello\n');
    const client = import.meta.resolve('@actions/artifact');
    const program = `
      const { DefaultArtifactClient } = await import(${JSON.stringify(client)});
      const { writeFileSync } = await import('node:fs');
      const client = new DefaultArtifactClient();
      const temp = process.env.RUNNER_TEMP;
      const files = [temp + '/prompt.txt'];
      const failed = (error) => ({ error: error.message });
      const findBy = { token: process.env.TOKEN, workflowRunId: ${run.id}, repositoryOwner: 'octo', repositoryName: 'shop' };
      const result = await (async () => { ${script} })();
      writeFileSync(temp + '/result.json', JSON.stringify(result));`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      env: { PATH: process.env.PATH, ...run.env, TOKEN: run.token },
    });
    const { code, output } = await ended(child);
    expect(code, output).toBe(0);
    return JSON.parse(readFileSync(join(run.temp, 'result.json'), 'utf8'));
  }

  it('go up and down by GitHub’s own client', async () => {
    const { repo, run } = scene();
    const result = await upload(
      run,
      `const up = await client.uploadArtifact('codex-plan-1', files, temp, { retentionDays: 5 });
       const again = await client.uploadArtifact('codex-plan-1', files, temp).catch(failed);
       const here = await client.downloadArtifact(up.id, { path: temp + '/out/here', expectedHash: 'sha256:' + up.digest });
       const there = await client.downloadArtifact(up.id, { path: temp + '/out/there', findBy, expectedHash: 'sha256:' + up.digest });
       const gone = await client.deleteArtifact('codex-plan-1');
       const next = await client.uploadArtifact('codex-plan-1', files, temp);
       return { up, again, here, there, gone, next, list: await client.listArtifacts() };`,
    );
    expect(result).toMatchObject({
      up: { id: 15001 },
      again: { error: expect.stringContaining('409') },
      here: { digestMismatch: false },
      there: { digestMismatch: false },
      gone: { id: 15001 },
      next: { id: 15002 },
      list: { artifacts: [{ id: 15002, name: 'codex-plan-1' }] },
    });
    expect(readFileSync(join(run.temp, 'out/there/prompt.txt'), 'utf8')).toBe('hello\n');
    expect(repo.artifacts.newest('codex-plan-1').digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(github.violations).toEqual([]);
  });

  it('of an earlier attempt are still there, beside the next of that name', async () => {
    const { repo, run } = scene();
    await upload(run, `return client.uploadArtifact('codex-plan-1', files, temp);`);
    const second = repo.rerun(run, 'bob');
    await upload(second, `return client.uploadArtifact('codex-plan-1', files, temp);`);
    const { data } = await call(second.token, 'GET', `${R}/actions/runs/${run.id}/artifacts`);
    expect(data.artifacts.map((each: { id: number }) => each.id)).toEqual([15002, 15001]);
    github.artifactsConflictAcrossAttempts = true;
    const third = repo.rerun(second, 'bob');
    expect(
      await upload(
        third,
        `return client.uploadArtifact('codex-plan-1', files, temp).catch(failed);`,
      ),
    ).toMatchObject({ error: expect.stringContaining('409') });
  });

  it('name the run that made them, and are found by name over all runs', async () => {
    const { repo, run, request } = scene();
    const other = repo.startRun({ event: request });
    repo.artifacts.add({ name: 'codex-plan-1', run: run.run, content: Buffer.from('a') });
    repo.artifacts.add({ name: 'codex-plan-1', run: other.run, content: Buffer.from('b') });
    repo.artifacts.add({ name: 'codex-plan-11', run: other.run, content: Buffer.from('c') });
    const { data } = await call(run.token, 'GET', `${R}/actions/artifacts?name=codex-plan-1`);
    expect(data).toMatchObject({
      total_count: 2,
      artifacts: [
        { workflow_run: { id: other.id, repository_id: repo.id, head_branch: 'main' } },
        { workflow_run: { id: run.id, head_sha: repo.tip() } },
      ],
    });
  });

  it('are downloaded from a signed address that takes no token and soon ends', async () => {
    const { repo, run } = scene();
    const artifact = repo.artifacts.add({ name: 'x', run: run.run, content: Buffer.from('zip') });
    const path = `${R}/actions/artifacts/${artifact.id}/zip`;
    const redirect = await call(run.token, 'GET', path);
    expect(redirect.status).toBe(302);
    const location = redirect.headers.get('location') ?? '';
    expect(new URL(location).origin).not.toBe(new URL(github.apiUrl).origin);
    expect((await call(null, 'GET', location)).data).toBe('zip');
    expect((await call(run.token, 'GET', location)).status).toBe(400);
    expect(github.violations).toEqual([expect.stringContaining('token sent to storage')]);
    expect((await call(null, 'GET', location.replace('sig=', 'sig=x'))).status).toBe(403);
    github.clock.advance({ minutes: 1 });
    expect((await call(null, 'GET', location)).status).toBe(403);
  });

  it('expire, are replaced, corrupted and deleted', async () => {
    const { repo, run } = scene();
    const { artifacts } = repo;
    const first = artifacts.add({ name: 'x', run: run.run, content: Buffer.from('one') });
    const zip = (id: number) => call(run.token, 'GET', `${R}/actions/artifacts/${id}/zip`);
    const replaced = artifacts.replace(first, Buffer.from('two'));
    expect((await zip(first.id)).status).toBe(404);
    artifacts.corrupt(replaced, Buffer.from('bad'));
    const bytes = await call(null, 'GET', (await zip(replaced.id)).headers.get('location') ?? '');
    expect(bytes.data).toBe('bad');
    artifacts.expire(replaced);
    expect((await zip(replaced.id)).status).toBe(410);
    const listed = await call(run.token, 'GET', `${R}/actions/artifacts?name=x`);
    expect(listed.data.artifacts).toMatchObject([{ id: replaced.id, expired: true }]);
    artifacts.delete(replaced);
    expect((await zip(replaced.id)).status).toBe(404);
    expect(github.violations).toEqual([]);
  });
});

describe('runs', () => {
  it('give a job the environment of a runner', () => {
    const { repo, run } = scene();
    expect(run.env).toMatchObject({
      GITHUB_REPOSITORY: 'octo/shop',
      GITHUB_REPOSITORY_ID: String(repo.id),
      GITHUB_EVENT_NAME: 'issue_comment',
      GITHUB_ACTOR: 'alice',
      GITHUB_REF: 'refs/heads/main',
      GITHUB_SHA: repo.tip(),
      GITHUB_WORKFLOW_REF: 'octo/shop/.github/workflows/codex.yml@refs/heads/main',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_API_URL: github.apiUrl,
      RUNNER_OS: 'Linux',
    });
    expect(JSON.parse(readFileSync(run.env.GITHUB_EVENT_PATH ?? '', 'utf8'))).toMatchObject({
      action: 'created',
      comment: { body: '/codex add a test' },
      issue: { number: 1, pull_request: {} },
      repository: { default_branch: 'main', owner: { login: 'octo', type: 'Organization' } },
    });
    // Never in the system's temporary folder, which a sandbox may let Codex write to.
    const onDisk = repo.startRun({ event: run.start.event, onDisk: true });
    expect(relative(process.cwd(), onDisk.temp)).toMatch(/^node_modules\/\.cache\/codex-plan\//);
    writeFileSync(run.env.GITHUB_OUTPUT ?? '', 'a=1\nb<<EOF\ntwo\nlines\nEOF\n');
    expect(run.outputs()).toEqual({ a: '1', b: 'two\nlines' });
  });

  it('take their workflow from where GitHub takes it', () => {
    const { repo, pull } = scene();
    const event = repo.as('bob').label(1, 'approved-plan');
    const target = repo.startRun({ event });
    expect(target.env).toMatchObject({
      GITHUB_EVENT_NAME: 'pull_request_target',
      GITHUB_REF: 'refs/heads/main',
      GITHUB_HEAD_REF: 'feature/x',
      GITHUB_BASE_REF: 'main',
    });
    const own = repo.startRun({ event, on: 'pull_request' });
    expect(own.env).toMatchObject({
      GITHUB_REF: 'refs/pull/1/merge',
      GITHUB_SHA: pull.state.mergeCommit,
      GITHUB_WORKFLOW_REF: 'octo/shop/.github/workflows/codex.yml@refs/pull/1/merge',
    });
    const dispatched = repo.startRun({
      event: repo.as('alice').dispatch('.github/workflows/codex.yml', { ref: 'feature/x' }),
    });
    expect(dispatched.env.GITHUB_WORKFLOW_REF).toContain('@refs/heads/feature/x');
    const timed = repo.startRun({ event: repo.as('ada').schedule('.github/workflows/codex.yml') });
    expect(timed.env).toMatchObject({ GITHUB_EVENT_NAME: 'schedule', GITHUB_ACTOR: 'ada' });
    expect(() => repo.startRun({ event, workflow: '.github/workflows/none.yml' })).toThrow(
      'does not have it',
    );
    repo.push('main', { 'src/b.ts': 'in the way\n' });
    const clash = repo.as('alice').pushTo(1, { 'src/e.ts': 'e\n' });
    expect(() => repo.startRun({ event: clash, on: 'pull_request' })).toThrow('conflict');
  });

  it('say what they are, attempt by attempt', async () => {
    const { repo, run } = scene();
    repo.finishRun(run, 'failure');
    const second = repo.rerun(run, 'bob');
    expect(second.env).toMatchObject({
      GITHUB_RUN_ID: String(run.id),
      GITHUB_RUN_ATTEMPT: '2',
      GITHUB_ACTOR: 'alice',
      GITHUB_TRIGGERING_ACTOR: 'bob',
    });
    const read = async (path: string) => (await call(second.token, 'GET', path)).data;
    expect(await read(`${R}/actions/runs/${run.id}`)).toMatchObject({
      event: 'issue_comment',
      path: '.github/workflows/codex.yml',
      status: 'in_progress',
      conclusion: null,
      run_attempt: 2,
      head_branch: 'main',
      head_sha: repo.tip(),
      actor: { login: 'alice' },
      triggering_actor: { login: 'bob' },
      repository: { id: repo.id },
      head_repository: { id: repo.id },
    });
    expect(await read(`${R}/actions/runs/${run.id}/attempts/1`)).toMatchObject({
      status: 'completed',
      conclusion: 'failure',
    });
    const listed = await read(`${R}/actions/workflows/codex.yml/runs?event=issue_comment`);
    expect(listed).toMatchObject({ total_count: 1, workflow_runs: [{ run_attempt: 2 }] });
    expect(github.violations).toEqual([]);
  });

  it('of pull_request_target show the pull request’s head, unless told otherwise', async () => {
    const { repo } = scene();
    const fork = repo.fork('mallory');
    const pull = repo.openPullRequest({ author: 'mallory', from: fork, head: 'evil' });
    const event = repo.as('bob').label(pull.number, 'approved-plan');
    const read = async () => {
      const run = repo.startRun({ event });
      return (await call(run.token, 'GET', `${R}/actions/runs/${run.id}`)).data;
    };
    expect(await read()).toMatchObject({
      head_branch: 'evil',
      head_sha: repo.tip(),
      head_repository: { id: fork.id },
      head_commit: { id: pull.head.sha },
      pull_requests: [],
    });
    github.targetRunsNameHead = false;
    github.runPathsNameRef = true;
    expect(await read()).toMatchObject({
      head_branch: 'main',
      head_repository: { id: repo.id },
      path: '.github/workflows/codex.yml@refs/heads/main',
    });
    expect(github.violations).toEqual([]);
  });
});

describe('webhooks', () => {
  interface Example {
    name: string;
    examples: Record<string, unknown>[];
  }
  const require = createRequire(import.meta.url);
  const catalogue = require('@octokit/webhooks-examples/api.github.com/index.json') as Example[];

  /** Paths of an example that our payload does not have. */
  function missing(example: unknown, ours: unknown, at = ''): string[] {
    if (Array.isArray(example)) {
      return Array.isArray(ours) && example.length > 0 && ours.length > 0
        ? missing(example[0], ours[0], `${at}[]`)
        : [];
    }
    if (example === null || typeof example !== 'object') return [];
    if (ours === null) return [];
    return Object.entries(example).flatMap(([key, value]) => {
      const mine = (ours as Record<string, unknown> | undefined)?.[key];
      return mine === undefined ? [`${at}.${key}`] : missing(value, mine, `${at}.${key}`);
    });
  }

  /** Members of the examples that not every payload has. */
  const optional = /^\.(installation|repository\.license\.|.*\.gravatar_id$)/;

  function example(name: string, action?: string): Record<string, unknown> {
    const of = catalogue.find((each) => each.name === name);
    return of?.examples.findLast((each) => each.action === action) ?? {};
  }

  it('have all that GitHub’s examples have', () => {
    const { repo, request } = scene();
    const label = repo.as('bob').label(1, 'approved-plan').payload;
    const edited = repo.as('alice').editComment(request, '/codex something else').payload;
    const dispatched = repo.as('alice').dispatch('.github/workflows/codex.yml').payload;
    const pairs: [Record<string, unknown>, Record<string, unknown>][] = [
      [example('pull_request', 'labeled'), label],
      [example('issue_comment', 'created'), request.payload],
      [example('issue_comment', 'edited'), edited],
      [example('workflow_dispatch'), dispatched],
    ];
    for (const [theirs, ours] of pairs) {
      expect(Object.keys(theirs)).not.toHaveLength(0);
      expect(missing(theirs, ours).filter((path) => !optional.test(path))).toEqual([]);
    }
    expect(edited).toMatchObject({ changes: { body: { from: '/codex add a test' } } });
  });
});

describe('faults', () => {
  const comments = `${R}/issues/1/comments`;
  const post = (run: JobRun) => call(run.token, 'POST', comments, { body: 'hello' });

  it('answer an error in place of the call, the time and the number of times asked', async () => {
    const { repo, run } = scene();
    const fault = github.fault({
      method: 'POST',
      path: '/repos/{owner}/{repo}/issues/{issue_number}/comments',
      nth: 2,
      times: 2,
      status: 429,
      retryAfter: 7,
    });
    const answers = [await post(run), await post(run), await post(run), await post(run)];
    expect(answers.map((answer) => answer.status)).toEqual([201, 429, 429, 201]);
    expect(answers[1]?.headers.get('retry-after')).toBe('7');
    expect(fault.hits).toBe(2);
    expect(repo.commentsOf(1)).toHaveLength(3);
    expect((await call(run.token, 'GET', comments)).status).toBe(200);
  });

  it('drop a connection before or after the call took effect', async () => {
    const { repo, run } = scene();
    github.fault({ path: /\/comments$/, method: 'POST', drop: true });
    await expect(post(run)).rejects.toThrow();
    expect(repo.commentsOf(1)).toHaveLength(1);
    github.fault({ path: /\/comments$/, method: 'POST', drop: true, when: 'after' });
    await expect(post(run)).rejects.toThrow();
    expect(repo.commentsOf(1)).toHaveLength(2);
    expect(github.requests.at(-1)).toMatchObject({ faulty: true, status: 0 });
  });

  it('send half an answer, or no JSON', async () => {
    const { run } = scene();
    github.fault({ path: comments, garbage: 'malformed' });
    await expect(call(run.token, 'GET', comments)).rejects.toThrow(SyntaxError);
    github.fault({ path: comments, garbage: 'truncated' });
    await expect(call(run.token, 'GET', comments)).rejects.toThrow();
    expect((await call(run.token, 'GET', comments)).status).toBe(200);
  });

  it('hang, until the client has enough', async () => {
    const { run } = scene();
    github.fault({ path: R, hang: true });
    const signal = AbortSignal.timeout(100);
    await expect(fetch(github.apiUrl + R, { signal })).rejects.toThrow('timeout');
    github.fault({ path: R, delay: 50 });
    const start = performance.now();
    expect((await call(run.token, 'GET', R)).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThanOrEqual(45);
  });

  it('leave room for a change between two calls', async () => {
    const { repo, run, pull } = scene();
    let reads = 0;
    const before = pull.head.sha;
    const stop = github.onRequest((request) => {
      if (request.template !== '/repos/{owner}/{repo}/pulls/{pull_number}') return;
      reads += 1;
      if (reads === 2) repo.as('alice').pushTo(1, { 'src/late.ts': 'late\n' });
    });
    const read = async () => (await call(run.token, 'GET', `${R}/pulls/1`)).data.head.sha;
    expect([await read(), await read()]).toEqual([before, pull.head.sha]);
    expect(pull.head.sha).not.toBe(before);
    stop();
    expect(github.writes()).toEqual([]);
  });
});

describe('the conversation page', () => {
  it('shows what happened, and runs nothing that a comment holds', async () => {
    const { repo, run } = scene();
    await call(run.token, 'POST', `${R}/issues/1/comments`, {
      body: [
        '## Plan <!-- marker -->',
        '',
        '| path | why |',
        '|---|--:|',
        '| `src/a.ts` | a \\| b |',
        '',
        '<details><summary>Prompt</summary>',
        '',
        'text',
        '',
        '</details>',
        '',
        '<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1)) @bob',
        '</details></b></i> <b>left open',
        '![i](https://example.com/i.png) <!--',
      ].join('\n'),
    });
    repo.as('bob').label(1, 'approved-plan');
    repo.finishRun(run);
    const html = github.conversationHtml(1);
    expect(html).toContain('<td style="text-align:left"><code>src/a.ts</code></td>');
    expect(html).toContain('<td style="text-align:right">a | b</td>');
    expect(html).toContain('<details><summary>Prompt</summary>');
    expect(html).toContain('left open');
    expect(html.match(/<details/g)).toHaveLength(html.match(/<\/details>/g)?.length ?? 0);
    expect(html.match(/<b>/g)?.length).toBe(html.match(/<\/b>/g)?.length);
    expect(html).toContain('added the <span class="label"');
    expect(html).toContain('issue_comment</code> · success');
    expect(html).not.toMatch(/<script|<img|href="javascript|src="http|marker/);
  });
});

it('leaves nothing behind', async () => {
  const { run } = scene();
  github.fault({ path: R, hang: true });
  const hanging = fetch(github.apiUrl + R).catch(() => 'closed');
  await new Promise((done) => setTimeout(done, 50));
  await github.close();
  expect(await hanging).toBe('closed');
  expect(existsSync(run.folder)).toBe(false);
});
