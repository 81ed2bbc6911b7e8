import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findingsIn, foldersOf } from '../support/audit-tools.ts';
import { WORKFLOW } from '../support/github/index.ts';
import type { StepOptions } from '../support/loop/action.ts';
import { storedIn } from '../support/loop/audited.ts';
import {
  journalOf,
  madeIn,
  sha256,
  sha256sumCheck,
  type Unpacked,
  unpack,
} from '../support/loop/evidence.ts';
import {
  exampleEdit,
  exampleScript,
  type Loop,
  label,
  type StepInLoop,
  startLoop,
} from '../support/loop/loop.ts';
import { remember } from '../support/loop/memory.ts';
import { shareLoop } from '../support/loop/shared.ts';
import {
  type Answer,
  create,
  hang,
  move,
  patch,
  refuse,
  remove,
  run,
  type Script,
  say,
} from '../support/model/index.ts';

let loop: Loop;
/** What the model does when the plan is carried out: answer by answer of one turn. */
let edit: readonly Answer[] = exampleEdit;
let editsBefore = 0;

const scriptOfTest: Script = {
  ...exampleScript,
  edit: (call) => edit[call.turn - editsBefore] ?? 'Done.',
};

/** As the example, with the edit that a test sets by `carryOut`. */
async function start(options: Parameters<typeof startLoop>[0] = {}): Promise<void> {
  edit = exampleEdit;
  editsBefore = 0;
  loop = await startLoop({
    ...options,
    script: { ...scriptOfTest, ...(options.script as object) },
  });
}

/**
 * The same in the shared loop, after a plan.
 * @returns the step that made the plan
 */
async function startPlanned(): Promise<StepInLoop> {
  edit = exampleEdit;
  editsBefore = 0;
  const { steps, ...shared } = await shareLoop('planned', scriptOfTest);
  loop = shared.loop;
  return steps[0] as StepInLoop;
}

function carryOut(...answers: Answer[]): void {
  edit = answers;
  editsBefore = loop.model.callsOf('edit').length;
}

/** Cancels the job once the log has this text. */
function cancelledAfter(text: string): StepOptions {
  const canceller = new AbortController();
  let log = '';
  const onOutput = (more: string) => {
    log += more;
    if (log.includes(text)) canceller.abort();
  };
  return { bundle: true, cancel: canceller.signal, onOutput };
}

const planBody = () =>
  loop.pull.comments.filter(({ body }) => body.startsWith('<!-- codex-plan ')).at(-1)?.body ?? '';
const denials = () =>
  loop.pull.comments.filter(({ body }) => body.startsWith('<!-- codex-report '));

afterEach(() => {
  expect(loop.github.violations).toEqual([]);
});

