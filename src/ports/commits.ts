/** Commits made through the interface of GitHub, which signs them. */

import type { FileState } from '../core/plan/scope.ts';
import type { ObjectId } from '../core/text/object-id.ts';

/** A file as a new tree has it. */
export interface FileEntry {
  readonly path: string;
  /** Null if the tree no longer has it. */
  readonly after: FileState | null;
  /** The bytes of `after.blob`; null if `after` is null. */
  readonly content: Uint8Array | null;
}

export interface Commits {
  /**
   * The tree `base` in which these entries replace the old ones. Text travels inside the tree, everything else as a blob.
   * @returns the id that GitHub gives the tree; whoever asks compares it with git's own before using it
   */
  writeTree(base: ObjectId, entries: readonly FileEntry[]): Promise<ObjectId>;
  createCommit(message: string, tree: ObjectId, parent: ObjectId): Promise<ObjectId>;
  /**
   * Moves the branch from one commit to another if it is at that one, and not if it is anywhere else, also at an older commit.
   * @returns `elsewhere` if the branch was not at `from`, or is gone
   * @throws Stopped github-refused with GitHub's words (rulesets, protected branches), permission-missing,
   *   api-unavailable if nobody can say where the branch is now
   */
  moveForward(branch: string, from: ObjectId, to: ObjectId): Promise<'moved' | 'elsewhere'>;
}
