import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dropMarks,
  findControl,
  findInvisible,
  hasPiledMarks,
  InvisibleError,
  mixesScripts,
  nameCharacter,
  normaliseText,
  revealInvisible,
} from '../../../src/core/text/characters.ts';
import { anyCharacter } from '../../support/any-character.ts';
import { expectLinear } from '../../support/growth.ts';
import { runs } from '../../support/properties.ts';

describe('findInvisible', () => {
  it.each([
    ['a\u200bb', '\u200b'],
    ['a\u{e0041}', '\u{e0041}'],
    ['\u202e', '\u202e'],
    ['a\0', '\0'],
    ['\r', '\r'],
    ['a\u2029', '\u2029'],
    ['\t\n\u2060\u200b', '\u2060'],
  ])('finds in %j the first', (text, found) => {
    expect(findInvisible(text)).toBe(found);
  });

  it.each(['', 'a\tb\nc', 'é日本語😀', '\u00a0'])('finds none in %j', (text) => {
    expect(findInvisible(text)).toBeUndefined();
  });
});

/** A text in tag characters, which no screen draws. */
const tags = (text: string) =>
  [...text]
    .map((character) => String.fromCodePoint(0xe0000 + (character.codePointAt(0) as number)))
    .join('');
const flagEnd = '\u{e007f}';

function admitted(text: string): string {
  try {
    return dropMarks(text).text;
  } catch (error) {
    if (!(error instanceof InvisibleError)) throw error;
    return error.message;
  }
}

