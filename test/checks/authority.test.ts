import { describe, expect, it } from 'vitest';
import { findParticipants } from '../../src/checks/authority.ts';
import type { Policy } from '../../src/core/policy/policy.ts';
import { hasRole, type RepositoryRole } from '../../src/core/policy/roles.ts';
import { type PlanEvidence, readPlanEvidence } from '../../src/core/records/archive-contents.ts';
import { appendToJournal } from '../../src/core/records/journal.ts';
import { fact, planArtifact } from '../core/samples.ts';
import { reasonOf } from '../support/reason.ts';
import { buildTools, type Given, triggers } from '../support/tools.ts';

const roles: readonly RepositoryRole[] = ['read', 'triage', 'write', 'maintain', 'admin'];
const rolesOrNone = [null, ...roles];
const permissions = ['triage', 'write', 'maintain', 'admin'] as const;
const mona = { id: 1, login: 'mona' };
const hubot = { id: 2, login: 'hubot' };
const rolesOf = (role: RepositoryRole | null) => (role === null ? {} : { mona: role });

describe('the person who caused an event', () => {
  const { authority } = buildTools({ run: { actor: 'Mona' } });
  const account = { id: 1, login: 'mona', type: 'User' };

  it('is the account that the workflow runs for, whatever its capitals', () => {
    expect(authority.requirePerson(account)).toEqual(mona);
    expect(authority.requirePerson(account, false)).toEqual(mona);
  });

  it.each([
    ['a bot', { ...account, type: 'Bot' }, false, 'bot-denied'],
    ['an organisation', { ...account, type: 'Organization' }, false, 'bot-denied'],
    ['a mannequin', { ...account, type: 'Mannequin' }, false, 'bot-denied'],
    ['an app that acts for a person', account, true, 'bot-denied'],
    ['a user with the name of a bot', { ...account, login: 'mona[bot]' }, false, 'bot-denied'],
    ['another account', { ...account, login: 'hubot' }, false, 'actor-denied'],
  ])('is not %s', async (_, one, viaApp, reason) => {
    expect(await reasonOf(() => authority.requirePerson(one, viaApp))).toBe(reason);
    const why =
      reason === 'bot-denied'
        ? `${one.login} is not a person.`
        : 'The event is not by the account that the workflow runs for.';
    expect(() => authority.requirePerson(one, viaApp)).toThrow(why);
  });
});

describe('a requester', () => {
  it('has the role that the policy asks for', async () => {
    for (const role of rolesOrNone) {
      for (const permission of permissions) {
        const { authority } = buildTools({
          roles: rolesOf(role),
          policy: { requesters: { permission } },
        });
        const allowed = role !== 'read' && hasRole(role, permission);
        expect(
          await reasonOf(() => authority.authoriseRequester(mona)),
          `${role} ${permission}`,
        ).toBe(allowed ? 'ok' : 'actor-denied');
        if (allowed) expect(await authority.authoriseRequester(mona)).toEqual(mona);
      }
    }
  });

  it.each([null, 'read'] as const)('without the right to ask costs one call: %s', async (role) => {
    const { authority, calls } = buildTools({ roles: rolesOf(role) });
    await expect(authority.authoriseRequester(mona)).rejects.toThrow(
      `mona has ${role ?? 'no'} permission here, and write is needed.`,
    );
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatch(/^readRole /);
  });

  it('whose run somebody else repeats is asked for together with them', async () => {
    for (const role of rolesOrNone) {
      const { authority } = buildTools({
        run: { triggeringActor: 'hubot' },
        roles: { mona: 'admin' },
        known: [{ ...hubot, role }],
      });
      const allowed = hasRole(role, 'write');
      expect(await reasonOf(() => authority.authoriseRequester(mona)), String(role)).toBe(
        allowed ? 'ok' : 'actor-denied',
      );
      if (allowed) expect(await authority.authoriseRequester(mona)).toEqual(hubot);
    }
  });
});

