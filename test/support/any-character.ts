/** Texts of any characters, for properties. */
import fc from 'fast-check';

const surrogates = { first: 0xd800, count: 0x800 };

/**
 * Any code point that a well-formed text can hold, as the `unit` of `fc.string`. It generates what `unit: 'binary'` does,
 * which builds a table of a million characters first: almost a second for each process that runs such a test.
 */
export const anyCharacter = fc.nat(0x10ffff - surrogates.count).map(
  (index) => String.fromCodePoint(index < surrogates.first ? index : index + surrogates.count),
  (character) => {
    const point = typeof character === 'string' ? character.codePointAt(0) : undefined;
    if (point === undefined || String.fromCodePoint(point) !== character) {
      throw new TypeError('not one character');
    }
    return point < surrogates.first ? point : point - surrogates.count;
  },
);
