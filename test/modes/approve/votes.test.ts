import { describe, expect, it } from 'vitest';
import { readLife } from '../../../src/checks/plan-life.ts';
import type { ReadingTimes } from '../../../src/core/life/reading-time.ts';
import type { EventActor, Labelling, TimelineEvent } from '../../../src/core/life/timeline.ts';
import { Stopped } from '../../../src/decision.ts';
import { collectVotes, readVote, toCountedEvent } from '../../../src/modes/approve/votes.ts';
import type { LabelEventDetails } from '../../../src/ports/timeline.ts';
import { reasonOf } from '../../support/reason.ts';
import { Story } from '../../support/story.ts';
import { buildTools, type Given, pullRequest } from '../../support/tools.ts';

const label = { id: 'LA_1', name: 'approved-plan' };
const participants = { requesters: [{ id: 50 }], author: { id: 60 } };
const roles = {
  ada: 'write',
  grace: 'admin',
  lin: 'read',
  requester: 'admin',
  helper: 'write',
} as const;
const ids: Record<string, number> = {
  ada: 1,
  grace: 2,
  lin: 3,
  helper: 4,
  requester: 50,
  self: 99,
};
const person = (login: string): EventActor => ({ id: ids[login] ?? 0, login, type: 'User' });
const bot: EventActor = { id: 4, login: 'helper', type: 'Bot' };

let nextId = 1;
/** Each event a minute after the one before, from ten o'clock on. */
const at = () => new Date(Date.UTC(2026, 0, 2, 10, nextId)).toISOString().replace('.000', '');
const set = (login: string, more: Partial<Labelling> = {}): Labelling => ({
  id: `LE_${++nextId}`,
  kind: 'set',
  label,
  actor: person(login),
  at: at(),
  ...more,
});
const removedBy = (login: string): TimelineEvent => ({ ...set(login), kind: 'removed' });

const times: ReadingTimes = {
  publishedAt: '2026-01-02T09:00:00Z',
  shownSince: '2026-01-02T09:00:00Z',
  requestEditedAt: undefined,
  seconds: 10,
};

describe('a vote', () => {
  it('is of a person who may approve, with their role', async () => {
    const event = set('grace');
    expect(await readVote(buildTools({ roles }).authority, event, participants)).toEqual({
      person: { id: 2, login: 'grace' },
      role: 'admin',
      event,
    });
  });

  it.each<[string, Labelling, string]>([
    ['a bot', set('helper', { actor: bot }), 'bot-denied'],
    ['an organisation', set('helper', { actor: { ...bot, type: 'Organization' } }), 'bot-denied'],
    ['somebody who may only read', set('lin'), 'actor-denied'],
    ['somebody without a role', set('nobody'), 'actor-denied'],
    ['whoever asked for the plan', set('requester'), 'self-approval'],
  ])('is not of %s', async (_, event, reason) => {
    const { authority } = buildTools({ roles });
    expect(await reasonOf(() => readVote(authority, event, participants))).toBe(reason);
  });

  it('tells a bot that it is none', async () => {
    const event = set('helper', { actor: bot });
    await expect(readVote(buildTools({ roles }).authority, event, participants)).rejects.toThrow(
      'helper, who set the label, is not a person.',
    );
  });

  it('is kept as GitHub told it', () => {
    const event = set('ada');
    expect(toCountedEvent({ event })).toEqual({
      id: event.id,
      label,
      actor: { id: 1, login: 'ada' },
      created_at: event.at,
    });
  });
});

interface Case {
  /** The policy's number of approvers. */
  readonly count?: number;
  readonly hours?: number;
  readonly times?: Partial<ReadingTimes>;
  readonly given?: Given;
  /** What REST tells of an event, by id; a person set the label under its name unless given. */
  readonly details?: Readonly<Record<string, LabelEventDetails>>;
  readonly story?: Story;
}

/** Collects the votes after these events; the last of them is the one that the run is about. */
async function collect(
  events: readonly [...TimelineEvent[], Labelling],
  { count = 2, hours = 24, details = {}, story = new Story(), given, ...more }: Case = {},
) {
  const latest = events.at(-1) as Labelling;
  const asked: (readonly string[])[] = [];
  const tools = buildTools({
    artifacts: story.artifacts,
    roles,
    self: 99,
    policy: { approvers: { count, hours } },
    timeline: {
      read: async () => ({ events, carried: [label] }),
      readDetails: async (_, wanted) => {
        asked.push(wanted.map(({ id }) => id));
        const plain = { viaApp: false, labelName: label.name };
        return new Map(wanted.map(({ id }) => [id, details[id] ?? plain]));
      },
    },
    ...given,
  });
  const life = await readLife(tools, pullRequest, story.plan);
  const vote = await readVote(tools.authority, latest, participants);
  const policy = await tools.policy.read();
  const reading = { ...times, ...more.times };
  const votes = await collectVotes(tools, life, vote, participants, policy, reading);
  const who = votes.map(({ person: { login }, role }) => `${login}: ${role}`);
  return { who, asked, calls: tools.calls };
}

