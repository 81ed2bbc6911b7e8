import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readWorkflowRun } from '../../src/github/event.ts';
import { folder } from '../codex/setting.ts';
import { reasonOf } from '../support/reason.ts';

const sender = { id: 4, login: 'bob', type: 'User' };
const labelling = {
  action: 'labeled',
  label: { node_id: 'LA_1', name: 'approved-plan' },
  pull_request: { number: 12, head: { sha: 'a'.repeat(40) } },
  sender,
  repository: { id: 7, default_branch: 'main' },
};

/** The run of a step with this payload; a variable that is undefined is not set. */
function runOf(payload: object, changes: Record<string, string | undefined> = {}) {
  const path = join(folder(), 'event.json');
  writeFileSync(path, JSON.stringify(payload));
  return readWorkflowRun({
    GITHUB_ACTOR: 'bob',
    GITHUB_EVENT_NAME: 'pull_request_target',
    GITHUB_EVENT_PATH: path,
    GITHUB_REPOSITORY: 'octo/demo',
    GITHUB_REPOSITORY_ID: '7',
    GITHUB_RUN_ATTEMPT: '2',
    GITHUB_RUN_ID: '900',
    GITHUB_SHA: 'e'.repeat(40),
    GITHUB_WORKFLOW_REF: 'octo/demo/.github/workflows/codex.yml@refs/heads/main',
    GITHUB_WORKFLOW_SHA: 'd'.repeat(40),
    ...changes,
  });
}

describe('the event', () => {
  it.each([
    ['the account that opened it', { user: { id: 9, login: 'ada' } }, 9],
    ['nobody if that account is gone', { user: null }, null],
    ['nobody if it is not told', {}, null],
  ])('is a comment on a pull request of %s', (_, more, issueAuthor) => {
    const payload = {
      action: 'created',
      issue: { number: 12, pull_request: {}, ...more },
      comment: { id: 77, body: '/codex x', user: sender },
      sender,
    };
    expect(runOf(payload, { GITHUB_EVENT_NAME: 'issue_comment' }).trigger).toEqual({
      kind: 'comment',
      action: 'created',
      pullRequest: 12,
      commentId: 77,
      body: '/codex x',
      author: sender,
      issueAuthor,
      sender,
      viaApp: false,
    });
  });

  it.each(['pull_request', 'pull_request_target'])('is a labelling on %s', (name) => {
    for (const action of ['labeled', 'unlabeled']) {
      expect(runOf({ ...labelling, action }, { GITHUB_EVENT_NAME: name }).trigger).toEqual({
        kind: 'label',
        action,
        label: { id: 'LA_1', name: 'approved-plan' },
        pullRequest: 12,
        headSha: 'a'.repeat(40),
        sender,
        at: null,
      });
    }
  });

  it.each([
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z'],
    ['2026-01-02T05:04:05.678+02:00', '2026-01-02T03:04:05Z'],
    [null, null],
    ['yesterday', null],
    [7, null],
  ])('of a label says when GitHub sent it: %j', (updated_at, at) => {
    const pull_request = { ...labelling.pull_request, updated_at };
    expect(runOf({ ...labelling, pull_request }).trigger).toMatchObject({ kind: 'label', at });
  });

  it.each([
    ['without a label', { label: undefined }],
    ['whose label is null', { label: null }],
    ['whose label has no id', { label: { name: 'approved-plan' } }],
    ['whose label has an empty id', { label: { node_id: '', name: 'approved-plan' } }],
    ['without a head', { pull_request: { number: 12 } }],
    ['whose sender is null', { sender: null }],
  ])('is no other change of the pull request where it is a labelling %s', async (_, change) => {
    for (const action of ['labeled', 'unlabeled']) {
      const read = () => runOf({ ...labelling, action, ...change });
      expect(await reasonOf(read)).toBe('unsupported-event');
    }
  });

  it.each([
    ['another title', { title: { from: 'x' } }, false],
    ['another base', { base: { ref: { from: 'main' }, sha: { from: 'b' } } }, true],
    ['nothing that is told', undefined, false],
  ])('is another change of the pull request: %s', (_, changes, baseChanged) => {
    const payload = { ...labelling, action: 'edited', label: undefined, changes };
    expect(runOf(payload).trigger).toEqual({
      kind: 'pull-request',
      action: 'edited',
      pullRequest: 12,
      sender: null,
      baseChanged,
      pushed: null,
    });
  });

  it.each([
    ['by whom it was', {}, { head: 'c'.repeat(40), by: 'bob' }],
    ['nobody, if GitHub names nobody', { sender: null }, null],
    ['nobody, if GitHub names no commit', { after: 'c5c5' }, null],
    ['nobody, if it is another event', { action: 'reopened' }, null],
  ])('is a push to the branch that tells %s', (_, change, pushed) => {
    const after = 'c'.repeat(40);
    const payload = { ...labelling, action: 'synchronize', label: undefined, after, ...change };
    expect(runOf(payload).trigger).toMatchObject({ kind: 'pull-request', pushed });
  });

  const push = {
    ref: 'refs/heads/main',
    before: 'b'.repeat(40),
    after: 'c'.repeat(40),
    pusher: { name: 'bob' },
  };

  it('is a push, with its commits and who pushed', () => {
    expect(runOf(push, { GITHUB_EVENT_NAME: 'push' }).trigger).toEqual({
      kind: 'push',
      pullRequest: null,
      sender: null,
      ...push,
      pusher: 'bob',
    });
  });

  const group = {
    head_ref: 'refs/heads/q/pr-7-b',
    head_sha: 'c'.repeat(40),
    base_ref: 'refs/heads/main',
  };

  it('is a merge group', () => {
    expect(runOf({ merge_group: group }, { GITHUB_EVENT_NAME: 'merge_group' }).trigger).toEqual({
      kind: 'merge-group',
      pullRequest: null,
      sender: null,
      headRef: group.head_ref,
      headSha: group.head_sha,
      baseRef: group.base_ref,
    });
  });

  it.each([
    ['push', { ...push, after: 'main' }],
    ['push', { ...push, before: undefined }],
    ['push', { ...push, pusher: null }],
    ['merge_group', { merge_group: { ...group, head_sha: 'main' } }],
    ['merge_group', {}],
  ])('is refused if a %s is not as documented', async (name, payload) => {
    const read = () => runOf(payload, { GITHUB_EVENT_NAME: name });
    expect(await reasonOf(read)).toBe('unsupported-event');
  });
});

