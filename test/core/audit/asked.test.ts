import { describe, expect, it } from 'vitest';
import { Absences, nothingAbsent } from '../../../src/core/audit/absent.ts';
import { checkAsked } from '../../../src/core/audit/asked.ts';
import { Ledger } from '../../../src/core/audit/ledger.ts';
import { describeAsk } from '../../../src/core/policy/rotation.ts';
import {
  appendToJournal,
  type JournalFact,
  readJournal,
} from '../../../src/core/records/journal.ts';
import { parsePolicy } from '../../support/policy.ts';

const actor = { id: 9, login: 'nine' };
const at = '2026-01-01T00:00:00Z';
const people = (...ids: number[]) => ids.map((id) => ({ id, login: `p${id}` }));
const facts = {
  pullRequest: 12,
  ask: 1,
  candidates: people(1, 2, 3),
  participants: [9],
  before: [] as number[],
  busy: [],
};

/** What an audit finds of a plan whose journal has these asks, before and after its own line. */
function findings(after: readonly string[], before: readonly string[] = []): readonly string[] {
  const ask = (detail: string) => ({ at, event: 'asked', actor, digests: {}, detail }) as const;
  const planned = { at, event: 'planned', actor, digests: {}, detail: null } as const;
  const journal = appendToJournal('', ...before.map(ask), planned, ...after.map(ask));
  const artifact = {
    name: 'codex-plan-12',
    entries: readJournal(journal),
    lines: journal.split('\n').slice(0, -1),
    policy: parsePolicy('approvers: { users: [p1, p2, p3] }\nrotate: { ask: 1 }\n'),
    evidence: { manifest: { pull_request: 12, requests: [{ requester: actor }] } },
  };
  const ledger = new Ledger();
  const story = { plan: artifact, known: { pullRequest: 12 }, records: [] };
  checkAsked(story, new Absences([], nothingAbsent), ledger);
  return ledger.findings;
}

describe('an audit of who was asked', () => {
  it('finds nothing if it was their turn', () => {
    expect(findings([describeAsk(facts, 'assignee', people(1))])).toEqual([]);
    const later = { ...facts, before: [1] };
    const first = describeAsk(facts, 'assignee', people(1));
    expect(findings([describeAsk(later, 'assignee', people(2))], [first])).toEqual([]);
  });

  it.each([
    ['somebody else', describeAsk(facts, 'assignee', people(2))],
    ['more than the policy says', describeAsk(facts, 'assignee', people(1, 2))],
    ['another way', describeAsk(facts, 'reviewer', people(1))],
    ['another list', describeAsk({ ...facts, candidates: people(2, 3) }, 'assignee', people(1))],
    [
      'that the requester is let in',
      describeAsk({ ...facts, participants: [] }, 'assignee', people(1)),
    ],
    ['no facts', '{}'],
    ['no JSON', 'x'],
  ])('finds %s', (_, detail) => {
    expect(findings([detail])).toHaveLength(1);
  });

  it('finds that somebody who was asked before is left out', () => {
    const first = describeAsk(facts, 'assignee', people(1));
    const again = describeAsk({ ...facts, candidates: people(2, 3) }, 'assignee', people(2));
    expect(findings([again], [first])).toEqual([
      'Line 3 of the journal of codex-plan-12 asks other people than those whose turn it was.',
    ]);
  });
});

describe('an audit of who was asked by a run whose artifact is missing', () => {
  const ask = (detail: string) => ({ at, event: 'asked', actor, digests: {}, detail }) as const;
  const decided = (event: 'planned' | 'denied' | 'approved') =>
    ({ at, event, actor, digests: {}, detail: null }) as const;
  // Under a policy of its own.
  const unlike = ask(describeAsk({ ...facts, ask: 2 }, 'reviewer', people(1, 2)));
  const inTurn = ask(describeAsk({ ...facts, before: [1, 2] }, 'assignee', people(3)));
  const policy = parsePolicy('approvers: { users: [p1, p2, p3] }\nrotate: { ask: 1 }\n');
  const withJournal = (name: string, ...lines: readonly JournalFact[]) => {
    const journal = appendToJournal('', ...lines);
    return { name, policy, entries: readJournal(journal), lines: journal.split('\n').slice(0, -1) };
  };
  const evidence = { manifest: { requests: [{ requester: actor }] } };
  /** The lines of all, with an approval at the end that asks others. */
  const audited = (
    before: readonly JournalFact[],
    missing: readonly JournalFact[],
    explained: JournalFact['event'] | null,
    after: JournalFact,
  ) => {
    const plan = before.length === 0 ? null : { ...withJournal('plan', ...before), evidence };
    const record = withJournal('approval', ...before, ...missing, decided('approved'), after);
    const ledger = new Ledger();
    checkAsked(
      { plan, known: { pullRequest: 12 }, records: [record] },
      {
        explain: (line = '') =>
          JSON.parse(line).event === explained ? 'GitHub no longer stores it' : undefined,
      },
      ledger,
    );
    return ledger;
  };

  it('cannot prove whose turn it was by that run, and still finds what others did', () => {
    const [plan, denial] = [[decided('planned')], [decided('denied'), unlike]];
    const { findings, notProvable } = audited(plan, denial, 'denied', inTurn);
    expect(findings).toEqual([]);
    expect(notProvable).toEqual([
      'Whose turn it was to be asked by line 3 of the journal of approval: GitHub no longer stores it.',
    ]);
    expect(audited(plan, denial, null, inTurn).findings).toHaveLength(1);
    expect(audited(plan, denial, 'denied', unlike).findings).toHaveLength(1);
  });

  it('says the same of a plan that is missing', () => {
    const plan = [decided('planned'), unlike];
    for (const explained of ['planned', null] as const) {
      const { findings, notProvable } = audited([], plan, explained, inTurn);
      expect(findings).toEqual([]);
      expect(notProvable).toEqual([expect.stringMatching(/^Whose turn it was .* line 2 of/)]);
    }
    expect(audited([], plan, 'planned', unlike).findings).toHaveLength(1);
  });
});
