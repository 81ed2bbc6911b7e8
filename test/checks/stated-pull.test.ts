import { describe, expect, it } from 'vitest';
import { findTouchedByBase } from '../../src/checks/base-touched.ts';
import { type Look, look, tellingState } from '../../src/checks/stated-pull.ts';
import { stoppedByHead, stoppedByState } from '../../src/checks/stopped-by-state.ts';
import type { TimelineEvent } from '../../src/core/life/timeline.ts';
import type { FileState } from '../../src/core/plan/scope.ts';
import { Stopped } from '../../src/decision.ts';
import { manifest } from '../core/samples.ts';
import { label, request, set } from '../support/labels.ts';
import { objectId } from '../support/object-ids.ts';
import { reasonOf } from '../support/reason.ts';
import { Story } from '../support/story.ts';
import { buildTools, type Given } from '../support/tools.ts';

const baseTip = manifest.base.sha;
const state = (digit: string): FileState => ({ mode: '100644', blob: objectId(digit) });
/** Planned files at the base that the plan is about, and at its tip. */
type States = Readonly<Record<string, readonly [FileState | null, FileState | null]>>;
const untouched: States = { 'a.txt': [state('1'), state('1')], 'b.txt': [null, null] };

const at = (tip: string, states: States = untouched): Given => ({
  tip: tip === 'planned' ? baseTip : objectId(tip),
  pullRequests: {
    fileStates: async (commits) => {
      expect(commits).toEqual([baseTip, objectId(tip)]);
      return new Map(Object.entries(states));
    },
  },
});

function toolsOf(story: Story, given: Given, events: readonly TimelineEvent[] = [set]) {
  return buildTools({
    artifacts: story.artifacts,
    timeline: { read: async () => ({ events, carried: [label] }) },
    comments: [request],
    ...given,
  });
}

const lookAt = (story: Story, given: Given, events?: readonly TimelineEvent[]): Promise<Look> =>
  look(toolsOf(story, given, events), 12);

describe('a base', () => {
  const touched = async (states: States, given: Given = {}) => {
    const story = new Story();
    const { pullRequests } = toolsOf(story, { ...at('f', states), ...given });
    const { tip, paths } = await findTouchedByBase(pullRequests, story.plan, { baseRef: 'main' });
    expect(tip).toBe(objectId('f'));
    return paths;
  };

  it.each<[string, States, string[]]>([
    ['leaves them as they were', untouched, []],
    ['changes the content of one', { ...untouched, 'a.txt': [state('1'), state('2')] }, ['a.txt']],
    [
      'changes the mode of one',
      { ...untouched, 'a.txt': [state('1'), { ...state('1'), mode: '100755' }] },
      ['a.txt'],
    ],
    ['deletes one', { ...untouched, 'a.txt': [state('1'), null] }, ['a.txt']],
    ['creates one', { ...untouched, 'b.txt': [null, state('3')] }, ['b.txt']],
  ])('touches the planned files if it %s', async (_, states, expected) => {
    expect(await touched(states)).toEqual(expected);
  });

  it('that is where it was, or another branch, costs no look', async () => {
    const story = new Story();
    for (const [tip, baseRef] of [
      [baseTip, 'main'],
      [objectId('f'), 'release'],
    ] as const) {
      const { pullRequests } = buildTools({ tip });
      expect(await findTouchedByBase(pullRequests, story.plan, { baseRef })).toEqual({
        tip,
        paths: [],
      });
    }
  });

  it('about which GitHub does not say everything is no finding', async () => {
    const { 'b.txt': _, ...less } = untouched;
    await expect(touched(less)).rejects.toMatchObject({
      reason: 'api-unavailable',
      message: 'GitHub does not say what "b.txt" is.',
    });
  });
});

