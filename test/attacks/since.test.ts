/** Time: an approval is held against what is true now, and nobody but an approver makes it last or makes it anew. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Attempt,
  attempt,
  commentEdit,
  comments,
  expectShut,
  labelOff,
  reaction,
  status,
  uploads,
} from '../support/attack.ts';
import { graphqlQuery } from '../support/github/github.ts';
import { WORKFLOW } from '../support/github/index.ts';
import {
  examplePlan,
  exampleScript,
  type Loop,
  label,
  type StepInLoop,
  startLoop,
} from '../support/loop/loop.ts';
import { remember } from '../support/loop/memory.ts';
import { type SharedLoop, shareLoop } from '../support/loop/shared.ts';
import { reach } from '../support/loop/states.ts';
import { create, patch, refuse, type Script, say } from '../support/model/index.ts';

let loop: Loop;
const inputs = { 'pull-request': '1' };
const dispatched = (mode: 'approve' | 'verify' | 'execute', by: string) =>
  loop.step(mode, loop.repo.as(by).dispatch(WORKFLOW), { inputs });
const policy = (text: string) => loop.repo.push('main', { '.github/codex-plan.yml': text });
const shut = { writes: [labelOff, comments, commentEdit, status] };
const expectApproved = (result: StepInLoop) => expect(result.reason).toBe('ok');

/** A plan for one file that needs an approver with a stronger role. */
const elevated: Script = {
  ...exampleScript,
  plan: () =>
    JSON.stringify({
      ...examplePlan,
      steps: [],
      files: [{ path: 'lib/package.json', operation: 'create', reason: '' }],
    }),
  edit: [patch(create('lib/package.json', '{}\n')), say('Done.')],
};

/** The shared loop for the tests of a block, and what brings it back to an earlier state. */
function stage() {
  let shared: SharedLoop;
  beforeAll(async () => {
    shared = await shareLoop('approved');
    loop = shared.loop;
  });
  afterEach(() => expect(loop.github.violations).toEqual([]));
  return {
    fresh: () => shared.states.fresh(),
    /** @returns the step that made the plan */
    planned: () => {
      shared.states.planned();
      return shared.steps[0] as StepInLoop;
    },
    /** @returns the step that approved it */
    approved: () => {
      shared.states.approved();
      return shared.steps[1] as StepInLoop;
    },
  };
}

describe('an approval', () => {
  let restore: () => void;
  beforeAll(async () => {
    loop = await startLoop({ script: elevated, scripted: true });
    expectApproved(await loop.plan());
    expectApproved(await loop.approve({ by: 'carol' }));
    restore = remember(loop);
  });
  beforeEach(() => restore());
  afterEach(() => expect(loop.github.violations).toEqual([]));
  afterAll(() => loop.close());

  it.each(['verify', 'execute'] as const)(
    'is over for %s if its label is renamed, which leaves no event',
    async (mode) => {
      loop.repo.issue(1).labels = [];
      const attack = await attempt(loop, () => dispatched(mode, 'alice'));
      expectShut(attack, 'label-missing', shut);
    },
  );

  it('is over if its approver has lost the role that a file of the plan needs', async () => {
    loop.repo.setRole('carol', 'write');
    const attack = await attempt(loop, () => dispatched('verify', 'alice'));
    expectShut(attack, 'path-protected', shut);
  });

  it.each([
    ['asks for more approvers', 'approvers: { count: 2 }\n', 'votes-missing'],
    ['denies a file of the plan', "paths: { deny: ['lib/**'] }\n", 'path-protected'],
    ['wants an administrator', 'paths: { elevated: { permission: admin } }\n', 'path-protected'],
    ['names others', 'approvers: { users: [bob] }\n', 'actor-denied'],
  ])('is over where the policy by now %s', async (_, text, reason) => {
    policy(text);
    expectShut(await attempt(loop, () => dispatched('verify', 'alice')), reason, shut);
  });

  it('is over with a push, even if the same commits are put back', async () => {
    const { ref, sha } = loop.pull.head;
    loop.repo.as('frank').pushTo(1, { 'src/evil.ts': 'evil();\n' });
    loop.repo.moveBranch(ref, sha);
    expectShut(await attempt(loop, () => dispatched('verify', 'alice')), 'head-moved', shut);
  });

  it('holds again in all these cases, once all is as it was', async () => {
    expectApproved(await dispatched('verify', 'alice'));
  });

  it('is not asked about by a stranger’s comment', async () => {
    for (const mode of ['verify', 'execute'] as const) {
      const event = loop.repo.as('mallory').comment(1, 'hello');
      const attack = await attempt(loop, () => loop.step(mode, event));
      expectShut(attack, 'actor-denied');
      expect(attack.calls).toHaveLength(1);
    }
  });
});