describe('the workflow file', () => {
  const read = (GITHUB_WORKFLOW_REF: string) => runOf(labelling, { GITHUB_WORKFLOW_REF });
  const file = '.github/workflows/codex.yml';

  it.each([
    ['of the default branch', 'refs/heads/main'],
    ['of the pull request', 'refs/pull/1/merge'],
    ['of a branch that begins like it', 'refs/heads/main-evil'],
    ['of a tag of its name', 'refs/tags/main'],
    ['of a branch with an @', 'refs/heads/x@refs/heads/main'],
  ])('%s has all of its reference', (_, ref) => {
    expect(read(`octo/demo/${file}@${ref}`)).toMatchObject({ workflow: file, workflowRef: ref });
  });

  it.each([
    ['of another repository', `mallory/demo/${file}@refs/heads/main`],
    ['of a repository that begins like this one', `octo/demo2/${file}@refs/heads/main`],
    ['of no reference', `octo/demo/${file}`],
  ])('%s is not trusted', async (_, ref) => {
    expect(await reasonOf(() => read(ref))).toBe('workflow-untrusted');
  });
});

describe('a variable that the runner does not set', () => {
  it('is the commit of the run for the workflow file of pull_request, and of nothing else', () => {
    const unsaid = { GITHUB_WORKFLOW_SHA: undefined };
    const onPull = { GITHUB_EVENT_NAME: 'pull_request' };
    expect(runOf(labelling, onPull).workflowSha).toBe('d'.repeat(40));
    expect(runOf(labelling, { ...onPull, ...unsaid }).workflowSha).toBe('e'.repeat(40));
    expect(runOf(labelling, unsaid).workflowSha).toBeNull();
  });

  it.each(['main', `${'a'.repeat(40)}x`, 'a'.repeat(39), `x${'a'.repeat(40)}`])(
    'is unknown if it is no object id: %j',
    (sha) => {
      expect(runOf(labelling, { GITHUB_WORKFLOW_SHA: sha }).workflowSha).toBeNull();
    },
  );

  it('is the first attempt', () => {
    expect(runOf(labelling).attempt).toBe(2);
    expect(runOf(labelling, { GITHUB_RUN_ATTEMPT: undefined }).attempt).toBe(1);
  });

  it('is the repository of the payload, or named if that has none', () => {
    const unsaid = { GITHUB_REPOSITORY_ID: undefined };
    expect(runOf(labelling, unsaid).repository.id).toBe(7);
    const payload = { ...labelling, repository: undefined };
    expect(runOf(payload).repository.id).toBe(7);
    expect(() => runOf(payload, unsaid)).toThrow('The variable GITHUB_REPOSITORY_ID');
  });

  it.each(['GITHUB_REPOSITORY_ID', 'GITHUB_RUN_ATTEMPT', 'GITHUB_RUN_ID'])(
    'is no excuse for one that is set to something else: %s',
    async (name) => {
      expect(await reasonOf(() => runOf(labelling, { [name]: 'seven' }))).toBe('internal');
    },
  );
});
