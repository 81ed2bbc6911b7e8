import { describe, expect, it } from 'vitest';
import {
  listUnreached,
  readLife,
  readLifeUnlessMoved,
  readNewLife,
  withApproval,
  withBaseTouched,
  withExecution,
} from '../../src/checks/plan-life.ts';
import { stoppedByState } from '../../src/checks/stopped-by-state.ts';
import type { TimelineEvent } from '../../src/core/life/timeline.ts';
import { parsePath } from '../../src/core/text/paths.ts';
import { Stopped, stopReasons, voidsApproval } from '../../src/decision.ts';
import type { Comment } from '../../src/ports/comments.ts';
import type { PullRequest } from '../../src/ports/pull-requests.ts';
import { manifest } from '../core/samples.ts';
import { label, removed, request, set, setAgain } from '../support/labels.ts';
import { objectId } from '../support/object-ids.ts';
import { Story } from '../support/story.ts';
import { buildTools, type Given, pullRequest } from '../support/tools.ts';

const forcePush: TimelineEvent = {
  id: 'FE_1',
  kind: 'force-pushed',
  actor: null,
  at: '2026-01-02T05:00:00Z',
};
interface Now {
  readonly events?: readonly TimelineEvent[];
  readonly carried?: readonly (typeof label)[];
  readonly pull?: Partial<PullRequest>;
  readonly comments?: readonly Comment[];
  readonly now?: string;
  readonly given?: Given;
}

async function read(
  story: Story,
  { events = [set], carried = [label], pull, comments = [request], now, given }: Now = {},
) {
  const tools = buildTools({
    artifacts: story.artifacts,
    timeline: { read: async () => ({ events, carried }) },
    comments,
    ...(now === undefined ? {} : { now }),
    ...given,
  });
  const life = await readLife(tools, { ...pullRequest, ...pull }, story.plan);
  return { life, calls: tools.calls };
}

const stateOf = async (story: Story, now?: Now) => (await read(story, now)).life.state;
/** How a step ends that needs the plan approved. */
const endOf = async (story: Story, now?: Now) => {
  const { reason, decision, message, keepsLabel } = stoppedByState((await read(story, now)).life);
  return { reason, decision, message, keepsLabel };
};

/** A plan with one approval. */
function approvedStory() {
  const story = new Story();
  return { story, approval: story.approve() };
}

describe('the life of a plan', () => {
  it('has everything that is recorded, and what GitHub says now', async () => {
    const { story, approval } = approvedStory();
    story.verify(approval.digest);
    story.deny({ reason: 'codex-failed' });
    const { life } = await read(story);
    expect(life.now).toEqual({
      records: {
        approvals: [
          {
            digest: approval.digest,
            counted: [{ id: 'LE_88', actorId: 6 }],
            createdAt: '2026-01-02T04:00:10Z',
            expiresAt: '2026-01-03T04:00:00Z',
          },
        ],
        verifications: [{ approval: approval.digest, drifted: false }],
        denials: [{ counted: [{ id: 'LE_88', actorId: 6 }], reason: 'codex-failed', voids: false }],
        executions: [],
        withdrawn: false,
      },
      history: { events: [set], carried: new Set(['LA_1']), label },
      outdated: null,
      baseTouched: false,
      requestEditedAt: null,
      now: new Date('2026-01-02T12:00:00Z'),
    });
    expect(life.state.is).toBe('approved');
    expect(life.pull).toEqual(pullRequest);
    expect(life.plan).toBe(story.plan);
  });

  it('asks for no merge base if nothing was executed', async () => {
    const { calls } = await read(approvedStory().story, { pull: { head: headAt('f') } });
    expect(calls.filter((call) => call.startsWith('mergeBase'))).toEqual([]);
  });

  it('reads the head before what the same call tells: log and comments are not older', async () => {
    const { story } = approvedStory();
    const order: string[] = [];
    const tools = buildTools({
      artifacts: story.artifacts,
      timeline: {
        read: async () => {
          order.push('labels');
          return { events: [set], carried: [label] };
        },
      },
      comments: [request],
    });
    const readPull = async () => {
      order.push('head');
      return pullRequest;
    };
    expect((await readLife(tools, readPull, story.plan)).state.is).toBe('approved');
    expect(order).toEqual(['head', 'labels']);
    expect(tools.calls.at(-1)).toBe('comment 77');
  });

  it('takes an event log that was read already', async () => {
    const { story } = approvedStory();
    const tools = buildTools({ artifacts: story.artifacts, comments: [request] });
    const log = { events: [set], carried: new Set(['LA_1']), label };
    const life = await readLife(tools, pullRequest, story.plan, log);
    expect(life.log).toBe(log);
    expect(life.state.is).toBe('approved');
  });
});

