import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPaths, parsePaths } from '../../../src/core/plan/path-list.ts';
import type { CanonicalPath } from '../../../src/core/text/paths.ts';
import { showPath } from '../../../src/core/text/shown-path.ts';
import { pathCode, table } from '../../../src/report/markdown.ts';
import { expectLinear } from '../../support/growth.ts';
import { runs } from '../../support/properties.ts';

describe('parsePaths', () => {
  it.each([
    ['src/a.ts', ['src/a.ts']],
    [' src/a.ts\n\tb.ts\u00a0c.ts ', ['src/a.ts', 'b.ts', 'c.ts']],
    ['a.ts, b.ts; c.ts', ['a.ts', 'b.ts', 'c.ts']],
    ['a.ts,b.ts', ['a.ts,b.ts']],
    ['"my file.ts" \'other file.ts\' x', ['my file.ts', 'other file.ts', 'x']],
    ['“my file.ts”, ‘other file.ts’', ['my file.ts', 'other file.ts']],
    ['`my file.ts`, `` a`b ``', ['my file.ts', 'a`b']],
    ['`a.ts``b.ts`', ['a.ts``b.ts']],
    ['`a.ts`and `b.ts`', ['a.ts', 'and', 'b.ts']],
    ['- a.ts\n- `b c.ts`\n* d.ts\n1. e.ts', ['a.ts', 'b c.ts', 'd.ts', 'e.ts']],
    ['[`a b.ts`](https://github.com/o/r/blob/1/a%20b.ts) c', ['a b.ts', 'c']],
    ["it's a.ts", ["it's", 'a.ts']],
    ['"open a.ts', ['"open', 'a.ts']],
    ['`open a.ts', ['open', 'a.ts']],
    ['"a"b', ['"a"b']],
    ['src/*.ts ~/x ../y --option', ['src/*.ts', '~/x', '../y', '--option']],
    ['a.ts a.ts', ['a.ts']],
    [' ,; \n - \n', []],
    ['', []],
  ])('reads %j', (text, paths) => {
    expect(parsePaths(text)).toEqual(paths);
  });

  it.each(['`', '``` ', '"', '"a', "'", '[`', '- ', 'a,', '“a', '` '])(
    'takes time that grows with the text: %j',
    (unit) => {
      expectLinear((size) => unit.repeat(size / unit.length), parsePaths, 50_000);
    },
  );

  it('takes time that grows with one long name in code', () => {
    expectLinear((size) => `\` ${'a'.repeat(size)}\``, parsePaths, 50_000);
  });
});

describe('findPaths', () => {
  const scope = ['src/a.ts', 'src/my file.ts', 'src/а.ts', 'a|b', 'x`y', 'docs/@team/é.md'].map(
    (path) => path as CanonicalPath,
  );

  it('finds what is named, in the order of the scope, and says what is not', () => {
    expect(findPaths('src/my a.ts "src/my file.ts" src/a.ts', scope)).toEqual({
      found: ['src/a.ts', 'src/my file.ts'],
      unknown: ['src/my', 'a.ts'],
    });
    expect(findPaths('', scope)).toEqual({ found: [], unknown: [] });
    expect(findPaths('SRC/a.ts src/ ./src/a.ts constructor', scope).found).toEqual([]);
  });

  it.each(scope.map((path) => [path]))('finds %s as the table shows it', (path) => {
    const shown = showPath(path);
    const copied = /[ `]/.test(shown) ? `"${shown}"` : shown;
    expect(findPaths(copied, scope).found).toEqual([path]);
    expect(findPaths(pathCode(path), scope).found).toEqual([path]);
    const row = table(['File'], [[pathCode(path)]]).split('\n')[2] as string;
    expect(findPaths(row.slice(2, -2), scope).found).toEqual([path]);
  });

  it.each([
    ...[
      'src/*',
      'src',
      'src/',
      './src/a.ts',
      'SRC/A.TS',
      'src/b/../a.ts',
      'src\\a.ts',
      '/src/a.ts',
    ],
    ...['`src/a.ts src/b.ts`', 'src/\u0430.ts', ':(glob)src/**', '--', '$(echo src/a.ts)'],
    ...[
      '\u202esrc/a.ts',
      'src/a.ts\u200b',
      'src/{a,b}.ts',
      '!src/a.ts',
      'src/a.ts:1',
      '<src/a.ts>',
    ],
  ])('expands nothing: %j names no file', (written) => {
    const paths = ['src/a.ts', 'src/b.ts'] as CanonicalPath[];
    const { found, unknown } = findPaths(written, paths);
    expect(found).toEqual([]);
    expect(unknown.length).toBeGreaterThan(0);
  });

  it('takes a decomposed name for the composed one that a keyboard meant', () => {
    expect(findPaths('docs/@team/e\u0301.md', scope).found).toEqual(['docs/@team/é.md']);
  });

  it('never takes one path for another that only looks like it', () => {
    const alike = ['a\\u{e9}', 'aé'] as CanonicalPath[];
    expect(findPaths('a\\u{e9}', alike).found).toEqual(['a\\u{e9}']);
    expect(findPaths('aé', alike).found).toEqual(['aé']);
  });

  it('finds each path of any scope, written as code', () => {
    const path = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
      .filter((text) => !/[\p{Cc}\u2028\u2029]/u.test(text) && text.trim() === text)
      .map((text) => text.normalize('NFC') as CanonicalPath);
    fc.assert(
      fc.property(fc.uniqueArray(path, { minLength: 1, maxLength: 4 }), (paths) => {
        for (const one of paths) expect(findPaths(pathCode(one), paths).found).toEqual([one]);
      }),
      { numRuns: runs(1000) },
    );
  });
});
