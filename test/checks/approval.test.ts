import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type ApprovedPlan,
  checkAgain,
  checkSamePlan,
  checkStillValid,
  findActor,
  findPlanLife,
  requireApproved,
} from '../../src/checks/approval.ts';
import { readLife } from '../../src/checks/plan-life.ts';
import { stateThatStopped } from '../../src/checks/stopped-by-state.ts';
import type { TimelineEvent } from '../../src/core/life/timeline.ts';
import { effectivePolicyJson } from '../../src/core/policy/effective.ts';
import { defaultPolicy } from '../../src/core/policy/policy.ts';
import type { Approval } from '../../src/core/records/approval.ts';
import { appendToJournal } from '../../src/core/records/journal.ts';
import { packApproval } from '../../src/core/records/pack.ts';
import { sha256 } from '../../src/core/text/digest.ts';
import { Stopped, voidsApproval } from '../../src/decision.ts';
import type { PullRequest } from '../../src/ports/pull-requests.ts';
import { approvalArtifact, fact, labelEvent } from '../core/samples.ts';
import { bySecondLabel, label, removed, request, set, setAgain } from '../support/labels.ts';
import { objectId } from '../support/object-ids.ts';
import { reasonOf } from '../support/reason.ts';
import { MemoryArtifacts, Story } from '../support/story.ts';
import { buildTools, type Given, pullRequest, triggers } from '../support/tools.ts';

/** The label was set, removed, and set again. */
const twice = [set, removed, setAgain];

/** The tools of a pull request with this story, on which these label events happened. */
function toolsOf(
  story: Story,
  given: Given = {},
  events: readonly TimelineEvent[] = [set],
  carried: readonly (typeof label)[] = [label],
) {
  return buildTools({
    artifacts: story.artifacts,
    timeline: { read: async () => ({ events, carried }) },
    comments: [request],
    roles: { hubot: 'write' },
    ...given,
  });
}

type Tools = ReturnType<typeof buildTools>;

async function approved(tools: Tools): Promise<ApprovedPlan> {
  return requireApproved(tools, await findPlanLife(tools, pullRequest));
}

function approvedStory(...changes: Parameters<Story['approve']>) {
  const story = new Story();
  const approval = story.approve(...changes);
  return { story, approval };
}

async function whyStopped(step: () => Promise<unknown>): Promise<string> {
  try {
    await step();
    return 'ok';
  } catch (error) {
    if (error instanceof Stopped) return `${error.reason}: ${error.message}`;
    throw error;
  }
}

