/** The reader of sealed changes, on what git itself writes. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPatchedFiles } from '../../../src/core/audit/patch.ts';
import { makeTemporaryFolder } from '../../support/ram-disk.ts';

const noise = (seed: number, length: number) => {
  let state = seed;
  return Buffer.from(
    Array.from({ length }, () => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      return state >> 16;
    }),
  );
};
const many = (count: number) => Array.from({ length: count }, (_, n) => `line ${n}\n`).join('');

/** Content before and after; null for no file. */
const cases: Record<string, [before: string | Buffer | null, after: string | Buffer | null]> = {
  'created.ts': [null, 'a\nb\n'],
  'deleted.ts': ['a\nb\n', null],
  'changed.ts': ['a\nb\n', 'a\nc\n'],
  'empty-created': [null, ''],
  'empty-deleted': ['', null],
  'emptied.ts': ['a\n', ''],
  'filled.ts': ['', 'a\n'],
  'without-end.ts': ['a\nb', 'a\nc'],
  'gets-end.ts': ['a', 'a\n'],
  'loses-end.ts': ['a\n', 'a'],
  'windows.ts': ['a\r\nb\r\n', 'a\r\nc\r\n'],
  'returns.ts': ['a\rb\n', 'a\rc\n'],
  'a name with blanks.ts': ['a\n', 'b\n'],
  'ü "quoted"\tname.ts': ['a\n', 'b\n'],
  'looks-like-a-header.md': [
    '-- a/x\ndiff --git a/x b/x\n',
    '++ b/x\n@@ -1 +1 @@\nindex 1..2\n\\ No newline at end of file\n',
  ],
  'latin.txt': [Buffer.from('caf\xe9\n', 'latin1'), Buffer.from('th\xe9\n', 'latin1')],
  'separators.ts': ['a\u2028b\n', 'a\u2028c\u0085\n'],
  'image.bin': [Buffer.from([0, 1, 2]), Buffer.from([0, 1, 3])],
  'image-created.bin': [null, noise(1, 3000)],
  'image-deleted.bin': [noise(2, 3000), null],
  'delta.bin': [noise(3, 9000), Buffer.concat([noise(3, 9000), Buffer.from([0, 7])])],
};
const large: typeof cases = {
  'part.ts': [many(100), many(100).replace('line 50\n', 'line fifty\n')],
  'parts.ts': [many(100), many(100).replace('line 9\n', 'nine\n').replace('line 80\n', 'x\n')],
  'top.ts': [many(100), `first\n${many(100)}`],
};

let folder: string;
beforeAll(() => {
  folder = makeTemporaryFolder('patch');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The change that git sees, as the action seals it. */
function patchOf(files: typeof cases, format = 'sha1', prepare?: (root: string) => void): Buffer {
  const root = mkdtempSync(join(folder, 'r-'));
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'core.autocrlf=false', ...args], {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: root, GIT_CONFIG_NOSYSTEM: '1' },
    });
  git('init', '-q', `--object-format=${format}`);
  const write = (at: 0 | 1) => {
    for (const [name, versions] of Object.entries(files)) {
      const path = join(root, name);
      rmSync(path, { force: true });
      mkdirSync(dirname(path), { recursive: true });
      if (versions[at] !== null) writeFileSync(path, versions[at]);
    }
    if (at === 1) prepare?.(root);
    git('add', '-A');
  };
  write(0);
  const before = git('write-tree').toString().trim();
  write(1);
  return git('diff', '--cached', '--binary', '--full-index', '--no-renames', before);
}

describe('the reader of a sealed change', () => {
  it.each(['sha1', 'sha256'])(
    'reads what git writes, and its content, with ids of %s',
    (format) => {
      const files = readPatchedFiles(patchOf(cases, format));
      expect(files?.map(({ path }) => path).toSorted()).toEqual(Object.keys(cases).toSorted());
      for (const { path, before, after, content } of files ?? []) {
        expect(before === null, path).toBe(cases[path]?.[0] === null);
        expect(after === null, path).toBe(cases[path]?.[1] === null);
        expect(content, path).toBe(path.endsWith('.bin') ? 'unknown' : 'as named');
      }
    },
  );

  it('does not know the rest of a large file', () => {
    const files = readPatchedFiles(patchOf(large));
    expect(files?.map(({ content }) => content)).toEqual(['unknown', 'unknown', 'unknown']);
  });

  it('reads links, and nothing at all', () => {
    const files = readPatchedFiles(
      patchOf({}, 'sha1', (root) => symlinkSync('../elsewhere', join(root, 'link'))),
    );
    expect(files).toMatchObject([
      { path: 'link', before: null, after: { mode: '120000' }, content: 'as named' },
    ]);
    expect(readPatchedFiles(Buffer.alloc(0))).toEqual([]);
  });

  it.each(['created.ts', 'deleted.ts', 'changed.ts', 'emptied.ts', 'filled.ts', 'without-end.ts'])(
    'sees each other line in the content of %s',
    (name) => {
      const patch = patchOf({ [name]: cases[name] ?? ['', ''] }).toString('latin1');
      const lines = patch.split('\n');
      const first = lines.findIndex((line) => line.startsWith('@@'));
      let tried = 0;
      for (const [at, line] of lines.entries()) {
        if (at <= first || !/^[+-]/.test(line)) continue;
        const changed = lines.with(at, `${line}x`).join('\n');
        const [file] = readPatchedFiles(Buffer.from(changed, 'latin1')) ?? [];
        const isOldOfChanged = line.startsWith('-') && file?.after !== null;
        expect(file?.content).toBe(isOldOfChanged ? 'unknown' : 'another');
        tried++;
      }
      expect(tried).toBeGreaterThan(0);
    },
  );

  it('refuses every line that is lost, doubled, or does not belong there', () => {
    const patch = patchOf({ ...cases, ...large }).toString('latin1');
    const lines = patch.split('\n').slice(0, -1);
    const text = (all: readonly string[]) =>
      Buffer.from(all.map((line) => `${line}\n`).join(''), 'latin1');
    const whole = JSON.stringify(readPatchedFiles(text(lines)));
    for (const at of lines.keys()) {
      const variants = [
        lines.toSpliced(at, 1),
        lines.toSpliced(at, 0, lines[at] ?? ''),
        lines.toSpliced(at, 0, 'evil'),
        lines.toSpliced(at, 0, '--- a/x', '+++ b/x', '@@ -0,0 +1 @@', '+evil'),
      ];
      for (const variant of variants) {
        // A blank and a binary line can be doubled without another meaning for the list of files.
        const read = readPatchedFiles(text(variant));
        const isSame = JSON.stringify(read) === whole;
        expect(isSame && !isBinaryLine(lines, at), `line ${at}: ${lines[at]}`).toBe(false);
      }
    }
  });
});

/** Whether the line lies in the content of a binary file, which is not read. */
function isBinaryLine(lines: readonly string[], at: number): boolean {
  const start = lines.findLastIndex((line, index) => index <= at && line === 'GIT binary patch');
  const header = lines.findLastIndex((line, index) => index <= at && line.startsWith('diff --git'));
  return start > header;
}
