import { describe, expect, it } from 'vitest';
import { type LabelEvent, lastLabelling } from '../../../src/core/life/labelling.ts';
import type { Approval } from '../../../src/core/records/approval.ts';
import { collectVotes, isValidVote, readVote } from '../../../src/modes/approve/votes.ts';
import { approval } from '../../core/samples.ts';
import { reasonOf } from '../../support/reason.ts';
import { buildRooms, type Given } from '../../support/rooms.ts';

const people = { requesters: [{ id: 50 }], author: { id: 60 } };
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
  requester: 50,
  helper: 4,
  self: 99,
};
let nextId = 1;
const set = (login: string, more: Partial<LabelEvent> = {}): LabelEvent => ({
  id: nextId++,
  set: true,
  actor: { id: ids[login] ?? 0, login, type: 'User' },
  at: '2026-01-01T00:00:00Z',
  viaApp: false,
  current: true,
  ...more,
});
const bot = { id: 4, login: 'helper', type: 'Bot' };

describe('a vote', () => {
  it('is of a person who may approve, with their role', async () => {
    const event = lastLabelling([set('grace')]);
    expect(await readVote(buildRooms({ roles }).authority, event, people)).toEqual({
      person: { id: 2, login: 'grace' },
      role: 'admin',
      event,
    });
  });

  it.each<[string, LabelEvent, string]>([
    ['a bot', set('helper', { actor: bot }), 'bot-denied'],
    ['a person through an app', set('grace', { viaApp: true }), 'bot-denied'],
    ['somebody who may only read', set('lin'), 'actor-denied'],
    ['whoever asked for the plan', set('requester'), 'self-approval'],
  ])('is not of %s', async (_, event, reason) => {
    const { authority } = buildRooms({ roles });
    expect(await reasonOf(() => readVote(authority, lastLabelling([event]), people))).toBe(reason);
  });

  it('tells a bot that it is none', async () => {
    const event = lastLabelling([set('helper', { actor: bot })]);
    await expect(readVote(buildRooms({ roles }).authority, event, people)).rejects.toThrow(
      'helper, who set the label, is not a person.',
    );
  });
});

describe('a vote for what was shown', () => {
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
  const shown = { shownSince: at(10), editedAt: undefined, seconds: 5, earlier: undefined };
  const vote = (second: number, more: Partial<LabelEvent> = {}) =>
    set('ada', { at: at(second), ...more });

  it('counts from the time on that it takes to read', () => {
    expect(isValidVote(vote(15), shown)).toBe(true);
    expect(isValidVote(vote(14), shown)).toBe(false);
  });

  it('counts from there on since the request was edited, and never in the same second', () => {
    const edited = { ...shown, shownSince: at(0), editedAt: at(20) };
    expect(isValidVote(vote(25), edited)).toBe(true);
    expect(isValidVote(vote(24), edited)).toBe(false);
    expect(isValidVote(vote(20), { ...edited, seconds: 0 })).toBe(false);
    expect(isValidVote(vote(21), { ...edited, seconds: 0 })).toBe(true);
  });

  it('counts as it did before where an approval records it, but for another head', () => {
    const early = vote(1);
    const [voter] = approval.approvers;
    const at = (id: number) => ({ ...voter, label_event: { ...voter.label_event, id } });
    const events: Approval['approvers'] = [at(early.id), at(0)];
    const earlier = { ...approval, approvers: events };
    expect(isValidVote(early, { ...shown, earlier })).toBe(true);
    expect(isValidVote(vote(1), { ...shown, earlier })).toBe(false);
    expect(isValidVote({ ...early, current: false }, { ...shown, earlier })).toBe(false);
    expect(isValidVote(vote(30, { current: false }), shown)).toBe(false);
  });
});

describe('the votes', () => {
  const policy = { approvers: { count: 2 } };
  const collect = async (
    history: readonly LabelEvent[],
    counts: (event: LabelEvent) => boolean = () => true,
    facts: Given = { policy },
  ) => {
    const rooms = buildRooms({ roles, self: 99, ...facts });
    const latest = await readVote(rooms.authority, lastLabelling(history), people);
    const votes = await collectVotes(rooms, history, latest, people, counts);
    return { who: votes.map(({ person, role }) => [person.login, role]), calls: rooms.calls };
  };

  it('are those of everybody, the latest last', async () => {
    const { who } = await collect([set('ada'), set('self', { set: false }), set('grace')]);
    expect(who).toEqual([
      ['ada', 'write'],
      ['grace', 'admin'],
    ]);
  });

  it.each<[string, LabelEvent[]]>([
    ['the same person', [set('grace')]],
    ['a bot', [set('helper', { actor: bot })]],
    ['a person through an app', [set('ada', { viaApp: true })]],
    ['somebody who may only read', [set('lin')]],
    ['whoever asked for the plan', [set('requester')]],
    ['somebody whose label a person took off', [set('ada'), set('lin', { set: false })]],
  ])('are not those of %s', async (_, earlier) => {
    expect((await collect([...earlier, set('grace')])).who).toEqual([['grace', 'admin']]);
  });

  it('are not those that came too early', async () => {
    const early = set('ada');
    const { who } = await collect([early, set('grace')], (event) => event !== early);
    expect(who).toEqual([['grace', 'admin']]);
  });

  it('are one where the policy asks for one', async () => {
    const { who, calls } = await collect([set('ada'), set('grace')], () => true, {});
    expect(who).toEqual([['grace', 'admin']]);
    expect(calls).not.toContain('self');
  });
});
