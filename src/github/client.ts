import { setTimeout as sleep } from 'node:timers/promises';
import { getOctokit } from '@actions/github';
import type { z } from 'zod';
import { Stopped } from '../decision.ts';

type Octokit = ReturnType<typeof getOctokit>;

/** The repository all requests are about. */
export interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

const timeoutMs = 20_000;
const attempts = 4;
const longestPauseMs = 30_000;
const pageSize = 100;

/** Repeating these does no harm; another request is repeated only by who knows whether it took effect. */
const repeatable = new Set(['GET', 'DELETE', 'PUT']);

/**
 * One token's view of GitHub. Each answer is checked against a schema: what is absent or of another shape is a
 * fault, never a "no". Requests that may be repeated are, a bounded number of times.
 */
export class GitHubClient {
  readonly #octokit: Octokit;
  readonly #repository: RepositoryName;
  #clock: Date | undefined;

  constructor(token: string, repository: RepositoryName) {
    this.#octokit = getOctokit(token, { log: silent });
    this.#repository = repository;
  }

  /**
   * GitHub's own time, as its latest answer said it: the clock of a runner proves nothing.
   * @throws Stopped api-unavailable before the first answer
   */
  now(): Date {
    if (this.#clock === undefined) throw new Stopped('api-unavailable', 'GitHub told no time.');
    return this.#clock;
  }

  /**
   * @param route as GitHub's documentation writes it, `{owner}` and `{repo}` filled in
   * @throws Stopped permission-missing, api-unavailable; `NotFound` for a 404
   */
  async request<T>(route: string, parameters: object, schema: z.ZodType<T>): Promise<T> {
    const { data } = await this.#send(route, parameters);
    return checkAnswer(route, data, schema);
  }

  /** As `request`, where absence is an answer: undefined for a 404 or a 410. */
  async find<T>(route: string, parameters: object, schema: z.ZodType<T>): Promise<T | undefined> {
    try {
      return await this.request(route, parameters, schema);
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  }

  /**
   * All pages of a list.
   * @param maxPages a list that is longer is a fault, not a shorter list
   */
  async list<T>(
    route: string,
    parameters: object,
    schema: z.ZodType<T>,
    pick: (page: T) => readonly unknown[],
    maxPages = 50,
  ): Promise<T[]> {
    const pages: T[] = [];
    for (let page = 1; page <= maxPages; page++) {
      const asked = { ...parameters, per_page: pageSize, page };
      const { data, headers } = await this.#send(route, asked);
      const answer = checkAnswer(route, data, schema);
      pages.push(answer);
      if (!hasNext(headers.link, pick(answer))) return pages;
    }
    throw new Stopped('limit-exceeded', `${route} has more than ${maxPages} pages.`);
  }

  /** Where a request that answers with a redirect points to; the target is on another host and gets no token. */
  async redirect(route: string, parameters: object): Promise<string> {
    const { headers } = await this.#send(route, {
      ...parameters,
      request: { redirect: 'manual' },
    });
    if (typeof headers.location === 'string') return headers.location;
    throw new Stopped('api-unavailable', `${route} did not say where the content is.`);
  }

  async graphql<T>(query: string, variables: object, schema: z.ZodType<T>): Promise<T> {
    try {
      const data = await this.#octokit.graphql(query, {
        ...variables,
        request: { signal: AbortSignal.timeout(timeoutMs) },
      });
      return checkAnswer('GraphQL', data, schema);
    } catch (error) {
      throw error instanceof Stopped ? error : toStopped('GraphQL', error);
    }
  }

  async #send(route: string, parameters: object) {
    const repeats = repeatable.has(route.slice(0, route.indexOf(' ')));
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#sendOnce(route, parameters);
      } catch (error) {
        const repeatsThis = repeats || isTurnedAway(error);
        const pause = repeatsThis && attempt < attempts ? pauseBefore(error, attempt) : undefined;
        if (pause === undefined) throw toStopped(route, error);
        await sleep(pause);
      }
    }
  }

  async #sendOnce(route: string, parameters: object & { request?: object }) {
    try {
      const response = await this.#octokit.request(route, {
        // What a route has no place for would go into its query.
        ...(route.includes('{repo}') && {
          owner: this.#repository.owner,
          repo: this.#repository.name,
        }),
        ...parameters,
        request: { ...parameters.request, signal: AbortSignal.timeout(timeoutMs) },
      });
      this.#tell(response.headers.date);
      return response;
    } catch (error) {
      this.#tell((error as Partial<ApiError>).response?.headers?.date);
      throw error;
    }
  }

  #tell(date: unknown): void {
    const time = new Date(typeof date === 'string' ? date : Number.NaN);
    if (!Number.isNaN(time.getTime())) this.#clock = time;
  }
}