describe('an approval', () => {
  let planned: StepInLoop;
  let approved: StepInLoop;
  let files: Unpacked;

  beforeAll(async () => {
    planned = await startPlanned();
    approved = await loop.approve({
      bundle: true,
      prepare: (job) => {
        mkdirSync(join(job.workspace, '.git'));
        writeFileSync(join(job.workspace, 'cart.ts'), 'mine');
      },
    });
    files = await unpack(loop.repo.artifacts.newest('codex-approval-1'));
  });

  it('ends approved and leaves the label on', () => {
    expect(approved).toMatchObject({ decision: 'approved', reason: 'ok', status: 0 });
    expect(approved.outputs).toMatchObject({
      approved: 'true',
      approver: 'bob',
      'denied-files': '[]',
      'plan-id': planned.outputs['plan-id'],
      'plan-sha256': planned.outputs['plan-sha256'],
      'prompt-sha256': planned.outputs['prompt-sha256'],
      files: '["src/cart.ts","src/tax.ts"]',
      'comment-url': planned.outputs['comment-url'],
      'pull-request': '1',
      'head-sha': loop.pull.head.sha,
    });
    expect(loop.pull.labels).toEqual([label]);
  });

  it('has exactly the members of format 1, which sha256sum re-checks', () => {
    const members = [
      'approval.json',
      'approval.sha256',
      'change.patch',
      'journal.jsonl',
      'policy.json',
      'run.log',
    ];
    expect(Object.keys(files).sort()).toEqual(members);
    expect(sha256sumCheck(files, 'approval.sha256')).toEqual(
      members.filter((name) => name !== 'approval.sha256').map((name) => `${name}: OK`),
    );
  });

  it('names plan, approver, label event, commits and each changed file in approval.json', () => {
    const plan = loop.repo.artifacts.newest('codex-plan-1');
    const event = loop.repo.events.findLast((one) => one.event === 'labeled');
    const { head } = loop.pull;
    const oid = expect.stringMatching(/^[0-9a-f]{40}$/);
    expect(JSON.parse(files['approval.json'] ?? '')).toEqual({
      schema: 'codex-approval/v1',
      repository: { id: loop.repo.id, full_name: 'octo/shop' },
      pull_request: 1,
      plan_id: planned.outputs['plan-id'],
      plan_sha256: planned.outputs['plan-sha256'],
      prompt_sha256: planned.outputs['prompt-sha256'],
      plan_artifact: { id: plan.id, digest: plan.digest },
      approvers: [
        {
          id: loop.github.user('bob').id,
          login: 'bob',
          permission: 'write',
          label_event: { id: event?.nodeId, created_at: event?.createdAt },
        },
      ],
      label_events: [
        {
          id: event?.nodeId,
          label: { id: loop.repo.findLabel(label)?.nodeId, name: label },
          actor: { id: loop.github.user('bob').id, login: 'bob' },
          created_at: event?.createdAt,
        },
      ],
      unreached: [],
      head: { ref: head.ref, sha: head.sha },
      base: { ref: 'main', sha: loop.repo.tip() },
      files: [
        {
          path: 'src/cart.ts',
          operation: 'modify',
          before: { mode: '100644', blob: loop.repo.git.entry(head.sha, 'src/cart.ts')?.sha },
          after: { mode: '100644', blob: oid },
        },
        {
          path: 'src/tax.ts',
          operation: 'create',
          before: null,
          after: { mode: '100644', blob: oid },
        },
      ],
      change_sha256: sha256(files['change.patch'] ?? ''),
      ...madeIn(loop.repo, approved),
      created_at: '2026-03-02T09:01:00Z',
      expires_at: '2026-03-03T09:01:00Z',
    });
  });

  it('seals the change as a patch with full object ids', () => {
    expect(files['change.patch']).toMatch(/^index [0-9a-f]{40}\.\.[0-9a-f]{40} 100644$/m);
    expect(files['change.patch']).toContain('+export const total = 1 * tax;');
    expect(files['change.patch']).toContain('new file mode 100644');
  });

  it('carries the journal of the plan on', async () => {
    const before = await unpack(loop.repo.artifacts.newest('codex-plan-1'));
    expect(files['journal.jsonl']?.startsWith(before['journal.jsonl'] ?? '?')).toBe(true);
    expect(journalOf(files).at(-1)).toMatchObject({
      event: 'approved',
      actor: { login: 'bob' },
      digests: {
        plan_id: planned.outputs['plan-id'],
        approval: sha256(files['approval.json'] ?? ''),
        change: sha256(files['change.patch'] ?? ''),
      },
    });
  });

  it('logs each file change, and none of its content', () => {
    expect(files['run.log']).toMatch(/Changed: update src\/cart\.ts/);
    expect(files['run.log']).toMatch(/Changed: add src\/tax\.ts/);
    expect(files['run.log']).not.toContain('1 * tax');
  });

  it('updates the plan comment in place and shows the whole in the summary', () => {
    expect(planBody()).toContain('**State:** approved by `bob`');
    expect(approved.summary).toContain('**State:** approved by `bob`');
    expect(approved.summary).toContain('Requested by');
  });

  it('touches neither repository nor checkout', () => {
    expect(loop.pull.file('src/tax.ts')).toBeNull();
    expect(readFileSync(join(approved.job.workspace, 'cart.ts'), 'utf8')).toBe('mine');
    expect(readdirSync(approved.job.workspace).sort()).toEqual(['.git', 'cart.ts']);
    expect(approved.requests.filter(({ path }) => path.includes('git-receive-pack'))).toEqual([]);
  });

  it('says the same when the run is repeated, without Codex and without another record', async () => {
    const calls = loop.model.calls.length;
    const before = loop.repo.artifacts.list('codex-approval-1');
    const again = await loop.rerun('approve', approved, 'bob');
    expect(again).toMatchObject({ decision: 'approved', reason: 'ok', status: 0 });
    expect(loop.model.calls.length).toBe(calls);
    expect(loop.repo.artifacts.list('codex-approval-1')).toEqual(before);
    const {
      result: _,
      'evidence-path': folder,
      tokens,
      'notification-path': message,
      ...outputs
    } = again.outputs;
    const {
      result: __,
      'evidence-path': ___,
      tokens: ____,
      'notification-path': _____,
      ...first
    } = approved.outputs;
    expect(outputs).toEqual(first);
    expect(message).toMatch(/notification\.json$/);
    expect(JSON.parse(tokens ?? '')).toEqual({ input: 0, cached: 0, output: 0 });
    for (const [name, content] of Object.entries(files)) {
      expect(readFileSync(join(folder ?? '', name), 'utf8')).toBe(content);
    }
  });

  it('is refused to somebody without permission who repeats the run', async () => {
    const again = await loop.rerun('approve', approved, 'dave');
    expect(again).toMatchObject({ decision: 'denied', reason: 'actor-denied', status: 1 });
    expect(loop.pull.labels).toEqual([]);
    // The label is gone, and the approval with it.
    expect(again.outputs.state).toBe('awaiting');
    const status = loop.repo.statuses.findLast(({ sha }) => sha === loop.pull.head.sha);
    expect(status?.description).toContain('awaits approval');
  });
});

