/** The repository: its default branch, its files, its workflow runs. */

import type { ObjectId } from '../core/text/object-id.ts';

/** What GitHub says about a workflow run. */
export interface RunFacts {
  readonly id: number;
  readonly event: string;
  /** The workflow file, with `@ref` after it in some answers. */
  readonly path: string;
  readonly headBranch: string | null;
  readonly headSha: ObjectId;
  readonly repositoryId: number;
  readonly headRepositoryId: number | null;
  /** The newest attempt. */
  readonly attempt: number;
  /** When its first attempt began, by GitHub's clock, RFC 3339; null if GitHub does not say it. */
  readonly createdAt: string | null;
  /** The reusable workflows that it called. */
  readonly called: readonly {
    readonly path: string;
    readonly sha: ObjectId;
    readonly ref: string | null;
  }[];
}

/** A file of the default branch, and the commit that it was read from. */
export interface DefaultBranchFile {
  readonly commit: ObjectId;
  /** Undefined if the commit has no such file. */
  readonly file: { readonly blob: ObjectId; readonly text: string } | undefined;
}

/** A file or folder at the root of a commit, as git has it. */
export interface RootFile {
  /** git's mode, in octal: 100644 for an ordinary file, 120000 for a symbolic link. */
  readonly mode: string;
  readonly blob: ObjectId;
  /** In bytes. */
  readonly size: number;
  /** The bytes; null if GitHub did not send them. */
  readonly content: Uint8Array | null;
}

/** The files that govern a run. */
export interface GoverningFiles {
  /**
   * The policy file.
   * @param branch the default branch, if its name has to be known
   */
  readPolicy(path: string, branch: () => Promise<string>): Promise<DefaultBranchFile>;
  /**
   * The file at the root of a commit that tells agents what the owners want.
   * @param commit that the policy was read from
   * @param maxBytes the content of a longer one may be missing
   * @returns undefined if the commit has no such file
   */
  readInstructions(commit: ObjectId, maxBytes: number): Promise<RootFile | undefined>;
  /** The text of the workflow file that runs; undefined if it is not known without a further call. */
  ranWorkflow(): string | undefined;
}

export interface Repository {
  defaultBranch(): Promise<string>;
  /**
   * Undefined if the commit has no such file. The commit is given by id, because a tag can have the name of a branch.
   */
  readFile(path: string, commit: ObjectId): Promise<{ blob: ObjectId; text: string } | undefined>;
  run(id: number): Promise<RunFacts | undefined>;
}
