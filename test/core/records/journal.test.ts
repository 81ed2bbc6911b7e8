import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  appendToJournal,
  type JournalFact,
  readJournal,
} from '../../../src/core/records/journal.ts';
import { sha256 } from '../../../src/core/text/digest.ts';
import { canonicalJson } from '../../../src/core/text/json.ts';
import { Stopped } from '../../../src/decision.ts';
import { runs } from '../../support/properties.ts';
import { mutationsOf } from '../plans.ts';
import { fact } from '../samples.ts';

const facts = fc.array(
  fc.record({
    at: fc
      .integer({ min: 0, max: 4e9 })
      .map((seconds) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`),
    event: fc.constantFrom<JournalFact['event']>(
      'planned',
      'voted',
      'approved',
      'denied',
      'verified',
      'drifted',
      'executed',
      'withdrawn',
      'overridden',
      'assessed',
    ),
    actor: fc.record({ id: fc.integer({ min: 1 }), login: fc.string({ minLength: 1 }) }),
    digests: fc.dictionary(fc.constantFrom('plan', 'prompt'), fc.string().map(sha256)),
    paths: fc.array(fc.string()),
    detail: fc.option(fc.string({ unit: 'grapheme' })),
  }),
  { minLength: 1, maxLength: 6 },
);

const linesOf = (journal: string) => journal.split('\n').slice(0, -1);
const join = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

function refusal(journal: string): string | undefined {
  try {
    readJournal(journal);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(Stopped);
    expect((error as Stopped).reason).toBe('artifact-invalid');
    return (error as Stopped).message;
  }
}

describe('the journal', () => {
  it('is read back as it was written, one line a fact', () => {
    fc.assert(
      fc.property(facts, (facts) => {
        const journal = appendToJournal('', ...facts);
        const entries = readJournal(journal);
        expect(entries.map(({ seq: _, prev: __, ...fact }) => fact)).toEqual(facts);
        expect(entries.map(({ seq }) => seq)).toEqual(facts.map((_, index) => index + 1));
        expect(linesOf(journal)).toHaveLength(facts.length);
      }),
      { numRuns: runs(1000) },
    );
  });

  it('is the same, written at once or one after the other, and keeps what is there', () => {
    fc.assert(
      fc.property(facts, (facts) => {
        const atOnce = appendToJournal('', ...facts);
        let journal = '';
        for (const fact of facts) {
          const longer = appendToJournal(journal, fact);
          expect(longer.startsWith(journal)).toBe(true);
          journal = longer;
        }
        expect(journal).toBe(atOnce);
        expect(appendToJournal(journal)).toBe(journal);
      }),
      { numRuns: runs(500) },
    );
  });

  it('shows any line that was dropped, moved or doubled', () => {
    fc.assert(
      fc.property(facts, fc.nat(), fc.nat(), (facts, a, b) => {
        const lines = linesOf(appendToJournal('', ...facts));
        const one = a % lines.length;
        const other = b % lines.length;
        const line = lines[one] as string;
        if (one < lines.length - 1) {
          expect(refusal(join(lines.toSpliced(one, 1)))).toBeDefined();
        }
        expect(refusal(join(lines.toSpliced(other, 0, line)))).toBeDefined();
        if (one !== other) {
          const swapped = lines.with(one, lines[other] as string).with(other, line);
          expect(refusal(join(swapped))).toBeDefined();
        }
      }),
      { numRuns: runs(2000) },
    );
  });

  it('shows any edit of a line that another one follows', () => {
    const lines = linesOf(
      appendToJournal('', fact, { ...fact, event: 'approved', detail: 'x' }, fact),
    );
    for (const index of [0, 1]) {
      for (const { where, mutant } of mutationsOf(JSON.parse(lines[index] as string))) {
        const edited = join(lines.with(index, canonicalJson(mutant)));
        expect(refusal(edited), `${index}.${where}`).toBeDefined();
      }
    }
  });

  it('shows a line of another journal, though it has the same number', () => {
    const ours = linesOf(appendToJournal('', fact, fact));
    const theirs = linesOf(appendToJournal('', { ...fact, detail: 'x' }, fact));
    expect(refusal(join([ours[0] as string, theirs[1] as string]))).toBe(
      'journal.jsonl is broken: line 2 does not follow the line before.',
    );
    expect(refusal(join([...ours, theirs[1] as string]))).toBe(
      'journal.jsonl is broken: line 3 has another number.',
    );
  });

  it('leaves a dropped end to the digest of the whole', () => {
    const journal = appendToJournal('', fact, fact);
    const shorter = join(linesOf(journal).slice(0, 1));
    expect(refusal(shorter)).toBeUndefined();
    expect(sha256(shorter)).not.toBe(sha256(journal));
  });

  it.each([
    ['a cut line', (journal: string) => journal.slice(0, -1), 'its last line is cut'],
    ['half a line', (journal: string) => journal.slice(0, -20), 'its last line is cut'],
    ['an empty line', (journal: string) => `${journal}\n`, 'It is not one JSON document'],
    ['another form', (journal: string) => journal.replace('{', '{ '), 'not in its canonical form'],
    [
      'Windows line ends',
      (journal: string) => journal.replaceAll('\n', '\r\n'),
      'not in its canonical form',
    ],
    [
      'a first line with a line before',
      (journal: string) => journal.replace('"prev":null', `"prev":"${sha256('')}"`),
      'line 1 does not follow the line before',
    ],
    [
      'another number',
      (journal: string) => journal.replace('"seq":1', '"seq":2'),
      'line 1 has another number',
    ],
    [
      'an unknown event',
      (journal: string) => journal.replace('"planned"', '"paid"'),
      'does not fit its schema at event',
    ],
  ])('is refused with %s', (_, spoil, why) => {
    expect(refusal(spoil(appendToJournal('', fact)))).toContain(why);
  });

  it('has no paths for a fact without paths', () => {
    expect(readJournal(appendToJournal('', fact))[0]?.paths).toEqual([]);
  });

  it('may be empty', () => {
    expect(readJournal('')).toEqual([]);
  });
});
