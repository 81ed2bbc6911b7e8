/** Paths: one file to git, to every file system and to a reader, or no path at all. */
import { posix, win32 } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Operation, parsePlan } from '../../src/core/plan/plan.ts';
import { checkParity, type FileChange, judgeBy } from '../../src/core/plan/scope.ts';
import { defaultPolicy, isDenied, isElevated } from '../../src/core/policy/policy.ts';
import {
  findTwin,
  fold,
  PathError,
  parseExistingPath,
  parsePath,
  tryExistingPath,
  tryPath,
} from '../../src/core/text/paths.ts';
import { Stopped } from '../../src/decision.ts';
import { parseRawDiff, parseTree } from '../../src/git/output.ts';
import { pathCode, table } from '../../src/report/markdown.ts';
import { fileChange } from '../support/changes.ts';
import { objectId } from '../support/object-ids.ts';
import '../support/properties.ts';
import { anyCharacter } from '../support/any-character.ts';

const planOf = (operation: Operation, ...paths: string[]) =>
  JSON.stringify({
    title: 't',
    summary: '',
    steps: [],
    files: paths.map((path) => ({ path, operation, reason: '' })),
    commands: [],
    risks: [],
  });

describe('a path that', () => {
  it.each([
    ['climbs', ['..', '../x', 'a/..', 'a/../../x', './a', 'a/./b', '.', '...', 'a/.../b']],
    [
      'climbs in other letters',
      ['\uff0e\uff0e/x', '\u2025/x', '\u2024\u2024/x', 'a\uff0fb', 'a\uff3cb'],
    ],
    [
      'is absolute',
      ['/etc/passwd', '//srv/share/x', '~/x', '~root/x', 'C:/x', 'C:x', '\\\\srv\\x'],
    ],
    ['is empty in parts', ['', 'a//b', 'a/', '/']],
    ['is of another system', ['a\\b', 'a:b', 'x::$DATA', 'file.txt:stream', 'a\uff1ab']],
    [
      'is git’s own',
      [
        '.git/config',
        'a/.git/hooks/pre-commit',
        '.GIT/config',
        '.Git',
        'GIT~1/config',
        'git~1',
        '.git./config',
        '.g\u200cit/config',
        '.git\u200d/config',
        '\ufeff.git/config',
        '.g\u0131t/config',
        '.G\u0130T/config'.replace('\u0130', '\u0131'),
        '\uff0egit/config',
        '.\uff47it/config',
      ],
    ],
    [
      'is drawn as something else',
      [
        'a\u202etxt.exe',
        'a\u2066b',
        'a\u200bb',
        'a\u00adb',
        'a\u{e0041}b',
        'a\ufe0fb',
        'a\u2028b',
        'a\u180eb',
      ],
    ],
    ['holds a control character', ['a\nb', 'a\tb', 'a\rb', 'a\0b', 'a\x1bb', 'a\x7fb', 'a\x85b']],
    ['is not in form C', ['e\u0301.ts', '\u212b.ts', '\u212a.ts']],
    [
      'is a device',
      ['con', 'CON.txt', 'a/nul', 'aux.c', 'com1', 'LPT9.log', 'COM\u00b9', 'CONIN$', 'prn.'],
    ],
    ['ends where Windows cuts', ['a.', 'a ', ' a', 'a. /b', 'dir./b', 'a\u00a0']],
    ['is too long', ['a'.repeat(256), `${'a/'.repeat(64)}a`, 'ab/'.repeat(2000), 'é'.repeat(128)]],
    ['is not Unicode', ['\ud800', 'a\udfffb']],
  ])('%s is none', (_, paths) => {
    for (const path of paths) {
      expect(() => parsePath(path), JSON.stringify(path)).toThrow(PathError);
      expect(() => parsePlan(planOf('create', path), 10), JSON.stringify(path)).toThrow(Stopped);
    }
  });

  // Of a file that exists, the very bytes of its name count, and no system but git's own has to agree.
  it.each([
    ['climbs', ['..', '../x', 'a/..', 'a/../../x', './a', 'a/./b', '.', 'a/.']],
    ['is absolute', ['/etc/passwd', '//srv/share/x']],
    ['is empty in parts', ['', 'a//b', 'a/', '/']],
    [
      'is git’s own',
      [
        ...['.git/config', 'a/.git/hooks/pre-commit', '.GIT/config', 'git~1', '.git./config'],
        ...['.g\u200cit/config', '.g\u0131t/config', '\uff0egit/config', '.git', 'a/.git'],
      ],
    ],
    ['holds a control character', ['a\nb', 'a\tb', 'a\rb', 'a\0b', 'a\x1bb', 'a\x7fb', 'a\x85b']],
    ['is too long', ['a'.repeat(256), `${'a/'.repeat(64)}a`, 'ab/'.repeat(2000), 'é'.repeat(128)]],
    ['is not Unicode', ['\ud800', 'a\udfffb', '\0bytes:ff', 'a/\0bytes:ff/b']],
  ])('%s is not even the path of a file that exists', (_, paths) => {
    for (const path of paths) {
      expect(() => parseExistingPath(path), JSON.stringify(path)).toThrow(PathError);
      for (const operation of ['modify', 'delete'] as const) {
        expect(() => parsePlan(planOf(operation, path), 10), JSON.stringify(path)).toThrow(Stopped);
      }
    }
  });

  it('is taken as one that exists stays what it was, and lies inside', () => {
    const segment = fc.oneof(
      fc.string({ unit: anyCharacter, maxLength: 8 }),
      fc.constantFrom('..', '.', '.git', 'git~1', '', ' ', '.GiT', '.git ', '\u200b', '...', 'a:b'),
    );
    const text = fc.array(segment, { maxLength: 6 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(text, (path) => {
        if (tryPath(path) !== undefined) expect(tryExistingPath(path)).toBe(path);
        const parsed = tryExistingPath(path);
        if (parsed === undefined) return;
        expect(parsed).toBe(path);
        expect(posix.normalize(path)).toBe(path);
        expect(posix.resolve('/work', path)).toBe(`/work/${path}`);
        expect(path.split('/').map((name) => fold(name).replace(/[. ]+$/, ''))).not.toContain(
          '.git',
        );
        expect(path).not.toMatch(/\p{Cc}/u);
      }),
    );
  });

  it('is taken stays what it was, and lies inside on every system', () => {
    const segment = fc.oneof(
      fc.string({ unit: anyCharacter, maxLength: 8 }),
      fc.stringMatching(/^[.a-zA-Z0-9 _~$-]{1,12}$/),
      fc.constantFrom('..', '.', '.git', 'git~1', 'con', '', ' ', '\u202e', '…', '\uff0e'),
    );
    const text = fc.array(segment, { maxLength: 6 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(text, (path) => {
        const parsed = tryPath(path);
        if (parsed === undefined) return;
        expect(parsed).toBe(path);
        expect(posix.normalize(path)).toBe(path);
        expect(path.normalize('NFC')).toBe(path);
        for (const { resolve, relative, sep } of [posix, win32]) {
          const root = sep === '/' ? '/work' : 'C:\\work';
          const inside = relative(root, resolve(root, path));
          expect(inside.split(sep).includes('..')).toBe(false);
          expect(inside.split(sep).map(fold)).not.toContain('.git');
        }
        expect(path).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\\:]/u);
      }),
    );
  });
});