describe('the approved plan', () => {
  it('is the newest one with the approval of its label', async () => {
    const { story, approval } = approvedStory();
    const tools = toolsOf(story);
    const found = await approved(tools);
    expect(found.plan.artifact.id).toBe(41);
    expect(found.approval).toMatchObject({ digest: approval.digest, artifact: { id: 42 } });
    expect(found.pull).toBe(pullRequest);
    expect(tools.facts).toMatchObject({
      planId: story.plan.planId,
      artifactId: 41,
      approver: 'hubot',
    });
  });

  it('is missing if no plan is stored', async () => {
    const tools = buildTools();
    expect(await whyStopped(() => findPlanLife(tools, pullRequest))).toBe(
      'plan-missing: No plan of this pull request is stored.',
    );
  });

  it('is announced before its records are read, if the head has not moved', async () => {
    const announced = async (head: string) => {
      const { story } = approvedStory();
      const reads: number[] = [];
      const pull = { ...pullRequest, head: { ref: 'topic', sha: objectId(head) } };
      await findPlanLife(toolsOf(story), pull, () => reads.push(story.artifacts.reads.length));
      return reads;
    };
    expect(await announced('a')).toEqual([1]);
    expect(await announced('f')).toEqual([]);
  });

  it('is a mistake of ours if its state has an approval without a record', async () => {
    const { story } = approvedStory();
    const tools = toolsOf(story);
    const life = await findPlanLife(tools, pullRequest);
    const lost = { ...life, records: { ...life.records, approvals: [] } };
    expect(await whyStopped(() => requireApproved(tools, lost))).toBe(
      'internal: The approval has no record.',
    );
  });

  it('stops in the same way if the head has moved, whether or not the run of the plan is looked up', async () => {
    const { story } = approvedStory();
    const pull = { ...pullRequest, head: { ref: 'topic', sha: objectId('f') } };
    const stop = async (shown: Given['shown']) => {
      const tools = toolsOf(story, { shown, run: { id: 950 } });
      const step = async () => requireApproved(tools, await findPlanLife(tools, pull));
      const error = await step().catch((one: unknown) => one);
      if (!(error instanceof Stopped)) throw error;
      const { reason, message, decision, keepsLabel } = error;
      const said = { reason, message, decision, keepsLabel, voids: voidsApproval(error, 'later') };
      const runs = tools.calls.filter((call) => call.startsWith('run ')).length > 0;
      return { said, state: stateThatStopped(error), facts: tools.facts, runs };
    };
    const [seldom, often] = await Promise.all([
      stop({ planId: story.plan.planId, digests: [story.plan.artifact.digest], isNew: false }),
      stop(undefined),
    ]);
    expect(seldom).toEqual({ ...often, state: { ...often.state, untrusted: true }, runs: false });
    expect(often.runs).toBe(true);
    expect(often.said).toMatchObject({ reason: 'head-moved', decision: 'denied', voids: true });
    expect(often.facts).toMatchObject({ planId: story.plan.planId });
    expect(often.state).toEqual({
      pull,
      planId: story.plan.planId,
      state: { is: 'outdated', by: 'head-moved' },
    });
  });

  it('is that of the state’s approval, not of an earlier or a later one', async () => {
    const story = new Story();
    story.approve();
    const newest = story.approve(bySecondLabel);
    const found = await approved(toolsOf(story, {}, twice));
    expect(found.approval.digest).toBe(newest.digest);
  });

  it('is not one whose approval is about other content', async () => {
    const { story } = approvedStory({ plan_sha256: sha256('another') });
    expect(await reasonOf(() => approved(toolsOf(story)))).toBe('digest-mismatch');
  });

  it('is told from a newer one that nobody has approved', async () => {
    const story = new Story();
    const artifacts = new MemoryArtifacts(30);
    artifacts.put('codex-approval-12', approvalArtifact());
    story.artifacts.stored.unshift(...artifacts.stored);
    expect(await whyStopped(() => approved(toolsOf(story, {}, [], [])))).toBe(
      'plan-superseded: The approval is about an earlier plan.',
    );
    expect(await reasonOf(() => approved(toolsOf(new Story(), {}, [], [])))).toBe(
      'approval-missing',
    );
  });

  it('is not looked for among earlier approvals once this plan has an answer', async () => {
    const withEarlier = (make: (story: Story) => void) => {
      const story = new Story();
      const artifacts = new MemoryArtifacts(30);
      artifacts.put('codex-approval-12', approvalArtifact());
      story.artifacts.stored.unshift(...artifacts.stored);
      make(story);
      return reasonOf(() => approved(toolsOf(story, {}, [set, removed], [])));
    };
    expect(await withEarlier((story) => void story.deny())).toBe('outside-plan');
    expect(await withEarlier((story) => void story.approve())).toBe('label-missing');
  });

  it('may still come of a label that was set for the newer one, and of no earlier label', async () => {
    const story = new Story();
    const artifacts = new MemoryArtifacts(30);
    artifacts.put('codex-approval-12', approvalArtifact());
    story.artifacts.stored.unshift(...artifacts.stored);
    const made = story.plan.manifest.created_at;
    const before = new Date(Date.parse(made) - 1000).toISOString();
    const stop = async (at: string) => {
      const tools = toolsOf(story);
      const life = await readLife(tools, pullRequest, story.plan);
      const log = { ...life.log, events: [{ ...set, at }] };
      return reasonOf(() => requireApproved(tools, { ...life, log }));
    };
    expect(await stop(before)).toBe('plan-superseded');
    expect(await stop(made)).toBe('approval-missing');
  });
});

