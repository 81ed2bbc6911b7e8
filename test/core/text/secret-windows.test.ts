/** The search for windows of secrets, held to a search that takes each window by itself. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shortest, Windows } from '../../../src/core/text/secret-windows.ts';
import { runs } from '../../support/properties.ts';

interface Form {
  readonly text: string;
  readonly window: number;
  readonly name: string;
}

const clean = (text: string) => text.replace(/[^A-Za-z0-9]/g, '').toLowerCase();

function* windowsOf(text: string, length: number): Generator<string> {
  for (let start = 0; start + length <= text.length; start++) {
    yield text.slice(start, start + length);
  }
}

/** What `Windows` promises, slowly: the lengths in the order in which they were added, and the last form that has the window. */
function findSlowly(forms: readonly Form[], text: string): string | undefined {
  const wanted = forms
    .map((form) => ({ ...form, text: clean(form.text) }))
    .map((form) => ({ ...form, length: Math.min(form.window, form.text.length) }))
    .filter(({ length }) => length >= shortest);
  for (const length of new Set(wanted.map((form) => form.length))) {
    for (const window of windowsOf(clean(text), length)) {
      if (new Set(window).size < 5) continue;
      const form = wanted.findLast((one) => one.length === length && one.text.includes(window));
      if (form !== undefined) return form.name;
    }
  }
  return undefined;
}

/** Few characters, so that windows have the same beginnings and ends, and too few different ones. */
const characters = fc.constantFrom(...'aAbBcdefghéK12-\n ');
const unit = fc.oneof({ arbitrary: characters, weight: 9 }, fc.string({ maxLength: 1 }));
const written = (minLength: number, maxLength: number) =>
  fc.string({ unit, minLength, maxLength, size: 'max' });
const forms = fc.array(
  fc.record({
    // Some are a part of another one.
    text: fc.oneof(written(0, 40), fc.constantFrom('Abcd-efgh-1234', 'abcdefgh1234 and more')),
    window: fc.integer({ min: shortest, max: 14 }),
    name: fc.constantFrom('one', 'two', 'three'),
  }),
  { maxLength: 6 },
);

it('finds what a search finds that takes each window by itself', () => {
  const seen = { found: 0, nothing: 0 };
  // Chance decides how many texts have a window. Among fewer texts there could be almost none.
  const numRuns = Math.max(300, runs(1_000));
  const texts = fc.array(
    fc.oneof(
      written(0, 30),
      fc.record({ form: fc.nat(), from: fc.nat(40), length: fc.integer({ min: 6, max: 16 }) }),
    ),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(forms, texts, (some, parts) => {
      const windows = new Windows();
      for (const { text, window, name } of some) windows.add(text, window, name);
      const text = parts
        .map((part) => {
          if (typeof part === 'string') return part;
          const { text = '' } = some[part.form % Math.max(1, some.length)] ?? {};
          return text.slice(part.from % (text.length + 1)).slice(0, part.length);
        })
        .join('');
      const expected = findSlowly(some, text);
      seen[expected === undefined ? 'nothing' : 'found']++;
      expect(windows.find(text)).toBe(expected);
    }),
    { numRuns },
  );
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(numRuns / 30);
});

it('finds each window of a long form, also after many lookups', () => {
  const long = Array.from({ length: 2_000 }, (_, at) =>
    ((at * at * 7 + at * 31) % 1_296).toString(36),
  ).join('');
  const windows = new Windows();
  windows.add(long, 12, 'long');
  windows.add('xq7xq7zz99yy', 12, 'short');
  const wrong = [...windowsOf(clean(long), 12)].filter(
    (window) =>
      windows.find(`. ${window} .`) !==
      findSlowly([{ text: long, window: 12, name: 'long' }], window),
  );
  expect(wrong).toEqual([]);
  expect(windows.find('XQ7 xq7-zz99_yy')).toBe('short');
  windows.add('a1b2c3d4e5f6', 12, 'added later');
  expect(windows.find('a1b2c3d4e5f6')).toBe('added later');
  expect(windows.find(long.slice(0, 11))).toBeUndefined();
});
