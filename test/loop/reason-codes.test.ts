/** The vocabulary is closed: the types hold this table to every reason code, and each scenario reaches its own. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { explain, type ReasonCode, type StopReason, stopReasons } from '../../src/decision.ts';
import { fakeCodex } from '../codex/setting.ts';
import { WORKFLOW } from '../support/github/index.ts';
import { apiKey } from '../support/loop/action.ts';
import { pack, unpack } from '../support/loop/evidence.ts';
import {
  exampleEdit,
  examplePlan,
  type Loop,
  label,
  type StepInLoop,
  startLoop,
} from '../support/loop/loop.ts';
import { remember } from '../support/loop/memory.ts';
import { type Answer, create, hang, patch, refuse, remove, say } from '../support/model/index.ts';

const policyFile = '.github/codex-plan.yml';

type Scenario = () => Promise<StepInLoop>;

let loop: Loop;
/** Back to a pull request without a plan, with one, with an approval of it, and with a verification of that. */
let fresh: () => void;
let planned: () => void;
let approved: () => void;
let verified: () => void;
let plan: Answer;
let edits: readonly Answer[];
let editsBefore = 0;

function reset(): void {
  plan = JSON.stringify(examplePlan);
  edits = exampleEdit;
}

beforeAll(async () => {
  reset();
  loop = await startLoop({
    scripted: true,
    script: { plan: () => plan, edit: (call) => edits[call.turn - editsBefore] ?? 'Done.' },
    files: { 'src/old.ts': 'old\n' },
  });
  fresh = remember(loop);
  await loop.plan();
  planned = remember(loop);
  await loop.approve();
  approved = remember(loop);
  await loop.verify();
  verified = remember(loop);
});
afterAll(() => loop.close());
afterEach(() => {
  expect(loop.github.violations).toEqual([]);
  reset();
});

const as = (login: string) => loop.repo.as(login);
const push = (files: Record<string, string>) => loop.repo.push('main', files);
/** The loop, back at that state. */
const from = (state: 'fresh' | 'planned' | 'approved' | 'verified'): Loop => {
  ({ fresh, planned, approved, verified })[state]();
  editsBefore = loop.model.callsOf('edit').length;
  return loop;
};
const replace = async (name: string, change: (files: Record<string, string>) => void) => {
  const artifact = loop.repo.artifacts.newest(name);
  const files = { ...(await unpack(artifact)) };
  change(files);
  loop.repo.artifacts.replace(artifact, await pack(files));
};
const file = (path: string) =>
  JSON.stringify({
    ...examplePlan,
    steps: [],
    files: [{ path, operation: 'create', reason: 'r' }],
  });
/** Refresh says this one as a status on the commit; no step ends with it. */
const statusOnly = ['commit-unproven'] as const satisfies readonly StopReason[];
type StatusOnly = (typeof statusOnly)[number];