describe('dropMarks', () => {
  it.each([
    ['plain words', 'naïve café — “x”'],
    ['a tab and a line feed', 'a\tb\nc'],
    ['an emoji with its selector', '⚠️ careful ❤️ ©️'],
    ['one without', '❤ ☎'],
    ['one that is asked for as text', '❤\ufe0e'],
    ['a family', '👨‍👩‍👧'],
    ['a family with skin colours', '👩🏽‍🤝‍👨🏿'],
    ['flags of countries', '🇩🇪🇫🇷'],
    ['half a flag, which is a letter', '🇩'],
    ['flags made of tags', `🏴${tags('gbeng')}${flagEnd} 🏴${tags('gbsct')}${flagEnd}`],
    ['flags made of joiners', '🏳️‍🌈 🏴‍☠️'],
    ['keycaps', '1️⃣ and #️⃣'],
    ['digits', '0123456789#*'],
    ['people, animals and things', '🏃🏽‍♂️ 🐻‍❄️ 👁️‍🗨️ 🧑🏻‍❤️‍💋‍🧑🏿 🚶🏽‍♀️‍➡️ ☎️ ☝🏽 🇺🇳 🏴‍☠️'],
    ['a job and a skin colour', '👩‍💻 👍🏽 ❤️‍🔥'],
    ['Persian with non-joiners', 'می‌خواهم کتاب‌ها'],
    ['Hindi with either joiner', 'क्‍ष क्‌ष'],
    ['Sinhala and Bengali', 'ශ්‍රී র‍্য'],
    ['Malayalam with a joiner at the end', 'ന്‍ ന്‍'],
    ['Japanese with its own blank', '日本\u3000語'],
  ])('admits %s', (_, text) => {
    expect(dropMarks(text)).toEqual({ text, dropped: [] });
    expect(findInvisible(text)).toBeUndefined();
    expect(revealInvisible(text)).toBe(text);
  });

  it.each([
    ['a region that Unicode does not recommend', `🏴${tags('ustx')}${flagEnd}`, 'U+E0075 (tag'],
    ['a flag without its end', `🏴${tags('gbeng')}`, 'U+E0067 (tag'],
    ['words in tags', `hi${tags('do evil')}`, 'U+E0064 (tag'],
    ['words in tags behind an emoji', `😀${tags('run rm')}${flagEnd}`, 'U+E0072 (tag'],
    ['a selector behind a letter', 'a\ufe0f', 'U+FE0F (variation'],
    ['one behind a digit', '5\ufe0f', 'U+FE0F (variation'],
    ['two in a row', '😀\ufe0f\ufe0f', 'U+FE0F (variation'],
    ['a selector behind a flag', '🇩🇪\ufe0f', 'U+FE0F (variation'],
    ['one behind a skin colour', '👍🏽\ufe0f', 'U+FE0F (variation'],
    ['two other ones', '❤\ufe0f\ufe0e', 'U+FE0E (variation'],
    ['a selector for mathematics', '≨\ufe00', 'U+FE00 (variation'],
    ['a selector for ideographs', '葛\u{e0100}', 'U+E0100 (variation'],
    ['bytes in selectors', '😀\u{e0130}\u{e0123}', 'U+E0130 (variation'],
    ['a selector of Mongolian', 'ᠠ\u180b', 'U+180B (variation'],
    ['a joiner between Latin letters', 'pass\u200cword', 'U+200C (joiner)'],
    ['a joiner at the start', '\u200dक', 'U+200D (joiner)'],
    ['two joiners in a row', 'می‌‌خواهم', 'U+200C (joiner)'],
    ['a non-joiner at the end', 'می‌ ', 'U+200C (joiner)'],
    ['animals that nothing joins', '🐱‍🐶', 'U+200D (joiner)'],
    ['an emoji that joins a letter', '😀\u200da', 'U+200D (joiner)'],
    ['a flag without its selector', '🏳‍🌈', 'U+200D (joiner)'],
    ['an override', 'a\u202eb', 'U+202E (bidirectional override)'],
    ['an isolate', 'a\u2066b', 'U+2066 (bidirectional override)'],
    ['a zero-width blank', 'a\u200bb', 'U+200B (invisible character)'],
    ['a word joiner', 'a\u2060b', 'U+2060 (invisible character)'],
    ['a byte order mark inside', 'a\ufeffb', 'U+FEFF (invisible character)'],
    ['Hangul fillers', 'a\u3164b', 'U+3164 (invisible character)'],
    ['half-width ones', '\uffa0', 'U+FFA0 (invisible character)'],
    ['initial ones', '\u115f', 'U+115F (invisible character)'],
    ['a joiner of graphemes', 'a\u034fb', 'U+034F (invisible character)'],
    ['a blank of braille', 'a\u2800b', 'U+2800 (invisible character)'],
    ['an empty hieroglyph', '\u{13441}', 'U+13441 (invisible character)'],
    ['a filler of Khitan', '\u{16fe4}', 'U+16FE4 (invisible character)'],
    ['a null notehead', '\u{1d159}', 'U+1D159 (invisible character)'],
    ['an invisible plus', 'a\u2064b', 'U+2064 (invisible character)'],
    ['an inherent vowel', '\u17b4', 'U+17B4 (invisible character)'],
    ['an annotation', '\ufff9', 'U+FFF9 (invisible character)'],
    ['a private character', '\ue000', 'U+E000 (private-use character)'],
    ['an unassigned character', '\u{e01f0}', 'U+E01F0 (invisible character)'],
    ['another one', '\u0378', 'U+0378 (unassigned character)'],
    ['an escape', '\u001b[31m', 'U+001B (control character)'],
    ['a return', 'a\r\nb', 'U+000D (control character)'],
    ['half a pair', 'a\ud800', 'U+D800 (half of a surrogate pair)'],
  ])('refuses %s', (_, text, why) => {
    expect(admitted(text)).toContain(why);
    expect(findInvisible(text)).toBeDefined();
    expect(revealInvisible(text)).toContain('\\u{');
  });

  it('drops marks that nobody knows they typed, and says which', () => {
    expect(dropMarks('auto\u00adma\u00adtic \u200e\u200f\u061cم')).toEqual({
      text: 'automatic م',
      dropped: [
        'U+00AD (soft hyphen)',
        'U+200E (left-to-right mark)',
        'U+200F (right-to-left mark)',
        'U+061C (Arabic letter mark)',
      ],
    });
    expect(findInvisible('a\u00adb')).toBe('\u00ad');
    expect(revealInvisible('a\u00adb')).toBe('a\\u{ad}b');
  });

  it('lets nothing pass that is drawn as nothing, and changes nothing the second time', () => {
    const parts = fc.constantFrom(
      ...['a', 'م', 'ک', '1', '#', '😀', '❤', '👩', '💻', '🏴', '🏳', '🌈', '🇩', '🇪', '🏽', ' '],
      ...['\u200c', '\u200d', '\ufe0e', '\ufe0f', '\u20e3', '\u00ad', '\u200f', tags('gbeng')],
      ...[flagEnd, '\u{e0061}', '\u{e0100}', '\u202e', '\u2800', '\ud83d', '\u200b', 'क', '्'],
    );
    const text = fc.oneof(
      fc.array(parts, { maxLength: 8 }).map((some) => some.join('')),
      fc.string({ unit: anyCharacter }),
    );
    fc.assert(
      fc.property(text, (given) => {
        const once = admitted(given);
        expect(admitted(once)).toBe(once);
        const plain = once
          .replace(/\p{RGI_Emoji}[\ufe0e\ufe0f]?/gv, '')
          .replace(/(?<=[\p{L}\p{M}])[\u200c\u200d]|(?<=\p{Emoji})[\ufe0e\ufe0f]/gu, '');
        expect(plain).not.toMatch(/[\p{Default_Ignorable_Code_Point}\p{Cf}\u2800]/u);
      }),
      { numRuns: runs(5000) },
    );
  });

  it.each(['a\u00ad', '👩\u200d', '❤\ufe0f', '\u200b', 'م\u200c', '1\ufe0f\u20e3', '日\u00ad'])(
    'takes time that grows with the text alone: %j',
    (unit) => {
      const make = (size: number) => unit.repeat(size / unit.length);
      expectLinear(make, (text) => [admitted(text), revealInvisible(text)], 20_000);
    },
  );
});

