/** The chat message that each step leaves behind, as Slack takes it. */
import { readFileSync } from 'node:fs';
import { IncomingWebhook } from '@slack/webhook';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WORKFLOW } from '../support/github/index.ts';
import { examplePlan, type Loop, label, type StepInLoop, startLoop } from '../support/loop/loop.ts';
import { remember } from '../support/loop/memory.ts';
import { create, patch, say } from '../support/model/index.ts';
import { type Slack, startSlack } from '../support/slack/slack.ts';

const title = 'Add <!channel> *a* tax';
const plan = { ...examplePlan, title };
const outside = [patch(create('src/elsewhere.ts', 'x\n')), say('Done.')];

let slack: Slack;
let loop: Loop;
let fresh: () => void;
let planned: () => void;
let approved: () => void;

beforeAll(async () => {
  slack = await startSlack();
  loop = await startLoop({
    scripted: true,
    script: {
      plan: () => JSON.stringify(plan),
      edit: (call) =>
        loop.repo.labels.some(({ name }) => name === 'go outside')
          ? (outside[call.turn % 2] ?? 'Done.')
          : ([patch(create('src/tax.ts', 'x\n')), say('Done.')][call.turn % 2] ?? 'Done.'),
    },
  });
  fresh = remember(loop);
  await loop.plan();
  planned = remember(loop);
  await loop.approve();
  approved = remember(loop);
});
afterEach(() => {
  expect(loop.github.violations).toEqual([]);
  fresh();
});
afterAll(async () => {
  await Promise.all([loop.close(), slack.close()]);
});

/** Hands the file to Slack as the example does. */
async function told({ outputs }: StepInLoop): Promise<{ notify: string; words: string }> {
  const text = readFileSync(outputs['notification-path'] ?? '', 'utf8');
  await new IncomingWebhook(slack.url).send(JSON.parse(text));
  expect(JSON.parse(outputs.result ?? '{}').notify).toBe(outputs.notify);
  return { notify: outputs.notify ?? '', words: JSON.stringify(slack.taken.at(-1)) };
}

describe('the notification', () => {
  it('of a plan wants an approval, and keeps its title plain', async () => {
    const { notify, words } = await told(await loop.plan());
    expect(notify).toBe('approval-wanted');
    expect(words).toContain('A Codex plan awaits approval: pull request 1');
    expect(words).toContain(JSON.stringify(title).slice(1, -1));
    expect(slack.taken.at(-1)).toMatchObject({ text: expect.not.stringContaining('!channel') });
  });

  it('of an approval and a verification is nobody’s business, of a commit it is', async () => {
    planned();
    expect(await told(await loop.approve())).toMatchObject({ notify: 'none' });
    expect(await told(await loop.verify())).toMatchObject({ notify: 'none' });
    const { notify, words } = await told(await loop.execute());
    expect(notify).toBe('executed');
    expect(words).toContain('/commit/');
  });

  it('of a change outside the plan names the files', async () => {
    planned();
    loop.repo.createLabel('go outside');
    const { notify, words } = await told(await loop.approve());
    expect(notify).toBe('denied');
    expect(words).toContain('src/elsewhere.ts');
  });

  it('of drift says so, whoever finds it first', async () => {
    approved();
    loop.repo.push('main', { 'src/cart.ts': 'other\n' });
    expect(await told(await loop.verify())).toMatchObject({ notify: 'drifted' });
    approved();
    const push = loop.repo.as('bob').pushed('main', { 'src/cart.ts': 'other\n' });
    const first = await loop.step('refresh', push);
    const { notify, words } = await told(first);
    expect(notify).toBe('drifted');
    expect(words).toContain('Pull request 1');
    expect(JSON.parse(first.outputs.result ?? '{}').pull_requests).toMatchObject([
      { 'pull-request': 1, notify: 'drifted', state: 'drifted' },
    ]);
    // Told once.
    const again = await loop.step('refresh', loop.repo.as('carol').schedule(WORKFLOW));
    expect(await told(again)).toMatchObject({ notify: 'none' });
  });

  it('of what strangers do is none, of a label without the right it is a denial', async () => {
    const comment = loop.repo.as('dave').comment(1, '/codex x');
    expect(await told(await loop.step('plan', comment))).toMatchObject({ notify: 'none' });
    planned();
    const event = loop.repo.as('erin').label(1, label);
    loop.github.clock.advance({ minutes: 1 });
    expect(await told(await loop.step('approve', event))).toMatchObject({ notify: 'denied' });
  });

  it('of a run that could not even begin says that it failed', async () => {
    const step = await loop.plan('x', { inputs: { label: 'a,b' } });
    expect(step.reason).toBe('config-invalid');
    expect(await told(step)).toMatchObject({ notify: 'failed' });
    const broken = await loop.plan('x', { env: { GITHUB_RUN_ID: undefined } });
    expect(await told(broken)).toMatchObject({ notify: 'failed' });
  });
});