describe('a look at a pull request', () => {
  it('finds no plan, or one whose evidence is gone', async () => {
    const none = buildTools();
    expect((await look(none, 12)).stated).toMatchObject({ state: { is: 'none' }, planId: null });
    const story = new Story();
    const [plan] = story.artifacts.stored;
    if (plan) Object.assign(plan.artifact, { expired: true });
    const gone = await lookAt(story, {});
    expect(gone).toMatchObject({
      life: undefined,
      stated: { state: { is: 'expired', what: 'plan' }, planId: null },
    });
  });

  it('does not take evidence in doubt for none', async () => {
    const story = new Story();
    const [plan] = story.artifacts.stored;
    if (plan) Object.assign(plan.artifact, { digest: null });
    expect(await reasonOf(() => lookAt(story, {}))).toBe('digest-mismatch');
  });

  it('says the state of the plan, whose head and source', async () => {
    const story = new Story();
    story.approve();
    const { stated, life } = await lookAt(story, at('planned'));
    expect(stated).toEqual({
      number: 12,
      head: objectId('a'),
      headRepository: 7,
      state: life?.state,
      planId: story.plan.planId,
    });
    expect(stated.state.is).toBe('approved');
  });

  const touching = at('f', { ...untouched, 'a.txt': [state('1'), state('2')] });
  it.each<[string, (story: Story) => void, Given]>([
    ['that awaits approval', () => {}, {}],
    ['that is approved', (story) => void story.approve(), {}],
    ['that was denied', (story) => void story.deny(), {}],
    [
      'whose approval has expired',
      (story) => void story.approve(),
      { now: '2026-01-04T00:00:00Z' },
    ],
  ])('sees that the base touched a plan %s', async (_, make, given) => {
    const story = new Story();
    make(story);
    const { stated, life } = await lookAt(story, { ...touching, ...given });
    expect(stated.state).toEqual({ is: 'drifted', by: 'base' });
    expect(life?.state).toEqual(stated.state);
    const calm = await lookAt(story, { ...at('f'), ...given });
    expect(calm.stated.state.is).not.toBe('drifted');
  });

  it('does not ask about the base of a plan that has ended, or of a pull request that is closed', async () => {
    const given = { pullRequests: { baseTip: () => Promise.reject(new Error('asked')) } };
    const withdrawn = new Story();
    withdrawn.withdraw();
    expect((await lookAt(withdrawn, given)).stated.state.is).toBe('withdrawn');
    const closed = await lookAt(new Story(), { ...given, pull: { open: false } });
    expect(closed.stated.state.is).toBe('awaiting');
    const drifted = new Story();
    drifted.verify(drifted.approve().digest, { result: 'drifted' });
    expect((await lookAt(drifted, given)).stated.state).toEqual({
      is: 'drifted',
      by: 'verification',
    });
  });
});

