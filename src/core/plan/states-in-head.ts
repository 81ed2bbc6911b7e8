/** What each planned file is before the change, and whether the change can go onto the head of the pull request. */

import { Stopped } from '../../decision.ts';
import type { Manifest } from '../records/manifest.ts';
import type { PlannedFile } from './plan.ts';
import { type FileState, isOrdinaryFile, sameState } from './scope.ts';
import { checkPathsInTree } from './tree-paths.ts';

/**
 * Codex works on the merge and the commit goes on the head, so both must have the same at each planned path.
 * @param merged files of the merge
 * @param head files of the head
 * @throws Stopped base-moved, plan-invalid, path-invalid
 */
export function statesInHead(
  files: readonly PlannedFile[],
  merged: ReadonlyMap<string, FileState>,
  head: ReadonlyMap<string, FileState>,
): Manifest['files'] {
  checkPathsInTree(files, merged);
  return files.map(({ path, operation }) => {
    const state = merged.get(path) ?? null;
    const name = JSON.stringify(path);
    if (!sameState(state, head.get(path) ?? null)) {
      throw new Stopped(
        'base-moved',
        `${name} is not the same on the branch and in the merge with its base.`,
      );
    }
    if (operation === 'create') {
      if (state === null) return { path, operation, mode: null, blob: null };
      throw new Stopped('plan-invalid', `The plan says create ${name}, which exists already.`);
    }
    if (state === null) {
      throw new Stopped(
        'plan-invalid',
        `The plan says ${operation} ${name}, which does not exist.`,
      );
    }
    if (!isOrdinaryFile(state.mode)) {
      throw new Stopped('path-invalid', `${name} is a symbolic link or a submodule.`);
    }
    return { path, operation, ...state };
  });
}