describe('the label of an approval', () => {
  it('is removed by its id once the records are read, whatever its name is by now', async () => {
    const { story } = approvedStory();
    const renamed = { id: label.id, name: 'bug' };
    const gone: string[] = [];
    const tools = buildTools({
      artifacts: story.artifacts,
      timeline: { read: async () => ({ events: [set], carried: [renamed] }) },
      labels: {
        carried: async () => [renamed, { id: 'LA_9', name: 'docs' }],
        remove: async (_, { id }) => {
          gone.push(id);
          return 'removed';
        },
      },
      comments: [request],
    });
    await tools.label.remove(12);
    expect(gone).toEqual([]);
    await readLife(tools, pullRequest, story.plan);
    await tools.label.remove(12);
    expect(gone).toEqual([label.id]);
  });
});

const headAt = (digit: string) => ({ ref: 'topic', sha: objectId(digit) });

describe('a life that a step goes on with', () => {
  it('has the approval that was recorded since', async () => {
    const story = new Story();
    const { life } = await read(story);
    const approval = story.approve();
    const now = withApproval(life, approval);
    expect(now.state).toEqual((await read(story)).life.state);
    expect(now.now.records).toEqual((await read(story)).life.now.records);
    expect(life.state.is).toBe('awaiting');
  });

  it('has the commit that the branch has moved to since', async () => {
    const { story, approval } = approvedStory();
    const { life } = await read(story);
    story.execute(approval.digest);
    const now = withExecution(life, objectId('4'));
    const again = (await read(story, { pull: { head: headAt('4') } })).life;
    expect(now.state).toEqual({ is: 'executed', commit: objectId('4') });
    expect(now.state).toEqual(again.state);
    expect(now.pull).toEqual(again.pull);
  });

  it('has no records right after the plan was made', async () => {
    const { story } = approvedStory();
    const tools = buildTools({
      artifacts: story.artifacts,
      timeline: { read: async () => ({ events: [], carried: [] }) },
      comments: [request],
    });
    const life = await readNewLife(tools, pullRequest, story.plan);
    expect(life.state).toEqual({ is: 'awaiting', ended: null });
    expect(story.artifacts.reads).toEqual([]);
  });
});

describe('a life whose head moved', () => {
  const reads = async (pull: PullRequest) => {
    const { story, approval } = approvedStory();
    story.verify(approval.digest);
    story.withdraw();
    const tools = buildTools({
      artifacts: story.artifacts,
      timeline: { read: async () => ({ events: [set], carried: [label] }) },
      comments: [request],
    });
    const { state } = await readLifeUnlessMoved(tools, pull, story.plan);
    return { state: state.is, reads: story.artifacts.reads.length };
  };

  it('is read only as far as it matters', async () => {
    expect(await reads(pullRequest)).toEqual({ state: 'withdrawn', reads: 3 });
    const moved = { ...pullRequest, head: headAt('f') };
    expect(await reads(moved)).toEqual({ state: 'withdrawn', reads: 1 });
  });

  it('has its execution', async () => {
    const { story, approval } = approvedStory();
    story.execute(approval.digest);
    const tools = buildTools({
      artifacts: story.artifacts,
      timeline: { read: async () => ({ events: [set], carried: [label] }) },
      comments: [request],
    });
    const pull = { ...pullRequest, head: headAt('4') };
    const { state } = await readLifeUnlessMoved(tools, pull, story.plan);
    expect(state).toEqual({ is: 'executed', commit: objectId('4') });
  });
});

describe('an approval names', () => {
  it('the person of the record, so that another person’s event does not pass for theirs', async () => {
    const { story } = approvedStory();
    const foreign = { ...set, actor: { id: 9, login: 'hubot', type: 'User' } };
    expect(await stateOf(story, { events: [foreign] })).toEqual({
      is: 'awaiting',
      ended: 'unknown',
    });
  });
});

describe('a denial', () => {
  it.each(stopReasons)('with %s ends the label unless it is passing trouble', async (reason) => {
    const story = new Story();
    story.deny({ reason });
    const passing = !voidsApproval(new Stopped(reason, 'x'), 'approve');
    expect((await stateOf(story)).is).toBe(passing ? 'awaiting' : 'denied');
  });

  it('of a run that made no approval ends no label', async () => {
    const story = new Story();
    story.deny({ mode: 'verify', label_events: [], reason: 'plan-invalid' });
    expect(await stateOf(story)).toEqual({ is: 'awaiting', ended: null });
  });
});

