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

/** Whether a label set at this time can be about the plan and the request as they read now. */
export function hadTimeToRead(at: string, times: ReadingTimes): boolean {
  return findHaste(at, times) === undefined;
}

/** @throws Stopped approval-precedes-plan, plan-too-fresh, plan-altered */
export function checkTimeToRead(at: string, times: ReadingTimes): void {
  const haste = findHaste(at, times);
  if (haste !== undefined) throw haste;
}

/** Why nobody could have read it before the label was set; undefined if there was the time. */
function findHaste(
  at: string,
  { publishedAt, shownSince, requestEditedAt, seconds }: ReadingTimes,
): Stopped | undefined {
  if (!isAfter(at, publishedAt, 0)) {
    return new Stopped(
      'approval-precedes-plan',
      `The label was set at ${at}, before the plan was published at ${publishedAt}.`,
    );
  }
  if (!isAfter(at, shownSince, seconds)) return tooFresh(at, shownSince, seconds);
  if (requestEditedAt === undefined) return undefined;
  // Within one second nobody can tell which came first.
  if (!isAfter(at, requestEditedAt, 1)) {
    return new Stopped('plan-altered', 'The request was edited after the label was set.');
  }
  return isAfter(at, requestEditedAt, seconds) ? undefined : tooFresh(at, requestEditedAt, seconds);
}

/** A commit's dates are whatever its author likes, so only times of GitHub's are compared. */
function isAfter(at: string, since: string, seconds: number): boolean {
  return Date.parse(at) >= Date.parse(since) + seconds * 1000;
}

function tooFresh(at: string, since: string, seconds: number): Stopped {
  return new Stopped(
    'plan-too-fresh',
    `The label was set at ${at}, within ${seconds} seconds (approvers.review-seconds) of ${since}.`,
  );
}
