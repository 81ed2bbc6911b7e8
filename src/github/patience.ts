/** How long a request waits before it is repeated, and when it is given up. */

import { type Failure, isRateLimit, isTransient } from './refusals.ts';

/** All times are in milliseconds. */
export interface Timing {
  /** How long one request may take. */
  readonly timeout: number;
  /** The pause before a failed request is repeated; each further pause is twice as long. */
  readonly pause: number;
  /** The shortest wait at a rate limit if GitHub names no time; each further wait is twice as long. */
  readonly limitPause: number;
  /** How long a client waits for rate limits in all. */
  readonly patience: number;
}

/**
 * GitHub asks for at least a minute if it names no time, and bans clients that come back sooner:
 * https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately
 */
export const usualTiming: Timing = {
  timeout: 20_000,
  pause: 500,
  limitPause: 60_000,
  patience: 600_000,
};

const attempts = 4;

/** What to do about a request that failed: make it again after a pause, or give up. */
export type Next =
  | { readonly pause: number; readonly limited: boolean }
  | { readonly giveUp: true; readonly again?: Date };

/** The time that one client may spend on waiting: all rate limits share it. */
export class Patience {
  readonly timing: Timing;
  #left: number;

  constructor(timing: Timing) {
    this.timing = timing;
    this.#left = timing.patience;
  }

  /**
   * @param attempt how often the request was made, from 1
   * @param repeatable whether it does no harm when GitHub carries it out twice
   * @param now GitHub's time
   */
  next(failure: Failure, attempt: number, repeatable: boolean, now: Date): Next {
    if (isRateLimit(failure)) return this.#waitForLimit(failure, attempt, now);
    const again = repeatable || failure.unsent === true;
    if (!again || !isTransient(failure) || attempt >= attempts) return { giveUp: true };
    return { pause: this.timing.pause * 2 ** (attempt - 1), limited: false };
  }

  /** If GitHub asks to send a request later, it has done nothing, so every request may be repeated. */
  #waitForLimit({ headers }: Failure, attempt: number, now: Date): Next {
    const pause = pauseAskedFor(headers, now) ?? this.timing.limitPause * 2 ** (attempt - 1);
    if (pause > this.#left) return { giveUp: true, again: new Date(now.getTime() + pause) };
    this.#left -= pause;
    return { pause, limited: true };
  }
}

/** The time that GitHub names; undefined if it names none, or none that can be read. */
function pauseAskedFor(headers: Failure['headers'], now: Date): number | undefined {
  const { 'retry-after': after, 'x-ratelimit-remaining': left } = headers;
  const reset = Number(headers['x-ratelimit-reset']) * 1000;
  if (after !== undefined) return secondsOrDate(String(after), now);
  // The second in which the hour ends belongs to it.
  if (left === '0' && reset > 0) return Math.max(0, reset - now.getTime()) + 1000;
  return undefined;
}

function secondsOrDate(text: string, now: Date): number | undefined {
  const pause = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime();
  return Number.isFinite(pause) ? Math.max(0, pause) : undefined;
}
