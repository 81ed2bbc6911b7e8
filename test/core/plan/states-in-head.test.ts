import { describe, expect, it } from 'vitest';
import type { PlannedFile } from '../../../src/core/plan/plan.ts';
import { statesInHead } from '../../../src/core/plan/states-in-head.ts';
import { parseExistingPath } from '../../../src/core/text/paths.ts';
import { Stopped } from '../../../src/decision.ts';
import { objectId } from '../../support/object-ids.ts';

const state = (mode: string, digit: string) => ({ mode, blob: objectId(digit) });
const merged = new Map([
  ['src/cart.ts', state('100644', '1')],
  ['run.sh', state('100755', '2')],
  ['link', state('120000', '3')],
  ['module', state('160000', '4')],
]);
const planned = (path: string, operation: PlannedFile['operation']): PlannedFile => ({
  path: parseExistingPath(path),
  operation,
  reason: null,
});

/** What stops a plan of this file: the reason, and the sentence. */
function refusal(file: PlannedFile, head: typeof merged = merged): string {
  try {
    statesInHead([file], merged, head);
    return 'accepted';
  } catch (error) {
    expect(error).toBeInstanceOf(Stopped);
    return `${(error as Stopped).reason}: ${(error as Stopped).message}`;
  }
}

describe('the states of planned files', () => {
  it('are those of the merge, in the order of the plan', () => {
    const files = [planned('run.sh', 'delete'), planned('src/new.ts', 'create')];
    expect(statesInHead(files, merged, merged)).toEqual([
      { path: 'run.sh', operation: 'delete', mode: '100755', blob: '2'.repeat(40) },
      { path: 'src/new.ts', operation: 'create', mode: null, blob: null },
    ]);
  });

  it.each([
    ['a create of what exists', planned('src/cart.ts', 'create'), /plan-invalid: .*exists already/],
    ['a change of what does not', planned('no.ts', 'modify'), /plan-invalid: .*does not exist/],
    ['a delete of what does not', planned('no.ts', 'delete'), /plan-invalid: .*does not exist/],
    ['a twin of a path', planned('SRC/cart.ts', 'create'), /path-invalid: .*one file on some/],
    ['a symbolic link', planned('link', 'modify'), /path-invalid: .*symbolic link/],
    ['a submodule', planned('module', 'delete'), /path-invalid: .*submodule/],
  ])('refuse %s', (_, file, says) => {
    expect(refusal(file)).toMatch(says);
  });

  it('are those of a file with any name, and of its twin', () => {
    const tree = new Map([
      ['e\u0301:x', state('100644', '1')],
      ['src/a.ts', state('100644', '2')],
      ['src/A.ts', state('100644', '3')],
    ]);
    const files = [planned('e\u0301:x', 'modify'), planned('src/a.ts', 'modify')];
    expect(statesInHead(files, tree, tree).map(({ blob }) => blob?.charAt(0))).toEqual(['1', '2']);
    expect(refusal(planned('e\u0301:y', 'modify'))).toMatch(
      /path-invalid: .*no file has this name/,
    );
  });

  it('are those of both ends of a rename that changes case alone', () => {
    const files = [planned('src/cart.ts', 'delete'), planned('src/Cart.ts', 'create')];
    expect(statesInHead(files, merged, merged)).toHaveLength(2);
  });

  it.each([
    ['another content', state('100644', '9')],
    ['another mode', state('100755', '1')],
    ['nothing', undefined],
  ])('refuse a file of which the head has %s', (_, other) => {
    const head = new Map(merged);
    if (other === undefined) head.delete('src/cart.ts');
    else head.set('src/cart.ts', other);
    expect(refusal(planned('src/cart.ts', 'modify'), head)).toMatch(/base-moved: .*src\/cart\.ts/);
  });

  it('refuse a create if the head alone has the file', () => {
    const head = new Map([...merged, ['src/new.ts', state('100644', '9')] as const]);
    expect(refusal(planned('src/new.ts', 'create'), head)).toMatch(/base-moved/);
  });
});
