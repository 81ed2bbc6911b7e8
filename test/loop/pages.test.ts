/** Nobody is left to guess: what a run leaves on the pull request, in the summary and in the log, however it ends. */
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { WORKFLOW } from '../support/github/index.ts';
import { unpack } from '../support/loop/evidence.ts';
import {
  exampleEdit,
  examplePlan,
  exampleScript,
  type Loop,
  label,
  startLoop,
} from '../support/loop/loop.ts';
import { shareLoop } from '../support/loop/shared.ts';
import type { States } from '../support/loop/states.ts';
import { create, patch, say } from '../support/model/index.ts';
import { commandsIn } from '../support/runner-log.ts';

let loop: Loop;

/** @param script what the model answers from this state on, if not as usual */
const start = async (state: keyof States, script: object = {}) => {
  ({ loop } = await shareLoop(state, { ...exampleScript, ...script }));
};
const startUnder = async (policy: string) => {
  loop = await startLoop({ scripted: true, policy });
};
const newest = (kind: string) =>
  loop.pull.comments.findLast(({ body }) => body.startsWith(`<!-- codex-${kind} `));

afterEach(async () => {
  expect(loop.github.violations).toEqual([]);
  await loop.close();
});

describe('a request that nothing comes of', () => {
  it('gets one line with the reason, the next step and the run, which is folded away once a plan comes', async () => {
    let answer = 'No plan.';
    await start('fresh', { plan: () => answer });
    const failed = await loop.plan();
    expect(failed).toMatchObject({ reason: 'plan-invalid', status: 1 });
    const line = newest('request');
    expect(line?.body).toContain('`plan-invalid`: There is no valid plan: ');
    expect(line?.body).toContain(
      '**Next:** Read the details, then write the request or the command again.',
    );
    expect(line?.body).toContain(`/actions/runs/${failed.job.id})`);
    expect(line?.body.trim().split('\n').slice(1).join('').includes('\n')).toBe(false);
    expect(failed.summary).toContain('Details: ');

    answer = JSON.stringify(examplePlan);
    expect(await loop.rerun('plan', failed, 'alice')).toMatchObject({ decision: 'planned' });
    expect(newest('request')?.minimized).toMatch(/outdated/i);
    expect(loop.pull.comments.filter(({ body }) => body.includes('codex-request'))).toHaveLength(1);
  });

  it('gets none from somebody who may not ask', async () => {
    await start('fresh');
    const before = loop.pull.comments.length;
    const event = loop.repo.as('dave').comment(1, '/codex do it');
    expect(await loop.step('plan', event)).toMatchObject({ reason: 'actor-denied' });
    expect(loop.pull.comments.length).toBe(before + 1);
  });

  it('gets none while nobody knows whether they may ask', async () => {
    await start('fresh');
    const before = loop.pull.comments.length;
    loop.github.fault({ path: /\/permission$/, status: 403, times: Infinity });
    const event = loop.repo.as('dave').comment(1, '/codex do it');
    expect(await loop.step('plan', event)).toMatchObject({ decision: 'failed', status: 1 });
    expect(loop.pull.comments.length).toBe(before + 1);
  });

  it('gets its line under a policy that is not valid, but not from a stranger', async () => {
    await startUnder('nonsense: 1\n');
    expect((await loop.plan()).reason).toBe('config-invalid');
    expect(newest('request')?.body).toContain('`config-invalid`');
    const event = loop.repo.as('dave').comment(1, '/codex do it');
    const before = loop.pull.comments.length;
    expect((await loop.step('plan', event)).reason).toBe('actor-denied');
    expect(loop.pull.comments.length).toBe(before);
  });

  it('is refused if no label could approve it', async () => {
    await startUnder('paths: { deny: [src/tax.ts] }\n');
    expect(await loop.plan()).toMatchObject({ reason: 'path-protected', status: 1 });
    expect(newest('plan')).toBeUndefined();
    expect(newest('request')?.body).toContain('no label approves it');
  });
});

