import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GitHub, type JobRun, type Repository, startGitHub } from './github/index.ts';

let github: GitHub;
let repo: Repository;
let run: JobRun;

beforeEach(async () => {
  github = await startGitHub();
  repo = github.createRepository({
    collaborators: { alice: 'write', tina: 'triage', ada: 'admin' },
    labels: ['approved-plan', 'bug'],
  });
  const pull = repo.openPullRequest({ author: 'alice', head: 'feature/x', files: { a: 'a\n' } });
  run = repo.startRun({ event: repo.as('alice').comment(pull.number, '/codex add a test') });
});

afterEach(async () => {
  await github.close();
});

/** One GraphQL call with the job's token. */
async function ask(query: string, variables: object = {}, token = run.token) {
  const response = await fetch(`${github.apiUrl}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: a client that knows no types
  return (await response.json()) as { data?: any; errors?: any[] };
}

async function rest(path: string, method = 'GET', body?: unknown, token = run.token) {
  const response = await fetch(`${github.apiUrl}/repos/octo/shop${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: a client that knows no types
  const data: any = text === '' ? null : JSON.parse(text);
  return { status: response.status, headers: response.headers, data };
}

const ofPull = (fields: string, variables = '') =>
  `query${variables} { repository(owner: "octo", name: "shop") { pullRequest(number: 1) { ${fields} } } }`;

const TIMELINE = ofPull(
  `timelineItems(first: 100, after: $after, itemTypes: [
  LABELED_EVENT, UNLABELED_EVENT, HEAD_REF_FORCE_PUSHED_EVENT, BASE_REF_CHANGED_EVENT,
  AUTOMATIC_BASE_CHANGE_SUCCEEDED_EVENT
]) {
  totalCount filteredCount pageCount pageInfo { hasNextPage endCursor }
  nodes {
    __typename
    ... on Node { id }
    ... on LabeledEvent { createdAt label { id name } actor { login ...who } }
    ... on UnlabeledEvent { createdAt label { id name } actor { login ...who } }
    ... on HeadRefForcePushedEvent { createdAt actor { ...who } beforeCommit { oid } afterCommit { oid } }
    ... on BaseRefChangedEvent { actor { login } previousRefName currentRefName }
    ... on AutomaticBaseChangeSucceededEvent { oldBase newBase }
  }
}`,
  '($after: String)',
).concat(
  ' fragment who on Actor { __typename ... on User { databaseId } ... on Bot { databaseId } }',
);

async function timeline(after: string | null = null) {
  const { data, errors } = await ask(TIMELINE, { after });
  expect(errors).toBeUndefined();
  return data.repository.pullRequest.timelineItems;
}

describe('GraphQL', () => {
  it('holds each query to GitHub’s own schema', async () => {
    const wrong = [
      '{ viewer { login reputation } }',
      '{ repository(owner: "octo") { id } }',
      'query($number: String!) { repository(owner: "octo", name: "shop") { pullRequest(number: $number) { id } } }',
      ofPull('labels { nodes { name } }'),
      ofPull('labels(first: 101) { nodes { name } }'),
      ofPull('reviewDecision'),
      '{ viewer { login',
    ];
    for (const [index, query] of wrong.entries()) {
      expect((await ask(query)).errors, query).toHaveLength(1);
      expect(github.violations, query).toHaveLength(index + 1);
    }
    expect(github.violations[0]).toContain('Cannot query field "reputation" on type "User"');
    expect(github.violations[5]).toContain('PullRequest.reviewDecision is not served');
  });

  it('tells a pull request, page by page if the list is longer', async () => {
    repo.as('tina').label(1, 'bug');
    repo.openPullRequest({ author: 'alice', files: { b: 'b\n' } });
    repo.as('alice').close(2);
    const { data } = await ask(`{ repository(owner: "octo", name: "shop") {
      id databaseId isArchived defaultBranchRef { name target { oid } }
      ref(qualifiedName: "refs/heads/feature/x") { name prefix target { __typename oid } }
      blob: object(expression: "feature/x:a") { ... on Blob { text byteSize } }
      nothing: object(expression: "main:a") { oid }
      label(name: "BUG") { id name }
      pullRequest(number: 1) {
        id number state isDraft locked title author { login ... on User { databaseId } }
        labels(first: 10) { nodes { id name } }
        headRefName headRefOid headRepository { databaseId } baseRefName
        comments(first: 1) { totalCount nodes { id databaseId body lastEditedAt author { login } } }
        commits(last: 1) { totalCount nodes { commit { oid message status { state } } } }
      }
      pullRequests(first: 1, states: [OPEN, CLOSED]) {
        totalCount nodes { number state } pageInfo { hasNextPage endCursor }
      }
      open: pullRequests(first: 10, states: [OPEN]) { nodes { number } }
    } }`);
    const label = repo.findLabel('bug');
    const pull = repo.pull(1);
    expect(data.repository).toMatchObject({
      id: repo.nodeId,
      databaseId: repo.id,
      isArchived: false,
      defaultBranchRef: { name: 'main', target: { oid: repo.tip() } },
      ref: {
        name: 'feature/x',
        prefix: 'refs/heads/',
        target: { __typename: 'Commit', oid: pull.head.sha },
      },
      blob: { text: 'a\n', byteSize: 2 },
      nothing: null,
      label: { id: label?.nodeId, name: 'bug' },
      pullRequest: {
        state: 'OPEN',
        isDraft: false,
        locked: false,
        author: { login: 'alice', databaseId: github.user('alice').id },
        labels: { nodes: [{ id: label?.nodeId, name: 'bug' }] },
        headRefOid: pull.head.sha,
        headRepository: { databaseId: repo.id },
        baseRefName: 'main',
        comments: { totalCount: 1, nodes: [{ body: '/codex add a test', lastEditedAt: null }] },
        commits: { totalCount: 1, nodes: [{ commit: { oid: pull.head.sha, status: null } }] },
      },
      pullRequests: {
        totalCount: 2,
        nodes: [{ number: 1, state: 'OPEN' }],
        pageInfo: { hasNextPage: true },
      },
      open: { nodes: [{ number: 1 }] },
    });
    expect((await rest('/labels/bug')).data.node_id).toBe(label?.nodeId);
    expect((await rest('/pulls/1')).data.node_id).toBe(data.repository.pullRequest.id);
    expect(github.violations).toEqual([]);
  });

  it('has nothing that the token may not see', async () => {
    repo.private = true;
    const stranger = github.createToken({ kind: 'user', login: 'mallory', scopes: ['repo'] });
    const query = '{ repository(owner: "octo", name: "shop") { id } }';
    expect(await ask(query, {}, stranger.value)).toMatchObject({
      data: { repository: null },
      errors: [{ type: 'NOT_FOUND', path: ['repository'] }],
    });
    const poor = github.createToken({
      kind: 'actions',
      repository: repo,
      permissions: { contents: 'read' },
    });
    expect(await ask(ofPull('id'), {}, poor.value)).toMatchObject({
      data: { repository: { pullRequest: null } },
      errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible by integration' }],
    });
    expect((await ask(query, {}, 'ghs_none')).data).toBeUndefined();
    expect(github.violations).toEqual([]);
  });

  it('finds by id what REST tells the id of', async () => {
    repo.as('tina').label(1, 'bug');
    const [event] = (await rest('/issues/1/events')).data;
    const [comment] = (await rest('/issues/1/comments')).data;
    const query =
      'query($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on LabeledEvent { label { name } } } }';
    expect(await ask(query, { ids: [event.node_id, comment.node_id] })).toEqual({
      data: {
        nodes: [
          { __typename: 'LabeledEvent', id: event.node_id, label: { name: 'bug' } },
          { __typename: 'IssueComment', id: comment.node_id },
        ],
      },
    });
    expect(await ask(query, { ids: ['LE_none'] })).toMatchObject({
      data: { nodes: [null] },
      errors: [{ type: 'NOT_FOUND', path: ['nodes', 0] }],
    });
  });

  it('has a separate allowance of points for an hour', async () => {
    const poor = await startGitHub({ rateLimit: 2 });
    const shop = poor.createRepository();
    const { value } = poor.createToken({ kind: 'actions', repository: shop, permissions: {} });
    const once = () =>
      fetch(`${poor.apiUrl}/graphql`, {
        method: 'POST',
        headers: { authorization: `Bearer ${value}`, 'content-type': 'application/json' },
        body: '{"query":"{ viewer { login } }"}',
      });
    await once();
    expect((await once()).headers.get('x-ratelimit-remaining')).toBe('0');
    const third = await once();
    expect(third.status).toBe(200);
    expect(third.headers.get('x-ratelimit-resource')).toBe('graphql');
    expect(await third.json()).toMatchObject({ errors: [{ type: 'RATE_LIMITED' }] });
    expect(poor.spent(poor.findToken(value)).used).toBe(0);
    await poor.close();
  });
});

describe('the timeline of a pull request', () => {
  it('has the events of REST under the same ids, and leaves the others out', async () => {
    github.user('mallory');
    repo.as('mallory').reference(1, 300);
    repo.as('tina').label(1, 'approved-plan');
    repo.as('github-actions[bot]').unlabel(1, 'approved-plan');
    const first = repo.pull(1).head.sha;
    repo.as('alice').pushTo(1, { b: 'b\n' });
    repo.as('alice').resetTo(1, first);
    repo.push('release', {}, { parent: repo.tip() });
    repo.as('alice').retarget(1, 'release');
    repo.as('alice').retarget(1, 'main', 'automatic');
    const { nodes, totalCount, filteredCount, pageCount } = await timeline();
    expect([totalCount, filteredCount, pageCount]).toEqual([5, 5, 5]);
    const label = { id: repo.findLabel('approved-plan')?.nodeId, name: 'approved-plan' };
    const { id: tina } = github.user('tina');
    expect(nodes).toMatchObject([
      {
        __typename: 'LabeledEvent',
        label,
        actor: { __typename: 'User', login: 'tina', databaseId: tina },
      },
      {
        __typename: 'UnlabeledEvent',
        label,
        // GraphQL's logins of bots have no suffix.
        actor: { __typename: 'Bot', login: 'github-actions', databaseId: 41898282 },
      },
      { __typename: 'HeadRefForcePushedEvent', afterCommit: { oid: first } },
      { __typename: 'BaseRefChangedEvent', previousRefName: 'main', currentRefName: 'release' },
      { __typename: 'AutomaticBaseChangeSucceededEvent', oldBase: 'release', newBase: 'main' },
    ]);
    const events = [];
    for (let page = 1; page <= 4; page++) {
      events.push(...(await rest(`/issues/1/events?per_page=100&page=${page}`)).data);
    }
    expect(events).toHaveLength(305);
    expect(nodes.map(({ id }: { id: string }) => id)).toEqual(
      events.slice(300).map(({ node_id }) => node_id),
    );
    expect(github.violations).toEqual([]);
  });

  it('comes in pages that go on where the last one ended', async () => {
    for (let index = 0; index < 4; index++) {
      repo.as('tina').label(1, 'bug');
      repo.as('tina').unlabel(1, 'bug');
    }
    github.pageLimit = 3;
    const ids = [];
    let cursor = null;
    for (let page = 0; page < 3; page++) {
      const { nodes, pageInfo, totalCount, filteredCount } = await timeline(cursor);
      expect([totalCount, filteredCount]).toEqual([8, 8 - 3 * page]);
      expect(pageInfo.hasNextPage).toBe(page < 2);
      ids.push(...nodes.map(({ id }: { id: string }) => id));
      cursor = pageInfo.endCursor;
    }
    expect(ids).toEqual(repo.events.map(({ nodeId }) => nodeId));
    const backwards = ofPull(
      'timelineItems(last: 2, itemTypes: [LABELED_EVENT]) { nodes { ... on Node { id } } pageInfo { hasPreviousPage } }',
    );
    const { timelineItems } = (await ask(backwards)).data.repository.pullRequest;
    expect(timelineItems.pageInfo.hasPreviousPage).toBe(true);
    expect(timelineItems.nodes.map(({ id }: { id: string }) => id)).toEqual([ids[4], ids[6]]);
  });

  it('can lag behind and come in another order, for some calls', async () => {
    for (const name of ['bug', 'approved-plan', 'late']) repo.as('alice').label(1, name);
    const names = async () =>
      (await timeline()).nodes.map(({ label }: { label: { name: string } }) => label.name);
    github.fault({ graphql: /timelineItems/, lag: 1 });
    github.fault({ graphql: /timelineItems/, nth: 2, order: 'reversed' });
    github.fault({ graphql: /viewer/, status: 500 });
    expect(await names()).toEqual(['bug', 'approved-plan']);
    expect(await names()).toEqual(['late', 'approved-plan', 'bug']);
    expect(await names()).toEqual(['bug', 'approved-plan', 'late']);
    github.fault({ path: /\/events/, lag: 2, order: 'shuffled' });
    expect((await rest('/issues/1/events')).data).toHaveLength(1);
    expect((await rest('/issues/1/events')).data).toHaveLength(3);
  });

  it('tells a label by its id, whatever it was called then', async () => {
    repo.as('tina').label(1, 'bug');
    const id = repo.findLabel('bug')?.nodeId;
    repo.as('alice').renameLabel('bug', 'approved');
    repo.as('alice').createLabel('bug');
    expect((await timeline()).nodes).toMatchObject([{ label: { id, name: 'approved' } }]);
    expect(repo.pull(1).labels).toEqual(['approved']);
    expect((await rest('/issues/1/events')).data).toMatchObject([{ label: { name: 'bug' } }]);
    github.eventsNameLabels = 'today';
    expect((await rest('/issues/1/events')).data).toMatchObject([{ label: { name: 'approved' } }]);
    expect(repo.events).toHaveLength(1);
  });

  it('keeps a label that was deleted, or has an error in place of its event', async () => {
    repo.as('tina').label(1, 'bug');
    const id = repo.findLabel('bug')?.nodeId;
    repo.as('alice').deleteLabel('bug');
    expect(repo.pull(1).labels).toEqual([]);
    expect(repo.events).toHaveLength(1);
    expect((await timeline()).nodes).toMatchObject([{ label: { id, name: 'bug' } }]);
    expect(repo.as('alice').createLabel('bug').nodeId).not.toBe(id);
    expect((await timeline()).nodes).toMatchObject([{ label: { id, name: 'bug' } }]);
    github.deletedLabels = 'untold';
    const { data, errors } = await ask(TIMELINE);
    expect(data.repository.pullRequest.timelineItems.nodes).toEqual([null]);
    expect(errors).toMatchObject([
      { path: ['repository', 'pullRequest', 'timelineItems', 'nodes', 0, 'label'] },
    ]);
    expect(github.violations).toEqual([]);
  });
});

describe('labels over GraphQL', () => {
  const change = (name: string) =>
    `mutation($pull: ID!, $label: ID!) { ${name}(input: { labelableId: $pull, labelIds: [$label] }) { labelable { labels(first: 10) { nodes { id } } } } }`;

  it('are set and removed by id', async () => {
    const pull = repo.pull(1).state.nodeId;
    const label = repo.findLabel('bug')?.nodeId ?? '';
    const { data } = await ask(change('addLabelsToLabelable'), { pull, label });
    expect(data.addLabelsToLabelable.labelable.labels.nodes).toEqual([{ id: label }]);
    await ask(change('removeLabelsFromLabelable'), { pull, label });
    expect(repo.pull(1).labels).toEqual([]);
    expect(repo.events.map(({ event }) => event)).toEqual(['labeled', 'unlabeled']);
    expect(await ask(change('addLabelsToLabelable'), { pull, label: 'LA_none' })).toMatchObject({
      data: { addLabelsToLabelable: null },
      errors: [{ type: 'NOT_FOUND' }],
    });
    expect(github.violations).toEqual([]);
  });

  it('need a permission', async () => {
    const { value } = github.createToken({
      kind: 'actions',
      repository: repo,
      permissions: { contents: 'write' },
    });
    const variables = {
      pull: repo.pull(1).state.nodeId,
      label: repo.findLabel('bug')?.nodeId,
    };
    const { errors } = await ask(change('addLabelsToLabelable'), variables, value);
    expect(errors).toMatchObject([{ type: 'FORBIDDEN' }]);
    expect(repo.pull(1).labels).toEqual([]);
  });
});

describe('refs over GraphQL', () => {
  const update = (name: string, beforeOid: string | null, afterOid: string, force = false) =>
    ask('mutation($input: UpdateRefsInput!) { updateRefs(input: $input) { clientMutationId } }', {
      input: { repositoryId: repo.nodeId, refUpdates: [{ name, beforeOid, afterOid, force }] },
    });
  const HEAD = 'refs/heads/feature/x';

  it('move from where they are thought to be, and from nowhere else', async () => {
    const before = repo.pull(1).head.sha;
    const after = repo.push('elsewhere', { c: 'c\n' }, { parent: before });
    repo.as('alice').resetTo(1, repo.tip());
    // Moved back, it would still be a fast-forward, which REST's interface takes.
    expect(await update(HEAD, before, after)).toMatchObject({
      data: { updateRefs: null },
      errors: [{ type: 'UNPROCESSABLE' }],
    });
    expect(repo.pull(1).head.sha).toBe(repo.tip());
    repo.as('alice').resetTo(1, before);
    expect((await update(HEAD, before, after)).errors).toBeUndefined();
    expect(repo.pull(1).head.sha).toBe(after);
    expect((await update(HEAD, after, before)).errors).toHaveLength(1);
    expect((await update(HEAD, after, before, true)).errors).toBeUndefined();
    expect(repo.events.at(-1)?.event).toBe('head_ref_force_pushed');
    expect((await update('refs/pull/1/head', before, after)).errors).toHaveLength(1);
    expect(github.violations).toEqual([]);
  });

  it('stay if a rule refuses the move, for both interfaces', async () => {
    const before = repo.pull(1).head.sha;
    const after = repo.push('elsewhere', { c: 'c\n' }, { parent: before, message: 'fix it' });
    repo.rules.push({
      branch: /^feature\//,
      message: 'Commit message must match ^(feat|fix): .+',
      refuses: ({ message }) => !/^(feat|fix): .+/.test(message),
      bypass: ['ada'],
    });
    const message =
      'Repository rule violations found\n\nCommit message must match ^(feat|fix): .+\n\n';
    expect((await update(HEAD, before, after)).errors).toMatchObject([{ message }]);
    const path = '/git/refs/heads/feature/x';
    expect(await rest(path, 'PATCH', { sha: after })).toMatchObject({
      status: 422,
      data: { message },
    });
    const good = repo.push('good', { c: 'c\n' }, { parent: before, message: 'fix: it' });
    expect((await rest(path, 'PATCH', { sha: good })).status).toBe(200);
    expect(github.violations).toEqual([]);
  });
});

describe('what no permission cures', () => {
  const comment = () => rest('/issues/1/comments', 'POST', { body: 'hello' });

  it('is a locked conversation', async () => {
    repo.as('alice').lock(1);
    expect(await comment()).toMatchObject({
      status: 403,
      data: { message: 'Unable to create comment because issue is locked.' },
    });
    expect((await rest('/pulls/1')).data.locked).toBe(true);
    github.appsCommentOnLocked = true;
    expect((await comment()).status).toBe(201);
    github.appsCommentOnLocked = false;
    repo.as('alice').unlock(1);
    expect((await comment()).status).toBe(201);
  });

  it('is an archived repository', async () => {
    repo.as('ada').archive();
    expect(await comment()).toMatchObject({
      status: 403,
      data: { message: 'Repository was archived so is read-only.' },
    });
    expect((await rest('/pulls/1')).data.base.repo.archived).toBe(true);
  });

  it('is an IP allow list, and SAML', async () => {
    const query = '{ repository(owner: "octo", name: "shop") { id } }';
    repo.owner.ipAllowList = true;
    expect((await rest('/pulls/1')).data.message).toContain('has an IP allow list enabled');
    expect((await ask(query)).errors).toMatchObject([{ type: 'FORBIDDEN' }]);
    repo.owner.ipAllowList = false;
    repo.owner.samlEnforced = true;
    const token = github.createToken({ kind: 'user', login: 'alice', scopes: ['repo'] });
    const refused = await rest('/pulls/1', 'GET', undefined, token.value);
    expect(refused.data.message).toContain('organization SAML enforcement');
    expect(refused.headers.get('x-github-sso')).toContain('required; url=');
    expect((await ask(query, {}, token.value)).errors).toMatchObject([
      { type: 'FORBIDDEN', extensions: { saml_failure: true } },
    ]);
    token.authorisedForSaml = true;
    expect((await rest('/pulls/1', 'GET', undefined, token.value)).status).toBe(200);
    expect((await rest('/pulls/1')).status).toBe(200);
    expect(github.violations).toEqual([]);
  });
});

describe('a merge queue', () => {
  const query = `{ repository(owner: "octo", name: "shop") { mergeQueue(branch: "main") {
    entries(first: 10) { nodes { position pullRequest { number } headCommit { oid } baseCommit { oid } } }
  } } }`;

  it('has groups that hold everything before them, and a workflow run each', async () => {
    expect((await ask(query)).data.repository.mergeQueue).toBeNull();
    repo.openPullRequest({ author: 'alice', files: { b: 'b\n' } });
    const first = repo.as('alice').enqueue(1);
    const second = repo.as('alice').enqueue(2);
    const group = second.payload.merge_group as Record<string, string>;
    const { head_sha: before } = first.payload.merge_group as Record<string, string>;
    expect(group).toMatchObject({
      base_sha: before,
      base_ref: 'refs/heads/main',
      head_ref: `refs/heads/gh-readonly-queue/main/pr-2-${before}`,
    });
    expect(repo.file(group.head_sha ?? '', 'a')?.toString()).toBe('a\n');
    expect((await ask(query)).data.repository.mergeQueue.entries.nodes).toEqual([
      {
        position: 1,
        pullRequest: { number: 1 },
        headCommit: { oid: before },
        baseCommit: { oid: repo.tip() },
      },
      {
        position: 2,
        pullRequest: { number: 2 },
        headCommit: { oid: group.head_sha },
        baseCommit: { oid: before },
      },
    ]);
    const { env, run: its } = repo.startRun({ event: second });
    expect(env).toMatchObject({
      GITHUB_EVENT_NAME: 'merge_group',
      GITHUB_SHA: group.head_sha,
      GITHUB_WORKFLOW_REF: `octo/shop/.github/workflows/codex.yml@${group.head_ref}`,
    });
    expect(its).toMatchObject({ event: 'merge_group', headSha: group.head_sha });
    expect((await rest(`/actions/runs/${its.id}`)).status).toBe(200);
    github.jobsReadMergeQueues = false;
    expect((await ask(query)).errors).toMatchObject([{ type: 'FORBIDDEN' }]);
    expect(github.violations).toEqual([]);
  });
});

describe('a push', () => {
  it('names its commits and their files, and runs the workflow of its branch', () => {
    const before = repo.tip();
    const event = repo.as('alice').pushed('main', { 'README.md': 'new\n', 'c.ts': 'c\n' });
    expect(event.payload).toMatchObject({
      ref: 'refs/heads/main',
      before,
      after: repo.tip(),
      forced: false,
      commits: [{ id: repo.tip(), added: ['c.ts'], modified: ['README.md'], removed: [] }],
    });
    const { env, run: its } = repo.startRun({ event });
    expect(env).toMatchObject({ GITHUB_EVENT_NAME: 'push', GITHUB_REF: 'refs/heads/main' });
    expect(its).toMatchObject({ headBranch: 'main', headSha: repo.tip() });
  });
});

describe('a workflow that is dispatched on a tag', () => {
  it('runs the tagged commit, under the name of the tag', () => {
    const old = repo.tip();
    repo.push('main', { 'new.md': 'new\n' });
    repo.as('alice').tag('main', old);
    const event = repo.as('alice').dispatch('.github/workflows/codex.yml', { tag: 'main' });
    const { run, env } = repo.startRun({ event });
    expect(run).toMatchObject({ event: 'workflow_dispatch', headBranch: 'main', headSha: old });
    expect(env).toMatchObject({
      GITHUB_REF: 'refs/tags/main',
      GITHUB_REF_TYPE: 'tag',
      GITHUB_SHA: old,
      GITHUB_WORKFLOW_REF: 'octo/shop/.github/workflows/codex.yml@refs/tags/main',
    });
  });
});
