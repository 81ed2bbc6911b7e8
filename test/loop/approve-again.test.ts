/** A run of approve that is repeated: it says what it decided, lets Codex try nothing again, and harms no later label. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WORKFLOW } from '../support/github/index.ts';
import {
  exampleEdit,
  exampleScript,
  type Loop,
  label,
  type StepInLoop,
  startLoop,
} from '../support/loop/loop.ts';
import { remember } from '../support/loop/memory.ts';
import { type Answer, create, patch, refuse, say } from '../support/model/index.ts';

const stray: readonly Answer[] = [patch(create('src/stray.ts', 'export {};\n')), say('Done.')];

let loop: Loop;
let restore: () => void;
let edit: readonly Answer[] = exampleEdit;
let editsBefore = 0;

beforeAll(async () => {
  loop = await startLoop({
    scripted: true,
    script: { ...exampleScript, edit: (call) => edit[call.turn - editsBefore] ?? 'Done.' },
  });
  await loop.plan();
  loop.github.clock.advance({ minutes: 1 });
  restore = remember(loop);
});
afterAll(() => loop.close());
beforeEach(() => {
  restore();
  carryOut(exampleEdit);
});
afterEach(() => {
  loop.github.faults.clear();
  expect(loop.github.violations).toEqual([]);
});

const edits = () => loop.model.callsOf('edit').length;
function carryOut(answers: readonly Answer[]): void {
  edit = answers;
  editsBefore = edits();
}
const again = (step: StepInLoop, by = 'bob', options = {}) =>
  loop.rerun('approve', step, by, options);
const comments = (kind: string) =>
  loop.pull.comments
    .filter(({ body }) => body.startsWith(`<!-- codex-${kind} `))
    .map(({ body }) => body);
const planComment = () => comments('plan').at(-1);
/** Somebody takes the label off, and somebody sets it. */
function setAgain(by: string) {
  loop.github.clock.advance({ minutes: 1 });
  if (loop.pull.labels.includes(label)) loop.repo.as('carol').unlabel(1, label);
  return loop.repo.as(by).label(1, label);
}
async function approveWithout(...methods: readonly string[]): Promise<StepInLoop> {
  const lost = methods.map((method) =>
    loop.github.fault({ method, path: /comments/, status: 500, times: Infinity }),
  );
  const approved = await loop.approve();
  for (const fault of lost) fault.remove();
  expect(approved).toMatchObject({ decision: 'approved', status: 0 });
  expect(planComment()).not.toContain('**State:** approved');
  return approved;
}

describe('a denial', () => {
  it('is said again, whatever happened since', async () => {
    carryOut(stray);
    const denied = await loop.approve();
    expect(denied).toMatchObject({ decision: 'denied', reason: 'outside-plan' });
    const tries = edits();
    const deniesAgain = async (by: string) => {
      const said = await again(denied, by);
      expect(said, said.log).toMatchObject({ decision: 'denied', reason: 'outside-plan' });
      expect(said.outputs['denied-files']).toBe('["src/stray.ts"]');
      // The label is a new question, and another run answers it.
      expect(loop.pull.labels).toEqual([label]);
    };
    for (const person of ['carol', 'bob']) {
      setAgain(person);
      await deniesAgain('bob');
    }
    loop.repo.as('frank').push(loop.pull.head.ref, { 'docs/note.md': 'More.\n' });
    await deniesAgain('carol');
    expect(edits()).toBe(tries);
  });

  it('of a dispatched run leaves a later label alone', async () => {
    loop.repo.as('bob').label(1, label);
    carryOut(stray);
    const inputs = { 'pull-request': '1' };
    const event = loop.repo.as('carol').dispatch(WORKFLOW);
    const denied = await loop.step('approve', event, { inputs });
    expect(denied).toMatchObject({ decision: 'denied', reason: 'outside-plan' });
    expect(loop.pull.labels).toEqual([]);
    setAgain('bob');
    const said = await again(denied, 'carol', { inputs });
    expect(said, said.log).toMatchObject({ decision: 'denied', reason: 'outside-plan' });
    expect(loop.pull.labels).toEqual([label]);
  });

  it('says nothing on the page once another run has approved the plan', async () => {
    carryOut(stray);
    const lost = loop.github.fault({ method: 'POST', path: /comments/, status: 500, times: 99 });
    const denied = await loop.approve();
    lost.remove();
    expect(denied).toMatchObject({ reason: 'outside-plan' });
    carryOut(exampleEdit);
    expect(await loop.approve()).toMatchObject({ decision: 'approved' });
    const page = loop.pull.comments.map(({ body }) => body);
    const said = await again(denied);
    expect(said).toMatchObject({ reason: 'outside-plan', outputs: { state: 'approved' } });
    expect(loop.pull.comments.map(({ body }) => body)).toEqual(page);
    expect(loop.pull.labels).toEqual([label]);
  });

  it('takes its label off by id, if that failed before and somebody has renamed it', async () => {
    carryOut(stray);
    loop.github.fault({ method: 'DELETE', path: /labels/, status: 500, times: Infinity });
    const denied = await loop.approve();
    loop.github.faults.clear();
    loop.repo.as('alice').renameLabel(label, 'other-name');
    expect(loop.pull.labels).toEqual(['other-name']);
    expect(await again(denied)).toMatchObject({ reason: 'outside-plan' });
    expect(loop.pull.labels).toEqual([]);
  });
});

