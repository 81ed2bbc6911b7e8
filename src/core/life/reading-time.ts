/** Whether somebody who set the label could read what they approve. Times are GitHub's own, to the second. */

import { Stopped } from '../../decision.ts';

/** When people could read the plan. */
export interface ReadingTimes {
  /** When the plan comment was published. */
  readonly publishedAt: string;
  /** When the text of the plan comment was last changed. */
  readonly shownSince: string;
  /** When the request was last edited; undefined if it never was. */
  readonly requestEditedAt: string | undefined;
  /** The policy's time to read, in seconds. */
  readonly seconds: number;
}

/** Whether somebody who set a label at this time had the time to read the plan and the request as they are now. */
export function hadTimeToRead(at: string, times: ReadingTimes): boolean {
  return findTooEarly(at, times) === undefined;
}

/** @throws Stopped approval-precedes-plan, plan-too-fresh, plan-altered */
export function checkTimeToRead(at: string, times: ReadingTimes): void {
  const tooEarly = findTooEarly(at, times);
  if (tooEarly !== undefined) throw tooEarly;
}

/** Why the label was set too early; undefined if there was enough time to read. */
function findTooEarly(
  at: string,
  { publishedAt, shownSince, requestEditedAt, seconds }: ReadingTimes,
): Stopped | undefined {
  if (!isAfter(at, publishedAt, 0)) {
    return new Stopped(
      'approval-precedes-plan',
      `The label was set at ${at}, before the plan was published at ${publishedAt}.`,
    );
  }
  if (!isAfter(at, shownSince, seconds)) {
    return tooFresh(at, `the plan comment last changed at ${shownSince}`, seconds);
  }
  if (requestEditedAt === undefined) return undefined;
  // Within one second nobody can tell which came first.
  if (!isAfter(at, requestEditedAt, 1)) {
    return new Stopped('plan-altered', 'The request was edited after the label was set.');
  }
  if (isAfter(at, requestEditedAt, seconds)) return undefined;
  return tooFresh(at, `the request was edited at ${requestEditedAt}`, seconds);
}

/** Only GitHub's own times are compared: the author of a commit can choose its dates. */
function isAfter(at: string, since: string, seconds: number): boolean {
  return Date.parse(at) >= Date.parse(since) + seconds * 1000;
}

/** @param what happened before the label was set, and when */
function tooFresh(at: string, what: string, seconds: number): Stopped {
  return new Stopped(
    'plan-too-fresh',
    `The label was set at ${at}, and ${what}: the policy gives people ${seconds} seconds to read it (approvers.review-seconds).`,
  );
}
