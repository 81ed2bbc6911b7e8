/** People are asked to approve in turn: who is next, what is recorded, and what GitHub is then asked to do. */
import { describe, expect, it } from 'vitest';
import { Rotation } from '../../src/checks/rotation.ts';
import { defaultPolicy, type Policy } from '../../src/core/policy/policy.ts';
import type { RepositoryRole } from '../../src/core/policy/roles.ts';
import { describeAsk } from '../../src/core/policy/rotation.ts';
import { appendToJournal } from '../../src/core/records/journal.ts';
import { sha256 } from '../../src/core/text/digest.ts';
import { Stopped } from '../../src/decision.ts';
import { fact } from '../core/samples.ts';
import { buildTools } from '../support/tools.ts';

const planId = sha256('plan');
const person = (id: number, role: RepositoryRole = 'write') => ({ id, login: `p${id}`, role });
const everybody = [person(1), person(2), person(3, 'maintain')];

interface Given {
  readonly rotate?: Partial<Policy['rotate']>;
  readonly paths?: readonly string[];
  readonly journals?: readonly string[];
  readonly named?: typeof everybody;
  readonly busy?: readonly number[];
  readonly trouble?: Error;
  readonly refused?: readonly string[];
}

function build(given: Given = {}) {
  const { rotate, named = everybody, busy = [], refused = [] } = given;
  const tools = buildTools();
  const calls: string[] = [];
  const reports: string[] = [];
  const warnings: string[] = [];
  const progress: string[] = [];
  const policy: Policy = {
    ...defaultPolicy,
    rotate: { ...defaultPolicy.rotate, ask: 1, ...rotate },
    paths: { ...defaultPolicy.paths, elevated: { paths: ['ops/**'], permission: 'maintain' } },
    notify: { ...defaultPolicy.notify, people: { p3: 'U012AB3CD' } },
  };
  const rotation = new Rotation(
    {
      ...tools,
      policy: { ...tools.policy, read: async () => policy },
      authority: {
        listNamedApprovers: async () => {
          if (given.trouble !== undefined) throw given.trouble;
          return named;
        },
      },
      people: { findBusy: async () => new Set(busy) },
      asking: {
        ask: async (pull, as, logins) => {
          if (given.trouble !== undefined) throw given.trouble;
          calls.push(`ask ${pull} ${as} ${logins.join()}`);
          return refused;
        },
        release: async (pull, as, logins) => void calls.push(`release ${pull} ${as} ${logins}`),
      },
      page: { writeReport: async (_pull, _marker, text) => void reports.push(text) },
      log: {
        progress: (line) => void progress.push(line),
        warn: (line) => void warnings.push(line),
      },
    },
    'approved-plan',
  );
  const subject = {
    pullRequest: 12,
    paths: given.paths ?? ['src/a.ts'],
    participants: { requesters: [{ id: 1, login: 'p1' }], author: null },
    readJournals: async () => given.journals ?? [],
  };
  const about = { pullRequest: 12, planId, why: 'awaiting' } as const;
  return { rotation, calls, reports, warnings, progress, facts: tools.facts, subject, about };
}

/** A journal that says that these people were asked. */
function journalOf(...ids: readonly number[]): string {
  const people = ids.map((id) => ({ id, login: `p${id}` }));
  const facts = {
    pullRequest: 12,
    ask: 1,
    candidates: people,
    participants: [],
    before: [],
    busy: [],
  };
  const detail = describeAsk(facts, 'assignee', people);
  return appendToJournal('', { ...fact, event: 'asked', digests: {}, detail });
}

async function nextOf(given: Given): Promise<readonly string[] | undefined> {
  const { rotation, subject } = build(given);
  const turn = await rotation.choose(subject);
  return turn?.people.map(({ login }) => login);
}

