/** Sends requests, repeats them if that can help, and reads the headers of each answer. */

import { setTimeout as sleep } from 'node:timers/promises';
import { getOctokit } from '@actions/github';
import { type Answer, describeFailure } from './failures.ts';
import { Patience, type Timing, usualTiming } from './patience.ts';
import { type Asked, asStopped, type Failure } from './refusals.ts';

export interface TransportOptions {
  readonly timing?: Partial<Timing>;
  /** Gets a sentence for people about what the client waits for. */
  readonly report?: (line: string) => void;
}

/** A route's own parameters, and what octokit takes beside them. */
export type Parameters = object & {
  readonly request?: object;
  readonly headers?: Readonly<Record<string, string>>;
};

/** How much of the hour's requests is left. REST and GraphQL have an allowance each. */
export interface Allowance {
  readonly remaining: number;
  readonly limit: number;
}

export class Transport {
  readonly #octokit: ReturnType<typeof getOctokit>;
  readonly #patience: Patience;
  readonly #report: (line: string) => void;
  readonly #allowances = new Map<string, Allowance>();
  #clock: Date | undefined;
  #counted = 0;

  constructor(token: string, options: TransportOptions) {
    this.#octokit = getOctokit(token, { log: silent });
    this.#patience = new Patience({ ...usualTiming, ...options.timing });
    this.#report = options.report ?? (() => {});
  }

  /** GitHub's own time; undefined before the first answer. */
  get clock(): Date | undefined {
    return this.#clock;
  }

  get counted(): number {
    return this.#counted;
  }

  allowance(of: string): Allowance | undefined {
    return this.#allowances.get(of);
  }

  /**
   * Sends until there is an answer.
   * @param repeatable whether it does no harm when GitHub carries it out twice
   * @param beforeAgain called each time before it is sent again
   * @throws Stopped that says what went wrong at last, and what `beforeAgain` throws
   */
  async repeat(
    asked: Asked,
    repeatable: boolean,
    send: () => Promise<Answer>,
    beforeAgain?: () => Promise<unknown>,
  ): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await send();
      } catch (error) {
        const failure = describeFailure(error);
        const next = this.#patience.next(failure, attempt, repeatable, this.#clock ?? new Date());
        if ('giveUp' in next) throw asStopped(asked, failure, next.again);
        if (next.limited) this.#report(waiting(failure, next.pause));
        await sleep(next.pause);
        await beforeAgain?.();
      }
    }
  }

  /** Gives GitHub some time before something is read again. */
  async rest(): Promise<void> {
    await sleep(this.#patience.timing.pause);
  }

  async send(route: string, parameters: Parameters): Promise<Answer> {
    try {
      const response = await this.#octokit.request(route, {
        ...parameters,
        request: {
          ...parameters.request,
          signal: AbortSignal.timeout(this.#patience.timing.timeout),
        },
      });
      this.#read(response.status, response.headers);
      if (isBrokenOff(response)) throw new BrokenOff("GitHub's answer is no JSON.");
      return response;
    } catch (error) {
      const { response } = error as { response?: { status: number; headers: Answer['headers'] } };
      if (response !== undefined) this.#read(response.status, response.headers);
      throw error;
    }
  }

  #read(status: number, headers: Answer['headers']): void {
    const time = new Date(typeof headers.date === 'string' ? headers.date : Number.NaN);
    if (!Number.isNaN(time.getTime())) this.#clock = time;
    // https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
    if (status !== 304) this.#counted++;
    const remaining = Number(headers['x-ratelimit-remaining'] ?? Number.NaN);
    const limit = Number(headers['x-ratelimit-limit'] ?? Number.NaN);
    if (Number.isNaN(remaining + limit)) return;
    this.#allowances.set(String(headers['x-ratelimit-resource'] ?? 'core'), { remaining, limit });
  }
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

class BrokenOff extends Error {}

/**
 * Octokit takes JSON that cannot be read, because half of it is missing, for text, and so it does with the page that a
 * proxy on the way answers in place of GitHub. What we ask for is JSON without exception, or, with status 204, nothing.
 */
function isBrokenOff({ status, data }: Answer & { readonly status: number }): boolean {
  if (status >= 300 || status === 204) return false;
  return typeof data !== 'object' || data instanceof ArrayBuffer;
}

function waiting({ words }: Failure, pause: number): string {
  const line = words.replace(/\s+/g, ' ').slice(0, 200);
  return `GitHub takes no more requests for now ("${line}"): waiting ${Math.ceil(pause / 1000)} s.`;
}
