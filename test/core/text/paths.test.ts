import { posix, win32 } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  byPath,
  existingPathProblem,
  findTwin,
  fold,
  foldersWithout,
  isGitFolder,
  PathError,
  parsePath,
  tryPath,
} from '../../../src/core/text/paths.ts';
import { anyCharacter } from '../../support/any-character.ts';
import { runs } from '../../support/properties.ts';

/** Pieces that a path is attacked with, between pieces that are harmless. */
const piece = fc.oneof(
  fc.constantFrom(
    ...[
      'a',
      'B',
      'src',
      '.git',
      'GIT~1',
      '..',
      '.',
      '',
      '~',
      'con',
      'nul.txt',
      ' ',
      'x.',
      'é',
      'e\u0301',
    ],
    ...[
      '\\',
      ':',
      '\0',
      '\n',
      '\u200b',
      '\u202e',
      '．．',
      '‥',
      '…',
      '／',
      'ß',
      'ẞ',
      'ı',
      'K',
      '😀',
      '\ud800',
    ],
  ),
  fc.string({ maxLength: 8 }),
  fc.string({ unit: anyCharacter, maxLength: 8 }),
);
const hostilePath = fc
  .array(fc.tuple(piece, fc.constantFrom('/', '', '//', '\\')), { maxLength: 8 })
  .map((parts) => parts.flat().join(''));

const name = fc.string({ unit: fc.constantFrom(...'abAB.éÉ_-1'), minLength: 1, maxLength: 3 });
const tidyPath = fc
  .array(name, { minLength: 1, maxLength: 4 })
  .map((names) => names.join('/'))
  .filter((path) => tryPath(path) !== undefined);

/** The planes with letters, and the one with tags; the others are ideographs, private or empty. */
function* everyCharacter(): Generator<string> {
  for (const [from, to] of [
    [0, 0xd7ff],
    [0xe000, 0x1ffff],
    [0xe0000, 0xe0fff],
  ] as const) {
    for (let point = from; point <= to; point++) yield String.fromCodePoint(point);
  }
}