describe('the list of artifacts', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Looks while the newest artifact is not listed for some times. */
  async function look(story: Story, times: number, now = '2026-01-02T12:00:00Z') {
    vi.useFakeTimers();
    const newest = story.artifacts.stored.at(-1)?.artifact.id ?? 0;
    story.artifacts.lag.set(newest, times);
    const tools = toolsOf(story, { now }, twice);
    const since = Date.now();
    let stopped: unknown;
    const looking = whyStopped(() =>
      approved(tools).catch((error: unknown) => {
        stopped = error;
        throw error;
      }),
    );
    await vi.runAllTimersAsync();
    const end = await looking;
    const waited = Date.now() - since;
    return end === 'ok'
      ? { end, waited }
      : { end, waited, keepsLabel: !voidsApproval(stopped, 'later') };
  }

  /** What the first label led to, and how a step ends that finds no answer to the second one. */
  const missing =
    'approval-missing: The label is set, and no approval by it is recorded. Remove it before you set it again.';
  const earlier: readonly (readonly [what: string, make: (story: Story) => void, end: string])[] = [
    ['had none before', () => {}, missing],
    ['was removed', (story) => void story.approve(), missing],
    ['failed by passing trouble', (story) => void story.deny({ reason: 'codex-failed' }), missing],
    [
      'drifted',
      (story) => {
        const { digest } = story.approve();
        story.verify(digest, { result: 'drifted' });
      },
      'base-moved: A verification of this approval has found a drift before.',
    ],
    [
      'was denied',
      (story) => void story.deny(),
      'outside-plan: The plan was denied for an earlier label before.',
    ],
    [
      'has expired',
      (story) => void story.approve({ expires_at: '2026-01-02T05:00:00Z' }),
      'approval-expired: The approval has expired.',
    ],
  ];

  it.each(earlier)(
    'is waited for if an earlier label %s, and the new one has its approval',
    async (_, make) => {
      const story = new Story();
      make(story);
      story.approve(bySecondLabel);
      expect(await look(story, 2)).toEqual({ end: 'ok', waited: 2000 });
    },
  );

  it.each(earlier)(
    'is not waited for longer than some seconds if an earlier label %s; the new label is left alone',
    async (_, make, end) => {
      const story = new Story();
      make(story);
      story.approve(bySecondLabel);
      expect(await look(story, 99)).toEqual({ end, waited: 3000, keepsLabel: true });
    },
  );

  it('is not waited for if the label has its answer', async () => {
    const story = new Story();
    story.approve(bySecondLabel);
    expect(await look(story, 0)).toEqual({ end: 'ok', waited: 0 });
    const denied = new Story();
    denied.deny({ label_events: bySecondLabel.label_events });
    expect(await look(denied, 0)).toMatchObject({ waited: 0 });
    const old = new Story();
    old.approve(bySecondLabel);
    expect(await look(old, 0, '2026-01-04T00:00:00Z')).toMatchObject({
      end: 'approval-expired: The approval has expired.',
      waited: 0,
    });
  });

  it('is not waited for if nothing can follow: the plan was withdrawn, or the head moved', async () => {
    vi.useFakeTimers();
    const withdrawn = new Story();
    withdrawn.withdraw();
    const moved = { ...pullRequest, head: { ref: 'topic', sha: objectId('f') } };
    for (const [story, pull, state] of [
      [withdrawn, pullRequest, 'withdrawn'],
      [new Story(), moved, 'outdated'],
    ] as const) {
      const life = await findPlanLife(toolsOf(story, {}, twice), pull);
      expect(life.state.is).toBe(state);
    }
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not waited for if no label is set', async () => {
    vi.useFakeTimers();
    const life = await findPlanLife(toolsOf(new Story(), {}, [], []), pullRequest);
    expect(life.state).toEqual({ is: 'awaiting', ended: null });
  });
});

describe('the event log', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Looks for an approval while its label event is not listed for some times. */
  async function look(times: number, carried: readonly (typeof label)[] = [label]) {
    vi.useFakeTimers();
    let left = times;
    const read = async () => ({ events: left-- > 0 ? [] : [set], carried });
    const tools = toolsOf(approvedStory().story, { timeline: { read } });
    const since = Date.now();
    const looking = whyStopped(() => approved(tools));
    await vi.runAllTimersAsync();
    return { end: await looking, waited: Date.now() - since };
  }
  const unknown =
    "label-missing: GitHub's log does not have the label event that the approval names.";

  it('is read again if it does not have the event of the approval yet', async () => {
    expect(await look(2)).toEqual({ end: 'ok', waited: 2000 });
  });

  it('is not waited for longer than some seconds', async () => {
    expect(await look(99)).toEqual({ end: unknown, waited: 3000 });
  });

  it('is not waited for if it says that the approval has ended', async () => {
    vi.useFakeTimers();
    const pushed: TimelineEvent = {
      id: 'FE_1',
      kind: 'force-pushed',
      actor: null,
      at: setAgain.at,
    };
    const tools = toolsOf(approvedStory().story, {}, [set, pushed]);
    expect((await findPlanLife(tools, pullRequest)).state).toEqual({
      is: 'awaiting',
      ended: 'exchanged',
    });
  });

  it('is not waited for if no label is set', async () => {
    expect(await look(99, [])).toEqual({ end: unknown, waited: 0 });
  });
});

