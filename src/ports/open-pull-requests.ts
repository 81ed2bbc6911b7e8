/** Many pull requests at once, for a look over all of them that costs one call for a hundred. */

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
  /** The commit of the group that it is the last one of; null while there is none. */
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
   * @throws Stopped permission-missing: by public reports a job's token may not always read it
   */
  queue(branch: string): Promise<readonly QueuedPullRequest[]>;
  /**
   * The numbers of the open pull requests into a branch that are in its queue, in no order that says anything.
   * @throws Stopped permission-missing
   */
  queued(branch: string): Promise<readonly number[]>;
}
