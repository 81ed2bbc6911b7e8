/**
 * What ends stays ended: labels can be renamed, comments edited, calls can fail, and none of that brings an approval back
 * to life.
 */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  attempt,
  commentEdit,
  comments,
  expectShut,
  labelOff,
  status,
  uploads,
} from '../support/attack.ts';
import { graphqlQuery, WORKFLOW } from '../support/github/index.ts';
import { unpack } from '../support/loop/evidence.ts';
import {
  exampleEdit,
  examplePlan,
  exampleScript,
  type Loop,
  label,
  type StepInLoop,
} from '../support/loop/loop.ts';
import { remember } from '../support/loop/memory.ts';
import { shareLoop } from '../support/loop/shared.ts';
import type { States } from '../support/loop/states.ts';
import { type Answer, create, patch, say } from '../support/model/index.ts';
import { present } from '../support/present.ts';

let loop: Loop;
let states: States;
/** What the model says the plan is, when it is asked again. */
let plan: () => Answer;
/** What the model does when the plan is carried out. */
let edit: readonly Answer[];
let edits: number;

const usualPlan = () => JSON.stringify(examplePlan);
const anotherPlan = () => JSON.stringify({ ...examplePlan, summary: 'The total gets a fee.' });
const edited = (...answers: readonly Answer[]) => {
  edit = answers;
  edits = loop.model.callsOf('edit').length;
};

beforeEach(() => {
  bundled = undefined;
});
beforeAll(async () => {
  plan = usualPlan;
  edit = exampleEdit;
  edits = 0;
  ({ loop, states } = await shareLoop('verified', {
    ...exampleScript,
    plan: () => plan(),
    edit: (call) => edit[call.turn - edits] ?? 'Done.',
  }));
});
afterEach(() => {
  plan = usualPlan;
  loop.github.faults.clear();
  expect(loop.github.violations).toEqual([]);
});

const as = (login: string) => loop.repo.as(login);
/** The mode whose steps run as a user's do: with the bundle and the real CLI. One test of each kind has one. */
let bundled: 'verify' | 'execute' | undefined;
/** Asked whether or not something changed. */
const verifying = () =>
  attempt(loop, () =>
    loop.verify({ bundle: bundled === 'verify', inputs: { regenerate: 'always' } }),
  );
const executing = () => attempt(loop, () => loop.execute({ bundle: bundled === 'execute' }));
const dispatched = (by: string) =>
  loop.step('approve', as(by).dispatch(WORKFLOW), { inputs: { 'pull-request': '1' } });