async function refusal(...args: Parameters<typeof collect>): Promise<string> {
  try {
    return (await collect(...args)).who.join();
  } catch (error) {
    if (error instanceof Stopped) return `${error.reason}: ${error.message}`;
    throw error;
  }
}

describe('the votes', () => {
  it('are those of everybody, the latest last', async () => {
    const { who } = await collect([set('ada'), removedBy('self'), set('grace')]);
    expect(who).toEqual(['ada: write', 'grace: admin']);
  });

  it.each<[string, (() => TimelineEvent)[]]>([
    ['the same person', [() => set('grace')]],
    ['a bot', [() => set('helper', { actor: bot })]],
    ['somebody who may only read', [() => set('lin')]],
    ['whoever asked for the plan', [() => set('requester')]],
    ['somebody whose label a person removed', [() => set('ada'), () => removedBy('lin')]],
    ['somebody who set another label', [() => set('ada', { label: { ...label, id: 'LA_2' } })]],
    [
      'somebody before a force push',
      [() => set('ada'), () => ({ ...set('ada'), kind: 'force-pushed' }) as TimelineEvent],
    ],
  ])('are not those of %s', async (_, earlier) => {
    const events = earlier.map((make) => make());
    expect((await collect([...events, set('grace')])).who).toEqual(['grace: admin']);
  });

  it.each<[string, LabelEventDetails]>([
    ['through an app', { viaApp: true, labelName: label.name }],
    ['under another name of the label', { viaApp: false, labelName: 'bug' }],
  ])('are none %s', async (_, told) => {
    const vote = set('ada');
    const latest = set('grace');
    const { who, asked } = await collect([vote, latest], { details: { [vote.id]: told } });
    expect(who).toEqual(['grace: admin']);
    expect(asked).toEqual([[vote.id, latest.id]]);
    expect(await refusal([vote, latest], { details: { [latest.id]: told } })).toBe(
      'bot-denied: GitHub does not confirm that grace set the label under the name approved-plan and without an app.',
    );
  });

  it('are not older than the policy’s hours', async () => {
    const old = set('ada', { at: '2026-01-02T09:59:59Z' });
    const recent = set('grace', { at: '2026-01-02T11:00:00Z' });
    const limits = {
      hours: 2,
      times: { publishedAt: '2026-01-02T08:00:00Z', shownSince: '2026-01-02T08:00:00Z' },
    };
    expect((await collect([old, recent], limits)).who).toEqual(['grace: admin']);
    expect((await collect([old, recent], { ...limits, hours: 3 })).who).toHaveLength(2);
  });

  it('are none at all if the latest is too old', async () => {
    const old = set('grace', { at: '2026-01-02T10:00:00Z' });
    expect(await refusal([old], { count: 1, hours: 2 })).toBe(
      'approval-expired: The label was set at 2026-01-02T10:00:00Z, more than 2 hours ago (approvers.hours or approval-hours), or not after the last approval of this plan.',
    );
  });

  it('are none at all if only somebody else’s counts', async () => {
    const used = set('grace');
    const story = new Story();
    story.deny({ label_events: [toCountedEvent({ event: used })] });
    expect(await refusal([set('ada'), used], { story })).toMatch(/^approval-expired: /);
  });

  it('came after there was the time to read, also the request', async () => {
    const early = set('ada', { at: '2026-01-02T10:00:09Z' });
    const late = set('grace', { at: '2026-01-02T10:00:10Z' });
    const shown = { times: { shownSince: '2026-01-02T10:00:00Z' } };
    const edited = { times: { requestEditedAt: '2026-01-02T10:00:00Z' } };
    for (const limits of [shown, edited]) {
      expect((await collect([early, late], limits)).who).toEqual(['grace: admin']);
    }
  });

  it('were not counted by an earlier approval, and came after it', async () => {
    const [used, unused] = [set('ada'), set('lin')];
    const earlier = new Story();
    const counted = toCountedEvent({ event: used });
    earlier.approve({
      approvers: [
        {
          ...counted.actor,
          permission: 'write',
          label_event: { id: used.id, created_at: used.at },
        },
      ],
      label_events: [counted],
      created_at: unused.at,
    });
    const latest = set('grace');
    const given = { roles: { ...roles, lin: 'write' as const } };
    const events = [used, unused, latest] as const;
    expect((await collect(events, { story: earlier, given })).who).toEqual(['grace: admin']);
    expect((await collect(events, { given })).who).toEqual([
      'ada: write',
      'lin: write',
      'grace: admin',
    ]);
  });

  it('were not counted by an earlier denial', async () => {
    const used = set('ada');
    const story = new Story();
    story.deny({ label_events: [toCountedEvent({ event: used })] });
    expect((await collect([used, set('grace')], { story })).who).toEqual(['grace: admin']);
  });

  it('are one if the policy asks for one', async () => {
    const latest = set('grace');
    const { who, asked, calls } = await collect([set('ada'), latest], { count: 1 });
    expect(who).toEqual(['grace: admin']);
    expect(asked).toEqual([[latest.id]]);
    expect(calls).not.toContain('self');
  });
});
