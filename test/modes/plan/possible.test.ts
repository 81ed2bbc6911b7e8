/** Which plans are refused before anybody reads them. */
import { describe, expect, it } from 'vitest';
import type { PlannedFile } from '../../../src/core/plan/plan.ts';
import { parseExistingPath } from '../../../src/core/text/paths.ts';
import { findUnsupported } from '../../../src/git/unsupported.ts';
import { checkPossible } from '../../../src/modes/plan/possible.ts';
import { objectId } from '../../support/object-ids.ts';
import { parsePolicy } from '../../support/policy.ts';
import { reasonOf } from '../../support/reason.ts';

const state = (mode: string, digit: string) => ({ mode, blob: objectId(digit) });
const tree = new Map([
  ['src/cart.ts', state('100644', '1')],
  ['link', state('120000', '2')],
  ['module', state('160000', '3')],
]);
const planned = (operation: PlannedFile['operation'], path: string): PlannedFile => ({
  path: parseExistingPath(path),
  operation,
  reason: null,
});
const check = (...files: PlannedFile[]) => {
  const policy = { path: '.github/codex-plan.yml', read: async () => parsePolicy('') };
  const workspace = {
    commit: objectId('a'),
    files: async () => tree,
    findUnsupported: async (scope: readonly Pick<PlannedFile, 'path' | 'operation'>[]) =>
      findUnsupported(scope, {
        merge: tree,
        head: tree,
        attributes: new Map(),
        patchesOnly: true,
        content: () => Buffer.from('text\n'),
      }),
  };
  return checkPossible({ policy }, files, workspace, objectId('b'));
};

describe('a planned file that git does not know at its path', () => {
  it.each([
    ['modify', 'link/cart.ts', 'It lies below the symbolic link "link".'],
    ['delete', 'link/cart.ts', 'It lies below the symbolic link "link".'],
    ['create', 'link/new.ts', 'It lies below the symbolic link "link".'],
    ['modify', 'module/a/b.c', 'It lies in the submodule "module".'],
    ['delete', 'module/a/b.c', 'It lies in the submodule "module".'],
    ['modify', 'src/cart.ts/x', 'It lies below the file "src/cart.ts".'],
  ] as const)('cannot be changed for the same reason: %s %s', async (operation, path, why) => {
    const other = planned('create', 'module/new.c');
    const step = check(planned(operation, path), planned('modify', 'src/cart.ts'), other);
    await expect(step).rejects.toMatchObject({
      reason: 'path-unsupported',
      message: `${JSON.stringify(path)}: ${why} "module/new.c": It lies in the submodule "module".`,
    });
  });

  it('is a mistake of the plan if nothing lies there', async () => {
    const files = [planned('modify', 'src/nope.ts'), planned('create', 'module/new.c')];
    expect(await reasonOf(() => check(...files))).toBe('plan-invalid');
    expect(await reasonOf(() => check(planned('delete', 'src')))).toBe('plan-invalid');
  });
});

describe('a possible plan', () => {
  it('has the state of each file before the change', async () => {
    expect(await check(planned('modify', 'src/cart.ts'), planned('create', 'src/tax.ts'))).toEqual([
      { path: 'src/cart.ts', operation: 'modify', mode: '100644', blob: objectId('1') },
      { path: 'src/tax.ts', operation: 'create', mode: null, blob: null },
    ]);
  });
});
