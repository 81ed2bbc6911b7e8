/** The paths of a plan in the tree that it is about. */
import { Stopped } from '../../decision.ts';
import { findTwin, pathProblem } from '../text/paths.ts';
import type { PlannedFile } from './plan.ts';

/** The paths of a tree, byte for byte as git has them. */
export type TreePaths = Pick<ReadonlyMap<string, unknown>, 'has' | 'keys'>;

/**
 * A file that exists may be modified or deleted under the very bytes of its name, whatever that name is. What a plan adds
 * must be one file on every file system: two names that differ in case or Unicode form alone are one on macOS and Windows.
 * So a rename that changes only case is a delete and a create, and nothing of the old name is left.
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