describe('an approval is not made to last', () => {
  const { approved, planned } = stage();

  /** The run said what is on record, and did nothing else. */
  const expectRepeated = ({ result, writes, modelCalls }: Attempt) => {
    expect(result).toMatchObject({ decision: 'approved', reason: 'ok', status: 0 });
    expect(writes).toEqual([]);
    expect(modelCalls).toBe(0);
  };

  it('nor made again by the requester, who repeats or dispatches the run', async () => {
    const approval = approved();
    for (const again of [
      () => loop.rerun('approve', approval, 'alice'),
      () => dispatched('approve', 'alice'),
    ]) {
      expectRepeated(await attempt(loop, again));
      expect(loop.repo.artifacts.list('codex-approval-1')).toHaveLength(1);
    }
    const bot = await attempt(loop, () => dispatched('approve', 'github-actions[bot]'));
    expectShut(bot, 'bot-denied', shut);
  });

  it('nor made by the requester, after trouble that kept the label', async () => {
    for (const again of [
      (approval: StepInLoop) => loop.rerun('approve', approval, 'alice'),
      () => dispatched('approve', 'alice'),
    ]) {
      planned();
      loop.model.follow({ ...exampleScript, edit: () => refuse(400) });
      const troubled = await loop.approve();
      expect(troubled).toMatchObject({ reason: 'codex-failed', status: 1 });
      expect(loop.pull.labels).toEqual([label]);
      expectShut(await attempt(loop, () => again(troubled)), 'self-approval', shut);
      expect(loop.pull.labels).toEqual([]);
    }
  });

  it('by its approver, who repeats the run: it ends when it would have', async () => {
    const approval = approved();
    loop.github.clock.advance({ hours: 23 });
    expectRepeated(await attempt(loop, () => loop.rerun('approve', approval, 'bob')));
    expect(loop.repo.artifacts.list('codex-approval-1')).toHaveLength(1);
    const labels = [...loop.repo.issue(1).labels];
    const events = [...loop.repo.events];
    loop.github.clock.advance({ hours: 2 });
    expectShut(await attempt(loop, () => loop.verify()), 'approval-expired', shut);
    loop.repo.issue(1).labels = labels;
    loop.repo.events.splice(0, Number.POSITIVE_INFINITY, ...events);
    const late = await attempt(loop, () => loop.rerun('approve', approval, 'bob'));
    expectShut(late, 'approval-expired', shut);
  });

  it.each([
    [
      'the approver has lost the permission',
      () => loop.repo.setRole('bob', 'read'),
      'actor-denied',
    ],
    ['the policy asks for more', () => policy('approvers: { count: 2 }\n'), 'votes-missing'],
    ['the policy allows fewer hours', () => shorten(), 'approval-expired'],
  ])('by its approver, who repeats the run after %s', async (_, change, reason) => {
    approved();
    change();
    expectShut(await attempt(loop, () => dispatched('approve', 'carol')), reason, shut);
    expect(loop.pull.labels).toEqual([]);
  });
  const shorten = () => {
    policy('approvers: { hours: 1 }\n');
    loop.github.clock.advance({ hours: 2 });
  };
});

describe('a plan', () => {
  const { fresh, planned } = stage();

  it('is not approved by whoever had it made again', async () => {
    const plan = planned();
    loop.repo.as('frank').pushTo(1, { 'docs/more.md': 'More.\n' });
    expectApproved(await loop.rerun('plan', plan, 'bob'));
    expectShut(await attempt(loop, () => loop.approve({ by: 'bob' })), 'self-approval', shut);
    expectShut(await attempt(loop, () => loop.approve({ by: 'alice' })), 'self-approval', shut);
    expectApproved(await loop.approve({ by: 'carol' }));
  });

  it('whose evidence is gone is not nothing: a check that passes without plans does not', async () => {
    planned();
    loop.repo.artifacts.delete(loop.repo.artifacts.newest('codex-plan-1'));
    for (const step of [loop.verify, loop.execute]) {
      const attack = await attempt(loop, () => step({ inputs: { 'when-missing': 'pass' } }));
      expectShut(attack, 'plan-missing', shut);
    }
  });

  it('is in no way what a fork uploads under the name, for such a check', async () => {
    fresh();
    const fork = loop.repo.fork('mallory');
    const pull = loop.repo.openPullRequest({ author: 'mallory', from: fork, head: 'topic' });
    const event = loop.repo.as('mallory').retitle(pull.number, 'x');
    const { run } = loop.repo.startRun({ event, on: 'pull_request' });
    for (const number of [1, pull.number]) {
      const name = `codex-plan-${number}`;
      loop.repo.artifacts.add({ name, run, content: Buffer.from('x') });
      const pass = { 'when-missing': 'pass', 'pull-request': String(number) };
      const checked = await loop.verify({ inputs: pass });
      expect(checked).toMatchObject({ decision: 'ignored', reason: 'plan-missing', status: 0 });
    }
  });
});

