/** Binding: an approval is of one plan on one head, read before it was approved, and of nothing else ever after. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type Allowed,
  type Attempt,
  attempt,
  commentEdit,
  comments,
  expectShut,
  labelOff,
  status,
  uploads,
} from '../support/attack.ts';
import { type Comment, graphqlQuery, type RecordedRequest } from '../support/github/index.ts';
import type { StepResult } from '../support/loop/action.ts';
import { examplePlan, type Loop, label } from '../support/loop/loop.ts';
import { shareLoop } from '../support/loop/shared.ts';
import type { States } from '../support/loop/states.ts';

let loop: Loop;
let states: States;
const planned = () => states.planned();
const approved = () => states.approved();
const dispatchOf = () => loop.repo.as('carol').dispatch('.github/workflows/codex.yml');

beforeAll(async () => {
  ({ loop, states } = await shareLoop('verified'));
});
afterEach(() => expect(loop.github.violations).toEqual([]));

const approving = () => attempt(loop, () => loop.approve());
const verifying = () => attempt(loop, () => loop.verify());
const approvals = () => loop.repo.artifacts.list('codex-approval-1');
const planComment = () =>
  loop.pull.comments.find((each) => each.body.startsWith('<!-- codex-plan')) as Comment;
const request = () => loop.pull.comments.find((each) => each.body.startsWith('/codex')) as Comment;

/** What Codex did is on record, and the pages and the status say so. */
const told = [labelOff, comments, commentEdit, status, ...uploads];

/** Nobody approved anything: no record of it, no label. */
function expectNoApproval(attack: Attempt, reason: string, allowed: Allowed = {}): void {
  expectShut(attack, reason, { writes: [labelOff, status], ...allowed });
  expect(attack.calls).not.toContain('CreateArtifact');
  expect(loop.pull.labels).toEqual([]);
}

/** What was approved is void: the label is off, and nothing is verified. */
function expectVoid(attack: Attempt, reason: string, further: readonly string[] = []): void {
  expectShut(attack, reason, { writes: [labelOff, comments, commentEdit, status, ...further] });
  expect(loop.pull.labels).toEqual([]);
}

/** Does something when the n-th request of a kind has arrived, and before it is answered. */
function when(match: (request: RecordedRequest) => boolean, nth: number, act: () => void): void {
  let seen = 0;
  loop.github.onRequest((each) => {
    if (match(each) && ++seen === nth) act();
  });
}

const readsLog = (request: RecordedRequest) => graphqlQuery(request).includes('timelineItems');
/** One look at the pull request, with the policy and the workflow file. */
const readsPull = (request: RecordedRequest) => graphqlQuery(request).includes('$policyPath');

describe('a push', () => {
  it('between the look and the label', async () => {
    planned();
    loop.repo.as('frank').pushTo(1, { 'src/evil.ts': 'evil();\n' });
    expectNoApproval(await approving(), 'head-moved');
  });

  it('between the label and the run', async () => {
    planned();
    loop.github.clock.advance({ minutes: 1 });
    const event = loop.repo.as('bob').label(1, label);
    loop.repo.as('frank').pushTo(1, { 'src/evil.ts': 'evil();\n' });
    const attack = await attempt(loop, () => loop.step('approve', event));
    expectNoApproval(attack, 'head-moved');
    // The head of the plan is compared later, and would end it with the same code.
    expect(attack.result.log).toContain('The branch moved after the label was set.');
  });

  it('while Codex carries the plan out: the last look sees it', async () => {
    planned();
    when(readsPull, 2, () => loop.repo.as('frank').pushTo(1, { 'src/evil.ts': 'evil();\n' }));
    const attack = await approving();
    expectShut(attack, 'head-moved', { writes: told, model: true });
    expect(approvals()).toEqual([]);
  });

  it('is followed by nothing but the record: no other read comes after the look at the head', async () => {
    planned();
    const from = loop.github.requests.length;
    const attack = await approving();
    expect(attack.result.reason).toBe('ok');
    const requests = loop.github.requests.slice(from);
    const stored = requests.findIndex(({ path }) => path.endsWith('/CreateArtifact'));
    expect(readsPull(requests[stored - 1] as RecordedRequest)).toBe(true);
  });

  it('with dates of long ago, after the approval', async () => {
    approved();
    loop.repo
      .as('frank')
      .pushTo(1, { 'src/evil.ts': 'evil();\n' }, { date: '1999-01-01T00:00:00Z' });
    expectVoid(await verifying(), 'head-moved');
  });

  it('while Codex plans', async () => {
    states.fresh();
    when(readsPull, 2, () => loop.repo.as('frank').pushTo(1, { 'src/evil.ts': 'evil();\n' }));
    const attack = await attempt(loop, () => loop.plan());
    expect(attack.result.reason).toBe('head-moved');
    // But for one line that says what came of the request.
    const said = loop.pull.comments.filter(({ body }) => /^<!-- codex-(?!request )/.test(body));
    expect(said).toEqual([]);
  });
});

