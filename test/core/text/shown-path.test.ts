import { describe, expect, it } from 'vitest';
import { defuse, showPath } from '../../../src/core/text/shown-path.ts';

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
