import { describe, expect, it } from 'vitest';
import {
  findControl,
  findInvisible,
  findMixedScript,
  hasPiledMarks,
  nameCharacter,
  normaliseText,
  revealInvisible,
} from '../../../src/core/text/characters.ts';

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

describe('findMixedScript', () => {
  it.each(['раypal', 'αlpha', 'aԱ'])('flags %s', (text) => {
    expect(findMixedScript(text)).toBe(true);
  });

  it.each(['paypal', 'привет', 'alpha-日本', 'é1'])('lets %s pass', (text) => {
    expect(findMixedScript(text)).toBe(false);
  });
});