describe('whoever repeats a run', () => {
  const repeated = (who: string, given: Given = {}) =>
    buildTools({
      run: { triggeringActor: who },
      known: [{ ...hubot, role: 'write' }],
      ...given,
    }).authority.authoriseRepeatedApproval();

  it('is not asked for if that is the actor', async () => {
    const { authority, calls } = buildTools({ run: { triggeringActor: 'MONA' } });
    expect(await authority.authoriseRepeatedApproval()).toBeUndefined();
    expect(calls).toEqual([]);
  });

  it.each<[string, RepositoryRole | null, Given['policy'], boolean]>([
    ['has the role', 'write', {}, true],
    ['has a weaker one', 'triage', {}, false],
    ['has none', null, {}, false],
    ['is named', 'write', { approvers: { users: ['hubot'] } }, true],
    ['is not named', 'admin', { approvers: { users: ['grace'] } }, false],
    ['is in a team', 'write', { approvers: { teams: ['core'] } }, true],
    ['is in no team', 'admin', { approvers: { teams: ['docs'] } }, false],
  ])('may or may not approve: %s', async (_, role, policy, may) => {
    const known = [{ ...hubot, role }];
    const given = { known, teams: { 'octo/core': ['hubot'] }, ...(policy && { policy }) };
    if (may) expect(await repeated('hubot', given)).toEqual(hubot);
    else {
      await expect(repeated('hubot', given)).rejects.toThrow('hubot may not repeat this run.');
    }
  });

  it('is nobody if the login is nobody’s', async () => {
    await expect(repeated('mallory')).rejects.toThrow('mallory may not repeat this run.');
    expect(await reasonOf(() => repeated('mallory'))).toBe('actor-denied');
  });
});

describe('whoever sets the label', () => {
  it.each<[string, RepositoryRole | undefined, string]>([
    ['has the role', 'write', 'ok'],
    ['has a stronger one', 'admin', 'ok'],
    ['has a weaker one', 'triage', 'actor-denied'],
    ['has none', undefined, 'actor-denied'],
  ])('%s: %s', async (_, role, reason) => {
    const { authority } = buildTools({ roles: role === undefined ? {} : { mona: role } });
    expect(await reasonOf(() => authority.requireApproverRole(mona))).toBe(reason);
  });

  it('is told which permission they lack', async () => {
    await expect(buildTools().authority.requireApproverRole(mona)).rejects.toThrow(
      'mona has no permission here, and write (approvers.permission) is needed.',
    );
  });
});

describe('whoever withdraws a plan', () => {
  const strict = { permission: 'admin' } as const;
  const both = { requesters: strict, approvers: strict };
  const withdraw = async (
    role: RepositoryRole | null,
    author: number | null,
    policy: Given['policy'] = {},
  ) => {
    const { authority, calls } = buildTools({ roles: rolesOf(role), policy });
    const reason = await reasonOf(() => authority.authoriseWithdrawer(mona, author));
    return { reason, calls: calls.map((call) => call.split(' ')[0]) };
  };

  it('may ask or approve', async () => {
    expect((await withdraw('write', null)).reason).toBe('ok');
    expect((await withdraw('write', 2, { requesters: strict })).reason).toBe('ok');
    expect((await withdraw('write', 2, { approvers: strict })).reason).toBe('ok');
    expect((await withdraw('write', 2, both)).reason).toBe('actor-denied');
    expect((await withdraw('triage', 2)).reason).toBe('actor-denied');
  });

  it('may approve only if the policy names them, where it names approvers', async () => {
    const naming = (login: string) => ({
      requesters: strict,
      approvers: { permission: 'write' as const, users: [login] },
    });
    expect((await withdraw('write', 2, naming('Mona'))).reason).toBe('ok');
    expect((await withdraw('write', 2, naming('bob'))).reason).toBe('actor-denied');
    const { authority } = buildTools({ roles: rolesOf('write'), policy: naming('bob') });
    await expect(authority.authoriseWithdrawer(mona, 2)).rejects.toThrow(
      'mona may neither ask for plans nor approve.',
    );
  });

  it.each([null, 'read', 'triage'] as const)(
    'may have %s if they wrote the pull request, which the event tells',
    async (role) => {
      expect(await withdraw(role, mona.id, both)).toEqual({ reason: 'ok', calls: [] });
    },
  );

  it.each([
    [null, null],
    ['read', 2],
  ] as const)('has %s and is a stranger: denied, for one call', async (role, author) => {
    expect(await withdraw(role, author)).toEqual({ reason: 'actor-denied', calls: ['readRole'] });
  });

  it('is told which permission they lack', async () => {
    const { authority } = buildTools({ roles: rolesOf('triage') });
    await expect(authority.authoriseWithdrawer(mona, 2)).rejects.toThrow(
      'mona has triage permission here, and write is needed.',
    );
  });

  it('may have the run repeated by somebody who could withdraw the plan, too', async () => {
    const known = [
      { id: 5, login: 'bob', role: 'write' },
      { id: 6, login: 'dave', role: 'read' },
      { id: 9, login: 'author', role: null },
    ] as const;
    const repeated = (by: string) => {
      const run = { triggeringActor: by, attempt: 2 };
      const { authority } = buildTools({ roles: rolesOf('write'), known, run });
      return authority.authoriseWithdrawer(mona, 9);
    };
    expect(await repeated('bob')).toEqual({ id: 5, login: 'bob' });
    expect(await repeated('author')).toEqual({ id: 9, login: 'author' });
    expect(await reasonOf(() => repeated('dave'))).toBe('actor-denied');
    expect(await reasonOf(() => repeated('mallory'))).toBe('actor-denied');
  });
});