describe('an approval', () => {
  it('shows the sealed change by its digest, and the state with the next step', async () => {
    await start('planned');
    const approved = await loop.approve();
    expect(approved).toMatchObject({ decision: 'approved', status: 0 });
    const files = await unpack(loop.repo.artifacts.newest('codex-approval-1'));
    const digest = createHash('sha256')
      .update(files['change.patch'] ?? '')
      .digest('hex');
    const change = newest('change')?.body ?? '';
    expect(change).toContain(`\`sha256:${digest}\``);
    expect(change).toContain('<code>src/cart.ts</code>');
    expect(change).toContain('+│ export const total = 1 * tax;');
    expect(approved.summary).toContain(change.split('\n\n').slice(1).join('\n\n'));
    const plan = newest('plan')?.body ?? '';
    expect(plan).toContain('> [!TIP]\n> **State:** approved by `bob`\n>\n> Approved 20');
    expect(plan).not.toContain('### How to approve');
    await loop.verify();
    const { outputs } = await loop.execute();
    expect(newest('plan')?.body).toContain(`/commit/${outputs['commit-sha']})`);
    expect(newest('plan')?.body).toContain('Approved by `bob` 20');
  });

  it('that comes to nothing says what was refused, on the report and in the state', async () => {
    await start('planned', { edit: () => say('Done.') });
    const ended = await loop.approve();
    expect(ended).toMatchObject({ reason: 'nothing-changed', status: 1 });
    expect(newest('report')?.body).toContain('`nothing-changed`: Codex changed nothing.');
    expect(newest('report')?.body).toContain('The label was removed.');
    expect(newest('plan')?.body).toContain('> [!CAUTION]\n> **State:** denied (`nothing-changed`)');
    expect(newest('plan')?.body).toContain('### How to approve');
    expect(ended.summary).toContain('Codex changed none of the planned files.');
  });

  it('that was denied can be given again: the state of the comment is the one of the record', async () => {
    let tooMuch = true;
    const more = [patch(create('src/more.ts', 'x\n')), say('Done.')];
    await start('planned', {
      edit: (call: { turn: number }) =>
        tooMuch ? (more[call.turn] ?? 'Done.') : (exampleEdit[call.turn % 2] ?? 'Done.'),
    });
    const outside = await loop.approve();
    expect(outside).toMatchObject({ reason: 'outside-plan' });
    expect(outside.log).toContain('│ Changes: 0, outside of the plan: 0, refused before: 1\n');
    expect(newest('plan')?.body).toContain('**State:** denied (`outside-plan`)');
    tooMuch = false;
    expect(await loop.approve()).toMatchObject({ decision: 'approved', status: 0 });
    expect(newest('plan')?.body).toContain('**State:** approved by `bob`');
    expect(newest('report')?.body).toContain('is approved');
  });

  it('that passing trouble stops keeps label and plan comment, and the report says how to go on', async () => {
    await startUnder('limits: { runs: 1 }\n');
    await loop.plan();
    const before = newest('plan')?.body;
    expect(await loop.approve()).toMatchObject({ reason: 'runs-spent', status: 1 });
    expect(loop.pull.labels).toEqual([label]);
    expect(newest('plan')?.body).toBe(before);
    expect(newest('report')?.body).toContain('`runs-spent`');
    expect(newest('report')?.body).toContain('a label that is set stays');
  });
});

