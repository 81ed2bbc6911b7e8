/** A refresh between any two calls of another run, and others between any two calls of a refresh. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WORKFLOW } from '../support/github/index.ts';
import { type Loop, label, type StepInLoop } from '../support/loop/loop.ts';
import { shareLoop } from '../support/loop/shared.ts';
import type { States } from '../support/loop/states.ts';

/** Every call in the nightly run; otherwise some of them, spread evenly. */
const stride = process.env.ALL_FAULTS ? 1 : 15;
const timeout = 600_000;

let loop: Loop;
let states: States;

beforeAll(async () => {
  ({ loop, states } = await shareLoop('verified'));
});
afterEach(() => {
  states.approved();
  expect(loop.github.violations).toEqual([]);
});

const as = (login: string) => loop.repo.as(login);
const refresh = () =>
  loop.step('refresh', as('carol').dispatch(WORKFLOW), {
    inputs: { 'openai-api-key': '', 'pull-request': '1' },
  });
const status = () => loop.repo.statuses.filter(({ sha }) => sha === loop.pull.head.sha).at(-1);

/** Runs a step as often as it has calls, and lets something happen before another one of them each time. */
async function interrupt(
  begin: () => void,
  run: () => Promise<StepInLoop>,
  happen: () => unknown,
  check: (done: StepInLoop, call: string) => unknown,
): Promise<void> {
  begin();
  const { length } = (await run()).requests;
  expect(length).toBeGreaterThan(3);
  for (let nth = 1; nth <= length; nth += stride) {
    begin();
    let seen = 0;
    let call = '';
    const stop = loop.github.onRequest(async ({ method, path }) => {
      if (++seen !== nth) return;
      call = `before call ${nth}, ${method} ${path}`;
      await happen();
    });
    const done = await run();
    stop();
    await check(done, call);
  }
}

describe('a refresh ends true', () => {
  it('beside approve, and leaves its label', { timeout }, () =>
    interrupt(
      states.planned,
      () => loop.approve(),
      refresh,
      (done, call) => {
        expect(done, call).toMatchObject({ decision: 'approved' });
        expect(loop.pull.labels, call).toEqual([label]);
        expect(status(), call).toMatchObject({
          state: 'pending',
          description: expect.stringContaining('is approved'),
        });
      },
    ),
  );

  it('beside execute', { timeout }, () =>
    interrupt(
      states.verified,
      () => loop.execute(),
      refresh,
      (done, call) => {
        expect(done, call).toMatchObject({ decision: 'executed' });
        expect(loop.pull.labels, call).toEqual([]);
        expect(status(), call).toMatchObject({
          state: 'success',
          description: expect.stringContaining('was executed'),
        });
        const shown = loop.pull.comments.find(({ body }) => body.startsWith('<!-- codex-plan '));
        expect(shown?.body, call).toContain('**State:** executed');
      },
    ),
  );

  it('beside a push', { timeout }, () =>
    interrupt(
      states.approved,
      refresh,
      () => {
        if (loop.pull.file('docs/note.md') === 'A note.\n') {
          as('frank').pushTo(1, { 'docs/note.md': 'Another note.\n' });
        }
      },
      async (_, call) => {
        // After the last look the event of the push brings a run of its own.
        if (status() === undefined) await refresh();
        expect(status(), call).toMatchObject({
          description: expect.stringContaining('is outdated'),
        });
        expect(loop.pull.labels, call).toEqual([]);
      },
    ),
  );

  it('beside a push to the base', { timeout }, () =>
    interrupt(
      states.approved,
      refresh,
      () => loop.repo.push('main', { 'src/cart.ts': 'export const total = 2;\n' }),
      async (_, call) => {
        if (status()?.state !== 'failure') await refresh();
        expect(status(), call).toMatchObject({ state: 'failure' });
        expect(loop.pull.labels, call).toEqual([]);
      },
    ),
  );

  it('beside a plan that is published in between', { timeout }, () => {
    let other = 0;
    return interrupt(
      () => {
        states.planned();
        other = loop.repo.openPullRequest({ author: 'frank', files: { 'x.md': 'x\n' } }).number;
      },
      () =>
        loop.step('refresh', as('carol').dispatch(WORKFLOW), {
          inputs: { 'openai-api-key': '', 'pull-request': String(other) },
        }),
      async () => {
        const planned = await loop.step('plan', as('alice').comment(other, '/codex add a tax'));
        expect(planned).toMatchObject({ decision: 'planned' });
      },
      (_, call) => {
        const { sha } = loop.repo.pull(other).head;
        expect(loop.repo.statuses.filter((one) => one.sha === sha).at(-1), call).toMatchObject({
          state: 'pending',
        });
      },
    );
  });

  it('beside a label that is set again, which stays', { timeout }, () =>
    interrupt(
      () => {
        states.approved();
        loop.github.clock.advance({ hours: 25 });
      },
      refresh,
      () => {
        if (loop.pull.labels.includes(label)) as('bob').unlabel(1, label);
        as('bob').label(1, label);
      },
      (_, call) => {
        // GitHub removes a label by its name: between the last look and that call nobody can tell two labellings apart.
        if (!call.includes('DELETE')) expect(loop.pull.labels, call).toEqual([label]);
      },
    ),
  );
});