describe('a step', () => {
  const good = { decision: 'verified', detail: '' } as const;

  async function tell(
    step: () => Promise<typeof good>,
    given: Given = at('planned'),
    status: (pull: unknown) => Promise<void> = async () => {},
  ) {
    const story = new Story();
    story.approve();
    const tools = toolsOf(story, given);
    const told: unknown[] = [];
    const tellStatus = {
      tell: async (pull: unknown) => {
        told.push(pull);
        await status(pull);
      },
    };
    const ended = await tellingState({ ...tools, status: tellStatus }, 12, step).catch(
      (error: Error) => error,
    );
    return { ended, told, facts: tools.facts, warnings: tools.warnings };
  }

  it('says by output and status what the state of the plan is', async () => {
    const { ended, told, facts } = await tell(async () => good);
    expect(ended).toEqual(good);
    expect(facts.state).toBe('approved');
    expect(told).toMatchObject([{ number: 12, state: { is: 'approved' } }]);
  });

  it('tells of the life that it read last, without reading it again', async () => {
    const story = new Story();
    story.approve();
    const { life } = await lookAt(story, at('planned'));
    if (life === undefined) throw new Error('There is no plan.');
    const never = () => Promise.reject(new Error('It was read again.'));
    const tools = toolsOf(story, { tip: baseTip, pullRequests: { read: never } });
    const told: unknown[] = [];
    const status = { tell: async (pull: unknown) => void told.push(pull) };
    const step = async () => ({ ...good, life });
    expect(await tellingState({ ...tools, status }, 12, step)).toEqual(good);
    expect(told).toMatchObject([{ state: { is: 'approved' } }]);
    // A plan that has ended for good is told as the step found it.
    const withdrawn = { ...life, state: { is: 'withdrawn' } } as const;
    const ending = () => Promise.reject(stoppedByState(withdrawn));
    const ended = await reasonOf(() => tellingState({ ...tools, status }, 12, ending));
    expect(ended).toBe('plan-withdrawn');
    expect(told[1]).toMatchObject({ state: { is: 'withdrawn' } });
  });

  it('reads the plan again if time or a label can have changed what it stopped for', async () => {
    const story = new Story();
    const { life } = await lookAt(story, at('planned'));
    if (life === undefined) throw new Error('There is no plan.');
    expect(life.state.is).toBe('awaiting');
    const { told } = await tell(() => Promise.reject(stoppedByState(life)));
    expect(told).toMatchObject([{ state: { is: 'approved' } }]);
  });

  it('says if nobody looked up whether a trusted run made the plan that it stopped for', async () => {
    const { pull, plan } = (await lookAt(new Story(), at('planned'))).life ?? {};
    if (pull === undefined || plan === undefined) throw new Error('There is no plan.');
    const { told } = await tell(() => Promise.reject(stoppedByHead(pull, plan.planId)));
    const state = { is: 'outdated', by: 'head-moved' };
    expect(told).toMatchObject([{ planId: plan.planId, state, untrusted: true }]);
  });

  it('tells it however it ends, and ends so all the same', async () => {
    const stopped = new Stopped('outside-plan', 'x');
    const { ended, told, facts } = await tell(() => Promise.reject(stopped));
    expect(ended).toBe(stopped);
    expect(facts.state).toBe('approved');
    expect(told).toHaveLength(1);
  });

  it.each([
    ['a step that ends as ignored', new Stopped('plan-missing', 'x', { decision: 'ignored' })],
    ['a mistake of ours', new TypeError('x')],
  ])('tells nothing after %s', async (_, error) => {
    const { ended, told, facts } = await tell(() => Promise.reject(error));
    expect(ended).toBe(error);
    expect(told).toEqual([]);
    expect(facts).not.toHaveProperty('state');
  });

  it('can tell the state of another pull request, which shares the head', async () => {
    const story = new Story();
    story.approve();
    const others: unknown[] = [];
    const status: Parameters<typeof tellingState>[0]['status'] = {
      tell: async (_, readOther) => void others.push(await readOther(13), await readOther(12)),
    };
    const tools = toolsOf(story, at('planned'));
    await tellingState({ ...tools, status }, 12, async () => good);
    expect(others).toMatchObject([
      { number: 13, state: { is: 'none' } },
      { number: 12, state: { is: 'approved' } },
    ]);
  });

  it('ends as it stopped, also if telling it fails by a mistake of ours, which is a warning', async () => {
    const stopped = new Stopped('outside-plan', 'x');
    const { ended, warnings } = await tell(
      () => Promise.reject(stopped),
      at('planned'),
      () => Promise.reject(new TypeError('y')),
    );
    expect(ended).toBe(stopped);
    expect(warnings).toEqual([
      expect.stringMatching(/^The state of the plan could not be published\. TypeError: y/),
    ]);
  });

  it('sets no status on a pull request that is closed', async () => {
    const given = { ...at('planned'), pull: { open: false } };
    const { told, facts } = await tell(async () => good, given);
    expect(told).toEqual([]);
    expect(facts.state).toBe('approved');
  });

  it('is not spoilt by what cannot be told', async () => {
    const trouble = () => Promise.reject(new Stopped('api-unavailable', 'GitHub is down.'));
    const { ended, warnings } = await tell(async () => good, at('planned'), trouble);
    expect(ended).toEqual(good);
    expect(warnings).toEqual(['The state of the plan could not be published. GitHub is down.']);
    const broken = await tell(
      async () => good,
      at('planned'),
      () => Promise.reject(new TypeError('x')),
    );
    expect(broken.ended).toBeInstanceOf(TypeError);
  });
});
