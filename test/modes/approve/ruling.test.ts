import { describe, expect, it } from 'vitest';
import { type PlanLife, readLife } from '../../../src/checks/plan-life.ts';
import type { PlanState } from '../../../src/core/life/state.ts';
import type { TimelineEvent } from '../../../src/core/life/timeline.ts';
import { Stopped } from '../../../src/decision.ts';
import {
  findEarlierAttempt,
  repeatRuling,
  requireOpenPlan,
} from '../../../src/modes/approve/ruling.ts';
import { shownStates } from '../../../src/modes/approve/shown-states.ts';
import { planMarker } from '../../../src/report/plan-comment.ts';
import { denial, labelEvent } from '../../core/samples.ts';
import { bySecondLabel, label, removed, request, set, setAgain } from '../../support/labels.ts';
import { objectId } from '../../support/object-ids.ts';
import { reasonOf } from '../../support/reason.ts';
import { Story } from '../../support/story.ts';
import { buildTools, type Given, pullRequest } from '../../support/tools.ts';

async function lifeOf(
  story: Story,
  events: readonly TimelineEvent[] = [set],
  carried = [label],
  given: Given = {},
) {
  const tools = buildTools({
    artifacts: story.artifacts,
    timeline: { read: async () => ({ events, carried }) },
    comments: [request],
    roles: { hubot: 'write' },
    tip: story.plan.manifest.base.sha,
    ...given,
  });
  return { tools, life: await readLife(tools, pullRequest, story.plan) };
}

async function repeat(...args: Parameters<typeof lifeOf>) {
  const { tools, life } = await lifeOf(...args);
  try {
    return { tools, result: await repeatRuling(tools, life, set) };
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    return { tools, result: error.reason, message: error.message };
  }
}

describe('what an earlier attempt of a run decided on', () => {
  const find = async (story: Story, run: Given['run'] = { attempt: 2 }) => {
    const { tools } = await lifeOf(story, [set], [label], { run });
    return findEarlierAttempt(tools, pullRequest);
  };

  it('is the label event that its record counts', async () => {
    const approved = new Story();
    approved.approve();
    expect((await find(approved))?.event.id).toBe(set.id);
    const denied = new Story();
    denied.deny({ reason: 'outside-plan' });
    const found = await find(denied);
    expect(found?.event.id).toBe(set.id);
    expect(found?.life.plan.planId).toBe(denied.plan.planId);
  });

  it('is nothing in a first attempt, in another run, or if no record counts a label', async () => {
    const story = new Story();
    story.approve();
    expect(await find(story, { attempt: 1 })).toBeUndefined();
    expect(await find(new Story())).toBeUndefined();
    expect(await find(story, { attempt: 2, id: 901 })).toBeUndefined();
    const uncounted = new Story();
    uncounted.deny({ label_events: [] });
    expect(await find(uncounted)).toBeUndefined();
  });
});

describe('an attempt that repeats its own approval', () => {
  it('is refused as base-moved once the base has changed a planned file', async () => {
    const story = new Story();
    story.approve();
    const { tools, life } = await lifeOf(story, [set], [label], { tip: objectId('f') });
    tools.pullRequests.fileStates = async (_, paths) =>
      new Map(paths.map((path) => [path, [null, { mode: '100644', blob: objectId('9') }]]));
    expect(await reasonOf(() => repeatRuling(tools, life, set))).toBe('base-moved');
  });
});