describe('an approval that is recorded', () => {
  const check = async (given: Given, ...more: Parameters<Story['approve']>) => {
    const tools = toolsOf(approvedStory(...more).story, given);
    return whyStopped(async () => checkStillValid(tools, await approved(tools)));
  };

  it('is valid while label, people and policy agree', async () => {
    expect(await check({})).toBe('ok');
  });

  it.each<[string, Given, string]>([
    [
      'the approver lost the permission',
      { roles: { hubot: 'read' } },
      'actor-denied: hubot has read permission here, and write is needed.',
    ],
    [
      'the approver has no role any more',
      { roles: {} },
      'actor-denied: hubot has no permission here, and write is needed.',
    ],
    [
      'the policy names others by now',
      { policy: { approvers: { users: ['mona'] } } },
      'actor-denied: hubot is neither in approvers.users nor in a team of approvers.teams.',
    ],
    [
      'the policy asks for more approvers by now',
      { policy: { approvers: { count: 2 } } },
      'votes-missing: 1 approved, and 2 (approvers.count) are needed by now.',
    ],
    [
      'the policy denies a path by now',
      { policy: { paths: { deny: ['a.txt'] } } },
      'path-protected: "a.txt" is protected (paths.deny): no label approves it.',
    ],
    [
      'the policy wants a stronger role for a path by now',
      { policy: { paths: { elevated: { permission: 'admin', paths: ['b.txt'] } } } },
      'path-protected: "b.txt" needs an approver with admin permission (paths.elevated).',
    ],
  ])('is not valid if %s', async (_, given, why) => {
    expect(await check(given)).toBe(why);
  });

  it('is not valid if the approver asked for the plan, or wrote the pull request', async () => {
    const tools = toolsOf(approvedStory().story);
    const found = await approved(tools);
    const own: PullRequest = { ...pullRequest, author: { id: 6, login: 'hubot' } };
    expect(await reasonOf(() => checkStillValid(tools, { ...found, pull: own }))).toBe(
      'self-approval',
    );
  });

  it('is not valid if the label has another name by now', async () => {
    const { story } = approvedStory();
    const renamed = { id: label.id, name: 'bug' };
    const other = { id: 'LA_9', name: 'approved-plan' };
    for (const carried of [[renamed], [renamed, other]]) {
      const tools = toolsOf(story, {}, [set], carried);
      const found = await approved(tools);
      expect(await whyStopped(() => checkStillValid(tools, found))).toBe(
        'label-missing: The label approved-plan is not set.',
      );
    }
  });

  it('asks for the approver under the login that they have now', async () => {
    const { story } = approvedStory();
    const renamed = { ...set, actor: { ...set.actor, login: 'hubot2' } };
    const tools = toolsOf(story, { roles: { hubot2: 'write' } }, [renamed]);
    expect(await reasonOf(async () => checkStillValid(tools, await approved(tools)))).toBe('ok');
  });

  it('is valid whatever other label the approver set before, under an earlier login', async () => {
    const actor = { ...set.actor, login: 'hubot0' };
    const other = { ...set, id: 'LE_7', label: { id: 'LA_9', name: 'docs' }, actor };
    const tools = toolsOf(approvedStory().story, {}, [{ ...other, at: removed.at }, set]);
    expect(await whyStopped(async () => checkStillValid(tools, await approved(tools)))).toBe('ok');
  });

  it('is valid for an elevated path if its approver has the role for that', async () => {
    const given: Given = {
      policy: { paths: { elevated: { permission: 'admin', paths: ['b.txt'] } } },
      roles: { hubot: 'admin' },
    };
    expect(await check(given)).toBe('ok');
  });

  it('makes its label event the one that the run decides on', async () => {
    const { story } = approvedStory();
    let events: readonly TimelineEvent[] = [set];
    const tools = toolsOf(story, {
      timeline: { read: async () => ({ events, carried: [label] }) },
    });
    await checkStillValid(tools, await approved(tools));
    expect(await tools.label.wasSetAgain(12)).toBe(false);
    events = twice;
    expect(await tools.label.wasSetAgain(12)).toBe(true);
  });

  it('asks for every approver', async () => {
    const ada = { id: 4, login: 'ada' };
    const vote = { id: 'LE_80', created_at: '2026-01-02T03:30:00Z' };
    const [last] = [{ ...labelEvent.actor, permission: 'write', label_event: labelEvent }];
    const two: Partial<Approval> = {
      approvers: [
        { ...ada, permission: 'write', label_event: vote },
        { ...last, label_event: { id: labelEvent.id, created_at: labelEvent.created_at } },
      ],
      label_events: [{ ...labelEvent, ...vote, actor: ada }, labelEvent],
    };
    const events: TimelineEvent[] = [
      { ...set, ...vote, at: vote.created_at, actor: { ...ada, type: 'User' } },
      { ...set, kind: 'removed', id: 'UE_81', at: '2026-01-02T03:30:10Z' },
      set,
    ];
    for (const [roles, reason] of [
      [{ hubot: 'write', ada: 'write' }, 'ok'],
      [{ hubot: 'write' }, 'actor-denied'],
    ] as const) {
      const tools = toolsOf(approvedStory(two).story, { roles }, events);
      expect(await reasonOf(async () => checkStillValid(tools, await approved(tools)))).toBe(
        reason,
      );
    }
    const tools = toolsOf(
      approvedStory(two).story,
      { roles: { hubot: 'write', ada: 'maintain' }, policy: { approvers: { count: 2 } } },
      events,
    );
    const { approvers } = await checkStillValid(tools, await approved(tools));
    expect(approvers).toEqual([
      { ...ada, permission: 'maintain' },
      { ...labelEvent.actor, permission: 'write' },
    ]);
  });
});

