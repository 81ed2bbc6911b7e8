/** Commits made through the interface of GitHub. */

import type { FileState } from '../core/plan/scope.ts';

/** A file as a new tree has it; null where the tree no longer has it. */
export interface TreeEntry {
  readonly path: string;
  readonly after: FileState | null;
}

/** Commits made through the interface of GitHub, which signs them. */
export interface Commits {
  /** @returns the object id that GitHub gives the content */
  createBlob(content: Uint8Array): Promise<string>;
  /** @returns the tree `base` with these entries in place of its own */
  createTree(base: string, entries: readonly TreeEntry[]): Promise<string>;
  createCommit(message: string, tree: string, parent: string): Promise<string>;
  /** Whether the branch was moved to the commit; only forward, and false where it would not be. */
  fastForward(branch: string, commit: string): Promise<boolean>;
  /** The commits that lead from one to the other, oldest first; no more than GitHub lists at once. */
  between(from: string, to: string): Promise<readonly ListedCommit[]>;
}

export interface ListedCommit {
  readonly sha: string;
  readonly message: string;
  readonly parents: readonly string[];
}