describe('carrying out a plan', () => {
  beforeAll(async () => {
    await start({ scripted: true, files: { 'old.ts': 'old\n' } });
    await loop.plan();
  });
  afterAll(() => loop.close());

  const refused = async (reason: string, paths: string[], options: StepOptions = {}) => {
    const head = loop.pull.head.sha;
    const approved = await loop.approve(options);
    expect(approved).toMatchObject({ decision: 'denied', reason, status: 1 });
    expect(JSON.parse(approved.outputs['denied-files'] ?? '')).toEqual(paths);
    expect(approved.outputs).toMatchObject({ approved: 'false', approver: 'bob' });
    expect(loop.pull.labels).toEqual([]);
    expect(loop.pull.head.sha).toBe(head);
    expect(loop.repo.artifacts.list('codex-approval-1')).toEqual([]);
    return approved;
  };

  it('declines a file outside the plan before it is written, and names it', async () => {
    carryOut(
      [...exampleEdit].slice(0, 1)[0] as Answer,
      patch(create('src/other2.ts', 'export {};\n')),
      say('Done.'),
    );
    const approved = await refused('outside-plan', ['src/other2.ts']);
    expect(denials()).toHaveLength(1);
    expect(denials()[0]?.body).toContain('| `src/other2.ts` | create | outside-plan:');
    expect(approved.summary).toContain('src/other2.ts');
    expect(approved.outputs['comment-url']).toContain(`#issuecomment-${denials()[0]?.id}`);
  });

  it.each<[string, Answer, StepOptions]>([
    ['fails', refuse(400), {}],
    ['fails with the real CLI', refuse(400), { bundle: true }],
  ])('ends by a refused file, although Codex then %s', async (_how, answer, options) => {
    carryOut(patch(create('src/other2.ts', 'export {};\n')), answer);
    const denied = await refused('outside-plan', ['src/other2.ts'], options);
    expect(denials()[0]?.body).toContain('| `src/other2.ts` | create | outside-plan:');
    const files = await unpack(loop.repo.artifacts.newest('codex-denial-1'));
    expect(JSON.parse(files['denial.json'] ?? '')).toMatchObject({
      reason: 'outside-plan',
      refused: [{ path: 'src/other2.ts', operation: 'create', reason: 'outside-plan' }],
    });
    // A scripted agent does not log what it was refused.
    if (options.bundle) expect(files['run.log']).toContain('src/other2.ts');
    expect(denied.log).not.toContain('codex-failed');
    expect(findingsIn(await foldersOf({ stored: () => storedIn(loop) }))).toEqual([]);
  });

  it('ends by a refused file, although the job is cancelled then', async () => {
    carryOut(patch(create('src/other2.ts', 'export {};\n')), hang);
    await refused(
      'outside-plan',
      ['src/other2.ts'],
      cancelledAfter('Refused: create src/other2.ts'),
    );
    expect(denials()[0]?.body).toContain('The job was cancelled while Codex worked.');
  });

  describe('that a mistake of the action ends', () => {
    // Loaded before the action: what is looked up after the turn of Codex is not found out.
    const saboteur = `
      import fs from 'node:fs';
      import { syncBuiltinESMExports } from 'node:module';
      const { lstatSync } = fs;
      fs.lstatSync = (path, options) => {
        if (String(path).endsWith('command-box-started')) throw new TypeError('Sabotage.');
        return lstatSync(path, options);
      };
      syncBuiltinESMExports();`;
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(saboteur)}` };
    const sabotaged = { bundle: true, env };

    it('ends by a file that was refused before', async () => {
      carryOut(run('echo hello'), patch(create('src/other3.ts', 'export {};\n')), say('Done.'));
      await refused('outside-plan', ['src/other3.ts'], sabotaged);
      expect(denials()[0]?.body).toContain('Sabotage.');
    });

    it('is recorded, and tells where the mistake is', async () => {
      carryOut(run('echo hello'), say('Done.'));
      const failed = await loop.approve(sabotaged);
      expect(failed).toMatchObject({ decision: 'failed', reason: 'internal', status: 1 });
      expect(failed.log).toMatch(/TypeError: Sabotage\.\n│ +at /);
      expect(loop.pull.labels).toEqual([]);
      const files = await unpack(loop.repo.artifacts.newest('codex-denial-1'));
      expect(JSON.parse(files['denial.json'] ?? '')).toMatchObject({ reason: 'internal' });
      expect(files['run.log']).toContain('echo hello');
      expect(findingsIn(await foldersOf({ stored: () => storedIn(loop) }))).toEqual([]);
    });
  });

  it('ends by a refused file, although no comment can be written', async () => {
    const lost = ['POST', 'PATCH'].map((method) =>
      loop.github.fault({ method, path: /comments/, status: 500, times: Infinity }),
    );
    carryOut(patch(create('src/other2.ts', 'export {};\n')), say('Done.'));
    await refused('outside-plan', ['src/other2.ts']);
    for (const fault of lost) fault.remove();
    const files = await unpack(loop.repo.artifacts.newest('codex-denial-1'));
    expect(JSON.parse(files['denial.json'] ?? '')).toMatchObject({ reason: 'outside-plan' });
  });

  it('reports the next denial of the plan in place', async () => {
    carryOut(patch(create('src/third.ts', 'export {};\n')), say('Done.'));
    await refused('outside-plan', ['src/third.ts']);
    expect(denials()).toHaveLength(1);
    expect(denials()[0]?.body).toContain('src/third.ts');
    expect(denials()[0]?.body).not.toContain('src/other2.ts');
  });

  it('tells another operation on a planned file from the planned one', async () => {
    carryOut(patch(remove('src/cart.ts')), say('Done.'));
    await refused('operation-mismatch', ['src/cart.ts']);
  });

  it('sees both ends of a move', async () => {
    carryOut(
      patch(move('src/other.ts', 'src/moved.ts', 'export const other = 1;', 'export const b = 1;')),
      say('Done.'),
    );
    await refused('outside-plan', ['src/moved.ts', 'src/other.ts']);
  });

  it('refuses a path that leaves the workspace', async () => {
    carryOut(patch(create('../../evil.ts', 'x\n')), say('Done.'));
    // As Codex resolves it.
    await refused('path-invalid', ['/evil.ts'], { bundle: true });
  });

  it('refuses a request to leave the sandbox, and says so if nothing was changed', async () => {
    carryOut(run('touch src/tax.ts', { escalate: 'I want to write.' }), say('Done.'));
    const approved = await loop.approve({ bundle: true });
    expect(approved).toMatchObject({ decision: 'failed', reason: 'nothing-changed', status: 1 });
    expect(approved.log).toContain('1 request of Codex was refused');
    expect(loop.pull.labels).toEqual([]);
  });

  it('notes a planned file that was left as it was', async () => {
    carryOut(patch(create('src/tax.ts', 'export const tax = 1;\n')), say('Done.'));
    const approved = await loop.approve();
    expect(approved).toMatchObject({ decision: 'approved', status: 0 });
    expect(approved.log).toContain('::warning::Planned, but not changed: src/cart.ts');
    const files = await unpack(loop.repo.artifacts.newest('codex-approval-1'));
    expect(JSON.parse(files['approval.json'] ?? '').files).toHaveLength(1);
  });
});

describe('who and what is approved', () => {
  let planned: StepInLoop;

  beforeAll(async () => {
    planned = await startPlanned();
  });

  const refuses = async (reason: string, by = 'bob') => {
    const calls = loop.model.calls.length;
    const approved = await loop.approve({ by });
    expect(approved).toMatchObject({ reason, status: 1 });
    expect(approved.outputs.approved).toBe('false');
    expect(loop.pull.labels).toEqual([]);
    expect(loop.model.calls.length).toBe(calls);
    return approved;
  };

  it('refuses whoever may only triage', async () => {
    const approved = await refuses('actor-denied', 'erin');
    expect(approved.log).toContain('write (approvers.permission)');
  });

  it('refuses who asked for the plan, and names the key', async () => {
    const approved = await refuses('self-approval', 'alice');
    expect(approved.log).toContain('approvers.self');
  });

  it('refuses the author of the pull request, and names the key', async () => {
    const approved = await refuses('self-approval', 'frank');
    expect(approved.log).toContain('approvers.author');
  });

  it('refuses a label set too soon to have been read', async () => {
    await loop.plan('again');
    const event = loop.repo.as('bob').label(loop.pull.number, label);
    const approved = await loop.step('approve', event);
    expect(approved).toMatchObject({ decision: 'denied', reason: 'plan-too-fresh', status: 1 });
    expect(loop.pull.labels).toEqual([]);
  });

  it('posts an altered plan comment again, and takes the next label', async () => {
    const comment = loop.pull.comments.filter(({ body }) => body.startsWith('<!-- codex-plan'));
    const shown = comment.at(-1);
    const before = shown?.body ?? '';
    loop.repo.as('carol').editComment(shown?.id ?? 0, before.replace('src/tax.ts', 'src/tux.ts'));
    // It is the reason also if GitHub does not let it be posted again.
    const fault = loop.github.fault({ method: 'PATCH', path: /comments/, status: 403, times: 99 });
    await refuses('plan-altered');
    fault.remove();
    expect(fault.hits).toBeGreaterThan(0);
    await refuses('plan-altered');
    expect(loop.repo.comments.get(shown?.id ?? 0)?.body).toBe(before);
  });

  it('posts a deleted plan comment again', async () => {
    const shown = loop.pull.comments.findLast(({ body }) => body.startsWith('<!-- codex-plan'));
    loop.repo.as('carol').deleteComment(shown?.id ?? 0);
    await refuses('plan-altered');
    expect(planBody()).toContain('**State:** awaiting approval');
  });

  it('refuses a plan whose request was edited', async () => {
    const request = loop.pull.comments.findLast(({ body }) => body === '/codex again');
    loop.repo.as('alice').editComment(request?.id ?? 0, '/codex something harmless');
    await refuses('plan-altered');
    loop.repo.as('alice').editComment(request?.id ?? 0, '/codex again');
  });

  it('refuses if the pull request no longer merges, before Codex is asked', async () => {
    loop.repo.push('main', { 'docs/note.md': 'Their note.\n' });
    const refused = await refuses('merge-conflict');
    expect(refused.log).toContain('docs/note.md');
  });

  it('refuses if the base changed a planned file since, and names it', async () => {
    loop.repo.push('main', { 'src/cart.ts': 'export const total = 2;\n' });
    const approved = await refuses('base-moved');
    expect(approved.log).toContain('"src/cart.ts"');
  });

  it('refuses a plan of an older head', async () => {
    loop.repo.as('frank').pushTo(loop.pull.number, { 'docs/more.md': 'More.\n' });
    await refuses('head-moved');
  });

  it('refuses if there never was a plan', async () => {
    const other = loop.repo.openPullRequest({ author: 'frank', files: { 'a.md': 'a\n' } });
    const event = loop.repo.as('bob').label(other.number, label);
    const approved = await loop.step('approve', event);
    expect(approved).toMatchObject({ decision: 'failed', reason: 'plan-missing', status: 1 });
    expect(other.labels).toEqual([]);
    expect(planned.status).toBe(0);
  });

  it('ignores other labels and other changes of the pull request without a call', async () => {
    const events = [
      loop.repo.as('bob').label(loop.pull.number, 'bug'),
      loop.repo.as('bob').unlabel(loop.pull.number, 'bug'),
      loop.repo.as('frank').retitle(loop.pull.number, 'Another title'),
    ];
    for (const event of events) {
      const ignored = await loop.step('approve', event);
      expect(ignored).toMatchObject({ decision: 'ignored', status: 0, requests: [] });
    }
  });
});

describe('several approvers', () => {
  beforeAll(() => start({ scripted: true, policy: 'approvers: { count: 2 }\n' }));
  afterAll(() => loop.close());

  it('takes the label off until the last vote, and runs Codex only then', async () => {
    await loop.plan();
    const first = await loop.approve({ by: 'bob' });
    expect(first).toMatchObject({ decision: 'denied', reason: 'votes-missing', status: 1 });
    expect(loop.pull.labels).toEqual([]);
    expect(loop.model.callsOf('edit')).toEqual([]);
    const votes = loop.pull.comments.find(({ body }) => body.startsWith('<!-- codex-report '));
    expect(votes?.body).toContain('1 of 2 approvals');

    const twice = await loop.approve({ by: 'bob' });
    expect(twice).toMatchObject({ reason: 'votes-missing' });

    const second = await loop.approve({ by: 'carol' });
    expect(second).toMatchObject({ decision: 'approved', status: 0 });
    expect(loop.pull.labels).toEqual([label]);
    const files = await unpack(loop.repo.artifacts.newest('codex-approval-1'));
    const { approvers } = JSON.parse(files['approval.json'] ?? '');
    expect(approvers.map(({ login }: { login: string }) => login)).toEqual(['bob', 'carol']);
    expect(planBody()).toContain('**State:** approved by `bob`, `carol`');
    expect(await loop.verify()).toMatchObject({ decision: 'verified' });
  });
});

describe('other ways in', () => {
  let restore: () => void;
  beforeAll(async () => {
    await startPlanned();
    loop.github.clock.advance({ minutes: 1 });
    restore = remember(loop);
  });
  beforeEach(() => {
    restore();
    edit = exampleEdit;
    editsBefore = 0;
  });

  it('approves by hand what was labelled, more than once', async () => {
    loop.repo.as('bob').label(loop.pull.number, label);
    const artifacts = new Set();
    for (const _ of ['first', 'second']) {
      const approved = await loop.step('approve', loop.repo.as('carol').dispatch(WORKFLOW), {
        inputs: { 'pull-request': '1' },
      });
      expect(approved).toMatchObject({ decision: 'approved' });
      expect(approved.outputs.approver).toBe('bob');
      artifacts.add(approved.outputs['artifact-id']);
    }
    expect(artifacts.size).toBe(1);
  });

  it('ends as a failure and leaves the label if the job is cancelled while Codex works', async () => {
    carryOut(run('echo hello'), hang);
    const cancelled = await loop.approve({ ...cancelledAfter('exit 0'), timeoutMs: 60_000 });
    expect(cancelled).toMatchObject({ decision: 'failed', reason: 'codex-failed', status: 1 });
    expect(cancelled.log).toContain('The job was cancelled while Codex worked.');
    expect(loop.pull.labels).toEqual([label]);
  });

  it('approves by pull_request with a warning if the workflow file is the default branch’s', async () => {
    const labelled = loop.repo.as('bob').label(loop.pull.number, label);
    const approved = await loop.step('approve', labelled, { on: 'pull_request' });
    expect(approved).toMatchObject({ decision: 'approved' });
    expect(approved.log).toMatch(/::warning::.*pull_request_target/);
  });

  it('trusts no pull_request run with another workflow file', async () => {
    loop.repo
      .as('frank')
      .pushTo(loop.pull.number, { [WORKFLOW]: 'name: Mine\non: push\njobs: {}\n' });
    const labelled = loop.repo.as('bob').label(loop.pull.number, label);
    const approved = await loop.step('approve', labelled, { on: 'pull_request' });
    expect(approved).toMatchObject({ decision: 'failed', reason: 'workflow-untrusted', status: 1 });
  });
});
