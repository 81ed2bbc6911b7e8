import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { revealBlanks } from '../../../src/core/text/blanks.ts';
import { expectLinear } from '../../support/growth.ts';
import { runs } from '../../support/properties.ts';

/** What was written. */
function readBack(shown: string): string {
  return shown.replace(/\\u\{([0-9a-f]+)(?:\*(\d+))?\}/g, (_, point, count = '1') =>
    String.fromCodePoint(Number.parseInt(point, 16)).repeat(Number(count)),
  );
}

describe('revealBlanks', () => {
  it.each([
    ['what people write', 'a  b\n\n    code\n\t\ttabs\n\n\n\nend'],
    ['40 blanks', `a${' '.repeat(40)}b`],
    ['10 tabs', `${'\t'.repeat(10)}b`],
    ['8 empty lines', `a${'\n'.repeat(9)}b`],
    ['a wide table', `a${' '.repeat(30)}b${' '.repeat(30)}c`],
    ['an ideographic blank', '日\u3000本'],
  ])('leaves %s', (_, text) => {
    expect(revealBlanks(text)).toBe(text);
  });

  it.each([
    ['600 blanks', `a${' '.repeat(600)}b`, 'a\\u{20*600}b'],
    ['600 at the start', `${' '.repeat(600)}b`, '\\u{20*600}b'],
    ['41 blanks', `a${' '.repeat(41)}b`, 'a\\u{20*41}b'],
    ['11 tabs', `a${'\t'.repeat(11)}b`, 'a\\u{9*11}b'],
    ['wide blanks', `a${'\u2003'.repeat(50)}b`, 'a\\u{2003*50}b'],
    ['ideographic ones', `a${'\u3000'.repeat(21)}b`, 'a\\u{3000*21}b'],
    ['no-break ones', `a${'\u00a0'.repeat(100)}b`, 'a\\u{a0*100}b'],
    ['mixed ones', `a${' '.repeat(39)}\t \u2002b`, 'a\\u{20*39}\\u{9}\\u{20}\\u{2002}b'],
    ['600 empty lines', `a${'\n'.repeat(601)}b`, 'a\n\\u{a*599}\nb'],
    ['lines of blanks', `a\n${' \n'.repeat(9)}b`, `a\n${'\\u{20}\\u{a}'.repeat(8)}\\u{20}\nb`],
    ['empty lines in front', `${'\n'.repeat(12)}b`, '\\u{a*11}\nb'],
  ])('writes %s out', (_, text, shown) => {
    expect(revealBlanks(text)).toBe(shown);
  });

  it('shows each text as no other, and hides nothing after blanks', () => {
    const part = fc.oneof(
      fc.constantFrom('a', ' ', '\t', '\n', '\u2003', '\u3000'),
      fc
        .tuple(fc.constantFrom(' ', '\t', '\n', '\u00a0', ' \n'), fc.nat(80))
        .map(([blank, n]) => blank.repeat(n)),
    );
    const text = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (given) => {
        const shown = revealBlanks(given);
        expect(readBack(shown)).toBe(given);
        expect(shown).not.toMatch(/[\p{Zs}\t]{41}|(?:^|\n)(?:[\p{Zs}\t]*\n){9}/u);
      }),
      { numRuns: runs(2000) },
    );
  });

  it.each([
    ' ',
    '\n',
    ' \n',
    '  \t',
    '\n a',
    ' \u2003',
    `${' '.repeat(50)}a`,
    `${'\n'.repeat(8)}a`,
  ])('takes time that grows with the text: %j', (unit) => {
    expectLinear((size) => `a${unit.repeat(size / unit.length)}`, revealBlanks, 50_000);
  });
});
