/** The event log of a pull request. */

import type { TimelineEvent } from '../core/life/timeline.ts';

export interface Timeline {
  /**
   * All label changes and exchanges, oldest first; events of one second stay in GitHub's order. The log can lag a few
   * seconds behind what was done.
   * @throws Stopped limit-exceeded if it is longer than anybody needs, api-unavailable, permission-missing
   */
  read(pullRequest: number): Promise<readonly TimelineEvent[]>;
  /**
   * Whether an app acted for the person, which the log itself does not say.
   * @param event its global id
   * @returns undefined if the event is not found among the newest ones: then nothing is known
   */
  madeViaApp(pullRequest: number, event: string): Promise<boolean | undefined>;
}