describe('a run for a label that was answered', () => {
  it('goes on if nothing is recorded about it', async () => {
    expect((await repeat(new Story())).result).toBeUndefined();
    const another = new Story();
    another.approve(bySecondLabel);
    expect((await repeat(another, [set, removed, setAgain])).result).toBeUndefined();
  });

  it('goes on after passing trouble', async () => {
    const story = new Story();
    story.deny({ reason: 'codex-timeout' });
    expect((await repeat(story)).result).toBeUndefined();
  });

  it('says the approval again, with its evidence', async () => {
    const story = new Story();
    const approval = story.approve();
    const { tools, result } = await repeat(story);
    expect(result).toEqual({
      decision: 'approved',
      detail: `hubot approved plan ${story.plan.planId} until ${approval.approval.expires_at}; it was recorded before.`,
    });
    expect(tools.facts).toMatchObject({
      artifactId: 42,
      artifactUrl: 'https://github.com/octo/demo/actions/runs/900/artifacts/42',
      evidencePath: '/kept/approval',
    });
    expect(tools.kept.get('approval')).toEqual(story.artifacts.stored.at(-1)?.members);
    expect(tools.facts).not.toHaveProperty('commentUrl');
    expect(tools.warnings).toEqual([]);
  });

  it('names everybody who approved', async () => {
    const ada = { id: 4, login: 'ada' };
    const vote = { id: 'LE_80', created_at: '2026-01-02T03:30:00Z' };
    const story = new Story();
    story.approve({
      approvers: [
        { ...ada, permission: 'write', label_event: vote },
        {
          ...labelEvent.actor,
          permission: 'write',
          label_event: { id: labelEvent.id, created_at: labelEvent.created_at },
        },
      ],
      label_events: [{ ...labelEvent, ...vote, actor: ada }, labelEvent],
    });
    const first: TimelineEvent = {
      ...set,
      id: vote.id,
      at: vote.created_at,
      actor: { ...ada, type: 'User' },
    };
    const away: TimelineEvent = { ...first, id: 'UE_81', kind: 'removed' };
    const roles = { hubot: 'write', ada: 'write' } as const;
    const { result, tools } = await repeat(story, [first, away, set], [label], { roles });
    expect(result).toMatchObject({ detail: expect.stringMatching(/^ada, hubot approved plan /) });
    expect(tools.facts.approver).toBe('hubot');
  });

  it('says where the plan is shown, if that can be told', async () => {
    const story = new Story();
    story.approve();
    const url = 'https://github.com/octo/demo/pull/12#issuecomment-1';
    const body = `${planMarker(story.plan.planId)}\n\nA plan`;
    const comments = [request, { ...request, id: 1, url, authorId: 99, body }];
    const { tools } = await repeat(story, [set], [label], { comments, self: 99 });
    expect(tools.facts.commentUrl).toBe(url);
    const { tools: other, life } = await lifeOf(story);
    other.page.findPlanComments = () =>
      Promise.reject(new Stopped('api-unavailable', 'GitHub is down.'));
    expect(await repeatRuling(other, life, set)).toMatchObject({ decision: 'approved' });
    expect(other.warnings).toHaveLength(1);
  });

  it('says the denial again, with the refused files', async () => {
    const [refused] = denial.refused;
    const story = new Story();
    story.deny({
      reason: 'outside-plan',
      refused: ['b', 'a', 'b'].map((path) => ({ ...refused, path })) as typeof denial.refused,
    });
    const { tools, result, message } = await repeat(story);
    expect(result).toBe('outside-plan');
    expect(message).toBe('An earlier run for this label ended in the same way.');
    expect(tools.facts.deniedFiles).toEqual(['a', 'b']);
  });

  it('says the denial, whatever an approval by the same label says', async () => {
    const story = new Story();
    story.approve();
    story.deny({ reason: 'nothing-changed' });
    expect((await repeat(story)).result).toBe('nothing-changed');
  });

  it('says what ended the approval since', async () => {
    const story = new Story();
    story.approve();
    const ended = async (...more: readonly unknown[]) =>
      (await repeat(story, ...(more as [TimelineEvent[]]))).result;
    expect(await ended([set, removed], [])).toBe('label-missing');
    expect(await ended([set], [label], { now: '2026-01-04T00:00:00Z' })).toBe('approval-expired');
    expect(await ended([set], [label], { comments: [] })).toBe('plan-altered');
    story.approve(bySecondLabel);
    expect(await ended([set, removed, setAgain])).not.toMatchObject({ decision: 'approved' });
  });

  it('says that the plan drifted, was withdrawn or was executed since', async () => {
    const drifted = new Story();
    drifted.verify(drifted.approve().digest, { result: 'drifted' });
    expect((await repeat(drifted)).result).toBe('base-moved');
    const withdrawn = new Story();
    withdrawn.approve();
    withdrawn.withdraw();
    expect((await repeat(withdrawn)).result).toBe('plan-withdrawn');
  });
});

