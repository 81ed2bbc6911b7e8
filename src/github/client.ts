import type { z } from 'zod';
import { Stopped } from '../decision.ts';
import { type Answer, describeGraphQl, type GraphQlProblem } from './failures.ts';
import { NotFound } from './refusals.ts';
import { RememberedAnswers } from './remembered-answers.ts';
import { type Allowance, type Parameters, Transport, type TransportOptions } from './transport.ts';

/** The repository all requests are about. */
export interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

export interface RequestOptions {
  /** Whether GitHub may carry it out twice without harm. This is always so for GET, DELETE, PUT and queries. */
  readonly repeatable?: boolean;
  /** The line for a workflow's `permissions`, if GitHub does not name it itself. */
  readonly needs?: string;
}

export interface GraphQlOptions extends RequestOptions {
  /** Called each time before it is sent again: minutes can pass before that. What it throws ends the request. */
  readonly beforeAgain?: () => Promise<unknown>;
  /** Whether an error only leaves a null in the answer, and is accepted. */
  readonly tolerates?: (problem: GraphQlProblem) => boolean;
}

const pageSize = 100;
const repeatableMethods = new Set(['GET', 'DELETE', 'PUT']);

/**
 * One token's view of GitHub. Each answer is checked against a schema: an answer that is missing or has another form
 * stops the run, and never counts as "no". Requests are repeated if that does no harm, up to a limit; at a rate limit
 * the client waits.
 */
export class GitHubClient {
  /** As variables of a GraphQL query, too. */
  readonly repository: RepositoryName;
  readonly #transport: Transport;
  readonly #answers = new RememberedAnswers();

  constructor(token: string, repository: RepositoryName, options: TransportOptions = {}) {
    this.repository = repository;
    this.#transport = new Transport(token, options);
  }

  /**
   * GitHub's own time, as its latest answer said it: the clock of a runner proves nothing.
   * @throws Stopped api-unavailable before the first answer
   */
  now(): Date {
    const { clock } = this.#transport;
    if (clock === undefined) throw new Stopped('api-unavailable', 'GitHub told no time.');
    return clock;
  }

  /** Gives GitHub some time before something is read again. */
  rest(): Promise<void> {
    return this.#transport.rest();
  }

  /** How many requests counted against the token's allowance: all that GitHub answered but a 304. */
  get counted(): number {
    return this.#transport.counted;
  }

  /** As the latest answer said it; undefined before the first one. */
  allowance(of: 'core' | 'graphql' = 'core'): Allowance | undefined {
    return this.#transport.allowance(of);
  }

  /**
   * @param route as GitHub's documentation writes it, `{owner}` and `{repo}` filled in
   * @throws Stopped permission-missing, github-refused, api-unavailable; `NotFound` for a 404, `Unprocessable` for a 422
   */
  async request<T>(
    route: string,
    parameters: object,
    schema: z.ZodType<T>,
    options: RequestOptions = {},
  ): Promise<T> {
    const { data } = await this.#send(route, parameters, options);
    return checkAnswer(route, data, schema);
  }

  /** As `request`, if absence is an answer: undefined for a 404 or a 410. */
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
   * @param maxPages a longer list stops the run, and is never cut
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
      const { answer, next } = await this.page(route, { ...parameters, page }, schema, pick);
      pages.push(answer);
      if (!next) return pages;
    }
    throw new Stopped('limit-exceeded', `${route} has more than ${maxPages} pages.`);
  }

  /** One page of a list, whether another one follows, and the number of the last one if GitHub names it. */
  async page<T>(
    route: string,
    parameters: object,
    schema: z.ZodType<T>,
    pick: (page: T) => readonly unknown[],
  ): Promise<{ answer: T; next: boolean; last: number | undefined }> {
    const asked: object = { ...parameters, per_page: pageSize };
    const { data, headers } = await this.#send(route, asked);
    const answer = checkAnswer(route, data, schema);
    const link = typeof headers.link === 'string' ? headers.link : undefined;
    const [, last] = /[?&]page=(\d+)[^>]*>; rel="last"/.exec(link ?? '') ?? [];
    return {
      answer,
      // Another page can follow a page that is not full: only GitHub's header tells.
      next: link === undefined ? pick(answer).length >= pageSize : link.includes('rel="next"'),
      last: last === undefined ? undefined : Number(last),
    };
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

  /**
   * @param what for sentences about it: `the labels`
   * @throws as `request`
   */
  async graphql<T>(
    what: string,
    query: string,
    variables: object,
    schema: z.ZodType<T>,
    options: GraphQlOptions = {},
  ): Promise<T> {
    const isQuery = !/^\s*mutation\b/.test(query);
    const asked = { route: `${what} (GraphQL)`, ...options };
    const { data } = await this.#transport.repeat(
      asked,
      options.repeatable ?? isQuery,
      async () => {
        const body: object = { query, variables };
        const answer = await this.#transport.send('POST /graphql', body);
        const failure = describeGraphQl(answer, options.tolerates);
        if (failure !== undefined) throw failure;
        return answer;
      },
      options.beforeAgain,
    );
    return checkAnswer(asked.route, (data as { data?: unknown }).data, schema);
  }

  #send(route: string, parameters: Parameters, options: RequestOptions = {}): Promise<Answer> {
    const method = route.slice(0, route.indexOf(' '));
    const repeatable = options.repeatable ?? repeatableMethods.has(method);
    const { owner, name: repo } = this.repository;
    // A parameter that the route does not name would go into its query.
    const whole = route.includes('{repo}') ? { owner, repo, ...parameters } : parameters;
    return this.#transport.repeat({ route, ...options }, repeatable, () =>
      method === 'GET' && parameters.request === undefined
        ? this.#answers.read(`${route} ${JSON.stringify(parameters)}`, (headers) =>
            this.#transport.send(route, { ...whole, headers }),
          )
        : this.#transport.send(route, whole),
    );
  }
}

function checkAnswer<T>(route: string, data: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new Stopped(
    'api-unavailable',
    `The answer to ${route} is not as documented at "${where}".`,
  );
}
