/** Whether somebody who set the label could read what they approve. Times are GitHub's own, to the second. */

import { Stopped } from '../../decision.ts';

/** When people could read the plan. */
export interface ReadingTimes {
  /** When the plan comment was published. */
  readonly publishedAt: string;
  /** Since when the plan comment reads as it does. */
  readonly shownSince: string;
  /** Since when the request reads as it does; undefined if it was never edited. */
  readonly requestEditedAt: string | undefined;
  /** The policy's time to read, in seconds. */
  readonly seconds: number;
}

/** A commit's dates are whatever its author likes, so only times of GitHub's are compared. */
function isAfter(at: string, since: string, seconds: number): boolean {
  return Date.parse(at) >= Date.parse(since) + seconds * 1000;
}

/** Whether a label set at this time can be about the plan and the request as they read now. */
export function hadTimeToRead(at: string, times: ReadingTimes): boolean {
  return isAfter(at, times.shownSince, times.seconds) && !wasEditedAfter(at, times);
}

/** Within one second nobody can tell which came first. */
function wasEditedAfter(at: string, { requestEditedAt }: ReadingTimes): boolean {
  return requestEditedAt !== undefined && !isAfter(at, requestEditedAt, 1);
}

/** @throws Stopped approval-precedes-plan, plan-too-fresh, plan-altered */
export function checkTimeToRead(at: string, times: ReadingTimes): void {
  const { publishedAt, shownSince, seconds } = times;
  if (!isAfter(at, publishedAt, 0)) {
    throw new Stopped(
      'approval-precedes-plan',
      `The label was set at ${at}, before the plan was published at ${publishedAt}.`,
    );
  }
  if (!isAfter(at, shownSince, seconds)) {
    throw new Stopped(
      'plan-too-fresh',
      `The label was set at ${at}, within ${seconds} seconds (approvers.review-seconds) of ${shownSince}.`,
    );
  }
  if (wasEditedAfter(at, times)) {
    throw new Stopped('plan-altered', 'The request was edited after the label was set.');
  }
}