describe('a label', () => {
  it('that was set before there was a plan', async () => {
    states.fresh();
    loop.repo.as('bob').label(1, label);
    expect((await loop.plan()).reason).toBe('ok');
    expect(loop.pull.labels).toEqual([]);
    const inputs = { 'pull-request': '1' };
    const attack = await attempt(loop, () => loop.step('approve', dispatchOf(), { inputs }));
    expectNoApproval(attack, 'label-missing');
  });

  it('that is set while Codex plans', async () => {
    states.fresh();
    loop.model.follow({
      plan: () => {
        loop.repo.as('bob').label(1, label);
        return JSON.stringify(examplePlan);
      },
    });
    expect((await loop.plan()).reason).toBe('ok');
    expect(loop.pull.labels).toEqual([]);
  });

  it('without a plan', async () => {
    states.fresh();
    expectNoApproval(await approving(), 'plan-missing');
  });

  it('that is set within the seconds that a look takes', async () => {
    planned();
    for (const seconds of [0, 9]) {
      loop.github.clock.advance({ seconds });
      const event = loop.repo.as('bob').label(1, label);
      expectNoApproval(await attempt(loop, () => loop.step('approve', event)), 'plan-too-fresh');
    }
  });

  it('of before the plan, with a plan comment that was posted by hand since', async () => {
    planned();
    loop.github.clock.advance({ minutes: 1 });
    const event = loop.repo.as('bob').label(1, label);
    const { body } = planComment();
    loop.github.clock.advance({ minutes: 1 });
    const bot = loop.repo.as('github-actions[bot]');
    bot.deleteComment(planComment().id);
    bot.comment(1, body);
    expectNoApproval(
      await attempt(loop, () => loop.step('approve', event)),
      'approval-precedes-plan',
    );
  });

  it('that is set again while Codex carries the plan out', async () => {
    planned();
    when(readsLog, 2, () => {
      loop.repo.as('erin').unlabel(1, label);
      loop.repo.as('erin').label(1, label);
    });
    const attack = await approving();
    expectShut(attack, 'label-missing', { writes: told, model: true });
    expect(approvals()).toEqual([]);
  });

  it('that is removed after the approval', async () => {
    approved();
    loop.repo.as('bob').unlabel(1, label);
    expectVoid(await verifying(), 'label-missing');
  });

  it('that somebody else sets again after the approval', async () => {
    approved();
    loop.repo.as('bob').unlabel(1, label);
    loop.repo.as('erin').label(1, label);
    // Approve has to answer the new one, so it stays; the approval by the old one is over.
    expectShut(await verifying(), 'approval-missing', { writes: [status, comments] });
    const executing = await attempt(loop, () => loop.execute());
    expectShut(executing, 'approval-missing', { writes: [status] });
    expect(loop.pull.labels).toEqual([label]);
  });

  it('on a pull request that was closed or merged', async () => {
    planned();
    loop.repo.as('frank').close(1);
    expectNoApproval(await approving(), 'pull-request-closed');
    loop.repo.as('frank').reopen(1);
    loop.repo.as('carol').merge(1);
    expectNoApproval(await approving(), 'pull-request-closed');
  });
});

