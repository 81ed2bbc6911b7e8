/** Commits made through the interface of GitHub. */

import type { FileState } from '../core/plan/scope.ts';
import type { ObjectId } from '../core/text/object-id.ts';

/** A file as a new tree has it; null if the tree no longer has it. */
export interface TreeEntry {
  readonly path: string;
  readonly after: FileState | null;
}

/** A file as a new tree has it, with its content where it has one. */
export interface FileEntry extends TreeEntry {
  /** The bytes of `after.blob`; null if `after` is null. */
  readonly content: Uint8Array | null;
}

/** Commits made through the interface of GitHub, which signs them. */
export interface Commits {
  /** @returns the object id that GitHub gives the content */
  createBlob(content: Uint8Array): Promise<ObjectId>;
  /** @returns the tree `base` with these entries in place of its own */
  createTree(base: ObjectId, entries: readonly TreeEntry[]): Promise<ObjectId>;
  /**
   * As `createTree`, with the content: text travels inside the tree, everything else as a blob of its own.
   * @returns the id that GitHub gives the tree; whoever asks compares it with git's own before using it
   */
  writeTree(base: ObjectId, entries: readonly FileEntry[]): Promise<ObjectId>;
  createCommit(message: string, tree: ObjectId, parent: ObjectId): Promise<ObjectId>;
  /** Whether the branch was moved to the commit; only forward, and false if it would not be. */
  fastForward(branch: string, commit: ObjectId): Promise<boolean>;
  /**
   * Moves the branch from one commit to another if it is at that one, and not if it is anywhere else, also behind it.
   * @returns `elsewhere` if the branch was not at `from`, or is gone
   * @throws Stopped github-refused with GitHub's words (rulesets, protected branches), permission-missing,
   *   api-unavailable if nobody can say where the branch is now
   */
  moveForward(branch: string, from: ObjectId, to: ObjectId): Promise<'moved' | 'elsewhere'>;
  /** The commits that lead from one to the other, oldest first; no more than GitHub lists at once. */
  between(from: ObjectId, to: ObjectId): Promise<readonly ListedCommit[]>;
}

export interface ListedCommit {
  readonly sha: ObjectId;
  readonly message: string;
  readonly parents: readonly ObjectId[];
}