it('a failed try says nothing on the page once another run has approved the plan', async () => {
  carryOut([refuse(400)]);
  const failed = await loop.approve();
  expect(failed).toMatchObject({ decision: 'failed', reason: 'codex-failed' });
  carryOut(exampleEdit);
  loop.repo.as('carol').unlabel(1, label);
  expect(await loop.approve({ by: 'carol' })).toMatchObject({ decision: 'approved' });
  const page = loop.pull.comments.map(({ body }) => body);
  expect(await again(failed)).toMatchObject({
    reason: 'label-missing',
    outputs: { state: 'approved' },
  });
  expect(loop.pull.comments.map(({ body }) => body)).toEqual(page);
  expect(loop.pull.labels).toEqual([label]);
});

it('a first try is told, also if an earlier label still approves the plan', async () => {
  await loop.approve();
  loop.repo.as('carol').renameLabel(label, 'approved-before');
  carryOut([refuse(400)]);
  const failed = await loop.approve();
  expect(failed).toMatchObject({ reason: 'codex-failed', outputs: { state: 'approved' } });
  expect(comments('report').at(-1)).toContain('`codex-failed`');
});

describe('an approval', () => {
  it('is shown if the first run could write no comment, and then left as it is', async () => {
    const approved = await approveWithout('POST', 'PATCH');
    expect(comments('change')).toEqual([]);
    expect(await again(approved)).toMatchObject({ decision: 'approved', status: 0 });
    expect(comments('change')).toEqual([expect.stringContaining('+│ export const tax = 1.2;')]);
    expect(planComment()).toContain('**State:** approved by `bob`');
    const shown = loop.pull.comments.map(({ body }) => body);
    await again(approved);
    expect(loop.pull.comments.map(({ body }) => body)).toEqual(shown);
  });

  it('is shown on the plan comment, also if only that could not be edited', async () => {
    const approved = await approveWithout('PATCH');
    const [change] = comments('change');
    expect(change).toBeDefined();
    await again(approved);
    expect(planComment()).toContain('**State:** approved by `bob`');
    expect(comments('change')).toEqual([change]);
  });

  it('of a label that was set again is over, and the page says nothing false', async () => {
    const first = await loop.approve();
    const event = setAgain('bob');
    const tries = edits();
    // Nobody has answered the second label yet.
    const early = await again(first);
    expect(early, early.log).toMatchObject({ decision: 'denied', reason: 'label-missing' });
    expect(loop.pull.labels).toEqual([label]);
    carryOut(exampleEdit);
    expect(await loop.step('approve', event)).toMatchObject({ decision: 'approved' });
    const page = loop.pull.comments.map(({ body }) => body);
    const late = await again(first);
    expect(late, late.log).toMatchObject({ reason: 'label-missing' });
    expect(late.outputs.state).toBe('approved');
    expect(loop.pull.comments.map(({ body }) => body)).toEqual(page);
    expect(loop.pull.labels).toEqual([label]);
    expect(edits()).toBe(tries + 2);
  });

  it('of a label that was renamed, and whose name has another one, is over', async () => {
    const first = await loop.approve();
    loop.repo.as('carol').renameLabel(label, 'approved-before');
    loop.github.clock.advance({ minutes: 1 });
    const event = loop.repo.as('bob').label(1, label);
    carryOut(exampleEdit);
    expect(await loop.step('approve', event)).toMatchObject({ decision: 'approved' });
    const page = loop.pull.comments.map(({ body }) => body);
    expect(await again(first)).toMatchObject({
      reason: 'label-missing',
      outputs: { state: 'approved' },
    });
    expect(loop.pull.labels).toEqual([label]);
    expect(loop.pull.comments.map(({ body }) => body)).toEqual(page);
  });

  it('that a push has ended is over, and the page says why the label went', async () => {
    const approved = await loop.approve();
    loop.repo.as('frank').push(loop.pull.head.ref, { 'docs/note.md': 'More.\n' });
    expect(await again(approved)).toMatchObject({ reason: 'head-moved' });
    expect(loop.pull.labels).toEqual([]);
    expect(comments('report').at(-1)).toContain('`head-moved`');
  });

  it('is over once the base has changed a planned file', async () => {
    const approved = await approveWithout('POST', 'PATCH');
    loop.repo.as('carol').push('main', { 'src/cart.ts': 'export const total = 2;\n' });
    const said = await again(approved);
    expect(said, said.log).toMatchObject({ decision: 'denied', reason: 'base-moved' });
    expect(said.outputs.state).toBe('drifted');
    expect(comments('change')).toEqual([]);
    expect(planComment()).not.toContain('**State:** approved');
  });

  it.each([403, 500])(
    'is not said again, and stays, if GitHub answers %s to what the base has changed',
    async (status) => {
      const approved = await loop.approve();
      loop.repo.as('carol').push('main', { 'src/other.ts': 'export const other = 2;\n' });
      const lost = loop.github.fault({ graphql: /mode oid/, status, times: Infinity });
      const said = await again(approved);
      lost.remove();
      expect(lost.hits).toBeGreaterThan(0);
      expect(said.status, said.log).toBe(1);
      expect(said.outputs.approved).toBe('false');
      expect(loop.pull.labels).toEqual([label]);
      expect(await again(approved)).toMatchObject({ decision: 'approved' });
    },
  );

  it('that was executed is told by the plan comment alone', async () => {
    const approved = await loop.approve();
    await loop.verify();
    expect(await loop.execute()).toMatchObject({ decision: 'executed' });
    const page = loop.pull.comments.map(({ body }) => body);
    expect(await again(approved)).toMatchObject({ reason: 'approval-consumed' });
    const event = setAgain('bob');
    expect(await again(approved)).toMatchObject({ reason: 'approval-consumed' });
    expect(loop.pull.comments.map(({ body }) => body)).toEqual(page);
    // Whoever sets the label now learns that it does nothing.
    expect(await loop.step('approve', event)).toMatchObject({ reason: 'approval-consumed' });
    expect(comments('report').at(-1)).toContain('`approval-consumed`');
  });

  it('by a second attempt is what a third one says, also after temporary trouble in the first', async () => {
    carryOut([refuse(400)]);
    const failed = await loop.approve();
    expect(failed, failed.log).toMatchObject({ decision: 'failed', reason: 'codex-failed' });
    expect(loop.repo.artifacts.list('codex-denial-1')).toHaveLength(1);
    setAgain('bob');
    carryOut(exampleEdit);
    const approved = await again(failed);
    expect(approved, approved.log).toMatchObject({ decision: 'approved' });
    expect(await loop.verify()).toMatchObject({ decision: 'verified' });
    setAgain('bob');
    const tries = edits();
    const third = await again(failed);
    expect(third, third.log).toMatchObject({ reason: 'label-missing' });
    expect(edits()).toBe(tries);
    const audited = await loop.audit();
    expect(audited, audited.log).toMatchObject({ decision: 'audited' });
    expect(loop.pull.labels).toEqual([label]);
  });
});
