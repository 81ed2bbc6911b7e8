/**
 * GitHub's list of artifacts does not have at once what a step has just stored. If somebody acts at once, the action does
 * not say that there is nothing, or that the older plan is the newest one, and it removes no good label because of that.
 */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WORKFLOW } from '../support/github/index.ts';
import { type Loop, label } from '../support/loop/loop.ts';
import { shareLoop } from '../support/loop/shared.ts';
import type { States } from '../support/loop/states.ts';

let loop: Loop;
let states: States;

beforeAll(async () => {
  ({ loop, states } = await shareLoop('executed'));
});
afterEach(() => {
  loop.github.faults.clear();
  expect(loop.github.violations).toEqual([]);
});

/** The newest artifact is missing in the next lists. */
const lag = () => loop.github.fault({ path: /\/actions\/artifacts/, lag: 1, times: 2 });
const says = (text: string) => loop.step('plan', loop.repo.as('alice').comment(1, text));
const approveSoon = () => {
  loop.github.clock.advance({ seconds: 15 });
  return loop.step('approve', loop.repo.as('bob').label(1, label));
};
const refresh = () =>
  loop.step('refresh', loop.repo.as('carol').dispatch(WORKFLOW), {
    inputs: { 'pull-request': '1' },
  });

describe('a list that lags', () => {
  it.each([
    ['an approval', approveSoon, 'approved'],
    ['a withdrawal', () => says('/codex-withdraw'), 'ignored'],
    ['a revision', () => says('/codex-revise in cents'), 'planned'],
    ['a narrower plan', () => says('/codex-without src/tax.ts'), 'planned'],
    ['a look', refresh, 'refreshed'],
  ])('after a plan does not hide it from %s', async (_, act, decision) => {
    states.planned();
    const lagging = lag();
    expect(await act()).toMatchObject({ decision });
    expect(lagging.hits).toBe(2);
  });

  it('after a second plan does not make the first one the newest', async () => {
    states.planned();
    const second = await loop.plan('add a discount');
    lag();
    const step = await approveSoon();
    expect(step).toMatchObject({ decision: 'approved' });
    expect(step.outputs['plan-id']).toBe(second.outputs['plan-id']);
    expect(loop.pull.labels).toEqual([label]);
  });

  it('after an execution is no finding of an audit', async () => {
    states.executed();
    const lagging = lag();
    expect(await loop.audit()).toMatchObject({ decision: 'audited', status: 0 });
    expect(lagging.hits).toBe(2);
  });
});
