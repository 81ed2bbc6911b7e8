import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AskFacts,
  chooseAsked,
  describeAsk,
  readAskedBefore,
  roleFor,
} from '../../../src/core/policy/rotation.ts';
import { appendToJournal, readJournal } from '../../../src/core/records/journal.ts';
import { parsePolicy } from '../../support/policy.ts';

const people = (...ids: number[]) => ids.map((id) => ({ id, login: `p${id}` }));
const facts = (more: Partial<AskFacts>): AskFacts => ({
  pullRequest: 0,
  ask: 1,
  candidates: people(1, 2, 3, 4),
  participants: [],
  before: [],
  busy: [],
  ...more,
});
const chosen = (more: Partial<AskFacts>) => chooseAsked(facts(more)).map(({ id }) => id);

describe('whose turn it is', () => {
  it.each([
    [{ pullRequest: 0 }, [1]],
    [{ pullRequest: 1 }, [2]],
    [{ pullRequest: 4 }, [1]],
    [{ pullRequest: 3, ask: 2 }, [4, 1]],
    [{ pullRequest: 7, ask: 10 }, [4, 1, 2, 3]],
    [{ candidates: people(4, 2, 3, 1), pullRequest: 2 }, [3]],
    [{ participants: [1, 3], pullRequest: 1 }, [4]],
    [{ busy: [1], pullRequest: 3 }, [2]],
    [{ before: [2], pullRequest: 1 }, [3]],
    [{ before: [1, 2], participants: [3], busy: [4] }, []],
    [{ candidates: [] }, []],
    [{ ask: 0 }, []],
  ])('%j: %j', (more, expected) => {
    expect(chosen(more)).toEqual(expected);
  });

  it('comes to everybody before it comes to nobody, whatever the number is', () => {
    fc.assert(
      fc.property(fc.nat(), fc.uniqueArray(fc.nat(), { maxLength: 12 }), (pullRequest, ids) => {
        const before: number[] = [];
        for (let ask = 0; ask < ids.length; ask++) {
          const [next, ...more] = chosen({ pullRequest, candidates: people(...ids), before });
          expect(more).toEqual([]);
          expect(before).not.toContain(next);
          before.push(next ?? -1);
        }
        expect(before.toSorted((a, b) => a - b)).toEqual(ids.toSorted((a, b) => a - b));
        expect(chosen({ pullRequest, candidates: people(...ids), before })).toEqual([]);
      }),
    );
  });
});

describe('the journal', () => {
  const actor = { id: 9, login: 'nine' };
  const at = '2026-01-01T00:00:00Z';
  const entry = (detail: string | null) =>
    ({ at, event: 'asked', actor, digests: {}, detail }) as const;

  it('holds what an auditor needs to compute the turn again', () => {
    const given = facts({
      pullRequest: 6,
      ask: 2,
      before: [2],
      busy: [3],
      participants: [9, 7, 9],
    });
    const asked = chooseAsked(given);
    const detail = JSON.parse(describeAsk(given, 'reviewer', asked));
    expect(detail).toEqual({
      as: 'reviewer',
      asked: people(1, 4),
      before: [2],
      busy: [3],
      candidates: [1, 2, 3, 4],
      participants: [7, 9],
    });
    const again = chooseAsked({
      pullRequest: 6,
      ask: 2,
      ...detail,
      candidates: people(...detail.candidates),
    });
    expect(again).toEqual(asked);
  });

  it('tells who was asked, in this plan and in those before', () => {
    const first = describeAsk(facts({ before: [8] }), 'assignee', people(1));
    const second = describeAsk(facts({ before: [8, 1] }), 'reviewer', people(2, 3));
    const text = appendToJournal('', entry(first), entry('nonsense'), entry(null), entry(second));
    expect(readAskedBefore(readJournal(text))).toEqual({
      ids: [8, 1, 2, 3],
      latest: { as: 'reviewer', people: people(2, 3) },
    });
    expect(readAskedBefore([])).toEqual({ ids: [], latest: null });
  });
});

it('the role that is needed is the one of elevated files, if there are any', () => {
  const policy = parsePolicy('version: 1\n');
  expect(roleFor(policy, ['src/a.ts'])).toBe('write');
  expect(roleFor(policy, ['src/a.ts', 'package.json'])).toBe('maintain');
});