describe('the request', () => {
  it('is edited before the label', async () => {
    planned();
    loop.repo.as('alice').editComment(request().id, '/codex fix a typo');
    expectNoApproval(await approving(), 'plan-altered');
  });

  it('is edited, approved, and put back before the run looks', async () => {
    planned();
    const { id, body } = request();
    loop.repo.as('alice').editComment(id, '/codex fix a typo');
    loop.github.clock.advance({ minutes: 1 });
    const event = loop.repo.as('bob').label(1, label);
    loop.github.clock.advance({ seconds: 5 });
    loop.repo.as('alice').editComment(id, body);
    expectNoApproval(await attempt(loop, () => loop.step('approve', event)), 'plan-altered');
  });

  it('is edited after the approval', async () => {
    approved();
    loop.repo.as('alice').editComment(request().id, '/codex fix a typo');
    expectVoid(await verifying(), 'plan-altered');
  });

  it('is emptied before the label', async () => {
    planned();
    loop.repo.as('alice').editComment(request().id, '/codex ');
    expectNoApproval(await approving(), 'plan-altered');
  });

  it('is deleted before the label', async () => {
    planned();
    loop.repo.as('alice').deleteComment(request().id);
    expectNoApproval(await approving(), 'plan-altered');
  });

  it('is deleted after the approval', async () => {
    approved();
    loop.repo.as('alice').deleteComment(request().id);
    expectVoid(await verifying(), 'plan-altered');
  });
});

describe('the plan comment', () => {
  const shut = { writes: [labelOff, commentEdit, comments, status] };
  const again = { ...shut, planAgain: true };

  it('is edited, anywhere', async () => {
    planned();
    for (const [what, edit] of edits) {
      const { id, body } = planComment();
      expect(edit(body), what).not.toBe(body);
      loop.repo.as('alice').editComment(id, edit(body));
      expectNoApproval(await approving(), 'plan-altered', shut);
      expect(planComment().body, what).toBe(body);
    }
  });

  const edits: [string, (body: string) => string][] = [
    ['another file', (body: string) => body.replace('src/tax.ts', 'docs/tax.md')],
    ['an operation', (body: string) => body.replace('| create |', '| modify |')],
    ['a word of the request', (body: string) => body.replace('│ add a tax', '│ fix a typo')],
    [
      'a flag',
      (body: string) => body.replace(/(\| `src\/tax\.ts` \|[^|]*\|)[^|]*\|/, '$1 harmless |'),
    ],
    ['its end', (body: string) => body.slice(0, -200)],
    ['another state', (body: string) => body.replace('awaiting approval', 'reviewed by security')],
    ['a line behind it', (body: string) => `${body}\n\nLGTM`],
  ];

  it('is edited for the look, and put back after the label', async () => {
    planned();
    const { id, body } = planComment();
    loop.repo.as('alice').editComment(id, body.replace('src/tax.ts', 'docs/tax.md'));
    loop.github.clock.advance({ minutes: 1 });
    const event = loop.repo.as('bob').label(1, label);
    loop.github.clock.advance({ seconds: 5 });
    loop.repo.as('alice').editComment(id, body);
    expectNoApproval(await attempt(loop, () => loop.step('approve', event)), 'plan-too-fresh');
  });

  it('is edited and put back, with a copy of it that was left alone', async () => {
    planned();
    const { id, body } = planComment();
    loop.repo.as('github-actions[bot]').comment(1, body);
    const [first, second] = loop.pull.comments.filter((each) => each.body === body);
    expect(first?.id).toBe(id);
    loop.github.clock.advance({ minutes: 1 });
    loop.repo.as('alice').editComment(second?.id ?? 0, body.replace('src/tax.ts', 'docs/tax.md'));
    const event = loop.repo.as('bob').label(1, label);
    loop.github.clock.advance({ seconds: 5 });
    loop.repo.as('alice').editComment(second?.id ?? 0, body);
    expectNoApproval(await attempt(loop, () => loop.step('approve', event)), 'plan-too-fresh');
  });

  it('is deleted', async () => {
    planned();
    loop.repo.as('alice').deleteComment(planComment().id);
    expectNoApproval(await approving(), 'plan-altered', again);
    expect(planComment().user.login).toBe('github-actions[bot]');
  });

  it('is imitated by somebody else, marker and all', async () => {
    planned();
    const genuine = planComment();
    loop.repo.as('alice').deleteComment(genuine.id);
    loop.repo.as('mallory').comment(1, genuine.body);
    expectNoApproval(await approving(), 'plan-altered', again);
    const shown = loop.pull.comments.filter((each) => each.body === genuine.body);
    expect(shown.map((each) => each.user.login)).toEqual(['mallory', 'github-actions[bot]']);
  });

  it('has its line ends changed, which changes nothing', async () => {
    planned();
    const { id, body } = planComment();
    loop.repo.as('alice').editComment(id, body.replaceAll('\n', '\r\n'));
    expect((await loop.approve()).reason).toBe('ok');
  });
});

