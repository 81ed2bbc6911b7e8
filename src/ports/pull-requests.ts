/** The pull request, its branches, and the commits between them. */

import type { FileState } from '../core/plan/scope.ts';
import type { ObjectId } from '../core/text/object-id.ts';
import type { CommitStatus } from './statuses.ts';

export interface PullRequest {
  readonly number: number;
  /** Neither closed nor merged. */
  readonly open: boolean;
  readonly draft: boolean;
  readonly author: { readonly id: number; readonly login: string } | null;
  /** Only people who can write may comment: GitHub refuses the comments of apps. */
  readonly locked: boolean;
  /** The repository can be read only. */
  readonly archived: boolean;
  readonly head: { readonly ref: string; readonly sha: ObjectId };
  /** Null if the source repository was deleted. */
  readonly headRepository: number | null;
  readonly baseRef: string;
}

/** A commit of the base, with those of the paths in question that it touched. */
export interface BaseCommit {
  readonly sha: ObjectId;
  readonly paths: readonly string[];
}

/** A commit of a pull request, which its base does not have. */
export interface PullCommit {
  readonly sha: ObjectId;
  readonly tree: ObjectId;
  /** The person who pushed the commit wrote it. */
  readonly message: string;
  /** When GitHub itself made and signed it, RFC 3339; null if somebody else made it, who could state any time. */
  readonly signedAt: string | null;
}

/** The facts that the status on the head of a pull request depends on. */
export interface HeadFacts {
  readonly commits: readonly PullCommit[];
  /**
   * Other open pull requests of this repository's own branches with the same head, into the same base. Those of forks do
   * not count: anybody can open them.
   */
  readonly siblings: readonly number[];
  /** Whether further open pull requests have the same head: of forks, or into another base. */
  readonly sharedElsewhere: boolean;
  /** The commit that the status is on: the head as this answer has it. */
  readonly head: ObjectId;
  /** The status of the context on the head; null if it has none. */
  readonly status: CommitStatus | null;
}

export interface PullRequests {
  /** @param context of the status */
  readHead(number: number, context: string): Promise<HeadFacts>;
  /**
   * Each of these files at two commits, by git's own trees.
   * @returns null for a file that is not there
   */
  fileStates(
    commits: readonly [ObjectId, ObjectId],
    paths: readonly string[],
  ): Promise<ReadonlyMap<string, readonly [FileState | null, FileState | null]>>;
  read(number: number): Promise<PullRequest>;
  /** The commit that a branch is at now. */
  baseTip(ref: string): Promise<ObjectId>;
  mergeBase(base: ObjectId, head: ObjectId): Promise<ObjectId>;
  commitsTouching(
    paths: readonly string[],
    since: ObjectId,
    tip: ObjectId,
  ): Promise<readonly BaseCommit[]>;
}
