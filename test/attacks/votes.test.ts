/** Several approvers: each person's label is one vote, for one decision, and not for ever. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Attempt,
  attempt,
  commentEdit,
  comments,
  expectShut,
  labelOff,
  status,
  uploads,
} from '../support/attack.ts';
import type { Comment } from '../support/github/index.ts';
import {
  exampleEdit,
  examplePlan,
  exampleScript,
  type Loop,
  label,
  startLoop,
} from '../support/loop/loop.ts';
import { remember } from '../support/loop/memory.ts';
import { type Answer, create, patch, say } from '../support/model/index.ts';

let loop: Loop;
let plan: () => Answer;
let edit: readonly Answer[];
let edits: number;

const usualPlan = () => JSON.stringify(examplePlan);
const edited = (...answers: readonly Answer[]) => {
  edit = answers;
  edits = loop.model.callsOf('edit').length;
};
const as = (login: string) => loop.repo.as(login);
const votes = { writes: [labelOff, comments, commentEdit, status] };
/** @param bundle whether it is counted as a user's run would: by the bundle, with the real CLI */
const vote = (by: string, inputs: Record<string, string> = {}, bundle = false) =>
  attempt(loop, () => loop.approve({ by, inputs, bundle }));
const planComment = () =>
  loop.pull.comments.findLast(({ body }) => body.startsWith('<!-- codex-plan ')) as Comment;
const votesComment = () =>
  loop.pull.comments.find(({ body }) => body.startsWith('<!-- codex-report '))?.body ?? '';

/** One vote is there, and another one is needed. */
function expectOneOfTwo(attack: Attempt): void {
  expectShut(attack, 'votes-missing', votes);
  expect(attack.result.log).toContain('1 of 2');
}

/** A loop whose plan needs two approvers, back at the plan before each test. */
function stage(policy: string): void {
  let restore: () => void;
  beforeAll(async () => {
    plan = usualPlan;
    edit = exampleEdit;
    edits = 0;
    loop = await startLoop({
      scripted: true,
      policy,
      script: {
        ...exampleScript,
        plan: () => plan(),
        edit: (call) => edit[call.turn - edits] ?? 'Done.',
      },
    });
    expect((await loop.plan()).reason).toBe('ok');
    restore = remember(loop);
  });
  beforeEach(() => {
    restore();
    plan = usualPlan;
    edited(...exampleEdit);
  });
  afterEach(() => {
    loop.github.faults.clear();
    expect(loop.github.violations).toEqual([]);
  });
  afterAll(() => loop.close());
}

describe('a vote', () => {
  stage('approvers: { count: 2, hours: 1 }\n');

  it('is over after the hours that an approval lasts', async () => {
    expectOneOfTwo(await vote('bob'));
    loop.github.clock.advance({ hours: 24 * 30 });
    expectOneOfTwo(await vote('carol'));
    expect((await vote('bob')).result.reason).toBe('ok');
  });

  it('is over after the hours that the input gives', async () => {
    const inputs = { 'approval-hours': '0.5' };
    expectOneOfTwo(await vote('bob', inputs));
    loop.github.clock.advance({ minutes: 45 });
    expectOneOfTwo(await vote('carol', inputs));
    const longer = { 'approval-hours': '3' };
    loop.github.clock.advance({ hours: 2 });
    expect((await vote('bob', longer)).result.reason).toBe('ok');
  });

  it('is used up by the approval that it led to, though no comment can be edited', async () => {
    loop.github.fault({
      method: 'PATCH',
      path: /\/issues\/comments\//,
      status: 500,
      times: Infinity,
    });
    expectOneOfTwo(await vote('bob'));
    expect((await vote('carol')).result.reason).toBe('ok');
    plan = () => JSON.stringify({ ...examplePlan, summary: 'The total gets a fee.' });
    const drifted = await loop.verify({ inputs: { regenerate: 'always' } });
    expect(drifted.reason).toBe('plan-drift');
    expectOneOfTwo(await vote('bob', {}, true));
    edited(...exampleEdit);
    expect((await vote('carol')).result.reason).toBe('ok');
  });

  it('is used up by the denial that it led to', async () => {
    expectOneOfTwo(await vote('bob'));
    edited(patch(create('src/more.ts', 'x\n')), say('Done.'));
    expectShut(await vote('carol'), 'outside-plan', {
      writes: [...votes.writes, ...uploads],
      model: true,
    });
    edited(...exampleEdit);
    expectOneOfTwo(await vote('carol'));
    expect((await vote('bob')).result.reason).toBe('ok');
  });

  it('is none, if a reader was told that somebody else had approved', async () => {
    const { id, body } = planComment();
    as('alice').editComment(id, body.replace('awaiting approval', 'approved by `carol`'));
    expectShut(await vote('bob'), 'plan-altered', votes);
    expect(planComment().body).toBe(body);
    // Put back by the action itself: from now on people can read it.
    expectOneOfTwo(await vote('bob'));
  });

  it('does not get lost among what a stranger names the pull request in', async () => {
    expectOneOfTwo(await vote('bob'));
    loop.github.clock.advance({ seconds: 1 });
    as('mallory').reference(1, 5000);
    expect((await vote('carol')).result.reason).toBe('ok');
  });

  it('leaves the label to be removed by hand if it cannot be removed, and says so', async () => {
    const kept = loop.github.fault({
      method: 'DELETE',
      path: /\/labels\//,
      status: 500,
      times: Infinity,
    });
    expectOneOfTwo(await vote('bob'));
    kept.remove();
    expect(loop.pull.labels).toEqual([label]);
    expect(votesComment()).toContain('could not be removed');
    expect(votesComment()).not.toContain('was removed');
    as('erin').unlabel(1, label);
    expectOneOfTwo(await vote('bob'));
    expect(votesComment()).toContain('The label was removed');
  });
});
