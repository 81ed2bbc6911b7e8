import { describe, expect, it } from 'vitest';
import { Absences, nothingAbsent } from '../../../src/core/audit/absent.ts';
import { checkAsked } from '../../../src/core/audit/asked.ts';
import { Ledger } from '../../../src/core/audit/ledger.ts';
import { describeAsk } from '../../../src/core/policy/rotation.ts';
import { appendToJournal, readJournal } from '../../../src/core/records/journal.ts';
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
