/** Commits made through the interface of GitHub. */

import type { FileState } from '../core/plan/scope.ts';
import type { ObjectId } from '../core/text/object-id.ts';

/** A file as a new tree has it; null where the tree no longer has it. */
export interface TreeEntry {
  readonly path: string;
  readonly after: FileState | null;
}

/** Commits made through the interface of GitHub, which signs them. */
export interface Commits {
  /** @returns the object id that GitHub gives the content */
  createBlob(content: Uint8Array): Promise<ObjectId>;
  /** @returns the tree `base` with these entries in place of its own */
  createTree(base: ObjectId, entries: readonly TreeEntry[]): Promise<ObjectId>;
  createCommit(message: string, tree: ObjectId, parent: ObjectId): Promise<ObjectId>;
  /** Whether the branch was moved to the commit; only forward, and false where it would not be. */
  fastForward(branch: string, commit: ObjectId): Promise<boolean>;
  /** The commits that lead from one to the other, oldest first; no more than GitHub lists at once. */
  between(from: ObjectId, to: ObjectId): Promise<readonly ListedCommit[]>;
}

export interface ListedCommit {
  readonly sha: ObjectId;
  readonly message: string;
  readonly parents: readonly ObjectId[];
}