describe('a vote', () => {
  beforeAll(async () => {
    loop = await startLoop({ scripted: true, policy: 'approvers: { count: 2 }\n' });
    expectApproved(await loop.plan());
  });
  afterEach(() => expect(loop.github.violations).toEqual([]));
  afterAll(() => loop.close());

  it('for another head is none, even if the same commits are put back', async () => {
    const { ref, sha } = loop.pull.head;
    loop.repo.as('frank').pushTo(1, { 'src/evil.ts': 'evil();\n' });
    expectShut(await attempt(loop, () => loop.approve({ by: 'bob' })), 'head-moved', shut);
    loop.repo.moveBranch(ref, sha);
    expectShut(await attempt(loop, () => loop.approve({ by: 'carol' })), 'votes-missing', shut);
  });

  it('for another base is none, even if the same one is put back', async () => {
    loop.repo.push('release', { 'docs/release.md': 'x\n' });
    loop.repo.as('frank').retarget(1, 'release');
    expectShut(await attempt(loop, () => loop.approve({ by: 'bob' })), 'base-moved', shut);
    loop.repo.as('frank').retarget(1, 'main');
    expectShut(await attempt(loop, () => loop.approve({ by: 'carol' })), 'votes-missing', shut);
  });

  it('that came in time counts, also when the run of the last one is repeated', async () => {
    const last = await loop.approve({ by: 'bob' });
    expectApproved(last);
    loop.github.clock.advance({ minutes: 3 });
    const again = await attempt(loop, () => loop.rerun('approve', last, 'bob'));
    expect(again.result.reason).toBe('ok');
    expect(again.result.outputs['artifact-id']).toBe(last.outputs['artifact-id']);
    expect(again.writes).toEqual([]);
    expectApproved(await loop.verify());
  });
});

describe('a branch', () => {
  afterEach(async () => {
    expect(loop.github.violations).toEqual([]);
    await loop.close();
  });

  it('of a fork is not written to, nor one of the same name here', async () => {
    loop = await startLoop({ scripted: true, policy: 'forks: true\n' });
    const from = loop.repo.fork('mallory');
    const files = { 'docs/x.md': 'x\n' };
    const pull = loop.repo.openPullRequest({ author: 'mallory', from, head: 'main', files });
    const about = { inputs: { 'pull-request': String(pull.number) } };
    const main = loop.repo.tip('main');
    const asked = loop.repo.as('alice').comment(pull.number, '/codex add a tax');
    expectApproved(await loop.step('plan', asked));
    loop.github.clock.advance({ minutes: 2 });
    expectApproved(await loop.step('approve', loop.repo.as('bob').label(pull.number, label)));
    expectApproved(await loop.verify(about));
    expectShut(await attempt(loop, () => loop.execute(about)), 'fork-denied', shut);
    expect(loop.repo.tip('main')).toBe(main);
  });

  it('that was renamed while execute ran is followed', async () => {
    ({ loop } = await shareLoop('verified'));
    const { ref, sha } = loop.pull.head;
    let reads = 0;
    loop.github.onRequest((request) => {
      if (!/headRefName/.test(graphqlQuery(request)) || ++reads !== 2) return;
      loop.repo.git.setRef('refs/heads/renamed', sha);
      const { pull } = loop.repo.issue(1);
      if (pull !== null) pull.head.ref = 'renamed';
    });
    const executed = await loop.execute();
    expectApproved(executed);
    expect(loop.repo.tip(ref)).toBe(sha);
    expect(loop.repo.tip('renamed')).toBe(executed.outputs['commit-sha']);
  });

  it('keeps every file that the plan does not name, one that the base has deleted, too', async () => {
    const path = 'tool';
    const files = [{ path, operation: 'create', reason: '' }];
    loop = await startLoop({
      scripted: true,
      files: { 'tool/x': 'x\n', 'tool/y': 'y\n' },
      script: {
        ...exampleScript,
        plan: () => JSON.stringify({ ...examplePlan, steps: [], files }),
        edit: [patch(create(path, 'x\n')), say('Done.')],
      },
    });
    loop.repo.push('main', { 'tool/x': null, 'tool/y': null });
    // After the merge there is no folder, but on the branch there still is one.
    const attack = await attempt(loop, () => loop.plan());
    expectShut(attack, 'path-unsupported', {
      writes: [reaction, labelOff, comments, status, ...uploads],
      model: true,
    });
  });
});

describe('a team that execute cannot read', () => {
  const path = '.github/codex-plan.yml';
  let teams: Loop;
  let restore: () => void;

  beforeAll(async () => {
    const policy = 'approvers: { users: [bob], teams: [reviewers] }\n';
    teams = await startLoop({ scripted: true, policy });
    await reach(teams, 'verified');
    restore = remember(teams);
  });
  afterAll(() => teams.close());

  it('does not take in an approver who was struck from the list since the verification', async () => {
    teams.repo.push('main', { [path]: 'approvers: { users: [carol], teams: [reviewers] }\n' });
    const { sha } = teams.pull.head;
    const attack = await attempt(teams, () => teams.execute());
    expectShut(attack, 'verification-missing', { writes: [status, comments] });
    expect(teams.pull.head.sha).toBe(sha);
  });

  it('is as the verification found it, as long as the policy is', async () => {
    restore();
    teams.repo.push('main', { 'src/other.ts': 'export const other = 2;\n' });
    expect(await teams.execute()).toMatchObject({ decision: 'executed', status: 0 });
  });
});
