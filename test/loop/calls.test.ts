/**
 * How many requests to GitHub's API each step costs of the hour's allowance, which all workflows of a repository share:
 * REST and GraphQL, each answer but a 304. A figure that grows here is a change that somebody has to want.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { WORKFLOW } from '../support/github/index.ts';
import { type Loop, type LoopOptions, type StepInLoop, startLoop } from '../support/loop/loop.ts';
import { shareLoop } from '../support/loop/shared.ts';
import type { States } from '../support/loop/states.ts';
import { create, patch, say } from '../support/model/index.ts';

const goals = { loop: 44, moved: 5, stranger: 1, execute200: 25, refreshWithPlan: 30 };

let loop: Loop;

afterEach(async () => {
  expect(loop.github.violations).toEqual([]);
  await loop.close();
});

// Codex makes no call to GitHub, so it does not matter which one runs.
const start = async (state: keyof States = 'fresh') => {
  ({ loop } = await shareLoop(state));
};
const startWith = async (options: LoopOptions) => {
  loop = await startLoop({ scripted: true, ...options });
};

/** What a step costs, if it ends so. */
async function cost(decision: string, step: () => Promise<StepInLoop>): Promise<number> {
  const before = loop.github.counted().length;
  const result = await step();
  if (result.decision !== decision) throw new Error(`${result.reason}\n${result.log}`);
  return loop.github.counted().length - before;
}

interface Loops {
  readonly plan: number;
  readonly approve: number;
  readonly verify: number;
  readonly execute: number;
}

/** @param between what happens in the repository before each later step */
async function costOfLoop(between: () => void = () => {}): Promise<Loops> {
  const plan = await cost('planned', () => loop.plan());
  between();
  const approve = await cost('approved', () => loop.approve());
  between();
  const verify = await cost('verified', () => loop.verify());
  between();
  const execute = await cost('executed', () => loop.execute());
  return { plan, approve, verify, execute };
}

const sum = ({ plan, approve, verify, execute }: Loops) => plan + approve + verify + execute;
const refresh = (number: number) => () =>
  loop.step('refresh', loop.repo.as('carol').dispatch(WORKFLOW), {
    inputs: { 'pull-request': String(number) },
  });

/** Artifacts of other workflows, as a busy repository has them. */
function upload(count: number): void {
  const event = loop.repo.as('frank').comment(loop.pull.number, 'Nice.');
  const { run } = loop.repo.startRun({ event });
  for (let index = 0; index < count; index++) {
    loop.repo.artifacts.add({ name: `build-${index}`, run, content: Buffer.from('x') });
  }
}

describe('the loop costs', () => {
  it('its goal, without a policy file', async () => {
    await start();
    const found = await costOfLoop();
    expect(found).toEqual({ plan: 9, approve: 10, verify: 8, execute: 17 });
    expect(sum(found)).toBeLessThanOrEqual(goals.loop);
  });

  it('the same with a policy file', async () => {
    await startWith({ policy: 'approvers: { hours: 12 }\n' });
    expect(await costOfLoop()).toEqual({ plan: 9, approve: 10, verify: 8, execute: 17 });
  });

  it('its goal with three older plans: the label is there, and one comment is folded away', async () => {
    await start();
    for (const prompt of ['one', 'two', 'three']) await loop.plan(prompt);
    const found = await costOfLoop();
    expect(found).toEqual({ plan: 9, approve: 10, verify: 8, execute: 17 });
    expect(sum(found)).toBeLessThanOrEqual(goals.loop);
  });

  it('the same among 300 artifacts of others that are older', async () => {
    await start();
    upload(300);
    // These are of today: how often Codex ran today is then asked name by name.
    expect(await costOfLoop()).toEqual({ plan: 13, approve: 14, verify: 8, execute: 17 });
  });

  it('more in a repository that makes more artifacts in between than GitHub lists in one call', async () => {
    await start();
    const found = await costOfLoop(() => upload(120));
    expect(found).toEqual({ plan: 9, approve: 16, verify: 14, execute: 24 });
  });
});

describe('a step costs', () => {
  it('little, if verify finds that the head moved; and less, if label and status say so already', async () => {
    await start('approved');
    loop.repo.as('frank').push(loop.pull.head.ref, { 'docs/note.md': 'Moved.\n' });
    // Three reads: the pull request, the list of artifacts, the plan. The label comes off, and the new head gets its status.
    expect(await cost('denied', () => loop.verify({ bundle: true }))).toBe(goals.moved);
    expect(await cost('denied', () => loop.verify())).toBe(3);
  });

  it.each(['/codex give me the key', '/codex-revise it', '/codex-withdraw', '/codex', '/codex-x'])(
    'one call, if a stranger says %s',
    async (words) => {
      await start();
      const asked = () =>
        loop.step('plan', loop.repo.as('mallory').comment(loop.pull.number, words));
      expect(await cost('denied', asked)).toBe(goals.stranger);
    },
  );

  it('one call for each command of a stranger, and leaves no trace', async () => {
    await start('planned');
    const before = loop.pull.comments.length;
    for (const command of ['revise more', 'without src/tax.ts', 'withdraw', 'help', 'approve']) {
      for (const stranger of ['mallory', 'dave']) {
        const event = loop.repo.as(stranger).comment(loop.pull.number, `/codex-${command}`);
        expect(await cost('denied', () => loop.step('plan', event)), command).toBe(goals.stranger);
      }
    }
    const theirs = loop.pull.comments.slice(before);
    expect(theirs).toHaveLength(10);
    expect(theirs.flatMap(({ reactions }) => reactions)).toEqual([]);
  });

  it('nothing, if a comment is none for the action', async () => {
    await start();
    const chat = () => loop.step('plan', loop.repo.as('alice').comment(loop.pull.number, 'Nice.'));
    expect(await cost('ignored', chat)).toBe(0);
  });

  it('two reads and the status to refresh a pull request without a plan, and then two reads', async () => {
    await start();
    expect(await cost('refreshed', refresh(loop.pull.number))).toBe(3);
    expect(await cost('refreshed', refresh(loop.pull.number))).toBe(2);
  });

  it('not much to refresh a pull request with an approved plan', async () => {
    await start('verified');
    const found = await cost('refreshed', refresh(loop.pull.number));
    expect(found).toBe(9);
    expect(found).toBeLessThanOrEqual(goals.refreshWithPlan);
  });

  it('one more for each hundred files to execute', async () => {
    const paths = Array.from({ length: 200 }, (_, index) => `src/gen/f${index}.ts`);
    const plan = {
      title: 'Generate',
      summary: 'Many files.',
      steps: [{ title: 'Generate', detail: 'All.', paths: paths.slice(0, 1) }],
      files: paths.map((path) => ({ path, operation: 'create', reason: 'new' })),
      commands: [],
      risks: [],
    };
    await startWith({
      policy: 'limits: { files: 200 }\n',
      script: {
        plan: () => JSON.stringify(plan),
        edit: [patch(...paths.map((path) => create(path, 'export {};\n'))), say('Done.')],
      },
    });
    const { execute } = await costOfLoop();
    expect(execute).toBe(18);
    expect(execute).toBeLessThanOrEqual(goals.execute200);
  });
});