/** GitHub says that there is no such thing, or none that this token may see. */
export class NotFound extends Stopped {
  constructor(route: string, options?: ErrorOptions) {
    super('api-unavailable', `GitHub has nothing at ${route}.`, options);
  }
}

/** GitHub understood the request and refuses it: a branch that moved, a body that is too long. */
export class Unprocessable extends Stopped {
  constructor(route: string, why: string, options?: ErrorOptions) {
    super('api-unavailable', `GitHub refused ${route}: ${why}`, options);
  }
}

/** A page that is not full may have another behind it: GitHub knows, and says so in its header. */
function hasNext(link: string | undefined, page: readonly unknown[]): boolean {
  return link === undefined ? page.length >= pageSize : link.includes('rel="next"');
}

interface ApiError extends Error {
  readonly status: number;
  readonly response?: { readonly headers?: Readonly<Record<string, unknown>> };
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

function checkAnswer<T>(route: string, data: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new Stopped(
    'api-unavailable',
    `The answer to ${route} is not as documented at "${where}".`,
  );
}

/** GitHub has done nothing of a request that it asks to send later; a used up hour is a 403 without `retry-after`. */
function isTurnedAway(error: unknown): boolean {
  const { status, response } = error as Partial<ApiError>;
  const { 'retry-after': after, 'x-ratelimit-remaining': left } = response?.headers ?? {};
  return status === 429 || (status === 403 && (after !== undefined || left === '0'));
}

function pauseBefore(error: unknown, attempt: number): number | undefined {
  const { status, response } = error as Partial<ApiError>;
  if (isTurnedAway(error)) {
    const { 'retry-after': after, 'x-ratelimit-remaining': left } = response?.headers ?? {};
    if (after === undefined && left === '0') return undefined;
    const pause = after === undefined ? 1000 * 2 ** attempt : Number(after) * 1000;
    return pause <= longestPauseMs ? pause : undefined;
  }
  const passing = status === undefined || status >= 500;
  return passing ? 250 * 2 ** attempt : undefined;
}

function toStopped(route: string, error: unknown): Stopped {
  const { status, message = 'no answer', response } = error as Partial<ApiError>;
  const options = { cause: error };
  if (status === 404 || status === 410) return new NotFound(route, options);
  if (status === 422) return new Unprocessable(route, message, options);
  if (status === 401) {
    return new Stopped(
      'permission-missing',
      `GitHub does not accept the token at ${route}.`,
      options,
    );
  }
  if (status === 403 && !isTurnedAway(error)) {
    const needed = response?.headers?.['x-accepted-github-permissions'];
    const permission =
      typeof needed === 'string' && needed !== '' ? asWorkflowLines(needed) : permissionFor(route);
    return new Stopped(
      'permission-missing',
      `The token may not ${route}: the job needs permissions: ${permission}.`,
      options,
    );
  }
  return new Stopped('api-unavailable', `${route} failed: ${message}`, options);
}

/** `issues=write; pull_requests=write`, either of which will do, as a workflow file says it. */
function asWorkflowLines(accepted: string): string {
  return accepted
    .replaceAll('_', '-')
    .replaceAll('=', ': ')
    .replace(/\s*;\s*/g, ' or ');
}

/** The lines that a workflow file lacks, where GitHub does not name them itself. */
function permissionFor(route: string): string {
  const level = route.startsWith('GET ') ? 'read' : 'write';
  if (/\/actions\//.test(route)) return `actions: ${level}`;
  if (/\/(?:issues|labels|pulls)\b|GraphQL/.test(route)) return `pull-requests: ${level}`;
  return `contents: ${level}`;
}