describe('another plan', () => {
  it('that comes right before the label is what the label would approve', async () => {
    planned();
    loop.github.clock.advance({ minutes: 5 });
    expect((await loop.plan('delete everything')).reason).toBe('ok');
    loop.github.clock.advance({ seconds: 5 });
    const event = loop.repo.as('bob').label(1, label);
    expectNoApproval(await attempt(loop, () => loop.step('approve', event)), 'plan-too-fresh');
  });

  it('ends the approval of the one before, and of its label', async () => {
    approved();
    expect((await loop.plan('something else')).reason).toBe('ok');
    expect(loop.pull.labels).toEqual([]);
    expectVoid(await verifying(), 'plan-superseded');
  });

  it('that is published while Codex carries out the one before', async () => {
    planned();
    let second: Promise<StepResult> | undefined;
    const edits = loop.github.onRequest(async (request) => {
      if (!readsLog(request) || loop.model.callsOf('edit').length === 0) return;
      edits();
      second = loop.plan('something else');
      await second;
    });
    const attack = await approving();
    expect((await second)?.reason).toBe('ok');
    expect(attack.result.reason).toBe('label-missing');
    expect(approvals()).toEqual([]);
  });

  it('of a sibling with the same head', async () => {
    planned();
    const sibling = loop.repo.openPullRequest({ author: 'frank', head: loop.pull.head.ref });
    expect(sibling.head.sha).toBe(loop.pull.head.sha);
    loop.github.clock.advance({ minutes: 1 });
    const event = loop.repo.as('bob').label(sibling.number, label);
    const attack = await attempt(loop, () => loop.step('approve', event));
    expectShut(attack, 'plan-missing', { writes: [labelOff, status] });
  });

  it('of a sibling, uploaded under the name of this one', async () => {
    planned();
    const sibling = loop.repo.openPullRequest({ author: 'frank', head: loop.pull.head.ref });
    const { run, content } = loop.repo.artifacts.newest('codex-plan-1');
    loop.repo.artifacts.add({ name: `codex-plan-${sibling.number}`, run, content });
    loop.github.clock.advance({ minutes: 1 });
    const event = loop.repo.as('bob').label(sibling.number, label);
    const attack = await attempt(loop, () => loop.step('approve', event));
    expectShut(attack, 'provenance-mismatch', { writes: [labelOff, status] });
  });
});

describe('the base', () => {
  it('is another one since the plan', async () => {
    planned();
    loop.repo.push('release', { 'docs/release.md': `${Math.random()}\n` });
    loop.repo.as('frank').retarget(1, 'release');
    expectNoApproval(await approving(), 'base-moved');
  });

  it('is another one since the approval', async () => {
    approved();
    loop.repo.push('release', { 'docs/release.md': `${Math.random()}\n` });
    loop.repo.as('frank').retarget(1, 'release');
    expectVoid(await verifying(), 'base-moved');
  });

  it('changes a planned file before the label', async () => {
    planned();
    loop.repo.push('main', { 'src/cart.ts': 'export const total = 2;\n' });
    expectNoApproval(await approving(), 'base-moved');
  });

  it('changes a planned file after the approval', async () => {
    approved();
    loop.repo.push('main', { 'src/cart.ts': 'export const total = 2;\n' });
    expectVoid(await verifying(), 'base-moved', uploads);
  });
});

describe('an approval', () => {
  it('that has expired', async () => {
    approved();
    loop.github.clock.advance({ hours: 24 });
    expectVoid(await verifying(), 'approval-expired');
  });

  it('of somebody who may no longer approve', async () => {
    approved();
    loop.repo.setRole('bob', 'triage');
    expectVoid(await verifying(), 'actor-denied');
  });

  it('that was used', async () => {
    states.verified();
    expect((await loop.execute()).reason).toBe('ok');
    const head = loop.pull.head.sha;
    const again = await attempt(loop, () => loop.execute());
    expect(again.result).toMatchObject({ reason: 'approval-consumed', status: 1 });
    expect(again.writes.filter((write) => ![labelOff, commentEdit].includes(write))).toEqual([]);
    expect(loop.pull.head.sha).toBe(head);
    expectVoid(await verifying(), 'approval-consumed');
  });

  it('that is not there, if the label is', async () => {
    planned();
    loop.repo.as('bob').label(1, label);
    expectShut(await verifying(), 'approval-missing', { writes: [labelOff, status] });
  });
});
