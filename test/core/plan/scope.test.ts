import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Operation, PlannedFile } from '../../../src/core/plan/plan.ts';
import {
  checkParity,
  type FileChange,
  isAboutMode,
  judgeBy,
  toTransition,
} from '../../../src/core/plan/scope.ts';
import { parseExistingPath, parsePath } from '../../../src/core/text/paths.ts';
import { fileChange } from '../../support/changes.ts';
import { objectId } from '../../support/object-ids.ts';
import { runs } from '../../support/properties.ts';
import { uncheckedPath } from '../../support/unchecked-path.ts';

const blob = objectId('0123456789abcdef0123456789abcdef01234567');
const file = (mode = '100644') => ({ mode, blob });

function planned(path: string, operation: Operation): PlannedFile {
  const parse = operation === 'create' ? parsePath : parseExistingPath;
  return { path: parse(path), operation, reason: '' };
}

function changed(path: string, operation: Operation, mode = '100644'): FileChange {
  return fileChange(
    path,
    operation === 'create' ? null : file(mode),
    operation === 'delete' ? null : file(mode),
  );
}

const operation = fc.constantFrom<Operation>('create', 'modify', 'delete');
/** Two paths are twins. */
const path = fc.constantFrom('a', 'b', 'A', 'c/d', 'c/e', 'C/f');
const unlike = { selector: ({ path }: { path: string }) => path, maxLength: 5 };
const scopes = fc
  .uniqueArray(
    fc.tuple(path, operation).map(([path, op]) => planned(path, op)),
    unlike,
  )
  .filter((scope) => !hasTwins(scope));
const changesOf = fc.uniqueArray(
  fc.tuple(path, operation).map(([path, op]) => changed(path, op)),
  unlike,
);

function hasTwins(files: readonly { path: string }[]): boolean {
  const names = new Set(
    files.flatMap(({ path }) =>
      path.split('/').map((_, at, all) => all.slice(0, at + 1).join('/')),
    ),
  );
  return new Set([...names].map((name) => name.toLowerCase())).size < names.size;
}

const passes = (scope: readonly PlannedFile[], changes: readonly FileChange[]) =>
  checkParity(scope, changes).denials.length === 0;
const reasons = (scope: readonly PlannedFile[], ...changes: readonly FileChange[]) =>
  checkParity(scope, changes).denials.map(({ path, operation, reason, detail }) => [
    path,
    operation,
    reason,
    detail,
  ]);

describe('toTransition', () => {
  it('is what git says of a path before and after', () => {
    expect(toTransition(null, file())?.operation).toBe('create');
    expect(toTransition(file(), null)?.operation).toBe('delete');
    expect(toTransition(file(), file())?.operation).toBe('modify');
    expect(toTransition(null, null)).toBeUndefined();
  });
});