describe('the hours of an approval', () => {
  /** An approval of noon that was given so many hours, by the policy file or by an input. */
  async function check(
    granted: number,
    source: 'file' | 'input',
    now: string,
    policyHours: number,
  ) {
    const story = new Story();
    const policy = { ...defaultPolicy, approvers: { ...defaultPolicy.approvers, hours: granted } };
    const policyJson =
      source === 'input'
        ? effectivePolicyJson(
            { policy: defaultPolicy, stated: new Set() },
            { approvalHours: granted },
          )
        : effectivePolicyJson({ policy, stated: new Set(['approvers.hours']) }, {});
    const labelled = Date.parse(labelEvent.created_at);
    const expires = new Date(labelled + granted * 3_600_000).toISOString().replace('.000', '');
    const { approval, change } = story.approve({ expires_at: expires });
    const stored = story.artifacts.stored.at(-1);
    if (stored === undefined) throw new Error('Nothing is stored.');
    const members = packApproval(approval, {
      'change.patch': change,
      'journal.jsonl': story.journal,
      'run.log': '',
      'policy.json': policyJson,
    });
    story.artifacts.stored.splice(-1, 1, { artifact: stored.artifact, members });
    const given = { now: `2026-01-02T${now}Z`, policy: { approvers: { hours: policyHours } } };
    const tools = toolsOf(story, given);
    return whyStopped(async () => checkStillValid(tools, await approved(tools)));
  }

  it('count from the label, under the policy that it was made under', async () => {
    expect(await check(2, 'file', '05:59:59', 2)).toBe('ok');
    expect(await check(2, 'file', '06:00:00', 2)).toMatch(/^approval-expired/);
  });

  it('end it sooner if the policy has become shorter', async () => {
    expect(await check(24, 'file', '04:59:59', 1)).toBe('ok');
    expect(await check(24, 'file', '05:00:00', 1)).toBe(
      "approval-expired: The label is older than the policy's 1 hours (approvers.hours).",
    );
  });

  it('do not end it later if the policy has become longer', async () => {
    expect(await check(2, 'file', '06:00:00', 24)).toBe(
      'approval-expired: The approval has expired.',
    );
  });

  it('that an input gave stay, whatever the policy says', async () => {
    expect(await check(24, 'input', '11:00:00', 1)).toBe('ok');
    expect(await check(2, 'input', '06:00:00', 24)).toMatch(/^approval-expired/);
  });
});