describe('findControl', () => {
  it('finds controls alone', () => {
    expect(findControl('a\u0007')).toBe('\u0007');
    expect(findControl('a\u0085')).toBe('\u0085');
    expect(findControl('\t\n\u200b')).toBeUndefined();
  });
});

describe('revealInvisible', () => {
  it.each([
    ['a\u200bb', String.raw`a\u{200b}b`],
    ['\u{e0041}\0', String.raw`\u{e0041}\u{0}`],
    ['a\tb\nc', 'a\tb\nc'],
  ])('writes %j out', (text, shown) => {
    expect(revealInvisible(text)).toBe(shown);
  });

  it('never shows two texts as one', () => {
    expect(revealInvisible(String.raw`\u{200b}`)).not.toBe(revealInvisible('\u200b'));
    expect(revealInvisible(String.raw`\u{5c}u{200b}`)).not.toBe(
      revealInvisible(String.raw`\u{200b}`),
    );
  });
});

describe('nameCharacter', () => {
  it.each([
    ['\0', 'U+0000'],
    ['\u200b', 'U+200B'],
    ['\u{e0041}', 'U+E0041'],
  ])('names %j', (character, name) => {
    expect(nameCharacter(character)).toBe(name);
  });
});

describe('normaliseText', () => {
  it.each([
    ['a\r\nb\rc\nd', 'a\nb\nc\nd'],
    ['a \t\nb \n\n \n', 'a\nb'],
    ['\n a', '\n a'],
    ['a\u00a0', 'a\u00a0'],
    ['e\u0301', 'é'],
    ['', ''],
    [' \n\t\n', ''],
  ])('makes %j to %j', (text, normal) => {
    expect(normaliseText(text)).toBe(normal);
  });
});

describe('hasPiledMarks', () => {
  it('lets words of every language pass', () => {
    expect(hasPiledMarks('Việt שָׁלוֹם ཧཱུྃ é')).toBe(false);
    expect(hasPiledMarks(`a${'\u0301'.repeat(30)}`)).toBe(false);
  });

  it('counts marks as they are and as they will be', () => {
    expect(hasPiledMarks(`a${'\u0301'.repeat(31)}`)).toBe(true);
    expect(hasPiledMarks(`a${'\u0344'.repeat(16)}`)).toBe(true);
  });
});

describe('mixesScripts', () => {
  it.each(['раypal', 'αlpha', 'aԱ'])('flags %s', (text) => {
    expect(mixesScripts(text)).toBe(true);
  });

  it.each(['paypal', 'привет', 'alpha-日本', 'é1'])('lets %s pass', (text) => {
    expect(mixesScripts(text)).toBe(false);
  });
});