const shut = { writes: [labelOff, comments, commentEdit, status] };
const recorded = { writes: [...shut.writes, ...uploads], model: true };
const keepLabel = () =>
  loop.github.fault({ method: 'DELETE', path: /\/labels\//, status: 500, times: Infinity });
const report = (kind: string) =>
  loop.pull.comments.findLast(({ body }) => body.startsWith(`<!-- codex-${kind} `))?.body ?? '';

/**
 * Neither step goes on, for that reason, without a model.
 * @returns the outputs of the last one
 */
async function expectOver(reason: string): Promise<Readonly<Record<string, string>>> {
  const { sha } = loop.pull.head;
  expectShut(await verifying(), reason, shut);
  const executed = await executing();
  expectShut(executed, reason, shut);
  expect(loop.pull.head.sha).toBe(sha);
  return executed.result.outputs;
}

let backToCrash: (() => void) | undefined;
let crashed: StepInLoop;
/** A verified plan whose execution ended right before the branch moved: the first test kills it, and the others go on from there. */
async function crash(): Promise<StepInLoop> {
  backToCrash?.();
  if (backToCrash !== undefined) return crashed;
  states.verified();
  const killer = new AbortController();
  const hung = loop.github.fault({ graphql: /updateRefs/, hang: true });
  const stop = loop.github.onRequest((request) => {
    if (graphqlQuery(request).includes('updateRefs')) killer.abort();
  });
  crashed = await loop.execute({ signal: killer.signal });
  stop();
  hung.remove();
  backToCrash = remember(loop);
  return crashed;
}

describe('an approval that was taken back', () => {
  beforeEach(() => states.verified());

  it('does not come back with another label of its name', async () => {
    bundled = 'execute';
    as('alice').label(1, 'docs');
    as('alice').renameLabel(label, 'approved-p1an');
    as('bob').unlabel(1, 'approved-p1an');
    as('alice').renameLabel('docs', label);
    expect(loop.pull.labels).toEqual([label]);
    await expectOver('approval-missing');
  });

  it('does not come back with its own label, set by somebody else', async () => {
    as('alice').renameLabel(label, 'approved-p1an');
    as('bob').unlabel(1, 'approved-p1an');
    as('alice').renameLabel('approved-p1an', label);
    as('erin').label(1, label);
    await expectOver('approval-missing');
  });

  it.each(['told', 'untold'] as const)(
    'does not come back with a new label in place of a deleted one (%s)',
    async (how) => {
      loop.github.deletedLabels = how;
      as('alice').deleteLabel(label);
      as('alice').createLabel(label);
      as('erin').label(1, label);
      await expectOver('approval-missing');
    },
  );
});

describe('an approval whose label has another name', () => {
  it.each([
    ['renamed', () => {}],
    [
      'exchanged',
      () => {
        as('alice').label(1, 'spare');
        as('alice').renameLabel('spare', label);
      },
    ],
  ])('ends for good where a step meets it: %s', async (_, exchange) => {
    states.verified();
    as('alice').renameLabel(label, 'docs');
    exchange();
    expectShut(await executing(), 'label-missing', shut);
    // The label of the approval is off. One that was set since asks something new, which approve has to answer.
    expect(loop.pull.labels).not.toContain('docs');
    if (loop.repo.findLabel(label) !== null) as('alice').deleteLabel(label);
    as('alice').renameLabel('docs', label);
    await expectOver('label-missing');
  });
});

describe('an approval that drifted', () => {
  beforeEach(() => states.verified());

  it('stays so, though its label was renamed while the model was asked', async () => {
    bundled = 'verify';
    plan = () => {
      as('alice').renameLabel(label, 'docs');
      return anotherPlan();
    };
    expectShut(await verifying(), 'plan-drift', recorded);
    bundled = undefined;
    expect(loop.pull.labels).toEqual([]);
    plan = usualPlan;
    as('alice').renameLabel('docs', label);
    // Nothing has answered the new label, and what ended by the old one stays so.
    as('erin').label(1, label);
    const { state } = await expectOver('plan-drift');
    expect(state).toBe('drifted');
    expect(loop.pull.labels).toEqual([label]);
  });

  it('stays so, though its label could not be removed, and no page says that it was', async () => {
    plan = anotherPlan;
    const kept = keepLabel();
    expectShut(await verifying(), 'plan-drift', recorded);
    kept.remove();
    expect(loop.pull.labels).toEqual([label]);
    expect(report('report')).toContain('could not be removed');
    expect(report('report')).not.toContain('was removed');
    plan = usualPlan;
    expectShut(await executing(), 'plan-drift', shut);
    // Now it can be.
    expect(loop.pull.labels).toEqual([]);
  });

  it('can be given again, by a label that is set after it', async () => {
    plan = anotherPlan;
    expectShut(await verifying(), 'plan-drift', recorded);
    plan = usualPlan;
    edited(...exampleEdit);
    expect(await loop.approve()).toMatchObject({ decision: 'approved', status: 0 });
    expect(await loop.verify()).toMatchObject({ decision: 'verified', status: 0 });
    expect(await loop.execute()).toMatchObject({ decision: 'executed', status: 0 });
  });
});

describe('an approval that was denied', () => {
  beforeEach(() => states.planned());

  it('stays so, though its label could not be removed: nobody has Codex try again', async () => {
    edited(patch(create('src/more.ts', 'x\n')), say('Done.'));
    const kept = keepLabel();
    let denied: Awaited<ReturnType<Loop['approve']>> | undefined;
    const first = await attempt(loop, async () => {
      denied = await loop.approve();
      return denied;
    });
    expectShut(first, 'outside-plan', recorded);
    expect(loop.pull.labels).toEqual([label]);
    expect(report('report')).toContain('could not be removed');
    expect(report('report')).not.toContain('was removed');
    edited(...exampleEdit);
    if (denied === undefined) throw new Error('nothing was denied');
    for (const again of [
      () => loop.rerun('approve', present(denied), 'bob'),
      () => dispatched('carol'),
    ]) {
      const attack = await attempt(loop, again);
      expectShut(attack, 'outside-plan', shut);
      expect(attack.result.outputs['denied-files']).toBe('["src/more.ts"]');
    }
    await expectOver('outside-plan');
    kept.remove();
  });
});

describe('an approval that two runs are about', () => {
  beforeEach(() => states.planned());

  it('is given once: the second run says what the first one recorded', async () => {
    edited(...exampleEdit, ...exampleEdit);
    let second: Awaited<ReturnType<typeof dispatched>> | undefined;
    const stop = loop.github.onRequest(async () => {
      // The first run has its change, and goes on to record it.
      if (loop.model.callsOf('edit').length < edits + exampleEdit.length) return;
      stop();
      second = await dispatched('carol');
    });
    const first = await loop.approve();
    expect(second).toMatchObject({ decision: 'approved', reason: 'ok', status: 0 });
    expect(first).toMatchObject({ decision: 'approved', reason: 'ok', status: 0 });
    expect(first.outputs['artifact-id']).toBe(second?.outputs['artifact-id']);
    expect(loop.repo.artifacts.list('codex-approval-1')).toHaveLength(1);
    expect(loop.repo.artifacts.list('codex-denial-1')).toEqual([]);
    expect(loop.pull.labels).toEqual([label]);
    expect(await loop.verify()).toMatchObject({ decision: 'verified', status: 0 });
  });
});

describe('an approval of before', () => {
  beforeEach(() => states.verified());

  it.each(['verify', 'execute'] as const)(
    'ends for %s if the policy allows fewer hours by now, and for good',
    async (mode) => {
      loop.github.clock.advance({ hours: 2 });
      const before = loop.repo.tip();
      loop.repo.push('main', { '.github/codex-plan.yml': 'approvers: { hours: 1 }\n' });
      expectShut(await attempt(loop, loop[mode]), 'approval-expired', shut);
      loop.repo.moveBranch('main', before);
      await expectOver('label-missing');
    },
  );

  it('is over with a newer plan, also once the evidence of that is deleted', async () => {
    // A new plan removes the label, and with another name it is not found by its name.
    as('alice').renameLabel(label, 'docs');
    expect(await loop.plan('something else')).toMatchObject({ decision: 'planned' });
    loop.repo.artifacts.delete(loop.repo.artifacts.newest('codex-plan-1'));
    as('alice').deleteLabel(label);
    as('alice').renameLabel('docs', label);
    if (!loop.pull.labels.includes(label)) as('erin').label(1, label);
    await expectOver('approval-missing');
  });

  it('is not given to an older plan, if the newest one is on the page without evidence', async () => {
    const before = report('plan');
    expect(await loop.plan('something else')).toMatchObject({ decision: 'planned' });
    loop.repo.artifacts.delete(loop.repo.artifacts.newest('codex-plan-1'));
    // Whoever deletes the evidence may edit comments, too.
    const older = loop.pull.comments.find(({ body }) => body.startsWith('<!-- codex-plan '));
    expect(older?.body).toContain('**State:** superseded');
    as('alice').editComment(older?.id ?? 0, before);
    const attack = await attempt(loop, () => loop.approve());
    expectShut(attack, 'plan-superseded', shut);
  });
});

describe('a commit that somebody pushed', () => {
  beforeEach(() => states.verified());
  const pushLikeUs = () => {
    const [, id = ''] = /^<!-- codex-plan ([0-9a-f]{64}) -->/.exec(report('plan')) ?? [];
    const message = `Add a tax\n\nCodex-Plan-Id: ${id}\nCodex-Plan-Approved-By: bob\n`;
    as('frank').pushTo(1, { 'src/tax.ts': 'export const tax = 9.9;\n' }, { message });
  };

  it('is not shown as the execution, with the trailers of one', async () => {
    pushLikeUs();
    for (const step of [loop.execute, loop.verify]) {
      const attack = await attempt(loop, step);
      expectShut(attack, 'head-moved', shut);
      expect(report('plan')).not.toContain('executed in');
    }
  });

  it('is not shown as the execution that was recorded and never came', async () => {
    await crash();
    expect(loop.repo.artifacts.list('codex-execution-1')).toHaveLength(1);
    pushLikeUs();
    const attack = await executing();
    expectShut(attack, 'head-moved', shut);
    expect(report('plan')).not.toContain('executed in');
  });
});

describe('an execution that was recorded, and whose approval then ended', () => {
  beforeEach(() => states.verified());

  const isRecorded = () => loop.repo.artifacts.list('codex-execution-1').length > 0;
  const recordedCommit = async (): Promise<string> => {
    expect(loop.repo.artifacts.list('codex-execution-1')).toHaveLength(1);
    const files = await unpack(loop.repo.artifacts.newest('codex-execution-1'));
    return JSON.parse(files['execution.json'] ?? '').commit;
  };
  /** A writer pushes the very commit that the record names; whatever is asked then, it is no execution. */
  const expectNoExecution = async (commit: string) => {
    expect(loop.repo.git.readCommit(commit)?.message).toContain('Codex-Plan-Id');
    as('frank').resetTo(1, commit);
    expect((await expectOver('head-moved')).state).toBe('outdated');
    expect(report('plan')).not.toContain('executed in');
    const inputs = { 'pull-request': '1' };
    const refreshed = await loop.step('refresh', as('carol').dispatch(WORKFLOW), { inputs });
    expect(refreshed.outputs.state).toBe('outdated');
    const told = loop.repo.statuses.filter(({ sha }) => sha === commit).at(-1);
    expect(told).toMatchObject({
      state: 'failure',
      description: expect.stringContaining('denied before it reached the branch'),
    });
  };

  it('counts for nothing: the label was removed before the last look', async () => {
    const stop = loop.github.onRequest(() => {
      if (!isRecorded()) return;
      stop();
      as('bob').unlabel(1, label);
    });
    const denied = await loop.execute();
    expect(denied).toMatchObject({ decision: 'denied', reason: 'label-missing', status: 1 });
    await expectNoExecution(await recordedCommit());
  });

  it('counts for nothing: GitHub did not answer the last look, and the label was removed then', async () => {
    let stop = () => {};
    const begin = loop.github.onRequest(() => {
      if (!isRecorded()) return;
      begin();
      const fault = loop.github.fault({ graphql: /./, status: 500, times: Infinity });
      stop = () => fault.remove();
    });
    const failed = await loop.execute();
    stop();
    expect(failed).toMatchObject({ reason: 'api-unavailable', status: 1 });
    as('bob').unlabel(1, label);
    await expectNoExecution(await recordedCommit());
  });

  it('counts for nothing: the branch moved before the write', async () => {
    const head = loop.pull.head.sha;
    const stop = loop.github.onRequest((request) => {
      if (!graphqlQuery(request).includes('updateRefs')) return;
      stop();
      as('frank').pushTo(1, { 'docs/note.md': 'Mine.\n' });
    });
    expect(await loop.execute()).toMatchObject({ reason: 'head-moved', status: 1 });
    as('frank').resetTo(1, head);
    await expectNoExecution(await recordedCommit());
  });

  // GitHub can have a client wait for minutes before it asks again.
  it.each<[string, Parameters<typeof loop.github.fault>[0]]>([
    ['GitHub wants fewer requests', { status: 429, retryAfter: 1 }],
    ['GitHub is in trouble', { status: 502 }],
    ['GitHub does not answer', { drop: true }],
  ])(
    'counts for nothing: the label is removed while the move waits, because %s',
    async (_, fault) => {
      const head = loop.pull.head.sha;
      loop.github.fault({ graphql: /updateRefs/, ...fault });
      const stop = loop.github.onRequest((request) => {
        if (!graphqlQuery(request).includes('updateRefs')) return;
        stop();
        as('bob').unlabel(1, label);
      });
      expect(await loop.execute()).toMatchObject({ reason: 'label-missing', status: 1 });
      expect(loop.pull.head.sha).toBe(head);
      await expectNoExecution(await recordedCommit());
    },
  );

  const runAgain = (crashed: StepInLoop) => {
    loop.github.clock.advance({ minutes: 40 });
    return loop.rerun('execute', crashed, 'frank', { inputs: { 'pull-request': '1' } });
  };

  it('counts for nothing: the run crashed, and its next attempt was denied', async () => {
    const crashed = await crash();
    as('bob').unlabel(1, label);
    expect(await runAgain(crashed)).toMatchObject({ reason: 'label-missing', status: 1 });
    await expectNoExecution(await recordedCommit());
  });

  it.each<[string, string, () => Promise<unknown>]>([
    ['the label was removed', 'label-missing', async () => as('bob').unlabel(1, label)],
    [
      'the plan was withdrawn',
      'plan-withdrawn',
      () => loop.step('plan', as('alice').comment(1, '/codex-withdraw')),
    ],
    [
      'a verification found a drift',
      'plan-drift',
      async () => {
        plan = anotherPlan;
        await verifying();
      },
    ],
  ])('leaves evidence that an audit accepts: the run crashed, and %s', async (_, reason, end) => {
    const crashed = await crash();
    await end();
    expect(await runAgain(crashed)).toMatchObject({ reason, status: 1 });
    const audited = await loop.audit();
    expect(audited.outputs.result).toContain('"decision":"audited"');
    as('frank').resetTo(1, await recordedCommit());
    expect(await loop.audit()).toMatchObject({ reason: 'evidence-inconsistent', status: 1 });
  });

  it('counts, if GitHub moved the branch after it had said that it could not', async () => {
    const trouble = loop.github.fault({ graphql: /updateRefs/, status: 502, times: Infinity });
    expect(await loop.execute()).toMatchObject({ reason: 'api-unavailable', status: 1 });
    trouble.remove();
    const commit = await recordedCommit();
    as('carol').resetTo(1, commit);
    const again = await loop.execute();
    expect(again).toMatchObject({ reason: 'approval-consumed', status: 1 });
    expect(again.outputs['commit-sha']).toBe(commit);
  });

  it('leaves evidence that an audit accepts', async () => {
    const stop = loop.github.onRequest(() => {
      if (!isRecorded()) return;
      stop();
      as('bob').unlabel(1, label);
    });
    await loop.execute();
    expect(await loop.audit()).toMatchObject({ decision: 'audited', status: 0 });
    as('frank').resetTo(1, await recordedCommit());
    expect(await loop.audit()).toMatchObject({ reason: 'evidence-inconsistent', status: 1 });
  });
});

describe('what a stranger names the pull request in', () => {
  const flood = () => as('mallory').reference(1, 5000);

  it('ends no step, whenever it comes', async () => {
    states.planned();
    flood();
    edited(...exampleEdit);
    loop.github.clock.advance({ minutes: 1 });
    const event = as('bob').label(1, label);
    loop.github.clock.advance({ seconds: 1 });
    flood();
    expect(await loop.step('approve', event)).toMatchObject({ decision: 'approved', status: 0 });
    flood();
    expect(await loop.verify()).toMatchObject({ decision: 'verified', status: 0 });
    flood();
    expect(await loop.execute()).toMatchObject({ decision: 'executed', status: 0 });
  });
});

describe('a list that lags', () => {
  beforeEach(() => states.planned());

  it('burns no label: the event log, once Codex has done its work', async () => {
    edited(...exampleEdit);
    let lagging: { remove(): void } | undefined;
    const stop = loop.github.onRequest(() => {
      if (loop.model.callsOf('edit').length < edits + exampleEdit.length) return;
      stop();
      lagging = loop.github.fault({ graphql: /timelineItems/, lag: 1, times: Infinity });
    });
    const attack = await attempt(loop, () => loop.approve());
    expectShut(attack, 'api-unavailable', recorded);
    lagging?.remove();
    expect(loop.pull.labels).toEqual([label]);
    edited(...exampleEdit);
    expect(await dispatched('carol')).toMatchObject({ decision: 'approved', status: 0 });
  });

  it.each([
    ['the event log', { graphql: /timelineItems/, lag: 1, times: Infinity }, 'label-missing'],
    [
      'the list of events',
      { path: /\/issues\/1\/events/, lag: 1, times: Infinity },
      'api-unavailable',
    ],
  ])('burns no label: %s', async (_, fault, reason) => {
    const lagging = loop.github.fault(fault);
    expectShut(await attempt(loop, () => loop.approve()), reason, { writes: [comments] });
    lagging.remove();
    expect(loop.pull.labels).toEqual([label]);
    edited(...exampleEdit);
    expect(await dispatched('carol')).toMatchObject({ decision: 'approved', status: 0 });
  });
});