describe('globs and pathspecs', () => {
  it('are names like any other, and approve nothing but themselves', () => {
    for (const literal of [
      'src/*',
      '**',
      'src/[a-z].ts',
      'src/{a,b}.ts',
      '-rf',
      '--output=x',
      '$(id)',
      '`id`',
      ';id',
      '!x',
    ]) {
      const { files } = parsePlan(planOf('modify', literal), 10);
      const judge = judgeBy(files);
      expect(judge({ path: literal, operation: 'modify' })).toBeNull();
      expect(judge({ path: 'src/evil.ts', operation: 'modify' })).toMatchObject({
        reason: 'outside-plan',
      });
    }
  });

  it('that only git would read are refused', () => {
    for (const magic of [':(top)*', ':(glob)**', ':!x', ':/', ':^x', 'src/', '.']) {
      expect(() => parsePlan(planOf('create', magic), 10), magic).toThrow(/The plan names/);
    }
  });
});

describe('twins', () => {
  it.each([
    ['README.md', 'readme.md'],
    ['src/\u00e9.ts', 'src/\u00c9.ts'],
    ['Src/a.ts', 'src/b.ts'],
    ['stra\u00dfe.ts', 'STRASSE.ts'],
    ['\ufb01le.ts', 'file.ts'],
    ['k.ts', '\uff2b.ts'],
    ['\u0131.ts', 'I.ts'],
    ['\u017f.ts', 's.ts'],
  ])('%j and %j are one file on some file system', (one, other) => {
    expect(findTwin([one, other])).toBeDefined();
    expect(findTwin([one], [other])).toBeDefined();
    expect(() => parsePlan(planOf('create', one, other), 10)).toThrow();
  });

  it('of an approved path are refused if they turn up in the change', () => {
    const { files } = parsePlan(planOf('modify', 'a.ts'), 10);
    const after = { mode: '100644', blob: objectId('b') };
    const { denials } = checkParity(files, [fileChange('A.ts', null, after)]);
    expect(denials.map(({ reason }) => reason)).toEqual(['outside-plan', 'path-invalid']);
  });
});

