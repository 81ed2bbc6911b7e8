import { describe, expect, it } from 'vitest';
import { lastLabelling } from '../../../src/checks/label.ts';
import type { Approval } from '../../../src/core/records/approval.ts';
import {
  checkMayApprove,
  collectVotes,
  counts,
  mayApprove,
  voteOf,
} from '../../../src/modes/approve/votes.ts';
import type { LabelEvent } from '../../../src/ports/labels.ts';
import type { RepositoryRole } from '../../../src/ports/people.ts';
import { type Facts, reasonOf, worldOf } from '../../checks/world.ts';

const people = { askers: [{ id: 50 }], author: { id: 60 } };
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

describe('whoever sets the label', () => {
  it.each<[string, RepositoryRole | undefined, string]>([
    ['has the role', 'write', 'ok'],
    ['has a stronger one', 'admin', 'ok'],
    ['has a weaker one', 'triage', 'actor-denied'],
    ['has none', undefined, 'actor-denied'],
  ])('%s: %s', async (_, role, reason) => {
    const { world } = worldOf({ roles: role === undefined ? {} : { ada: role } });
    expect(await reasonOf(() => checkMayApprove(world, { id: 1, login: 'ada' }))).toBe(reason);
  });

  it('is told which permission they lack', async () => {
    const refused = checkMayApprove(worldOf().world, { id: 1, login: 'ada' });
    await expect(refused).rejects.toThrow(
      'ada has no permission here, and write (approvers.permission) is needed.',
    );
  });
});

describe('whoever repeats an approval', () => {
  it.each<[string, RepositoryRole | null, Facts['policy'], boolean]>([
    ['has the role', 'write', {}, true],
    ['has a weaker one', 'triage', {}, false],
    ['has none', null, {}, false],
    ['is named', 'write', { approvers: { users: ['ada'] } }, true],
    ['is not named', 'admin', { approvers: { users: ['grace'] } }, false],
    ['is in no team', 'admin', { approvers: { teams: ['core'] } }, false],
  ])('%s', async (_, role, policy, may) => {
    const { world } = worldOf({ ...(policy && { policy }) });
    expect(await mayApprove(world, { id: 1, login: 'ada', role })).toBe(may);
  });
});

describe('a vote', () => {
  it('is of a person who may approve, with their role', async () => {
    const event = lastLabelling([set('grace')]);
    expect(await voteOf(worldOf({ roles }).world, event, people)).toEqual({
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
    const { world } = worldOf({ roles });
    expect(await reasonOf(() => voteOf(world, lastLabelling([event]), people))).toBe(reason);
  });

  it('tells a bot that it is none', async () => {
    const event = lastLabelling([set('helper', { actor: bot })]);
    await expect(voteOf(worldOf({ roles }).world, event, people)).rejects.toThrow(
      'helper, who set the label, is not a person.',
    );
  });
});

describe('a vote for what was shown', () => {
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
  const shown = { since: at(10), editedAt: null, seconds: 5, earlier: undefined };
  const vote = (second: number, more: Partial<LabelEvent> = {}) =>
    set('ada', { at: at(second), ...more });

  it('counts from the time on that it takes to read', () => {
    expect(counts(vote(15), shown)).toBe(true);
    expect(counts(vote(14), shown)).toBe(false);
  });

  it('counts from there on since the request was edited, and never in the same second', () => {
    const edited = { ...shown, since: at(0), editedAt: at(20) };
    expect(counts(vote(25), edited)).toBe(true);
    expect(counts(vote(24), edited)).toBe(false);
    expect(counts(vote(20), { ...edited, seconds: 0 })).toBe(false);
    expect(counts(vote(21), { ...edited, seconds: 0 })).toBe(true);
  });

  it('counts as it did before where an approval records it, but for another head', () => {
    const early = vote(1);
    const events = [{ label_event: { id: early.id } }, { label_event: { id: 0 } }];
    const earlier = { approvers: events } as Approval;
    expect(counts(early, { ...shown, earlier })).toBe(true);
    expect(counts(vote(1), { ...shown, earlier })).toBe(false);
    expect(counts({ ...early, current: false }, { ...shown, earlier })).toBe(false);
    expect(counts(vote(30, { current: false }), shown)).toBe(false);
  });
});

describe('the votes', () => {
  const policy = { approvers: { count: 2 } };
  const collect = async (
    history: readonly LabelEvent[],
    counts: (event: LabelEvent) => boolean = () => true,
    facts: Facts = { policy },
  ) => {
    const { world, calls } = worldOf({ roles, self: 99, ...facts });
    const latest = await voteOf(world, lastLabelling(history), people);
    const votes = await collectVotes(world, history, latest, people, counts);
    return { who: votes.map(({ person, role }) => [person.login, role]), calls };
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