describe('an execution', () => {
  const commit = objectId('4');
  const executed = () => {
    const { story, approval } = approvedStory();
    story.execute(approval.digest);
    return story;
  };
  const mergeBase = (base: string) => ({
    pullRequests: { mergeBase: async () => objectId(base) },
  });

  it('is done once its commit is the head', async () => {
    expect(await stateOf(executed(), { pull: { head: headAt('4') } })).toEqual({
      is: 'executed',
      commit,
    });
  });

  it('is done if people push on', async () => {
    const now = { pull: { head: headAt('5') }, given: mergeBase('4') };
    expect(await stateOf(executed(), now)).toEqual({ is: 'executed', commit });
  });

  it('is not done if the head moved elsewhere', async () => {
    const now = { pull: { head: headAt('5') }, given: mergeBase('a') };
    expect(await stateOf(executed(), now)).toEqual({ is: 'outdated', by: 'head-moved' });
  });

  it('is not done as long as the head is the planned one, and costs no call then', async () => {
    const { life } = await read(executed());
    expect(life.state.is).toBe('approved');
    expect(life.now.records.executions).toEqual([{ commit, reached: false, stopped: false }]);
  });

  it('that was stopped is none, wherever its commit is, and costs no call', async () => {
    const { story, approval } = approvedStory();
    story.execute(approval.digest, { stopped: 'label-missing' });
    const outdated = { is: 'outdated', by: 'head-moved' };
    expect(await stateOf(story, { pull: { head: headAt('4') } })).toEqual(outdated);
    const { life, calls } = await read(story, { pull: { head: headAt('5') } });
    expect(life.state).toEqual(outdated);
    expect(calls.filter((call) => call.startsWith('mergeBase'))).toEqual([]);
  });

  it('is listed if the branch does not have its commit, and nothing stopped it', async () => {
    const facts = [
      { commit: objectId('1'), reached: true, stopped: false },
      { commit: objectId('2'), reached: false, stopped: true },
      { commit: objectId('3'), reached: false, stopped: false },
    ];
    const { now } = (await read(executed())).life;
    const records = { ...now.records, executions: facts };
    expect(listUnreached({ now: { ...now, records } })).toEqual([objectId('3')]);
  });

  it('is each looked for', async () => {
    const { story, approval } = approvedStory();
    story.execute(approval.digest, { commit: objectId('3') });
    story.execute(approval.digest);
    const asked: string[] = [];
    const mergeBase = async (one: string) => {
      asked.push(one);
      return objectId(one === commit ? '4' : 'a');
    };
    const now = { pull: { head: headAt('5') }, given: { pullRequests: { mergeBase } } };
    expect(await stateOf(story, now)).toEqual({ is: 'executed', commit });
    expect(asked).toEqual([objectId('3'), commit]);
  });
});

describe('a request', () => {
  it('that was edited and put back ends an approval from before', async () => {
    const { story } = approvedStory();
    const edited = { ...request, updatedAt: '2026-01-02T04:30:00Z' };
    expect(await stateOf(story, { comments: [edited] })).toEqual({
      is: 'awaiting',
      ended: 'edited',
    });
  });

  it('that was edited and put back before the label ends nothing', async () => {
    const { story } = approvedStory();
    const edited = { ...request, updatedAt: '2026-01-02T03:30:00Z' };
    expect((await stateOf(story, { comments: [edited] })).is).toBe('approved');
  });
});

type Row = readonly [
  what: string,
  end: Partial<Awaited<ReturnType<typeof endOf>>>,
  () => Promise<object>,
];

const unlabelled = { events: [set, removed], carried: [] };