describe('protected paths', () => {
  it.each([
    '.github/workflows/x.yml',
    '.GitHub/Workflows/X.YML',
    '.\uff47ithub/workflows/x.yml',
    '.GITHUB/codex-plan.yml',
    '.g\u0131thub/workflows/x.yml',
  ])('%j is denied in any spelling', (path) => {
    expect(isDenied(defaultPolicy, path)).toBe(true);
  });

  it.each([
    'CODEOWNERS',
    'docs/CodeOwners',
    'a/b/AGENTS.MD',
    'x/.CODEX/config.toml',
    'packages/a/Package.JSON',
    'yarn.LOCK',
    'package-lock.json',
    '.github/dependabot.yml',
  ])('%j asks for more', (path) => {
    expect(isElevated(defaultPolicy, path)).toBe(true);
  });

  it('are guarded if the policy lies elsewhere', () => {
    expect(isDenied(defaultPolicy, 'Config/Plan.yml', 'config/plan.yml')).toBe(true);
  });
});

describe('parity', () => {
  const state = fc.record({
    mode: fc.constantFrom('100644', '100755', '120000', '160000'),
    blob: fc.constantFrom(objectId('1'), objectId('2')),
  });
  const change: fc.Arbitrary<FileChange> = fc
    .record({
      path: fc.constantFrom('a', 'b', 'c/d', 'c/e', 'f'),
      before: fc.option(state),
      after: fc.option(state),
    })
    .filter(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after))
    .map(({ path, before, after }) => fileChange(path, before, after));
  const changes = fc.uniqueArray(change, { selector: ({ path }) => path });
  const scope = fc
    .uniqueArray(
      fc.record({
        path: fc.constantFrom('a', 'b', 'c/d', 'c/e', 'f'),
        operation: fc.constantFrom('create', 'modify', 'delete'),
        reason: fc.constant(''),
      }),
      { selector: ({ path }) => path },
    )
    .map(
      (files) =>
        parsePlan(
          JSON.stringify({ title: 't', summary: '', steps: [], files, commands: [], risks: [] }),
          10,
        ).files,
    );

  /** The same, in other words: every changed file is an ordinary one of the plan, done to it what the plan says. */
  const allowed = (
    files: Awaited<ReturnType<typeof parsePlan>>['files'],
    made: readonly FileChange[],
  ) =>
    made.every(({ path, before, after }) => {
      const planned = files.find((file) => file.path === path)?.operation;
      if (planned === 'create') return before === null && after?.mode === '100644';
      const plain = /^1007?[0-9]*$/.test(before?.mode ?? '') && before?.mode !== '160000';
      if (planned === 'delete') return plain && after === null;
      return planned === 'modify' && plain && after !== null && after.mode === before?.mode;
    });

  it('holds exactly if the change lies inside the scope', () => {
    fc.assert(
      fc.property(scope, changes, (files, made) => {
        expect(checkParity(files, made).denials.length === 0).toBe(allowed(files, made));
      }),
    );
  });

  it('is never won by changing more, or by approving less', () => {
    fc.assert(
      fc.property(scope, changes, fc.nat(), (files, made, pick) => {
        const passes = (someFiles: typeof files, some: typeof made) =>
          checkParity(someFiles, some).denials.length === 0;
        if (!passes(files, made)) {
          const fewer = files.filter((_, index) => index !== pick % (files.length || 1));
          expect(passes(fewer, made)).toBe(false);
        } else {
          expect(passes(files, made.slice(1))).toBe(true);
        }
      }),
    );
  });

  it.each([
    ['a rename', { path: 'auth.js', before: '100644', after: null }, 'outside-plan'],
    ['a symbolic link', { path: 'a.ts', before: '100644', after: '120000' }, 'operation-mismatch'],
    ['a submodule', { path: 'a.ts', before: '100644', after: '160000' }, 'operation-mismatch'],
    ['an executable', { path: 'a.ts', before: '100644', after: '100755' }, 'operation-mismatch'],
    [
      'a link that becomes a file',
      { path: 'a.ts', before: '120000', after: '100644' },
      'operation-mismatch',
    ],
    [
      'a file below a planned file',
      { path: 'a.ts/evil.ts', before: null, after: '100644' },
      'outside-plan',
    ],
  ])('refuses %s', (_, { path, before, after }, reason) => {
    const { files } = parsePlan(planOf('modify', 'a.ts'), 10);
    const at = (mode: string | null) =>
      mode === null ? null : { mode, blob: objectId(mode.charAt(2)) };
    const { denials } = checkParity(files, [fileChange(path, at(before), at(after))]);
    expect(denials[0]).toMatchObject({ path, reason });
  });
});

