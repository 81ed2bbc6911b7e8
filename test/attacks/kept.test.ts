/** What somebody else does, or does meanwhile, takes nothing away from people who did nothing wrong. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type WebhookEvent, WORKFLOW } from '../support/github/index.ts';
import { exampleEdit, examplePlan, exampleScript, type Loop, label } from '../support/loop/loop.ts';
import { shareLoop } from '../support/loop/shared.ts';
import type { States } from '../support/loop/states.ts';
import { create, patch } from '../support/model/index.ts';

let loop: Loop;
let states: States;
let turn: number;
/** Happens once, while Codex works. */
let meanwhile: () => void;
/** What the model says that the plan is. */
let plan: unknown;
/** Whether Codex makes a file that the plan does not name. */
let outside: boolean;

beforeAll(async () => {
  turn = 0;
  meanwhile = () => {};
  plan = examplePlan;
  outside = false;
  const happen = () => {
    meanwhile();
    meanwhile = () => {};
  };
  ({ loop, states } = await shareLoop('approved', {
    ...exampleScript,
    plan: () => {
      happen();
      return JSON.stringify(plan);
    },
    edit: () => {
      happen();
      if (outside) return turn++ === 0 ? patch(create('src/other.ts', 'export {};\n')) : 'Done.';
      return exampleEdit[turn++ % exampleEdit.length] ?? 'Done.';
    },
  }));
});
afterEach(() => {
  turn = 0;
  meanwhile = () => {};
  plan = examplePlan;
  outside = false;
  loop.github.faults.clear();
  expect(loop.github.violations).toEqual([]);
});

const as = (login: string) => loop.repo.as(login);

describe('a label that is set again while a run is at work on the one before', () => {
  const setAgain = (by: string): WebhookEvent => {
    loop.github.clock.advance({ minutes: 1 });
    as('bob').unlabel(1, label);
    loop.github.clock.advance({ seconds: 5 });
    return as(by).label(1, label);
  };

  it.each(['bob', 'carol'])('stays, and is answered by its own run: %s', async (by) => {
    states.planned();
    let second: WebhookEvent | undefined;
    meanwhile = () => {
      second = setAgain(by);
    };
    expect(await loop.approve()).toMatchObject({ decision: 'denied', reason: 'label-missing' });
    expect(loop.pull.labels).toEqual([label]);
    if (second === undefined) throw new Error('Codex did not work.');
    const refreshed = await loop.step('refresh', as('carol').dispatch(WORKFLOW), {
      inputs: { 'openai-api-key': '', 'pull-request': '1' },
    });
    expect(refreshed).toMatchObject({ decision: 'refreshed', status: 0 });
    expect(await loop.step('approve', second)).toMatchObject({ decision: 'approved', status: 0 });
  });

  it('stays, too, when the approval by the one before is found to have drifted', async () => {
    states.approved();
    plan = { ...examplePlan, summary: 'The total gets a fee.' };
    meanwhile = () => {
      setAgain('carol');
    };
    const verified = await loop.verify({ inputs: { regenerate: 'always' } });
    expect(verified).toMatchObject({ decision: 'drifted', reason: 'plan-drift' });
    expect(loop.pull.labels).toEqual([label]);
  });

  it('is removed with its own denial', async () => {
    states.planned();
    let second: WebhookEvent | undefined;
    meanwhile = () => {
      second = setAgain('erin');
    };
    expect(await loop.approve()).toMatchObject({ decision: 'denied', reason: 'label-missing' });
    if (second === undefined) throw new Error('Codex did not work.');
    expect(await loop.step('approve', second)).toMatchObject({ reason: 'actor-denied' });
    expect(loop.pull.labels).toEqual([]);
  });
});

describe('another label that somebody sets while Codex goes outside of the plan', () => {
  const planComment = () =>
    loop.pull.comments.filter(({ body }) => body.startsWith('<!-- codex-plan ')).at(-1)?.body;

  it('does not hide the denial on the comment of the plan', async () => {
    states.planned();
    as('bob').label(1, 'bug');
    as('bob').unlabel(1, 'bug');
    meanwhile = () => {
      loop.github.clock.advance({ seconds: 5 });
      as('erin').label(1, 'bug');
      outside = true;
      turn = 0;
    };
    expect((await loop.approve()).reason).toBe('outside-plan');
    expect(loop.pull.labels).toEqual(['bug']);
    expect(planComment()).toContain('> [!CAUTION]');
  });
});

describe('a label that is set again before a run knows which label event it is about', () => {
  it('stays if the earlier label was set by somebody who may not approve', async () => {
    states.planned();
    loop.github.clock.advance({ minutes: 1 });
    const first = as('erin').label(1, label);
    loop.github.clock.advance({ seconds: 5 });
    as('carol').unlabel(1, label);
    const second = as('carol').label(1, label);
    expect((await loop.step('approve', first)).reason).toBe('actor-denied');
    expect(loop.pull.labels).toEqual([label]);
    expect((await loop.step('approve', second)).decision).toBe('approved');
  });

  it.each([
    ['another person', 'carol'],
    ['the same person', 'bob'],
  ])('stays if a run of an earlier head is repeated: it was set by %s', async (_, by) => {
    states.planned();
    const earlier = await loop.approve();
    loop.github.clock.advance({ minutes: 2 });
    await loop.step('refresh', as('frank').pushTo(1, { 'docs/note.md': 'Another note.\n' }));
    await loop.plan();
    expect((await loop.approve({ by })).decision).toBe('approved');
    expect((await loop.rerun('approve', earlier, 'alice')).reason).toBe('head-moved');
    expect(loop.pull.labels).toEqual([label]);
    expect((await loop.verify()).decision).toBe('verified');
  });
});

describe('a label that is set for a newer plan', () => {
  it('stays when a verification comes before its approval: an older plan had one', async () => {
    states.approved();
    expect(await loop.plan('add another tax')).toMatchObject({ decision: 'planned' });
    loop.github.clock.advance({ minutes: 1 });
    const event = as('bob').label(1, label);
    expect(await loop.verify()).toMatchObject({ decision: 'failed', reason: 'approval-missing' });
    expect(loop.pull.labels).toEqual([label]);
    expect(await loop.step('approve', event)).toMatchObject({ decision: 'approved', status: 0 });
  });
});

describe('a pull request without a plan', () => {
  it('gets its status, whatever a stranger uploads under the name of one', async () => {
    states.planned();
    const { number, head } = loop.repo.openPullRequest({ author: 'frank', files: { 'x.md': 'x' } });
    const { run, content } = loop.repo.artifacts.newest('codex-plan-1');
    const headRepository = loop.repo.fork('mallory');
    const foreign = { ...run, id: 20_000_001, event: 'pull_request', headRepository };
    loop.repo.runs.push(foreign);
    loop.repo.artifacts.add({ name: `codex-plan-${number}`, run: foreign, content });
    const done = await loop.step('refresh', as('carol').dispatch(WORKFLOW), {
      inputs: { 'openai-api-key': '', 'pull-request': String(number) },
    });
    expect(done).toMatchObject({ decision: 'refreshed', status: 0, outputs: { state: 'none' } });
    const statuses = loop.repo.statuses.filter(({ sha }) => sha === head.sha);
    expect(statuses).toMatchObject([{ state: 'success', description: 'No Codex plan.' }]);
  });
});
