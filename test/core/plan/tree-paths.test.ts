import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Operation, PlannedFile } from '../../../src/core/plan/plan.ts';
import { checkPathsInTree } from '../../../src/core/plan/tree-paths.ts';
import { fold, pathProblem } from '../../../src/core/text/paths.ts';
import { Stopped } from '../../../src/decision.ts';
import { runs } from '../../support/properties.ts';

function planned(path: string, operation: Operation): PlannedFile {
  return { path: path as PlannedFile['path'], operation, reason: null };
}

function refusal(files: readonly PlannedFile[], ...tree: readonly string[]): string {
  try {
    checkPathsInTree(files, new Set(tree));
    return 'none';
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    return `${error.reason}: ${error.message}`;
  }
}

describe('checkPathsInTree', () => {
  it.each([
    ['cafe\u0301.md', 'caf\u00e9.md'],
    ['a:b', 'ab'],
    ['a\\b', 'a/b'],
    ['src/aux.c', 'src/AUX.c'],
    ['a.', 'a'],
    [' a', 'a'],
    ['~/a', 'a'],
    ['a\u200b', 'a'],
  ])(
    'lets %j be modified and deleted, if a file has exactly this name and not %j',
    (path, other) => {
      for (const operation of ['modify', 'delete'] as const) {
        expect(refusal([planned(path, operation)], path, other)).toBe('none');
        expect(refusal([planned(path, operation)], other)).toBe(
          `path-invalid: The plan says ${operation} ${JSON.stringify(path)}, and no file has this name. ${pathProblem(path)}`,
        );
      }
    },
  );

  it('leaves an ordinary name that is not there to the check of what exists', () => {
    expect(refusal([planned('a', 'modify')], 'b')).toBe('none');
  });

  it('lets a twin be modified and deleted', () => {
    expect(refusal([planned('a.ts', 'modify')], 'a.ts', 'A.ts')).toBe('none');
    expect(refusal([planned('a.ts', 'delete')], 'a.ts', 'A.ts')).toBe('none');
    const both = [planned('A.ts', 'modify'), planned('a.ts', 'modify')];
    expect(refusal(both, 'a.ts', 'A.ts')).toBe('none');
  });

  it.each([
    ['a file', 'src/a.ts', ['src/A.ts']],
    ['a folder', 'src/a.ts', ['SRC/b.ts']],
    ['a normal form', 'caf\u00e9', ['cafe\u0301']],
    ['a file in place of a folder', 'src', ['SRC/b.ts']],
  ])('lets nothing be created that is a twin by %s', (_, path, tree) => {
    expect(refusal([planned(path, 'create')], ...tree)).toMatch(
      /^path-invalid: ".*" and ".*" are one file on some file systems\.$/,
    );
  });

  it('lets a rename change case alone, if nothing of the old name is left', () => {
    const rename = [planned('README.MD', 'delete'), planned('README.md', 'create')];
    expect(refusal(rename, 'README.MD', 'a')).toBe('none');
    expect(refusal(rename, 'README.MD', 'Readme.md')).toContain('one file on some file systems');
    const folder = [planned('Docs/a', 'delete'), planned('docs/a', 'create')];
    expect(refusal(folder, 'Docs/a')).toBe('none');
    expect(refusal(folder, 'Docs/a', 'Docs/b')).toContain('one file on some file systems');
    const replaced = [planned('a', 'create'), planned('A', 'modify')];
    expect(refusal(replaced, 'A')).toContain('one file on some file systems');
  });

  it('adds no twin to a tree, whatever the plan', () => {
    const name = fc.constantFrom<string>(
      'a',
      'A',
      'b',
      'c/d',
      'C/d',
      'c/e',
      'C',
      '\u00e9',
      'e\u0301',
    );
    const trees = fc.uniqueArray(name, { maxLength: 5 });
    const plans = fc.uniqueArray(
      fc.tuple(name, fc.constantFrom<Operation>('create', 'modify', 'delete')),
      { selector: ([path]) => path, maxLength: 4 },
    );
    /** Folders and files, each under all of its spellings. */
    const spellings = (paths: Iterable<string>) => {
      const byFold = new Map<string, Set<string>>();
      for (const path of paths) {
        path.split('/').forEach((_, at, all) => {
          const start = all.slice(0, at + 1).join('/');
          byFold.set(fold(start), (byFold.get(fold(start)) ?? new Set()).add(start));
        });
      }
      return byFold;
    };
    fc.assert(
      fc.property(trees, plans, (tree, plan) => {
        const files = plan
          .filter(([path, operation]) => (operation === 'create') !== tree.includes(path))
          .map(([path, operation]) => planned(path, operation));
        if (refusal(files, ...tree) !== 'none') return;
        const after = new Set(tree);
        for (const { path, operation } of files) {
          if (operation === 'create') after.add(path);
          if (operation === 'delete') after.delete(path);
        }
        const was = spellings(tree);
        for (const [folded, found] of spellings(after)) {
          const before = was.get(folded) ?? new Set();
          const added = [...found].filter((one) => !before.has(one));
          if (added.length > 0) expect(found.size, JSON.stringify([...after])).toBe(1);
        }
      }),
      { numRuns: runs(3000) },
    );
  });
});