describe('names that git tells', () => {
  const id = 'a'.repeat(40);
  const tree = (...names: (string | Uint8Array)[]) =>
    Buffer.concat(
      names.flatMap((name) => [
        Buffer.from(`100644 blob ${id}\t`),
        Buffer.from(name),
        Buffer.from([0]),
      ]),
    );

  it('stay apart, whatever bytes they hold', () => {
    const names = [
      'new\nline',
      'a\tb',
      '"q"',
      ' trailing ',
      '-x',
      Buffer.from([0x61, 0xff, 0x62]),
      Buffer.from([0x61, 0xfe, 0x62]),
    ];
    const files = parseTree(tree(...names));
    expect(files.size).toBe(names.length);
    expect([...files.keys()].slice(0, 5)).toEqual(names.slice(0, 5));
    for (const name of [...files.keys()].slice(5)) expect(tryPath(name)).toBeUndefined();
  });

  it('are read from a diff byte for byte, or not at all', () => {
    const line = `:100644 100644 ${id} ${'b'.repeat(40)} M`;
    const diff = (...parts: string[]) => Buffer.from(`${parts.join('\0')}\0`);
    expect(parseRawDiff(diff(line, 'a\nb')).map(({ path }) => path)).toEqual(['a\nb']);
    for (const bad of [
      diff(line),
      diff(line, 'a', 'b'),
      diff(line.replace(' M', ' R100'), 'a'),
      Buffer.from(`${line}\0a`),
      diff('nonsense', 'a'),
    ]) {
      expect(() => parseRawDiff(bad)).toThrow();
    }
  });

  it('that look like another one are shown escaped', () => {
    expect(pathCode('src/\u0430uth.ts')).toBe('`src/\\u{430}uth.ts`');
    expect(table(['Path'], [[pathCode('a`b|c')]])).toContain('| ``a`b\\|c`` |');
  });
});
