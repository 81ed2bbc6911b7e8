import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkGlob,
  coversEverything,
  GlobError,
  matchesAny,
} from '../../../src/core/text/globs.ts';
import { expectCheap } from '../../support/growth.ts';
import { runs } from '../../support/properties.ts';

function byDefinition(globs: readonly string[], names: readonly string[]): boolean {
  const [glob, ...rest] = globs;
  if (glob === undefined) return names.length === 0;
  const [name, ...others] = names;
  if (glob === '**') {
    return byDefinition(rest, names) || (name !== undefined && byDefinition(globs, others));
  }
  const wanted = glob.replaceAll('.', String.raw`\.`).replaceAll('*', '.*').replaceAll('?', '.');
  return name !== undefined && RegExp(`^${wanted}$`).test(name) && byDefinition(rest, others);
}

describe('checkGlob', () => {
  const eights = '{a,b,c,d,e,f,g,h}';

  it.each([
    'a'.repeat(256),
    `${eights}${eights}`,
    '{a,b}/{c,{d,e}}',
    '{**/a,b}/c',
    'a b',
    'straße/ﬁle.ts',
    'a!',
    '.a/..b/c.',
    '(a)/@x/a+b',
  ])('takes %s', (glob) => {
    expect(() => checkGlob(glob)).not.toThrow();
  });

  it.each([
    ['a'.repeat(257), 'It is longer than 256 characters.'],
    [' a', 'It begins or ends with a blank.'],
    ['a ', 'It begins or ends with a blank.'],
    ['src\\a', 'It holds a backslash; folders are divided by /.'],
    ['!a', 'It begins with !, and there are no exceptions.'],
    ...['!', '?', '*', '+', '@'].map((sign) => [
      `a${sign}(b|c)`,
      'Alternatives are written {a,b}.',
    ]),
    ...['/a', 'a//b', './a', 'a/./b', '../a', 'a/..', '.', '..', '{a,.}/b'].map((glob) => [
      glob,
      'It is not relative to the root of the repository.',
    ]),
    ['', 'It is empty.'],
    [`${eights}${eights}{x,y}`, 'Its braces make more than 64 alternatives.'],
    ['{a,b', 'Its braces are not alternatives like {a,b}.'],
    ['a,b}', 'Its braces are not alternatives like {a,b}.'],
    ['}a,b{', 'Its braces are not alternatives like {a,b}.'],
    ['{a}', 'Its braces are not alternatives like {a,b}.'],
    ['{}', 'Its braces are not alternatives like {a,b}.'],
    ['x}{a,b}', 'Its braces are not alternatives like {a,b}.'],
    ['{a,b}{c', 'Its braces are not alternatives like {a,b}.'],
    ...['docs/a｛b.md', '＊.md', 'a？c', '{a，b}', 'a／b', '．．/a', '{a,b｝'].map((glob) => [
      glob,
      'It holds a character that stands for one of * ? { } , . or /; write that one.',
    ]),
    ['src/', 'It ends with /; write the folder without it.'],
    ['app/**.ts', 'It has ** inside a name; the files of all folders are app/**/*.ts.'],
    ['**.ts', 'It has ** inside a name; the files of all folders are app/**/*.ts.'],
    ['a**/b', 'It has ** inside a name; the files of all folders are app/**/*.ts.'],
    ['a/***', 'It has ** inside a name; the files of all folders are app/**/*.ts.'],
    ['a/{b,c**}', 'It has ** inside a name; the files of all folders are app/**/*.ts.'],
  ])('refuses %s', (glob, why) => {
    expect(() => checkGlob(glob)).toThrow(new GlobError(why));
  });
});

describe('a glob of every path', () => {
  it.each(['**', '*', '**/*', '*/**', '**/**', '{a,**}', '{src/a.ts,*}', '?*', '**/*?', '*?*'])(
    'is %s',
    (glob) => {
      expect(coversEverything(glob)).toBe(true);
    },
  );

  it.each([
    '*/*',
    '*/**/*',
    'a',
    '**/a',
    'a/**',
    '?',
    '??*',
    '*??',
    '?*?',
    '?*/*',
    '*.*',
    '{a,b}',
    '{*/*,a}',
  ])('is not %s', (glob) => {
    expect(coversEverything(glob)).toBe(false);
  });
});

describe('matchesAny', () => {
  it.each([
    ['**/package.json', ['package.json', 'a/package.json', 'a/b/package.json'], ['xpackage.json']],
    ['a/**', ['a', 'a/b', 'a/.b/c'], ['ab', 'b/a']],
    ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b', 'a/x/b/c'], ['ab', 'a/xb']],
    ['infra', ['infra', 'infra/main.tf', 'INFRA/a/b'], ['infra2', 'a/infra', 'infra2/a']],
    ['.github', ['.github/workflows/ci.yml', '.github/CODEOWNERS'], ['a/.github/x']],
    ['**/infra', ['infra/a', 'a/b/infra/c/d'], ['a/infrastructure/c']],
    ['app/*', ['app/a', 'app/a/b'], ['app', 'b/app/a']],
    ['*', ['a', 'a/b/c'], []],
    ['*.md', ['a.md', '.md'], ['a/b.md', 'amd']],
    ['a?c', ['abc', 'a😀c'], ['ac', 'a/c', 'abbc']],
    ['{src,test/*}/**/*.{ts,js}', ['src/a.ts', 'test/x/b.js'], ['test/b.js', 'src/a.md']],
    ['{a,b{c,d}}', ['a', 'bc', 'bd'], ['b', 'ac']],
    ['app/[id]/(x)/$y+z.ts', ['app/[id]/(x)/$y+z.ts'], ['app/i/x/y.ts']],
    ['straße/K', ['STRASSE/k', 'strasse/K'], ['strase/k']],
    ['caf\u00e9', ['cafe\u0301'], ['cafe']],
  ])('%s', (glob, matching, others) => {
    expect(matching.filter((path) => !matchesAny([glob], path))).toEqual([]);
    expect(others.filter((path) => matchesAny([glob], path))).toEqual([]);
  });

  it('matches nothing without a glob', () => {
    expect(matchesAny([], 'a')).toBe(false);
  });

  it('agrees with the definition, tried in every way', () => {
    const name = (letters: string) =>
      fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 5 });
    const joined = (part: fc.Arbitrary<string>) =>
      fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(
        joined(fc.oneof(fc.constant('**'), name('ab*?.'))),
        joined(name('ab.')),
        (glob, path) => {
          const names = path.split('/');
          const expected = names.some((_, last) =>
            byDefinition(glob.split('/'), names.slice(0, last + 1)),
          );
          expect(matchesAny([glob], path)).toBe(expected);
        },
      ),
      { numRuns: runs(5000) },
    );
  });

  it.each([
    ['*a*a*a*a*a*a*a*b', 'a'.repeat(255)],
    ['**/**/**/**/**/**/**/**/b', Array(64).fill('a').join('/')],
    ['**/*a*a*a*/**/*a*a*a*/**/*a*b', Array(16).fill('a'.repeat(255)).join('/')],
    ['**/a/**/a/**/a/**/a/**/b', Array(64).fill('a').join('/')],
  ])('decides %s on a hostile path without backtracking', async (glob, path) => {
    expect(await expectCheap(1, () => matchesAny([glob], path))).toBe(false);
  });
});