describe('the last look before an irreversible step', () => {
  const again = async (
    later: Partial<{
      events: readonly TimelineEvent[];
      carried: readonly (typeof label)[];
      pull: Partial<PullRequest>;
      given: Given;
      meanwhile: (story: Story) => void;
    }>,
  ) => {
    const { story } = approvedStory();
    const before = await approved(toolsOf(story));
    later.meanwhile?.(story);
    const tools = toolsOf(story, later.given, later.events, later.carried);
    const pull = { ...pullRequest, ...later.pull };
    return whyStopped(() => checkAgain(tools, before, async () => pull));
  };

  it('finds the same approval', async () => {
    expect(await again({})).toBe('ok');
  });

  it.each<[string, Parameters<typeof again>[0], RegExp]>([
    ['a label that was removed', { events: [set, removed], carried: [] }, /^label-missing/],
    ['a label with another name', { carried: [{ id: label.id, name: 'bug' }] }, /^label-missing/],
    ['a drift', { meanwhile: (story) => driftOf(story) }, /^scope-drift/],
    ['a withdrawal', { meanwhile: (story) => void story.withdraw() }, /^plan-withdrawn/],
    ['a denial', { meanwhile: (story) => void story.deny() }, /^outside-plan/],
    ['a head that moved', { pull: { head: { ref: 'topic', sha: objectId('f') } } }, /^head-moved/],
    ['a request that reads otherwise', { given: { comments: [] } }, /^plan-altered/],
    ['an approver without permission', { given: { roles: {} } }, /^actor-denied/],
    ['the end of its hours', { given: { now: '2026-01-04T00:00:00Z' } }, /^approval-expired/],
  ])('sees %s', async (_, later, why) => {
    expect(await again(later)).toMatch(why);
  });

  it('does not take another approval for the one that it began with', async () => {
    const meanwhile = (story: Story) => void story.approve(bySecondLabel);
    expect(await again({ events: twice, meanwhile })).toBe(
      'label-missing: The label was removed and set again while this step ran.',
    );
  });
});

function driftOf(story: Story): void {
  const stored = story.artifacts.stored.find(
    ({ artifact }) => artifact.name === 'codex-approval-12',
  );
  const json = stored?.members.get('approval.json') ?? new Uint8Array();
  story.verify(sha256(json), { result: 'drifted', regenerated: { plan_sha256: sha256('x') } });
}

describe('the approval of a plan', () => {
  const another = sha256('another');
  const { story, approval } = approvedStory();
  const { plan } = story;
  const { manifest } = plan;
  const reason = (changed: Partial<Approval>, journal = approval.journal) =>
    reasonOf(() =>
      checkSamePlan(plan, { approval: { ...approval.approval, ...changed }, journal }),
    );

  it('is about all of it', async () => {
    expect(await reason({})).toBe('ok');
  });

  it.each<[string, Partial<Approval>]>([
    ['another plan', { plan_id: another }],
    ['the artifact of another run', { plan_artifact: { ...plan.artifact, id: 40 } }],
    [
      'an artifact with other bytes',
      { plan_artifact: { ...plan.artifact, digest: `sha256:${another}` } },
    ],
    ['another plan.json', { plan_sha256: another }],
    ['another prompt', { prompt_sha256: another }],
    ['another head', { head: { ...manifest.head, sha: manifest.base.sha } }],
    ['another base', { base: { ...manifest.base, sha: manifest.head.sha } }],
  ])('is not about %s', async (_, changed) => {
    expect(await reason(changed)).toBe('digest-mismatch');
  });

  it('says so if it is about something else', () => {
    const changed = { approval: { ...approval.approval, plan_id: another }, journal: '' };
    expect(() => checkSamePlan(plan, changed)).toThrow(
      'The approval is about another content than that of the plan.',
    );
  });

  it('carries the journal of the plan on', async () => {
    const elsewhere = appendToJournal('', { ...fact, at: '2026-01-02T03:04:06Z' });
    for (const journal of ['', elsewhere]) {
      expect(await reason({}, journal), journal).toBe('digest-mismatch');
    }
  });
});

describe('whoever a step is done by', () => {
  it('is who started the run, or the last approver on a schedule', async () => {
    const { story } = approvedStory();
    const found = await approved(toolsOf(story));
    expect(findActor({ trigger: triggers.dispatch }, found)).toEqual({ id: 1, login: 'mona' });
    const schedule = { kind: 'schedule', pullRequest: null, sender: null } as const;
    expect(findActor({ trigger: schedule }, found)).toEqual({ id: 6, login: 'hubot' });
  });
});
