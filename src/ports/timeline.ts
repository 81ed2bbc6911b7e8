/** The event log of a pull request. */

import type { Label, LabelChange, TimelineEvent } from '../core/life/timeline.ts';

/** The log, and the labels that were on the pull request when it was read. */
export interface PullRequestLog {
  /** All label changes and exchanges, oldest first; events of one second stay in GitHub's order. */
  readonly events: readonly TimelineEvent[];
  readonly carried: readonly Label[];
}

/** What only REST tells of a label event. */
export interface LabelEventDetails {
  /** Whether an app acted for the person. */
  readonly viaApp: boolean;
  /** What the label was called when it was set, if GitHub keeps that; otherwise what it is called now. */
  readonly labelName: string;
}

export interface Timeline {
  /**
   * The log can lag a few seconds after what was done.
   * @throws Stopped limit-exceeded if it is longer than anybody needs, api-unavailable, permission-missing
   */
  read(pullRequest: number): Promise<PullRequestLog>;
  /**
   * @param events as the log has them
   * @returns by id; an event is missing if REST's list does not have it (yet): then nothing is known of it
   */
  readDetails(
    pullRequest: number,
    events: readonly Pick<LabelChange, 'id' | 'at'>[],
  ): Promise<ReadonlyMap<string, LabelEventDetails>>;
}