describe('a step that is refused', () => {
  const told = () => loop.pull.comments.filter(({ body }) => body.startsWith('<!-- codex-report'));
  const dispatch = (mode: 'verify' | 'execute') =>
    loop.step(mode, loop.repo.as('carol').dispatch(WORKFLOW), {
      inputs: { 'pull-request': String(loop.pull.number) },
    });

  it('leaves the reason, the next step and the run, once however often the same is tried', async () => {
    await start('planned');
    const first = await loop.approve({ by: 'alice' });
    expect(first).toMatchObject({ reason: 'self-approval', status: 1 });
    expect(told()).toHaveLength(1);
    const body = told()[0]?.body ?? '';
    expect(body).toContain('was not approved\n\n`alice` set the label. `self-approval`: ');
    expect(body).toContain('**Next:** Have somebody else approve');
    expect(body).toContain(`/actions/runs/${first.job.id})`);
    expect((await loop.approve({ by: 'alice' })).reason).toBe('self-approval');
    expect(told().map((one) => one.body)).toEqual([body]);

    expect(await loop.approve({ by: 'bob' })).toMatchObject({ decision: 'approved' });
    expect(told()).toEqual([]);
  });

  it('does not hide what the report tells about the plan: whoever may not approve is told elsewhere', async () => {
    const more = [patch(create('src/more.ts', 'x\n'))];
    await start('planned', { edit: (call: { turn: number }) => more[call.turn] ?? 'Done.' });
    expect(await loop.approve()).toMatchObject({ reason: 'outside-plan' });
    const report = newest('report')?.body;
    expect(report).toContain('src/more.ts');
    expect((await loop.approve({ by: 'alice' })).reason).toBe('self-approval');
    expect(told().map(({ body }) => body)).toEqual([
      report,
      expect.stringContaining('`alice` set the label. `self-approval`: '),
    ]);
  });

  it('is told to whoever may set labels and approve nothing, and folded away after an approval', async () => {
    await start('planned');
    loop.repo.setRole('erin', 'triage');
    expect((await loop.approve({ by: 'erin' })).reason).toBe('actor-denied');
    expect(told()).toHaveLength(1);
    expect(told()[0]?.body).toContain('### The plan was not approved\n\n`erin` set the label.');
    expect(await loop.approve({ by: 'bob' })).toMatchObject({ decision: 'approved' });
    expect(told()).toEqual([]);
    expect(newest('settled')?.minimized).toMatch(/outdated/i);
  });

  it('is told without a plan, and folded away once there is one', async () => {
    await start('fresh');
    expect((await loop.approve()).reason).toBe('plan-missing');
    expect((await dispatch('verify')).reason).toBe('plan-missing');
    expect(told()).toHaveLength(1);
    expect(told()[0]?.body).toContain('### The plan was not verified\n\n`plan-missing`: ');
    await loop.plan();
    expect(told()).toEqual([]);
  });

  it('is told of verify and execute, and over once the change is committed', async () => {
    await start('planned');
    expect((await dispatch('verify')).reason).toBe('approval-missing');
    expect(told()[0]?.body).toContain('was not verified\n\n`approval-missing`: ');
    await loop.approve();
    expect((await dispatch('execute')).reason).toBe('verification-missing');
    expect(told()[0]?.body).toContain('was not executed\n\n`verification-missing`: ');
    expect(await loop.verify()).toMatchObject({ decision: 'verified' });
    expect(await loop.execute()).toMatchObject({ decision: 'executed' });
    expect(told()).toHaveLength(1);
    expect(told()[0]?.body).toContain('is executed');
    expect((await dispatch('execute')).reason).toBe('approval-consumed');
    expect(told()[0]?.body).toContain('is executed');
  });

  it('keeps what an earlier run told in more words', async () => {
    await start('planned', { edit: () => say('Done.') });
    const ended = await loop.approve();
    expect(ended.reason).toBe('nothing-changed');
    const report = newest('report')?.body;
    expect((await loop.rerun('approve', ended, 'bob')).reason).toBe('nothing-changed');
    expect((await dispatch('verify')).reason).toBe('nothing-changed');
    expect(newest('report')?.body).toBe(report);
  });

  it('is told of a dispatched request, but not at a number that is no pull request', async () => {
    await startUnder('plans: { drafts: false }\n');
    loop.repo.as('carol').setDraft(loop.pull.number, true);
    const inputs = { 'pull-request': String(loop.pull.number), prompt: 'add a tax' };
    const event = () => loop.repo.as('carol').dispatch(WORKFLOW);
    expect((await loop.step('plan', event(), { inputs })).reason).toBe('draft-denied');
    expect(told().map(({ body }) => body.includes('that `carol` dispatched'))).toEqual([true]);
    const writes = loop.github.writes().length;
    const { number } = loop.repo.openIssue({ title: 'No pull request' });
    const none = { inputs: { ...inputs, 'pull-request': String(number) } };
    for (const mode of ['plan', 'verify', 'execute'] as const) {
      expect((await loop.step(mode, event(), none)).status).toBe(1);
    }
    expect(loop.github.writes().length).toBe(writes);
  });
});

describe('the log', () => {
  it('is a story in groups, without a word of the toolkit, and ends with what it cost', async () => {
    await start('fresh');
    const { log } = await loop.plan();
    const names = commandsIn(log).map(({ name }) => name);
    expect(names.filter((name) => name === 'group').length).toBeGreaterThanOrEqual(4);
    expect(names.filter((name) => name === 'group')).toHaveLength(
      names.filter((name) => name === 'endgroup').length,
    );
    const lines = log.trimEnd().split('\n');
    for (const line of lines) expect(line).toMatch(/^(?:│ |::|planned \(ok\): |Cost: |$)/);
    expect(lines.at(-2)).toMatch(/^planned \(ok\): .* Next: Read the plan/);
    expect(lines.at(-1)).toMatch(/^Cost: \d+ calls to GitHub, Codex \d+ s, [\d,]+ tokens in/);
  });
});
