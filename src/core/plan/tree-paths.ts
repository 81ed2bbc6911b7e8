/** The paths of a plan in the tree that it is about. */
import { Stopped } from '../../decision.ts';
import { findTwin, pathProblem } from '../text/paths.ts';
import type { PlannedFile } from './plan.ts';

/** The paths of a tree, byte for byte as git has them. */
export type TreePaths = Pick<ReadonlyMap<string, unknown>, 'has' | 'keys'>;

/**
 * An existing file may be modified or deleted under exactly the bytes of its name, whatever the name is. A file that
 * the plan creates must be a separate file on every file system: two names that differ only in case or Unicode form
 * are the same on macOS and Windows. So a rename that changes only case is a delete and a create, and the old name
 * must be gone.
 * @throws Stopped path-invalid
 */
export function checkPathsInTree(files: readonly PlannedFile[], tree: TreePaths): void {
  for (const { path, operation } of files) {
    const problem = operation === 'create' ? undefined : pathProblem(path);
    if (problem === undefined || tree.has(path)) continue;
    throw new Stopped(
      'path-invalid',
      `The plan says ${operation} ${JSON.stringify(path)}, and no file has this name. ${problem}`,
    );
  }
  const created = files.filter((file) => file.operation === 'create').map((file) => file.path);
  const deleted = new Set<string>(
    files.filter((file) => file.operation === 'delete').map((file) => file.path),
  );
  const twin = findTwin(created, remaining(tree.keys(), deleted));
  if (twin === undefined) return;
  const [one, other] = twin.map((path) => JSON.stringify(path));
  throw new Stopped('path-invalid', `${one} and ${other} are one file on some file systems.`);
}

function* remaining(paths: Iterable<string>, deleted: ReadonlySet<string>): Generator<string> {
  for (const path of paths) if (!deleted.has(path)) yield path;
}