describe('a commenter', () => {
  const trigger = (viaApp: boolean) => ({ ...triggers.comment, viaApp });

  it.each([
    ['may start a step with the right to ask', { roles: rolesOf('write') }, false, 'ok'],
    ['may not without it', { roles: rolesOf('read') }, false, 'actor-denied'],
    ['may not through an app', { roles: rolesOf('write') }, true, 'bot-denied'],
  ])('%s', async (_, facts, viaApp, reason) => {
    const { authority } = buildTools({ ...facts, run: { trigger: trigger(viaApp) } });
    expect(await reasonOf(() => authority.authoriseCommenter())).toBe(reason);
  });

  it('is nobody if no comment started the run', async () => {
    const { authority, calls } = buildTools();
    await authority.authoriseCommenter();
    expect(calls).toEqual([]);
  });
});

describe('the people of a plan', () => {
  const evidence: PlanEvidence = readPlanEvidence(planArtifact());
  const [{ requester: asked }] = evidence.manifest.requests;

  it('are the requester, whoever had it made again, and the author', () => {
    const journal = appendToJournal(
      '',
      { ...fact, actor: mona },
      { ...fact, actor: hubot },
      { ...fact, event: 'approved', actor: { id: 3, login: 'lisa' } },
    );
    expect(findParticipants({ ...evidence, journal }, { author: { id: 9, login: 'x' } })).toEqual({
      requesters: [asked, mona, hubot],
      author: { id: 9, login: 'x' },
    });
    expect(findParticipants({ ...evidence, journal: '' }, { author: null })).toEqual({
      requesters: [asked],
      author: null,
    });
  });

  it('are all who asked, and not who took files out of the plan', () => {
    const { manifest } = evidence;
    const [first] = manifest.requests;
    const requests: typeof manifest.requests = [first, { ...first, requester: hubot }];
    const asking = { ...evidence, manifest: { ...manifest, requests }, journal: '' };
    expect(findParticipants(asking, { author: null }).requesters).toEqual([asked, hubot]);
    expect(manifest.narrows?.by).toBeDefined();
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
                  const { authority } = buildTools({
                    roles: rolesOf(role),
                    teams,
                    policy: { approvers: { permission, self, author, ...list } },
                  });
                  const eligibility = await authority.assessApprover(mona, {
                    requesters: [{ id: 77 }, requester],
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
                  expect(
                    'role' in eligibility ? eligibility.role : eligibility.refusal.reason,
                  ).toBe(expected);
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

  it('is of a team that an earlier step asked for, if no token can read teams', async () => {
    const participants = { requesters: [hubot], author: null };
    const assess = async (list: Partial<Policy['approvers']>, trusting: boolean) => {
      const { authority, calls } = buildTools({
        roles: rolesOf('write'),
        policy: { approvers: list },
      });
      const asked = trusting ? authority.trustingTeams() : authority;
      const found = await asked.assessApprover(mona, participants);
      return ['role' in found, calls.some((call) => call.startsWith('isMember'))];
    };
    expect(await assess({ teams: ['core'] }, true)).toEqual([true, false]);
    expect(await assess({ teams: ['core'] }, false)).toEqual([false, true]);
    expect(await assess({ users: ['hubot'] }, true)).toEqual([false, false]);
  });

  it('is not looked for in teams if that cannot matter', async () => {
    const looksFor = async (role: RepositoryRole, users: string[]) => {
      const policy = { approvers: { users, teams: ['core'] } };
      const { authority, calls } = buildTools({ roles: rolesOf(role), policy });
      await authority.assessApprover(mona, { requesters: [hubot], author: null });
      return calls.filter((call) => call.startsWith('isMember'));
    };
    expect(await looksFor('write', ['hubot'])).toEqual(['isMember "octo/core" "mona"']);
    expect(await looksFor('write', ['Mona'])).toEqual([]);
    expect(await looksFor('triage', ['hubot'])).toEqual([]);
  });

  it('is known by id: a login can be given to somebody else', async () => {
    const { authority } = buildTools({
      roles: { mona: 'admin' },
      policy: { approvers: { self: false } },
    });
    const namesake = { id: 5, login: 'mona' };
    expect(await authority.assessApprover(mona, { requesters: [namesake], author: null })).toEqual({
      role: 'admin',
    });
    const renamed = { id: 1, login: 'lisa' };
    expect(await authority.assessApprover(mona, { requesters: [renamed], author: null })).toEqual({
      refusal: {
        reason: 'self-approval',
        detail: 'mona asked for this plan (approvers.self).',
      },
    });
  });

  it('is told which key of the policy refuses them', async () => {
    const why = async (policy: object, author: { id: number } | null = null) => {
      const { authority } = buildTools({ roles: { mona: 'write' }, policy: { approvers: policy } });
      const eligibility = await authority.assessApprover(mona, { requesters: [hubot], author });
      return 'refusal' in eligibility ? eligibility.refusal.detail : 'approved';
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

describe('the approvers that the policy names', () => {
  const known = [
    { ...hubot, role: 'write' as const },
    { ...mona, role: 'maintain' as const },
    { id: 3, login: 'reader', role: 'read' as const },
  ];
  const list = (approvers: Partial<Policy['approvers']>, teams: Given['teams'] = {}) =>
    buildTools({ known, teams, policy: { approvers } }).authority.listNamedApprovers();

  it('are everybody with the role if it names nobody', async () => {
    expect(await list({})).toBeUndefined();
  });

  it('are its users and the members of its teams, each once, by id', async () => {
    const teams = { 'octo/core': ['hubot', 'MONA'], 'other/crew': ['mona'] };
    const found = await list({ users: ['hubot', 'mona'], teams: ['core', 'other/crew'] }, teams);
    expect(found).toEqual(
      [known[1], known[0]].map((one) => expect.objectContaining({ id: one?.id })),
    );
  });

  it('are looked up once each, whatever their capitals', async () => {
    const tools = buildTools({
      known,
      teams: { 'octo/core': ['MONA'] },
      policy: { approvers: { users: ['mona'], teams: ['core'] } },
    });
    await tools.authority.listNamedApprovers();
    expect(tools.calls.filter((call) => call.startsWith('find '))).toEqual(['find "MONA"']);
  });

  it('are only those whom GitHub knows, and whose role is enough', async () => {
    expect(await list({ users: ['nobody', 'reader', 'hubot'] })).toEqual([known[0]]);
    expect(await list({ users: ['hubot', 'mona'], permission: 'maintain' })).toEqual([known[1]]);
  });

  it('are not asked for one by one if there are too many', async () => {
    const named = (count: number) => Array.from({ length: count }, (_, index) => `u${index}`);
    expect(await list({ users: named(100) })).toEqual([]);
    expect(await reasonOf(() => list({ users: named(101) }))).toBe('limit-exceeded');
    await expect(list({ users: named(101) })).rejects.toThrow(
      'The policy names more than 100 approvers.',
    );
  });
});