const scenarios = {
  ok: () => from('fresh').plan(),
  'not-a-command': () => loop.step('plan', as('alice').comment(1, 'Hello.')),
  'other-label': () => from('planned').step('approve', as('bob').label(1, 'bug')),
  'unsupported-event': () => loop.step('plan', as('carol').schedule(WORKFLOW)),
  'workflow-untrusted': () =>
    loop.step('verify', as('carol').dispatch(WORKFLOW, { ref: loop.pull.head.ref })),
  'actor-denied': () => loop.step('plan', as('dave').comment(1, '/codex x')),
  'bot-denied': () => loop.step('plan', as('helper[bot]').comment(1, '/codex x')),
  'self-approval': () => from('planned').approve({ by: 'alice' }),
  'fork-denied': () => {
    from('fresh');
    const head = loop.repo.fork('mallory');
    const { number } = loop.repo.openPullRequest({
      author: 'mallory',
      from: head,
      head: 'mine',
      files: { 'm.md': 'm\n' },
    });
    return loop.step('plan', as('alice').comment(number, '/codex x'));
  },
  'pull-request-closed': () => {
    from('fresh');
    as('frank').close(1);
    return loop.plan();
  },
  'merge-conflict': () => {
    from('fresh');
    push({ 'docs/note.md': 'Theirs.\n' });
    return loop.plan();
  },
  'prompt-rejected': () => from('fresh').plan('a\u200bb'),
  'config-invalid': () => loop.plan('x', { inputs: { command: 'codex' } }),
  'plan-missing': () => from('fresh').approve(),
  'plan-expired': () => {
    from('planned');
    loop.repo.artifacts.expire(loop.repo.artifacts.newest('codex-plan-1'));
    return loop.approve();
  },
  'plan-superseded': async () => {
    from('approved');
    await loop.plan('something else');
    return loop.verify();
  },
  'plan-altered': () => {
    from('planned');
    const request = loop.pull.comments.find(({ body }) => body.startsWith('/codex'));
    as('alice').editComment(request?.id ?? 0, '/codex something else');
    return loop.approve();
  },
  'plan-too-fresh': () => from('planned').step('approve', as('bob').label(1, label)),
  'approval-precedes-plan': () => {
    from('planned');
    const event = as('bob').label(1, label);
    // As if the comment had come later than the label; the label of before is taken off by plan itself.
    loop.github.clock.advance({ minutes: 5 });
    for (const comment of loop.pull.comments) comment.createdAt = loop.github.clock.iso;
    for (const comment of loop.pull.comments) comment.updatedAt = loop.github.clock.iso;
    return loop.step('approve', event);
  },
  'votes-missing': () => {
    from('planned');
    push({ [policyFile]: 'approvers: { count: 2 }\n' });
    return loop.approve();
  },
  'approval-missing': () => from('planned').verify(),
  'approval-expired': () => {
    from('approved');
    loop.github.clock.advance({ hours: 25 });
    return loop.verify();
  },
  'approval-consumed': async () => {
    from('verified');
    await loop.execute();
    return loop.execute();
  },
  'label-missing': () => {
    from('approved');
    as('bob').unlabel(1, label);
    return loop.verify();
  },
  'verification-missing': () => from('approved').execute(),
  'head-moved': () => {
    from('approved');
    as('frank').pushTo(1, { 'docs/note.md': 'More.\n' });
    return loop.verify();
  },
  'base-moved': () => {
    from('approved');
    push({ 'src/cart.ts': '2\n' });
    return loop.verify();
  },
  'provenance-mismatch': async () => {
    from('planned');
    const artifact = loop.repo.artifacts.newest('codex-plan-1');
    const content = artifact.content;
    loop.repo.artifacts.delete(artifact);
    push({ '.github/workflows/other.yml': 'name: Other\non: push\njobs: {}\n' });
    const event = as('carol').dispatch('.github/workflows/other.yml');
    const { run } = loop.repo.startRun({ event, workflow: '.github/workflows/other.yml' });
    loop.repo.artifacts.add({ name: 'codex-plan-1', run, content });
    return loop.approve();
  },
  'digest-mismatch': async () => {
    from('planned');
    await replace('codex-plan-1', (files) => {
      files['plan.txt'] = `${files['plan.txt']}And more.\n`;
    });
    return loop.approve();
  },
  'artifact-invalid': async () => {
    from('planned');
    await replace('codex-plan-1', (files) => delete files['run.log']);
    return loop.approve();
  },
  'path-invalid': () => {
    from('fresh');
    plan = file('../x.ts');
    return loop.plan();
  },
  'path-protected': async () => {
    from('fresh');
    plan = file('.github/workflows/ci.yml');
    return loop.plan();
  },
  'path-unsupported': () => {
    from('fresh');
    plan = file('src/cart.ts/below.ts');
    return loop.plan();
  },
  'draft-denied': () => {
    from('fresh');
    push({ [policyFile]: 'plans: { drafts: false }\n' });
    as('frank').setDraft(1, true);
    return loop.plan();
  },
  'untouched-denied': async () => {
    from('fresh');
    push({ [policyFile]: 'plans: { untouched: deny }\n' });
    const more = { path: 'src/more.ts', operation: 'create', reason: 'r' };
    plan = JSON.stringify({ ...examplePlan, files: [...examplePlan.files, more] });
    await loop.plan();
    return loop.approve();
  },
  paused: () => {
    from('fresh');
    push({ [policyFile]: 'paused: We release today.\n' });
    return loop.plan();
  },
  'runs-spent': async () => {
    from('planned');
    push({ [policyFile]: 'limits: { runs: 1 }\n' });
    return loop.plan('something else');
  },
  'plan-withdrawn': async () => {
    from('planned');
    await loop.step('plan', as('alice').comment(1, '/codex-withdraw'));
    return loop.approve();
  },
  'outside-plan': () => {
    from('planned');
    edits = [patch(create('src/more.ts', 'x\n')), say('Done.')];
    return loop.approve();
  },
  'operation-mismatch': () => {
    from('planned');
    edits = [patch(remove('src/cart.ts')), say('Done.')];
    return loop.approve();
  },
  'nothing-changed': () => {
    from('planned');
    edits = [say('Done.')];
    return loop.approve();
  },
  'scope-drift': () => {
    from('approved');
    // On the tree that was approved verify asks no model.
    push({ 'docs/more.md': 'More.\n' });
    plan = file('src/more.ts');
    return loop.verify();
  },
  'plan-drift': () => {
    from('approved');
    // On the tree that was approved verify asks no model.
    push({ 'docs/more.md': 'More.\n' });
    plan = JSON.stringify({ ...examplePlan, title: 'Another title' });
    return loop.verify();
  },
  'platform-unsupported': () =>
    loop.plan('x', { env: { GITHUB_SERVER_URL: 'https://git.example.com' } }),
  'codex-unavailable': () =>
    from('fresh').plan('x', { inputs: { 'codex-path': '/nowhere/codex' } }),
  'sandbox-unavailable': async () => {
    from('fresh');
    const { binary } = await fakeCodex('exit 1', 'exit 1');
    return loop.plan('x', { inputs: { 'codex-path': binary } });
  },
  'codex-failed': () => {
    from('fresh');
    plan = refuse(400);
    return loop.plan();
  },
  'codex-timeout': () => {
    from('fresh');
    plan = hang;
    return loop.plan('x', { inputs: { 'timeout-minutes': '0.03' } });
  },
  'plan-invalid': () => {
    from('fresh');
    plan = 'prose';
    return loop.plan();
  },
  'secret-detected': () => {
    from('fresh');
    plan = JSON.stringify({ ...examplePlan, summary: apiKey });
    return loop.plan();
  },
  'limit-exceeded': () => {
    from('fresh');
    plan = JSON.stringify({ ...examplePlan, summary: 'word '.repeat(15_000) });
    return loop.plan();
  },
  'permission-missing': () => {
    from('fresh');
    const permissions = { actions: 'read', contents: 'read', issues: 'read' } as const;
    return loop.step('plan', as('alice').comment(1, '/codex x'), { permissions });
  },
  'api-unavailable': async () => {
    from('fresh');
    const fault = loop.github.fault({ path: '/graphql', status: 502, times: 9 });
    const other = loop.github.fault({ path: /\/compare\//, garbage: 'malformed', times: 9 });
    const step = await loop.plan();
    fault.remove();
    other.remove();
    return step;
  },
  'github-refused': async () => {
    from('fresh');
    as('bob').lock(1);
    const step = await loop.plan();
    as('bob').unlock(1);
    return step;
  },
  unhealthy: () => loop.step('doctor', as('carol').dispatch(WORKFLOW)),
  'evidence-inconsistent': async () => {
    from('approved');
    loop.repo.artifacts.delete(loop.repo.artifacts.newest('codex-plan-1'));
    return loop.audit();
  },
  internal: () => loop.plan('x', { env: { GITHUB_RUN_ID: undefined } }),
} satisfies Record<Exclude<ReasonCode, StatusOnly>, Scenario>;

describe('every reason code', () => {
  it.each(Object.entries(scenarios))(
    'is reached, with its two sentences: %s',
    async (reason, act) => {
      const step = await act();
      expect(step.reason).toBe(reason);
      expect(step.status).toBe(['planned', 'ignored'].includes(step.decision) ? 0 : 1);
      if (reason === 'ok') return;
      const { what, next } = explain(reason as StopReason);
      expect(step.log).toContain(what);
      expect(step.log).toContain(next);
      if (step.status !== 0) expect(step.summary).toContain(`(\`${reason}\`)`);
    },
  );

  it('is one of the table', () => {
    expect([...Object.keys(scenarios), ...statusOnly].sort()).toEqual(
      ['ok', ...stopReasons].sort(),
    );
  });
});
