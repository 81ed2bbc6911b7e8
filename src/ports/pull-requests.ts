/** The pull request, its branches, and the commits between them. */

import type { Label } from '../core/life/timeline.ts';
import type { ObjectId } from '../core/text/object-id.ts';

export interface PullRequest {
  readonly number: number;
  /** Neither closed nor merged. */
  readonly open: boolean;
  readonly author: { readonly id: number; readonly login: string } | null;
  readonly labels: readonly string[];
  /** The same labels with their ids. */
  readonly labelled: readonly Label[];
  /** Nobody but people who can write may comment: GitHub refuses the comments of apps. */
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

export interface PullRequests {
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
