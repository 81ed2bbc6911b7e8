import { describe, expect, it } from 'vitest';
import {
  approverStanding,
  authoriseCommenter,
  authoriseRepeater,
  authoriseRequester,
  hasRole,
  peopleOf,
  personBehind,
} from '../../src/checks/authority.ts';
import type { PlanEvidence } from '../../src/core/records/archive-contents.ts';
import { appendToJournal } from '../../src/core/records/journal.ts';
import type { Manifest } from '../../src/core/records/manifest.ts';
import type { RepositoryRole } from '../../src/ports/people.ts';
import { fact } from '../core/samples.ts';
import { reasonOf, worldOf } from './world.ts';

const roles: readonly RepositoryRole[] = ['read', 'triage', 'write', 'maintain', 'admin'];
const rolesOrNone = [null, ...roles];
const permissions = ['triage', 'write', 'maintain', 'admin'] as const;
const mona = { id: 1, login: 'mona' };
const hubot = { id: 2, login: 'hubot' };
const rolesOf = (role: RepositoryRole | null) => (role === null ? {} : { mona: role });

describe('a role', () => {
  it('counts for all that are weaker', () => {
    for (const [weaker, needed] of roles.entries()) {
      for (const [stronger, role] of roles.entries()) {
        expect(hasRole(role, needed)).toBe(stronger >= weaker);
      }
      expect(hasRole(null, needed)).toBe(false);
    }
  });
});

describe('the person behind an event', () => {
  const { world } = worldOf({ run: { actor: 'Mona' } });
  const account = { id: 1, login: 'mona', type: 'User' };

  it('is the account that the workflow runs for, whatever its capitals', () => {
    expect(personBehind(world, account)).toEqual(mona);
    expect(personBehind(world, account, false)).toEqual(mona);
  });

  it.each([
    ['a bot', { ...account, type: 'Bot' }, false, 'bot-denied'],
    ['an organisation', { ...account, type: 'Organization' }, false, 'bot-denied'],
    ['a mannequin', { ...account, type: 'Mannequin' }, false, 'bot-denied'],
    ['an app that acts for a person', account, true, 'bot-denied'],
    ['a user with the name of a bot', { ...account, login: 'mona[bot]' }, false, 'bot-denied'],
    ['another account', { ...account, login: 'hubot' }, false, 'actor-denied'],
  ])('is not %s', async (_, one, viaApp, reason) => {
    expect(await reasonOf(() => personBehind(world, one, viaApp))).toBe(reason);
    const why =
      reason === 'bot-denied'
        ? `${one.login} is not a person.`
        : 'The event is not by the account that the workflow runs for.';
    expect(() => personBehind(world, one, viaApp)).toThrow(why);
  });
});

describe('a requester', () => {
  it('has the role that the policy asks for', async () => {
    for (const role of rolesOrNone) {
      for (const permission of permissions) {
        const { world } = worldOf({ roles: rolesOf(role), policy: { requesters: { permission } } });
        const allowed = role !== 'read' && hasRole(role, permission);
        expect(await reasonOf(() => authoriseRequester(world, mona)), `${role} ${permission}`).toBe(
          allowed ? 'ok' : 'actor-denied',
        );
        if (allowed) expect(await authoriseRequester(world, mona)).toEqual(mona);
      }
    }
  });

  it.each([null, 'read'] as const)('without the right to ask costs one call: %s', async (role) => {
    const { world, calls } = worldOf({ roles: rolesOf(role) });
    await expect(authoriseRequester(world, mona)).rejects.toThrow(
      `mona has ${role ?? 'no'} permission here, and write is needed.`,
    );
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatch(/^roleOf /);
  });

  it('whose run somebody else repeats is asked for together with them', async () => {
    for (const role of rolesOrNone) {
      const { world } = worldOf({
        run: { triggeringActor: 'hubot' },
        roles: { mona: 'admin' },
        known: [{ ...hubot, role }],
      });
      const allowed = hasRole(role, 'write');
      expect(await reasonOf(() => authoriseRequester(world, mona)), String(role)).toBe(
        allowed ? 'ok' : 'actor-denied',
      );
      if (allowed) expect(await authoriseRequester(world, mona)).toEqual(hubot);
    }
  });
});

describe('whoever repeats a run', () => {
  const world = (triggeringActor: string) =>
    worldOf({ run: { triggeringActor }, known: [{ ...hubot, role: 'write' }] }).world;

  it('is not asked for where that is the actor', async () => {
    const never = () => Promise.reject(new Error('asked'));
    expect(await authoriseRepeater(world('MONA'), never)).toBeUndefined();
  });

  it('may or may not', async () => {
    const writers = async ({ role }: { role: unknown }) => role === 'write';
    expect(await authoriseRepeater(world('hubot'), writers)).toEqual(hubot);
    for (const [who, may] of [
      ['mallory', writers],
      ['hubot', async () => false],
    ] as const) {
      await expect(authoriseRepeater(world(who), may)).rejects.toThrow(
        `${who} may not repeat this run.`,
      );
    }
  });
});

