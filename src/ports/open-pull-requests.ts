/** Many pull requests at once: one call for a hundred of them. */

import type { Label } from '../core/life/timeline.ts';
import type { CommitStatus } from './statuses.ts';

export interface OpenPullRequest {
  readonly number: number;
  readonly draft: boolean;
  readonly head: { readonly ref: string; readonly sha: string };
  /** Null if the source repository was deleted. */
  readonly headRepository: number | null;
  readonly baseRef: string;
  readonly labels: readonly Label[];
  /** The status of the context in question on the head; null if it has none. */
  readonly status: CommitStatus | null;
}

/** A pull request in a merge queue. */
export interface QueuedPullRequest {
  readonly number: number;
  /** The commit of the group in which it is the last one; null while there is none. */
  readonly groupHead: string | null;
}

export interface OpenPullRequests {
  /**
   * All that are open, oldest first.
   * @param context of the status
   */
  list(context: string): Promise<readonly OpenPullRequest[]>;
  /**
   * The queue of a branch, first to be merged first; empty if it has none.
   * @throws Stopped permission-missing: public reports say that a job's token cannot always read it
   */
  queue(branch: string): Promise<readonly QueuedPullRequest[]>;
  /**
   * The numbers of the open pull requests into a branch that are in its queue, in any order.
   * @throws Stopped permission-missing
   */
  queued(branch: string): Promise<readonly number[]>;
}