describe('checkParity', () => {
  it('passes exactly if the change is a subset of the scope, as sets of path and operation', () => {
    fc.assert(
      fc.property(scopes, changesOf, (scope, changes) => {
        const approved = new Set(scope.map(({ path, operation }) => `${operation} ${path}`));
        const actual = new Set(changes.map((change) => `${change.operation} ${change.path}`));
        const { denials, untouched } = checkParity(scope, changes);
        expect(denials.length === 0).toBe(actual.isSubsetOf(approved));
        const touched = new Set(changes.map(({ path }) => path));
        expect(untouched).toEqual(
          scope.map(({ path }) => path).filter((path) => !touched.has(path)),
        );
      }),
      { numRuns: runs(5000) },
    );
  });

  it('names every change that is refused, and none that is not', () => {
    fc.assert(
      fc.property(scopes, changesOf, (scope, changes) => {
        const { denials } = checkParity(scope, changes);
        for (const change of changes) {
          const approved = scope.some(
            ({ path, operation }) => path === change.path && operation === change.operation,
          );
          const own = denials.filter(({ path }) => path === change.path);
          if (!approved) expect(own.length).toBeGreaterThan(0);
          if (approved) expect(own.every(({ reason }) => reason === 'path-invalid')).toBe(true);
          for (const denial of own) expect(denial.operation).toBe(change.operation);
        }
        expect(denials.every(({ path }) => changes.some((change) => change.path === path))).toBe(
          true,
        );
      }),
      { numRuns: runs(3000) },
    );
  });

  it('is monotone: a larger change or a smaller scope never passes if it did not before', () => {
    fc.assert(
      fc.property(scopes, changesOf, fc.nat(), (scope, changes, choice) => {
        if (passes(scope, changes)) return;
        const more = changed('z', 'modify');
        expect(passes(scope, [...changes, more])).toBe(false);
        if (scope.length === 0) return;
        const less = scope.toSpliced(choice % scope.length, 1);
        expect(passes(less, changes)).toBe(false);
      }),
      { numRuns: runs(3000) },
    );
  });

  it('does not depend on the order', () => {
    fc.assert(
      fc.property(scopes, changesOf, (scope, changes) => {
        expect(passes(scope.toReversed(), changes.toReversed())).toBe(passes(scope, changes));
      }),
      { numRuns: runs(1000) },
    );
  });

  it('says nothing of an empty change, and refuses every change of an empty scope', () => {
    expect(checkParity([planned('a', 'modify')], [])).toEqual({ denials: [], untouched: ['a'] });
    expect(reasons([], changed('a', 'modify'))).toEqual([
      ['a', 'modify', 'outside-plan', 'The plan does not name this file.'],
    ]);
  });

  it('says what was planned instead', () => {
    expect(reasons([planned('a', 'modify')], changed('a', 'delete'))).toEqual([
      ['a', 'delete', 'operation-mismatch', 'The plan says modify, not delete.'],
    ]);
  });

  it('counts both ends of a rename', () => {
    const scope = [planned('new.js', 'create')];
    expect(reasons(scope, changed('auth.js', 'delete'), changed('new.js', 'create'))).toEqual([
      ['auth.js', 'delete', 'outside-plan', 'The plan does not name this file.'],
    ]);
  });

  it.each(['src/*', 'src/', '.', ':(top)*'])(
    'takes %j in git for no approval of src/evil.ts',
    (glob) => {
      const scope = [planned('src/a.ts', 'modify')];
      expect(passes(scope, [changed(glob, 'create')])).toBe(false);
      expect(passes(scope, [changed('src/evil.ts', 'create')])).toBe(false);
    },
  );

  it('says of a path that no plan could name why that is', () => {
    expect(reasons([], changed('a\nb', 'create'))).toEqual([
      ['a\nb', 'create', 'outside-plan', 'The plan does not name this file. It holds U+000A.'],
    ]);
  });

  it.each([
    ['executable', '100644', '100755', 'Its mode becomes 100755 instead of 100644.'],
    ['ordinary', '100755', '100644', 'Its mode becomes 100644 instead of 100755.'],
    ['a symbolic link', '100644', '120000', 'It is a symbolic link or a submodule.'],
    ['a submodule', '100644', '160000', 'It is a symbolic link or a submodule.'],
    ['a file instead of a link', '120000', '100644', 'It is a symbolic link or a submodule.'],
    ['another link', '120000', '120000', 'It is a symbolic link or a submodule.'],
  ])('refuses an approved file that becomes %s', (_, before, after, why) => {
    const change = fileChange('a', file(before), file(after));
    expect(reasons([planned('a', 'modify')], change)).toEqual([
      ['a', 'modify', 'operation-mismatch', why],
    ]);
  });

  it.each([
    ['create', null, '100755', 'Its mode becomes 100755 instead of 100644.'],
    ['create', null, '120000', 'It is a symbolic link or a submodule.'],
    ['create', null, '160000', 'It is a symbolic link or a submodule.'],
    ['delete', '120000', null, 'It is a symbolic link or a submodule.'],
    ['delete', '160000', null, 'It is a symbolic link or a submodule.'],
  ] as const)('refuses to %s from mode %s to mode %s', (operation, before, after, why) => {
    const state = (mode: string | null) => (mode === null ? null : file(mode));
    const change = fileChange('a', state(before), state(after));
    expect(reasons([planned('a', operation)], change)).toEqual([
      ['a', operation, 'operation-mismatch', why],
    ]);
  });

  it('lets an executable file stay one', () => {
    const scope = [planned('a', 'modify'), planned('b', 'delete')];
    expect(
      passes(scope, [changed('a', 'modify', '100755'), changed('b', 'delete', '100755')]),
    ).toBe(true);
  });

  it.each([
    ['in case', 'src/a.ts', 'src/A.ts'],
    ['in the case of a folder', 'src/a.ts', 'SRC/b.ts'],
    ['in normal form', 'src/É.ts', 'src/E\u0301.ts'],
  ])('refuses a change that differs from an approved path %s', (_, approved, actual) => {
    const modified = reasons([planned(approved, 'modify')], changed(actual, 'modify'));
    expect(modified.map(([path, , reason]) => [path, reason])).toEqual([[actual, 'outside-plan']]);
    const created = reasons([planned(approved, 'modify')], changed(actual, 'create'));
    expect(created.map(([path, , reason]) => [path, reason])).toEqual([
      [actual, 'outside-plan'],
      [actual, 'path-invalid'],
    ]);
    expect(created[1]?.[3]).toMatch(/ are one file on some file systems\.$/);
  });

  it('names the second name of a file, not another change', () => {
    const scope = [planned('new.md', 'create'), planned('src/a.ts', 'modify')];
    const others = [changed('new.md', 'create'), changed('src/a.ts', 'modify')];
    for (const path of ['src/A.ts', 'SRC/b.ts']) {
      const denials = reasons(scope, ...others, changed(path, 'create'));
      expect(denials.map(([path, , reason]) => [path, reason])).toEqual([
        [path, 'outside-plan'],
        [path, 'path-invalid'],
      ]);
    }
  });

  it('lets files change that are twins by now', () => {
    const scope = [planned('a', 'modify'), planned('A', 'modify'), planned('B', 'delete')];
    expect(passes(scope, [changed('a', 'modify'), changed('A', 'modify')])).toBe(true);
    expect(passes(scope, [changed('B', 'delete')])).toBe(true);
  });

  it('lets a rename change case alone, if nothing of the old name is left', () => {
    const scope = [planned('README.MD', 'delete'), planned('README.md', 'create')];
    const created = changed('README.md', 'create');
    expect(passes(scope, [changed('README.MD', 'delete'), created])).toBe(true);
    expect(reasons(scope, created)).toEqual([
      ['README.md', 'create', 'path-invalid', expect.stringContaining('one file on some')],
    ]);
    const folder = [planned('Docs/a.md', 'delete'), planned('docs/a.md', 'create')];
    const moved = [changed('Docs/a.md', 'delete'), changed('docs/a.md', 'create')];
    expect(passes(folder, moved)).toBe(true);
    expect(passes([...folder, planned('Docs/b.md', 'modify')], moved)).toBe(false);
  });

  it('lets a file change under the very bytes of its name', () => {
    const names = ['e\u0301.md', 'a:b', 'src/aux.c', 'trailing.', 'a\\b', 'a\u200b'];
    const scope = names.map((name) => planned(name, 'modify'));
    expect(
      passes(
        scope,
        names.map((name) => changed(name, 'modify')),
      ),
    ).toBe(true);
    expect(reasons(scope, changed('é.md', 'modify'))).toEqual([
      ['é.md', 'modify', 'outside-plan', 'The plan does not name this file.'],
    ]);
  });
});

