import { describe, expect, it } from 'vitest';
import { defuse, showPath, withoutColour } from '../../../src/core/text/shown-path.ts';
import { expectLinear } from '../../support/growth.ts';

describe('a path that is shown', () => {
  it.each([
    ['src/a.ts', 'src/a.ts'],
    ['ünï.ts', '\\u{fc}n\\u{ef}.ts'],
    ['\u0430.ts', '\\u{430}.ts'],
    ['a\nb', 'a\\u{a}b'],
    ['\\u{430}.ts', '\\u{5c}u{430}.ts'],
    [' a / b ', '\\u{20}a\\u{20}/\\u{20}b\\u{20}'],
    ['a b', 'a b'],
    ['[x]: y', '[x]\\u{3a} y'],
    ['@ada', '＠ada'],
    ['<!-- x', '<！-- x'],
  ])('%j is %j', (path, shown) => {
    expect(showPath(path)).toBe(shown);
  });

  it.each([' ', 'a ', '/', ' /', '#', 'é', '@a', '\\u{', ']:'])(
    'takes time that grows with its length: %j',
    (unit) => {
      expectLinear((size) => `a${unit.repeat(size / unit.length)}b`, showPath, 20_000);
    },
  );

  it('is no other path’s, even if that has the characters that stand in', () => {
    const paths = [
      '@ada',
      '＠ada',
      '\\u{ff20}ada',
      '<!-- x',
      '<！-- x',
      ' a',
      '\\u{20}a',
      'é',
      'e\u0301',
    ];
    const shown = paths.map(showPath);
    expect(new Set(shown).size).toBe(paths.length);
  });
});

describe('a text that is defused', () => {
  it('mentions nobody and hides nothing', () => {
    expect(defuse('@ada <!-- hidden -->')).toBe('＠ada <！-- hidden -->');
    expect(defuse('a@ b')).toBe('a@ b');
    expect(defuse('＠ ！')).not.toMatch(/[＠！]/);
  });
});

describe('a text that names a colour', () => {
  it.each([
    ['#f00', '＃f00'],
    [' #FF0000 ', ' ＃FF0000 '],
    ['#ff000080', '＃ff000080'],
    ['rgb(9, 105, 218)', 'rgb（9, 105, 218)'],
    [' RGBA(1,\n2, 3)', ' RGBA（1,\n2, 3)'],
    ['hsl(212, 92%, 45%)', 'hsl（212, 92%, 45%)'],
    ['hsla(1', 'hsla（1'],
  ])('gets no dot: %j is %j', (text, shown) => {
    expect(withoutColour(text)).toBe(shown);
  });

  it.each(['#f0', '#ff0000800', '#xyz', 'a #f00', '#f00 a', 'rgb', 'a rgb(1)', 'color(1)', 'a.ts'])(
    'is another text, and stays: %j',
    (text) => {
      expect(withoutColour(text)).toBe(text);
    },
  );

  it('is no other text, even if that has the character that stands in', () => {
    expect(withoutColour('＃f00')).toBe('\\u{ff03}f00');
    expect(withoutColour('rgb（1)')).toBe('rgb\\u{ff08}1)');
  });

  it('is a path as well', () => {
    expect(showPath('#f00')).toBe('＃f00');
    expect(showPath('rgb(1)')).toBe('rgb（1)');
  });
});