const rows: readonly Row[] = [
  [
    'a plan that was withdrawn',
    { reason: 'plan-withdrawn', message: 'The plan was withdrawn.' },
    () => {
      const { story } = approvedStory();
      story.withdraw();
      return endOf(story);
    },
  ],
  [
    'a plan that was executed',
    {
      reason: 'approval-consumed',
      message: `Commit ${objectId('4')} has executed the plan already.`,
    },
    () => {
      const { story, approval } = approvedStory();
      story.execute(approval.digest);
      return endOf(story, { pull: { head: headAt('4') } });
    },
  ],
  [
    'a head that moved',
    {
      reason: 'head-moved',
      message: 'The head is not the commit that the plan is about.',
    },
    () => endOf(approvedStory().story, { pull: { head: headAt('f') } }),
  ],
  [
    'another base branch',
    {
      reason: 'base-moved',
      decision: 'denied',
      message: 'The pull request has another base branch than the plan.',
    },
    () => endOf(approvedStory().story, { pull: { baseRef: 'release' } }),
  ],
  [
    'a request that reads otherwise',
    { reason: 'plan-altered', message: 'The comment with the request was edited or deleted.' },
    () => endOf(approvedStory().story, { comments: [] }),
  ],
  [
    'a drift by other files',
    {
      reason: 'scope-drift',
      decision: 'drifted',
      message: 'A verification of this approval has found a drift before.',
    },
    () => drifted({ regenerated: { plan_sha256: manifest.plan_sha256 } }),
  ],
  [
    'a drift by words alone',
    { reason: 'plan-drift', decision: 'drifted' },
    () =>
      drifted({
        regenerated: { plan_sha256: manifest.plan_sha256 },
        scope: { added: [], removed: [], retyped: [] },
      }),
  ],
  [
    'a drift by the base, which no model had to find',
    { reason: 'base-moved', decision: 'drifted' },
    () => drifted({ regenerated: null }),
  ],
  [
    'a denial',
    { reason: 'outside-plan', message: 'The plan was denied for this label before.' },
    () => {
      const story = new Story();
      story.deny();
      return endOf(story);
    },
  ],
  [
    'an approval whose hours are over',
    { reason: 'approval-expired', message: 'The approval has expired.' },
    () => endOf(approvedStory().story, { now: '2026-01-03T04:00:00Z' }),
  ],
  [
    'a plan that nobody approved',
    { reason: 'approval-missing', message: 'Nobody has approved the plan.' },
    () => endOf(new Story(), { events: [], carried: [] }),
  ],
  [
    'a label that no record answers',
    {
      reason: 'approval-missing',
      message:
        'The label is set, and no approval by it is recorded. Remove it before you set it again.',
    },
    () => endOf(new Story()),
  ],
  [
    'a label that was set again, which no record answers yet',
    { reason: 'approval-missing' },
    () =>
      endOf(approvedStory().story, {
        events: [set, removed, setAgain],
      }),
  ],
  [
    'a label that was removed',
    {
      reason: 'label-missing',
      message: 'The label that approved the plan is no longer set.',
      keepsLabel: false,
    },
    () => endOf(approvedStory().story, unlabelled),
  ],
  [
    'a label of an event that GitHub does not know, and keeps the label',
    {
      reason: 'label-missing',
      message: "GitHub's log does not have the label event that the approval names.",
      keepsLabel: true,
    },
    () => endOf(approvedStory().story, { events: [] }),
  ],
  [
    'a force push after the label',
    {
      reason: 'head-moved',
      message: 'The branch was force-pushed, or its base changed, after the label was set.',
    },
    () => endOf(approvedStory().story, { events: [set, forcePush] }),
  ],
  [
    'a request that was edited and put back after the label',
    { reason: 'plan-altered', message: 'The request was edited after the label was set.' },
    () =>
      endOf(approvedStory().story, {
        comments: [{ ...request, updatedAt: '2026-01-02T04:30:00Z' }],
      }),
  ],
  [
    'a base that changed a planned file',
    {
      reason: 'base-moved',
      message: 'The base has changed a planned file since the plan was made.',
    },
    async () => {
      const { life } = await read(approvedStory().story);
      return stoppedByState(withBaseTouched(life));
    },
  ],
];

/** How a step ends after a verification that found a drift, and another one that found none. */
async function drifted(change: Parameters<Story['verify']>[1]) {
  const { story, approval } = approvedStory();
  const scope = {
    added: [{ path: parsePath('c.txt'), operation: 'create' as const }],
    removed: [],
    retyped: [],
  };
  story.verify(approval.digest, { result: 'drifted', scope, ...change });
  story.verify(approval.digest);
  return endOf(story);
}

describe('a step that needs an approval stops', () => {
  it.each(rows)('after %s', async (_, expected, end) => {
    expect(await end()).toMatchObject(expected);
  });

  it('if there is no plan, or its evidence is gone', async () => {
    const { life } = await read(new Story());
    const missing = stoppedByState({ ...life, state: { is: 'none' } });
    expect(missing.reason).toBe('plan-missing');
    expect(missing.message).toBe('No plan of this pull request is stored.');
    const gone = stoppedByState({ ...life, state: { is: 'expired', what: 'plan' } });
    expect(gone.reason).toBe('plan-expired');
    expect(gone.message).toBe('The evidence of the plan is no longer stored.');
  });

  it('if the plan is approved, but not by the label that the step is about', async () => {
    const { life } = await read(approvedStory().story);
    expect(life.state.is).toBe('approved');
    const { reason, message } = stoppedByState(life);
    expect([reason, message]).toEqual(['approval-missing', 'The approval is about another label.']);
  });

  it('after a drift of which nothing but the state is known', async () => {
    const { life } = await read(approvedStory().story);
    const { reason, decision } = stoppedByState({
      ...life,
      state: { is: 'drifted', by: 'verification' },
    });
    expect([reason, decision]).toEqual(['plan-drift', 'drifted']);
  });
});