describe('a plan that', () => {
  const ending = async (state: PlanState) => {
    const { life } = await lifeOf(new Story());
    return reasonOf(async () => requireOpenPlan({ ...life, state }));
  };

  it.each<[string, PlanState, string]>([
    ['was withdrawn', { is: 'withdrawn' }, 'plan-withdrawn'],
    ['was executed', { is: 'executed', commit: objectId('4') }, 'approval-consumed'],
    ['is about another head', { is: 'outdated', by: 'head-moved' }, 'head-moved'],
    ['is about another base', { is: 'outdated', by: 'base-changed' }, 'base-moved'],
    ['is about another request', { is: 'outdated', by: 'request-edited' }, 'plan-altered'],
    ['the base has overtaken', { is: 'drifted', by: 'base' }, 'base-moved'],
    ['is no longer stored', { is: 'expired', what: 'plan' }, 'plan-expired'],
  ])('%s can be approved by no label', async (_, state, reason) => {
    expect(await ending(state)).toBe(reason);
  });

  it.each<[string, PlanState]>([
    ['nobody approved', { is: 'awaiting', ended: null }],
    ['lost its label', { is: 'awaiting', ended: 'removed' }],
    ['was denied', { is: 'denied', reason: 'outside-plan' }],
    ['drifted', { is: 'drifted', by: 'verification' }],
    ['has an approval that expired', { is: 'expired', what: 'approval' }],
  ])('%s can be approved by another label', async (_, state) => {
    expect(await ending(state)).toBe('ok');
  });
});

describe('the states that the action may have written', () => {
  const states = async (story: Story, now?: string) => {
    const given = now === undefined ? {} : { now };
    const { life }: { life: PlanLife } = await lifeOf(story, [set], [label], given);
    return shownStates(life);
  };
  const awaiting = { is: 'awaiting' };
  const byHubot = {
    is: 'approved',
    by: ['hubot'],
    at: '2026-01-02T04:00:10Z',
    until: '2026-01-03T04:00:00Z',
    run: 900,
  };

  it('are awaiting alone if nothing is recorded', async () => {
    expect(await states(new Story())).toEqual([awaiting]);
  });

  it('are those of the records', async () => {
    const story = new Story();
    const { digest } = story.approve();
    expect(await states(story)).toEqual([awaiting, byHubot]);
    story.verify(digest);
    expect(await states(story)).toEqual([awaiting, byHubot]);
    story.verify(digest, { result: 'drifted' });
    expect(await states(story)).toEqual([awaiting, byHubot, { is: 'drifted', found: null }]);
  });

  it('are those of a denial, but not of passing trouble, which the comment does not show', async () => {
    const story = new Story();
    story.deny({ reason: 'codex-timeout' });
    expect(await states(story)).toEqual([awaiting]);
    story.deny({ created_at: '2026-01-02T05:00:00Z' });
    expect(await states(story)).toEqual([
      awaiting,
      {
        is: 'denied',
        reason: 'outside-plan',
        at: '2026-01-02T05:00:00Z',
        by: 'hubot',
        run: 900,
      },
    ]);
  });

  it('include the end of an approval whose hours are over: the plan can be approved again', async () => {
    const story = new Story();
    story.approve();
    expect(await states(story, '2026-01-03T03:59:59Z')).not.toContainEqual({
      is: 'expired',
      what: 'approval',
    });
    expect(await states(story, '2026-01-03T04:00:00Z')).toContainEqual({
      is: 'expired',
      what: 'approval',
    });
  });
});
