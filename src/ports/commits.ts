/** Makes commits through GitHub's API. GitHub signs them. */

import type { FileState } from '../core/plan/scope.ts';
import type { ObjectId } from '../core/text/object-id.ts';

/** A file in a new tree. */
export interface FileEntry {
  readonly path: string;
  /** Null if the file is deleted. */
  readonly after: FileState | null;
  /** The bytes of `after.blob`; null if `after` is null. */
  readonly content: Uint8Array | null;
}

export interface Commits {
  /**
   * The tree `base` in which these entries replace the old ones. Text travels inside the tree, everything else as a
   * blob.
   * @returns the id that GitHub gives the tree; the caller must compare it with git's own before using it
   */
  writeTree(base: ObjectId, entries: readonly FileEntry[]): Promise<ObjectId>;
  createCommit(message: string, tree: ObjectId, parent: ObjectId): Promise<ObjectId>;
  /**
   * Moves the branch from one commit to another, but only if it is exactly at the first one, and not at an older
   * commit either.
   * @param lookAgain called each time before GitHub is asked again, because the first time came to nothing or its answer
   *   was lost. What it throws ends the move, if the branch was not moved before
   * @returns `elsewhere` if the branch was not at `from`, or is gone
   * @throws Stopped github-refused with GitHub's words (rulesets, protected branches), permission-missing,
   *   api-unavailable if nobody can say where the branch is now
   */
  moveForward(
    branch: string,
    from: ObjectId,
    to: ObjectId,
    lookAgain?: () => Promise<unknown>,
  ): Promise<'moved' | 'elsewhere'>;
}