describe('parsePath', () => {
  it.each([
    'a',
    'src/a.ts',
    '.github/workflows/ci.yml',
    '.gitignore',
    '.gitattributes',
    'git',
    'a/.git-keep',
    'a b/c d.txt',
    'app/[id]/(group)/$page+x.tsx',
    'src/*',
    '-rf',
    'a/..b',
    'a/b..c',
    '..a',
    '.gİt',
    'console.ts',
    'com10.txt',
    'falcon',
    'a.con',
    [...Array(15).fill('a'.repeat(255)), 'b'.repeat(127), 'c'.repeat(128)].join('/'),
    'auxiliary/nullable',
    'straße/日本語/é.ts',
    `${'a'.repeat(255)}/b`,
    Array(64).fill('a').join('/'),
  ])('accepts %j', (path) => {
    expect(parsePath(path)).toBe(path);
  });

  it.each([
    ['', 'It has an empty segment.'],
    ['/', 'It is not relative.'],
    ['/etc/passwd', 'It is not relative.'],
    ['//srv/x', 'It is not relative.'],
    ['~', 'It is not relative.'],
    ['~/x', 'It is not relative.'],
    ['a//b', 'It has an empty segment.'],
    ['a/', 'It has an empty segment.'],
    ['src/', 'It has an empty segment.'],
    ['.', 'A segment has only dots.'],
    ['..', 'A segment has only dots.'],
    ['./a', 'A segment has only dots.'],
    ['a/.', 'A segment has only dots.'],
    ['a/../../x', 'A segment has only dots.'],
    ['a/...', 'A segment has only dots.'],
    ['．．/x', 'A segment has only dots.'],
    ['‥/x', 'A segment has only dots.'],
    ['…', 'A segment has only dots.'],
    ['a／b', 'A segment has a character that some systems read as /, \\ or :'],
    ['a＼b', 'A segment has a character that some systems read as /, \\ or :'],
    ['a\\b', 'It holds a backslash.'],
    ['..\\x', 'It holds a backslash.'],
    ['C:x', 'It holds a colon.'],
    ['C:/x', 'It holds a colon.'],
    ['x::$DATA', 'It holds a colon.'],
    [':(glob)**', 'It holds a colon.'],
    [':!x', 'It holds a colon.'],
    [':/', 'It holds a colon.'],
    ['a.', 'A segment ends with a dot.'],
    ['a./b', 'A segment ends with a dot.'],
    [' a', 'A segment begins or ends with white space.'],
    ['a /b', 'A segment begins or ends with white space.'],
    ['a\u00a0', 'A segment begins or ends with white space.'],
    ['\u3000a', 'A segment begins or ends with white space.'],
    ['con', 'A segment is a device name on Windows.'],
    ['CON', 'A segment is a device name on Windows.'],
    ['a/Nul.txt', 'A segment is a device name on Windows.'],
    ['aux.tar.gz', 'A segment is a device name on Windows.'],
    ['prn/x', 'A segment is a device name on Windows.'],
    ['com1', 'A segment is a device name on Windows.'],
    ['com¹.log', 'A segment is a device name on Windows.'],
    ['LPT9', 'A segment is a device name on Windows.'],
    ['ｃｏｎ', 'A segment is a device name on Windows.'],
    ['nul .txt', 'A segment is a device name on Windows.'],
    ['CONIN$', 'A segment is a device name on Windows.'],
    ['conout$.x', 'A segment is a device name on Windows.'],
    ['.git', "It reaches into git's own folder."],
    ['.GIT/config', "It reaches into git's own folder."],
    ['a/.git/hooks/pre-commit', "It reaches into git's own folder."],
    ['GIT~1/config', "It reaches into git's own folder."],
    ['.ｇｉｔ/config', "It reaches into git's own folder."],
    ['.gıt/config', "It reaches into git's own folder."],
    ['.g\u200cit/config', 'It holds U+200C.'],
    ['.git\u200d/config', 'It holds U+200D.'],
    ['a\u0000b', 'It holds U+0000.'],
    ['a\tb', 'It holds U+0009.'],
    ['new\nline.txt', 'It holds U+000A.'],
    ['a\u007fb', 'It holds U+007F.'],
    ['a\u0085b', 'It holds U+0085.'],
    ['a\u2028b', 'It holds U+2028.'],
    ['a\u202eb', 'It holds U+202E.'],
    ['a\u2066b', 'It holds U+2066.'],
    ['a\u{e0041}b', 'It holds U+E0041.'],
    ['a\ufe0fb', 'It holds U+FE0F.'],
    ['a\ufff9b', 'It holds U+FFF9.'],
    ['\ufeffa', 'It holds U+FEFF.'],
    ['e\u0301', 'It is not in Unicode normal form C.'],
    ['\u212a', 'It is not in Unicode normal form C.'],
    ['\ud800', 'It is not valid Unicode.'],
    ['a\udfff', 'It is not valid Unicode.'],
    ['a'.repeat(256), 'A segment is longer than 255 bytes.'],
    [`a/${'b'.repeat(256)}`, 'A segment is longer than 255 bytes.'],
    ['é'.repeat(128), 'A segment is longer than 255 bytes.'],
    [Array(65).fill('a').join('/'), 'It is deeper than 64 folders.'],
    [Array(17).fill('a'.repeat(250)).join('/'), 'It is longer than 4096 bytes.'],
  ])('on %j says: %s', (path, why) => {
    let said = 'accepted';
    try {
      parsePath(path);
    } catch (error) {
      expect(error).toBeInstanceOf(PathError);
      said = (error as Error).message;
    }
    expect(said).toBe(why);
  });

  it('is total, and what it accepts is normal and stays inside on every system', () => {
    fc.assert(
      fc.property(fc.oneof(hostilePath, tidyPath), (text) => {
        let path: string;
        try {
          path = parsePath(text);
        } catch (error) {
          expect(error).toBeInstanceOf(PathError);
          expect(tryPath(text)).toBeUndefined();
          return;
        }
        expect(tryPath(text)).toBe(path);
        expect(path).toBe(text);
        expect(path).toBe(path.normalize('NFC'));
        expect(posix.normalize(path)).toBe(path);
        expect(posix.resolve('/root', path)).toBe(`/root/${path}`);
        expect(win32.resolve('C:\\root', path)).toBe(`C:\\root\\${path.replaceAll('/', '\\')}`);
        expect(path).not.toMatch(/[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/u);
        expect(fold(path).split('/')).not.toContain('.git');
      }),
      { numRuns: runs(20_000) },
    );
  });

  it('is not what replaces a name that is not UTF-8, and may be a name that looks like one', () => {
    for (const path of ['\0bytes:ff', 'a/\0bytes:ff/b']) {
      expect(existingPathProblem(path)).toBe('It is not valid Unicode.');
    }
    for (const path of ['bytes:ff', 'a/bytes:ff'])
      expect(existingPathProblem(path)).toBeUndefined();
  });

  it.each([
    ['.', 'A segment is . or ..'],
    ['..', 'A segment is . or ..'],
    ['./a', 'A segment is . or ..'],
    ['a/../b', 'A segment is . or ..'],
    ['/a', 'It is not relative.'],
    ['a//b', 'It has an empty segment.'],
    ['a\nb', 'It holds U+000A.'],
    ['a/.GIT/b', "It reaches into git's own folder."],
    ['\ud800', 'It is not valid Unicode.'],
    ['a'.repeat(256), 'A segment is longer than 255 bytes.'],
    [`a/${'b'.repeat(256)}/c`, 'A segment is longer than 255 bytes.'],
    [Array(65).fill('a').join('/'), 'It is deeper than 64 folders.'],
    [Array(17).fill('a'.repeat(250)).join('/'), 'It is longer than 4096 bytes.'],
  ])('that exists cannot be %j: %s', (path, why) => {
    expect(existingPathProblem(path)).toBe(why);
  });

  it.each(['aux.c', 'e\u0301', 'a:b', 'a\\b', '...', 'a.', ' a', '~'])(
    'that exists can be %j',
    (path) => {
      expect(existingPathProblem(path)).toBeUndefined();
    },
  );

  it('refuses every character of the hidden classes, and accepts every letter', () => {
    const wrong: string[] = [];
    for (const character of everyCharacter()) {
      const hidden =
        /[\p{C}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\u2800\u{13441}\u{13442}\u{16fe4}\u{1d159}]/u.test(
          character,
        );
      const plain = /[\p{L}\p{N}]/u.test(character) && character === character.normalize('NFKC');
      const accepted = tryPath(`a${character}b`) !== undefined;
      if ((hidden && accepted) || (plain && !hidden && !accepted)) wrong.push(character);
    }
    expect(wrong).toEqual([]);
  });
});

describe('fold', () => {
  it('gives one result for all cases and normal forms of a character', () => {
    const split: string[] = [];
    for (const one of everyCharacter()) {
      const others = [
        one.toUpperCase(),
        one.toLowerCase(),
        ...['NFC', 'NFD', 'NFKC', 'NFKD'].map((form) => one.normalize(form)),
        `\u200d${one}`,
        fold(one),
      ];
      if (others.some((other) => fold(other) !== fold(one))) split.push(one);
    }
    expect(split).toEqual([]);
  });

  it.each([
    ['STRAẞE', 'strasse'],
    ['ß', 'SS'],
    ['ı', 'I'],
    ['ſ', 'S'],
    ['\u212a', 'k'],
    ['ΑΣ', 'ας'],
    ['ΐ', 'Ϊ́'],
    ['ﬁle', 'FILE'],
  ])('takes %j for %j', (one, other) => {
    expect(fold(one)).toBe(fold(other));
  });
});

describe('isGitFolder', () => {
  it.each(['.git', '.GIT', '.git. .', '.git ', '.\u200dgit', 'git~1', 'GIT~1', '.ｇit', '.gıt'])(
    'knows %j',
    (segment) => {
      expect(isGitFolder(segment)).toBe(true);
    },
  );

  it.each(['.gitignore', 'git', 'git~2', '.git~1', 'a.git', '.gi', '. git'])(
    'lets %j pass',
    (segment) => {
      expect(isGitFolder(segment)).toBe(false);
    },
  );
});

describe('findTwin', () => {
  const withFolders = (path: string) =>
    path.split('/').map((_, index, names) => names.slice(0, index + 1).join('/'));

  function byBruteForce(paths: readonly string[], others: readonly string[]): boolean {
    const own = paths.flatMap(withFolders);
    return own.some((one) =>
      [...own, ...others.flatMap(withFolders)].some(
        (other) => one !== other && fold(one) === fold(other),
      ),
    );
  }

  it('agrees with the comparison of every pair, and names a pair', () => {
    const paths = fc.array(tidyPath, { maxLength: 5 });
    fc.assert(
      fc.property(paths, paths, (own, others) => {
        const twin = findTwin(own, others);
        expect(twin !== undefined).toBe(byBruteForce(own, others));
        if (twin === undefined) return;
        const [one, other] = twin;
        expect(one).not.toBe(other);
        expect(fold(one)).toBe(fold(other));
        expect(own.flatMap(withFolders)).toContain(one);
      }),
      { numRuns: runs(5000) },
    );
  });

  it.each([
    [['README.md', 'readme.md'], []],
    [['src/a', 'SRC/b'], []],
    [['src/é.ts'], ['src/e\u0301.ts']],
    [['a/new.ts'], ['A/old.ts']],
    [['a'], ['A/b']],
    [['straße'], ['STRAẞE']],
    [['a/b'], ['a\uff0fb']],
  ])('sees the twins in %j beside %j', (own, others) => {
    expect(findTwin(own, others)).toBeDefined();
  });

  it('does not mind twins among the others', () => {
    expect(findTwin(['a'], ['b', 'B'])).toBeUndefined();
    expect(findTwin(['a/b'], ['a/b', 'a/c', 'a\uff0fc'])).toBeUndefined();
    expect(findTwin([])).toBeUndefined();
  });
});

describe('foldersWithout', () => {
  it('agrees with the comparison of every pair', () => {
    const paths = fc.array(
      fc.array(fc.constantFrom('a', 'b', 'A'), { minLength: 1, maxLength: 4 }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(paths, paths, (names, others) => {
        const [files, folders] = [names, others].map((each) => each.map((one) => one.join('/')));
        const expected = folders?.filter(
          (folder) => !files?.some((file) => file.startsWith(`${folder}/`)),
        );
        expect(foldersWithout(files ?? [], folders ?? [])).toEqual(new Set(expected));
      }),
      { numRuns: runs(2000) },
    );
  });
});

describe('byPath', () => {
  it('orders by code unit, in no locale', () => {
    const paths = ['b', 'a/b', 'a', 'B', 'é', 'Z', 'a.b', 'a-b'].map((path) => ({ path }));
    expect(paths.toSorted(byPath).map(({ path }) => path)).toEqual([
      'B',
      'Z',
      'a',
      'a-b',
      'a.b',
      'a/b',
      'b',
      'é',
    ]);
    expect(byPath({ path: 'a' }, { path: 'a' })).toBe(0);
  });
});
