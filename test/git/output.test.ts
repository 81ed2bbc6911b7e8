import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileState } from '../../src/core/plan/scope.ts';
import { Stopped } from '../../src/decision.ts';
import {
  decodePath,
  encodePath,
  parseConflicts,
  parseRawDiff,
  parseTree,
} from '../../src/git/output.ts';
import { anyCharacter } from '../support/any-character.ts';
import { fileChange } from '../support/changes.ts';
import { runs } from '../support/properties.ts';
import { blobId, type Entry, entry, nameOf, Repository, type Tree, treeOf } from './repository.ts';

const repository = new Repository();

const stateOf = (file: Entry | undefined): FileState | null =>
  file === undefined ? null : { mode: file.mode, blob: blobId(file.content) };

/** What differs between two trees, found by looking at every path. */
function walk(before: Tree, after: Tree) {
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((path) => fileChange(nameOf(path), stateOf(before.get(path)), stateOf(after.get(path))))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after));
}

const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1);
const text = (output: string) => Buffer.from(output, 'latin1');

function refusal(read: () => unknown): string {
  try {
    read();
    return 'accepted';
  } catch (error) {
    expect(error).toBeInstanceOf(Stopped);
    return (error as Stopped).message;
  }
}

describe('parseTree', () => {
  it('reads every file of any tree', () => {
    fc.assert(
      fc.property(treeOf(entry), (files) => {
        const tree = repository.tree(files, false);
        const output = repository.run('ls-tree', '-r', '-z', '--full-tree', tree);
        expect(parseTree(output)).toEqual(
          new Map([...files].map(([path, file]) => [nameOf(path), stateOf(file)])),
        );
      }),
      { numRuns: runs(100) },
    );
  });

  it('keeps two names apart that are no UTF-8', () => {
    const blob = 'a'.repeat(40);
    const files = parseTree(text(`100644 blob ${blob}\ta\xffb\x00100644 blob ${blob}\ta\xfeb\x00`));
    expect([...files.keys()]).toEqual(['\0bytes:61ff62', '\0bytes:61fe62']);
  });

  it('writes each name of a path for itself, so that its folders are found', () => {
    const paths = ['a/\xff/b', '\xff/.git', '\xc3\xa9/\xe9', 'a/\xc3/\xa9', '/\xff/', '\xff'];
    expect(paths.map((path) => decodePath(text(path)))).toEqual([
      'a/\0bytes:ff/b',
      '\0bytes:ff/.git',
      'é/\0bytes:e9',
      'a/\0bytes:c3/\0bytes:a9',
      '/\0bytes:ff/',
      '\0bytes:ff',
    ]);
  });

  it('names any path so that its bytes can be found again', () => {
    const bytes = fc.uint8Array({ maxLength: 12 }).map((all) => all.filter((byte) => byte !== 0));
    const slashes = fc.array(bytes, { maxLength: 4 }).map((names) => {
      const parts = names.map((name) => Buffer.from(name).toString('latin1'));
      return text(parts.join('/'));
    });
    fc.assert(
      fc.property(slashes, (path) => {
        expect(encodePath(decodePath(path)).equals(path)).toBe(true);
      }),
      { numRuns: runs(500) },
    );
  });

  it('refuses an output that is cut', () => {
    expect(refusal(() => parseTree(text('100644 blob aaaa\ta')))).toBe(
      'git answered in an unknown form.',
    );
    expect(parseTree(text(''))).toEqual(new Map());
  });
});

describe('parseRawDiff', () => {
  it('agrees with a walk over both trees', () => {
    fc.assert(
      fc.property(treeOf(entry), treeOf(entry), fc.boolean(), (one, other, near) => {
        // Near trees have renames, changes of mode and of type; far ones little in common.
        const after = near ? new Map([...one, ...other].filter((_, at) => at % 4 !== 0)) : other;
        const folders = [...after.keys()].some((path) =>
          [...after.keys()].some((longer) => longer.startsWith(`${path}/`)),
        );
        fc.pre(!folders);
        const [from, to] = [repository.tree(one, false), repository.tree(after, false)];
        const output = repository.run(
          ...['diff-tree', '-r', '-z', '--raw', '--no-renames', '--no-abbrev'],
          ...['--ignore-submodules=none', from, to],
        );
        expect([...parseRawDiff(output)].sort(byPath)).toEqual(walk(one, after).sort(byPath));
      }),
      { numRuns: runs(150) },
    );
  });

  it('sees both ends of a rename', () => {
    const file = { mode: '100644', content: Buffer.from('a\n'.repeat(100)) };
    const one = repository.tree(new Map([['auth.js', file]]), false);
    const other = repository.tree(new Map([['allowed.txt', file]]), false);
    const output = repository.run(
      ...['diff-tree', '-r', '-z', '--raw', '--no-renames', '--no-abbrev', one, other],
    );
    expect(parseRawDiff(output).map(({ path, after }) => [path, after === null])).toEqual([
      ['allowed.txt', false],
      ['auth.js', true],
    ]);
  });

  const zero = '0'.repeat(40);
  const blob = 'a'.repeat(40);
  it.each([
    ['a record without a path', `:100644 000000 ${blob} ${zero} D\0`],
    ['a cut path', `:100644 000000 ${blob} ${zero} D\0a`],
    ['a rename', `:100644 100644 ${blob} ${blob} R100\0a\0b\0`],
    ['a copy', `:100644 100644 ${blob} ${blob} C100\0a\0b\0`],
    ['a rename without its second path', `:100644 100644 ${blob} ${blob} R100\0a\0`],
    ['an unmerged file', `:100644 000000 ${blob} ${zero} U\0a\0`],
    ['something else', 'hello\0a\0'],
    ['a line instead of a record', `:100644 000000 ${blob} ${zero} D\ta\n`],
    ['a creation of what was there', `:100644 100644 ${blob} ${blob} A\0a\0`],
    ['a deletion of what stays', `:100644 100644 ${blob} ${blob} D\0a\0`],
    ['a change of what was not there', `:000000 100644 ${zero} ${blob} M\0a\0`],
    ['nothing that becomes nothing', `:000000 000000 ${zero} ${zero} M\0a\0`],
  ])('refuses %s', (_, output) => {
    expect(refusal(() => parseRawDiff(text(output)))).toBe('git answered in an unknown form.');
  });

  it('throws nothing but faults, whatever it is given', () => {
    const part = fc.oneof(
      fc.constantFrom(':', '100644 ', '000000 ', `${blob} `, 'M', 'A', 'D', '\0', 'a'),
      fc.string({ unit: anyCharacter, maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
        refusal(() => parseRawDiff(Buffer.from(parts.join(''))));
      }),
      { numRuns: runs(1000) },
    );
  });
});

describe('parseConflicts', () => {
  it('reads the paths after the tree', () => {
    const tree = 'a'.repeat(40);
    expect(parseConflicts(text(`${tree}\0a\0b/c\0\0`))).toEqual(['a', 'b/c']);
    expect(parseConflicts(text(`${tree}\0\xff\0`))).toEqual(['\0bytes:ff']);
    expect(parseConflicts(text(`${tree}\0`))).toEqual([]);
  });

  it.each(['', 'aaaa\0a\0', '\0a\0'])('finds none without a tree: %j', (output) => {
    expect(() => parseConflicts(text(output))).toThrow(
      expect.objectContaining({ reason: 'internal' }),
    );
  });
});