describe('whose turn it is', () => {
  it('is nobody if the policy asks nobody: then nobody is looked up', async () => {
    const trouble = new TypeError('Approvers were looked up.');
    expect(await nextOf({ rotate: { ask: 0 }, trouble })).toBeUndefined();
  });

  it('is somebody who may approve, and who did not ask for the plan', async () => {
    expect(await nextOf({ rotate: { ask: 9 } })).toEqual(['p2', 'p3']);
  });

  it('is somebody whose role is enough for the planned files', async () => {
    expect(await nextOf({ rotate: { ask: 9 }, paths: ['ops/deploy.sh'] })).toEqual(['p3']);
  });

  it('is nobody who is busy, and nobody who was asked before', async () => {
    expect(await nextOf({ rotate: { ask: 9 }, busy: [2] })).toEqual(['p3']);
    expect(await nextOf({ rotate: { ask: 9 }, journals: [journalOf(3)] })).toEqual(['p2']);
  });

  it('is nobody if nobody is left, and the log says so', async () => {
    const { rotation, subject, progress } = build({ journals: [journalOf(2), journalOf(3)] });
    expect(await rotation.choose(subject)).toBeNull();
    expect(progress).toEqual(['Nobody is left to be asked (rotate.ask).']);
  });

  it('names those who were asked last, so that they are let go', async () => {
    const { rotation, subject } = build({ journals: [journalOf(2)] });
    expect(await rotation.choose(subject)).toMatchObject({
      people: [{ id: 3, login: 'p3' }],
      released: { as: 'assignee', logins: ['p2'] },
    });
  });

  it('is nobody, with a warning, if GitHub does not tell who may approve', async () => {
    const trouble = new Stopped('permission-missing', 'The team cannot be read.');
    const { rotation, subject, warnings } = build({ trouble });
    expect(await rotation.choose(subject)).toBeNull();
    expect(warnings).toEqual([
      'Nobody could be asked to approve (rotate.ask). The team cannot be read.',
    ]);
  });

  it.each([new TypeError('a mistake'), new Stopped('secret-detected', 'A secret.')])(
    'does not hide %s',
    async (trouble) => {
      const { rotation, subject } = build({ trouble });
      await expect(rotation.choose(subject)).rejects.toBe(trouble);
    },
  );
});

describe('asking', () => {
  it('is recorded with all facts that decided it', async () => {
    const { rotation, subject } = build();
    const turn = await rotation.choose(subject);
    const actor = { id: 5, login: 'mona' };
    const [line, ...more] = rotation.toJournalFacts(turn, fact.at, actor, planId);
    expect(more).toEqual([]);
    expect(line).toEqual({
      at: fact.at,
      event: 'asked',
      actor,
      digests: { plan_id: planId },
      detail: turn?.detail,
    });
    expect(rotation.toJournalFacts(turn, fact.at, actor)[0]?.digests).toStrictEqual({});
    expect(rotation.toJournalFacts(null, fact.at, actor)).toEqual([]);
  });

  it('lets go of those before, asks the next, and says so on the page', async () => {
    const { rotation, subject, about, calls, reports, facts, warnings } = build({
      journals: [journalOf(2)],
    });
    await rotation.ask(await rotation.choose(subject), about);
    expect(calls).toEqual(['release 12 assignee p2', 'ask 12 assignee p3']);
    expect(reports).toHaveLength(1);
    expect(reports[0]).toContain('p3');
    expect(reports[0]).not.toContain('did not let the action ask');
    expect(warnings).toEqual([]);
    expect(facts.asked).toEqual({
      label: 'approved-plan',
      people: [{ login: 'p3', slack: 'U012AB3CD' }],
    });
  });

  it('does nothing if it is nobody’s turn', async () => {
    const { rotation, about, calls, reports } = build();
    await rotation.ask(null, about);
    expect([calls, reports]).toEqual([[], []]);
  });

  it('names whom GitHub refused, and why it failed, as a warning', async () => {
    const refused = build({ refused: ['p2', 'p3'] });
    const turn = await refused.rotation.choose(refused.subject);
    await refused.rotation.ask(turn, refused.about);
    expect(refused.warnings).toEqual(['GitHub does not accept p2, p3 as assignee.']);
    expect(refused.reports[0]).toContain('did not let the action ask `p2`, `p3`: tell');

    const failed = build({ trouble: new Stopped('github-refused', 'It is archived.') });
    await failed.rotation.ask(turn, failed.about);
    expect(failed.warnings[0]).toContain('It is archived.');
    expect(failed.reports[0]).toContain('did not let the action ask');
  });
});
