/** The event log of a pull request. */

import type { Label, LabelChange, TimelineEvent } from '../core/life/timeline.ts';

/** The log, and the labels that were on the pull request when it was read. */
export interface PullRequestLog {
  /** All changes of labels and replacements of commits, oldest first; events of one second stay in GitHub's order. */
  readonly events: readonly TimelineEvent[];
  readonly carried: readonly Label[];
}

/** The facts of a label event that only REST tells. */
export interface LabelEventDetails {
  /** Whether an app acted for the person. */
  readonly viaApp: boolean;
  /** The name of the label when it was set, if GitHub keeps that; otherwise its present name. */
  readonly labelName: string;
}

export interface Timeline {
  /**
   * The log can be a few seconds late.
   * @throws Stopped limit-exceeded if it is too long, api-unavailable, permission-missing
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