describe('judgeBy', () => {
  const judge = judgeBy([
    planned('new', 'create'),
    planned('old', 'modify'),
    planned('gone', 'delete'),
  ]);

  it.each([
    ['new', 'create'],
    ['new', 'modify'],
    ['old', 'modify'],
    ['gone', 'delete'],
  ] as const)('lets %s be the object of %s', (path, operation) => {
    expect(judge({ path, operation })).toBeNull();
  });

  it.each([
    ['new', 'delete', 'The plan says create, not delete.'],
    ['old', 'create', 'The plan says modify, not create.'],
    ['old', 'delete', 'The plan says modify, not delete.'],
    ['gone', 'modify', 'The plan says delete, not modify.'],
    ['gone', 'create', 'The plan says delete, not create.'],
  ] as const)('does not let %s be the object of %s', (path, operation, detail) => {
    expect(judge({ path, operation })).toEqual({ reason: 'operation-mismatch', detail });
  });

  it.each(['other', 'New', 'new/x', 'ol'])('does not know %s', (path) => {
    expect(judge({ path, operation: 'modify' })).toEqual({
      reason: 'outside-plan',
      detail: 'The plan does not name this file.',
    });
  });

  it.each([
    ['../x', 'A segment is . or ..'],
    ['/etc/passwd', 'It is not relative.'],
    ['.git/config', "It reaches into git's own folder."],
    ['', 'It has an empty segment.'],
  ])('refuses %j whatever the plan says', (path, detail) => {
    const all = judgeBy([{ path: uncheckedPath(path), operation: 'modify', reason: '' }]);
    expect(all({ path, operation: 'modify' })).toEqual({ reason: 'path-invalid', detail });
  });

  it('knows a file that exists by the very bytes of its name, and no other', () => {
    const judge = judgeBy([planned('e\u0301:x', 'modify'), planned('aux.c', 'delete')]);
    expect(judge({ path: 'e\u0301:x', operation: 'modify' })).toBeNull();
    expect(judge({ path: 'aux.c', operation: 'delete' })).toBeNull();
    expect(judge({ path: 'é:x', operation: 'modify' })?.reason).toBe('path-invalid');
    const created = judgeBy([{ path: uncheckedPath('a:b'), operation: 'create', reason: '' }]);
    expect(created({ path: 'a:b', operation: 'create' })?.reason).toBe('path-invalid');
  });

  it('lets pass before what parity lets pass after, a file patched twice aside', () => {
    fc.assert(
      fc.property(scopes, path, operation, (scope, path, operation) => {
        const before = judgeBy(scope)({ path, operation }) === null;
        const created = scope.some((one) => one.path === path && one.operation === 'create');
        const after = passes(scope, [changed(path, operation)]);
        expect(before).toBe(after || (created && operation === 'modify'));
      }),
      { numRuns: runs(2000) },
    );
  });
});

// An audit reads years later what these sentences said.
it.each([
  ['Its mode becomes 100755 instead of 100644.', true],
  ['It is a symbolic link or a submodule.', true],
  ['The plan says create, not modify.', false],
  ['The plan says that: Its mode becomes 100755.', false],
  ['Somebody wrote: It is a symbolic link or a submodule.', false],
])('a recorded refusal %j is about the mode: %s', (detail, expected) => {
  expect(isAboutMode(detail)).toBe(expected);
});
