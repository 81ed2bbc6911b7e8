/** Private repositories in which Codex works. */

import type { NonEmpty } from '../core/lists.ts';
import type { PlannedFile } from '../core/plan/plan.ts';
import type { FileChange, FileState } from '../core/plan/scope.ts';
import type { ObjectId } from '../core/text/object-id.ts';

/** The commits that a workspace is made of. */
export interface Pins {
  readonly head: ObjectId;
  readonly base: ObjectId;
}

/** Where a workspace will be: an empty folder for its work tree, and an empty repository beside it. */
export interface Place {
  /** Absolute path. */
  readonly directory: string;
}

/**
 * What of a workspace is there after it was built: `files` is all of it. `trees` is enough to compare and to commit, and in
 * a large repository a small part of it: the work tree is empty until `writeOut`, and the content of a file is fetched
 * when it is needed.
 */
export type BuildReach = 'files' | 'trees';

export interface BuildOptions {
  /** All, if nobody says. */
  readonly reach?: BuildReach;
  /** A place that `reserve` gave, and that nothing was built in yet. */
  readonly place?: Place;
  /** Called when there is nothing to do but to wait for the server. */
  readonly whileFetching?: () => void;
}

/** Private repositories of the merge of a pull request, in which Codex works. */
export interface Workspaces {
  /** A place to build in: Codex can be started in it before the workspace is there. */
  reserve(): Promise<Place>;
  /**
   * The tree is that of git's own merge, even if the branches have merged each other before.
   * @param also further commits to fetch, whose trees are asked for later
   * @throws Stopped merge-conflict if it has conflicts, or if head and base have no common ancestor; limit-exceeded
   *   if their common history is too long; platform-unsupported without git 2.38; api-unavailable; path-invalid for a
   *   name that git does not write out
   */
  build(pins: Pins, also?: readonly ObjectId[], options?: BuildOptions): Promise<Workspace>;
  /**
   * Whether the head of an existing workspace also merges with another base. No files are written.
   * @throws Stopped merge-conflict, api-unavailable
   */
  checkMerges(workspace: Pick<Workspace, 'directory'>, pins: Pins): Promise<void>;
}

/**
 * Which files of a work tree count: all, or those that the repository does not ignore and these, too. Builds and
 * tests leave ignored files behind, which never become part of a change.
 */
export type CountedFiles = 'all' | { readonly unignoredAnd: readonly string[] };

/** A planned file that cannot be changed as planned. */
export interface UnsupportedFile {
  readonly path: string;
  /** One sentence; it may name other paths of the repository. */
  readonly why: string;
}

export interface Workspace {
  /**
   * Absolute path of the work tree, in which Codex can write. This machine runs and obeys nothing in it: its
   * repository is next to it, at the same path with `.git` at the end.
   */
  readonly directory: string;
  /** Stand-in commit of the merge, and its tree; the same for the same pins. */
  readonly commit: ObjectId;
  readonly tree: ObjectId;
  /** The best common ancestors of head and base, of which there can be several; never empty. */
  readonly mergeBases: NonEmpty<ObjectId>;
  /**
   * Fetches what is missing and writes the work tree, if that was not done when the workspace was built.
   * @throws Stopped api-unavailable; path-invalid for a name that git does not write out
   */
  writeOut(): Promise<void>;
  /** Begins to read what is asked for after Codex has planned. Errors show when it is asked for. */
  lookAhead(): void;
  /** All files of a fetched commit, or of the merge. */
  files(treeish: ObjectId): Promise<ReadonlyMap<string, FileState>>;
  /**
   * Which of these files GitHub folds or leaves out when it shows a diff: by `.gitattributes` of the merge they are
   * generated (`linguist-generated`) or have no diff (`-diff`, `binary`).
   */
  hiddenInDiffs(paths: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * Which planned files cannot be changed: files in a submodule, below a link or below a file, folders, and files
   * that git transforms (`filter=` in `.gitattributes`: Git LFS, git-crypt); with patches also files that are binary
   * or not UTF-8. A path that is itself a link or a submodule is not reported here.
   * @param files the whole scope
   * @param patchesOnly whether Codex changes files by patches alone (before-write)
   * @returns in the order of `files`; empty if all of them can be changed
   */
  findUnsupported(
    files: readonly Pick<PlannedFile, 'path' | 'operation'>[],
    patchesOnly: boolean,
  ): Promise<readonly UnsupportedFile[]>;
  /** How these files differ between two fetched commits: a unified diff for people. */
  difference(from: ObjectId, to: ObjectId, paths: readonly string[]): Promise<string>;
  /**
   * How the disk differs from the merge. The `.gitignore` files of the merge decide what is ignored.
   * @throws Stopped path-invalid for things that a change cannot contain: a repository, a pipe, a device, something
   *   in a submodule; limit-exceeded if there is more than can be read
   */
  changes(counted?: CountedFiles): Promise<readonly FileChange[]>;
  /**
   * A patch that git applies byte for byte.
   * @param changes as `changes` gave them: the disk is not read again
   * @throws Stopped path-invalid for rare names for which git writes a patch that it cannot read
   */
  patch(changes: readonly FileChange[]): Promise<Uint8Array>;
  /**
   * What a sealed change does to the merge; the work tree stays as it is.
   * @throws Stopped base-moved if it does not apply byte for byte
   */
  replay(patch: Uint8Array): Promise<readonly FileChange[]>;
  /** The tree of a fetched commit. */
  treeOf(commit: ObjectId): Promise<ObjectId>;
  /**
   * The same tree with the new state of these files, and no other difference.
   * @throws Stopped base-moved if that is impossible without a change of other files
   */
  treeWith(commit: ObjectId, changes: readonly FileChange[]): Promise<ObjectId>;
  /** Says that nobody reads the work tree any more. If it is large, it is removed while the run goes on. */
  discardFiles(): void;
  /** Says that nothing is asked of the workspace any more, so that it is removed while the run goes on. */
  discard(): void;
  /** The content of these files. */
  blobs(ids: readonly ObjectId[]): Promise<ReadonlyMap<ObjectId, Uint8Array>>;
}