describe('a commenter', () => {
  const sender = { ...mona, type: 'User' };
  const trigger = (viaApp: boolean) => ({ kind: 'comment', sender, viaApp }) as never;

  it.each([
    ['may start a step with the right to ask', { roles: rolesOf('write') }, false, 'ok'],
    ['may not without it', { roles: rolesOf('read') }, false, 'actor-denied'],
    ['may not through an app', { roles: rolesOf('write') }, true, 'bot-denied'],
  ])('%s', async (_, facts, viaApp, reason) => {
    const { world } = worldOf({ ...facts, run: { trigger: trigger(viaApp) } });
    expect(await reasonOf(() => authoriseCommenter(world))).toBe(reason);
  });

  it('is nobody where no comment started the run', async () => {
    const { world, calls } = worldOf();
    await authoriseCommenter(world);
    expect(calls).toEqual([]);
  });
});

describe('the people of a plan', () => {
  const asked = { request: { requester: mona } } as Manifest;

  it('are the requester, whoever had it made again, and the author', () => {
    const journal = appendToJournal(
      '',
      { ...fact, actor: mona },
      { ...fact, actor: hubot },
      { ...fact, event: 'approved', actor: { id: 3, login: 'lisa' } },
    );
    const evidence = { manifest: asked, journal } as PlanEvidence;
    expect(peopleOf(evidence, { author: { id: 9, login: 'x' } })).toEqual({
      askers: [mona, mona, hubot],
      author: { id: 9, login: 'x' },
    });
    expect(peopleOf({ ...evidence, journal: '' }, { author: null })).toEqual({
      askers: [mona],
      author: null,
    });
  });
});

describe('an approver', () => {
  const lists = [
    { users: [], teams: [], named: true },
    { users: ['MONA'], teams: [], named: true },
    { users: ['hubot'], teams: [], named: false },
    { users: [], teams: ['core'], named: true },
    { users: [], teams: ['octo/core'], named: true },
    { users: [], teams: ['other/core'], named: false },
    { users: [], teams: ['docs', 'core'], named: true },
    { users: ['hubot'], teams: ['core'], named: true },
    { users: ['hubot'], teams: ['docs'], named: false },
  ];
  const teams = { 'octo/core': ['mona'], 'octo/docs': ['hubot'] };

  it('has the role, is named, and has neither asked nor written: every case', async () => {
    let cases = 0;
    for (const role of rolesOrNone) {
      for (const permission of permissions) {
        for (const { named, ...list } of lists) {
          for (const self of [true, false]) {
            for (const author of [true, false]) {
              for (const requester of [mona, hubot]) {
                for (const writer of [mona, hubot, null]) {
                  const { world } = worldOf({
                    roles: rolesOf(role),
                    teams,
                    policy: { approvers: { permission, self, author, ...list } },
                  });
                  const standing = await approverStanding(world, mona, {
                    askers: [{ id: 77 }, requester],
                    author: writer,
                  });
                  const expected = !hasRole(role, permission)
                    ? 'actor-denied'
                    : !named
                      ? 'actor-denied'
                      : requester === mona && !self
                        ? 'self-approval'
                        : writer === mona && !author
                          ? 'self-approval'
                          : role;
                  expect('role' in standing ? standing.role : standing.reason).toBe(expected);
                  cases++;
                }
              }
            }
          }
        }
      }
    }
    expect(cases).toBe(6 * 4 * lists.length * 4 * 6);
  });

  it('is of a team that an earlier step asked for, where no token can read teams', async () => {
    const people = { askers: [hubot], author: null };
    const standing = async (list: object, asksTeams: boolean) => {
      const { world, calls } = worldOf({ roles: rolesOf('write'), policy: { approvers: list } });
      const found = await approverStanding(world, mona, people, asksTeams);
      return ['role' in found, calls.some((call) => call.startsWith('isMember'))];
    };
    expect(await standing({ teams: ['core'] }, false)).toEqual([true, false]);
    expect(await standing({ teams: ['core'] }, true)).toEqual([false, true]);
    expect(await standing({ users: ['hubot'] }, false)).toEqual([false, false]);
  });

  it('is known by id: a login can be given to somebody else', async () => {
    const { world } = worldOf({ roles: { mona: 'admin' }, policy: { approvers: { self: false } } });
    const namesake = { id: 5, login: 'mona' };
    expect(await approverStanding(world, mona, { askers: [namesake], author: null })).toEqual({
      role: 'admin',
    });
    const renamed = { id: 1, login: 'lisa' };
    expect(await approverStanding(world, mona, { askers: [renamed], author: null })).toEqual({
      reason: 'self-approval',
      why: 'mona asked for this plan (approvers.self).',
    });
  });

  it('is told which key of the policy refuses them', async () => {
    const why = async (policy: object, author: { id: number } | null = null) => {
      const { world } = worldOf({ roles: { mona: 'write' }, policy: { approvers: policy } });
      const standing = await approverStanding(world, mona, { askers: [hubot], author });
      return 'why' in standing ? standing.why : 'approved';
    };
    expect(await why({ permission: 'admin' })).toBe(
      'mona has write permission here, and admin is needed.',
    );
    expect(await why({ users: ['hubot'] })).toBe(
      'mona is neither in approvers.users nor in a team of approvers.teams.',
    );
    expect(await why({ author: false }, mona)).toBe(
      'mona wrote this pull request (approvers.author).',
    );
    expect(await why({})).toBe('approved');
  });
});
