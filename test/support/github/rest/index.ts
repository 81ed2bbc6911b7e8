import { createHash } from 'node:crypto';
import { acceptedPermissions, demandRepositoryAccess } from '../access.ts';
import { demandAllowed } from '../blocks.ts';
import { answerProblem, documentationUrl, requestProblem } from '../description.ts';
import type { GitHub, Rate } from '../github.ts';
import { HttpError } from '../http-error.ts';
import type { Repository } from '../repository.ts';
import { type Answer, type Call, type Route, Router } from '../router.ts';
import { json, type Reply, type Request } from '../server.ts';
import { actionsRoutes } from './actions.ts';
import { askingRoutes } from './asking.ts';
import { commitRoutes } from './commits.ts';
import { gitRoutes } from './git.ts';
import { issueRoutes } from './issues.ts';
import { labelRoutes } from './labels.ts';
import { peopleRoutes } from './people.ts';
import { pullRoutes } from './pulls.ts';
import { repositoryRoutes } from './repositories.ts';
import { setUpRoutes } from './set-up.ts';

const ROUTES: readonly Route[] = [
  ...repositoryRoutes,
  ...commitRoutes,
  ...gitRoutes,
  ...pullRoutes,
  ...issueRoutes,
  ...labelRoutes,
  ...actionsRoutes,
  ...peopleRoutes,
  ...setUpRoutes,
  ...askingRoutes,
];

const router = new Router(ROUTES);

/** GitHub's REST API: routes, tokens, rate limit, and the check against GitHub's description. */
export class Rest {
  readonly #github: GitHub;

  constructor(github: GitHub) {
    this.#github = github;
  }

  /** GitHub's template of a request's path; null if nothing is served there. */
  templateOf(request: Request): string | null {
    if (request.record.service !== 'rest') return null;
    return router.find(request.method, this.#path(request))?.route.template ?? null;
  }

  /** GitHub writes `/repositories/{id}` in its own links: the same routes by number. */
  #path(request: Request): string {
    const path = request.url.pathname;
    const [, id, rest = ''] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? [];
    if (id === undefined) return path;
    const repository = this.#github.repositories.find((each) => each.id === Number(id));
    return repository ? `/repos/${repository.fullName}${rest}` : path;
  }

  /** Serves one request. */
  serve(request: Request): Reply {
    const found = router.find(request.method, this.#path(request));
    if (!found) {
      const text = `${request.method} ${request.url.pathname} is not served`;
      this.#github.violations.push(text);
      return json(501, { message: `embedded GitHub: ${text}` });
    }
    const { route, params } = found;
    const problem = this.#requestProblem(request, route, params);
    if (problem) return this.#violation(request, problem);
    const unchanged = this.#unchanged(request, route, params);
    if (unchanged) return unchanged;
    const rate = this.#github.spend(request.token);
    const answer =
      rate.used > rate.limit ? rateLimited(request) : this.#handle(request, route, params);
    const wrong = answerProblem({
      method: route.method,
      template: route.template,
      status: answer.status,
      body: isRaw(answer.body) ? undefined : plain(answer.body),
    });
    if (wrong && !(isRaw(answer.body) && answer.status === 200)) {
      return this.#violation(request, `answer ${answer.status}: ${wrong}`);
    }
    return this.#reply(request, route, answer, rate);
  }

  /** If a client has the answer already, it gets 304, which does not count against the allowance. */
  #unchanged(request: Request, route: Route, params: Record<string, string>): Reply | null {
    const tag = request.headers['if-none-match'];
    if (tag === undefined || request.method !== 'GET' || request.token === null) return null;
    const answer = this.#handle(request, route, params);
    if (answer.status !== 200 || isRaw(answer.body) || etag(answer.body) !== tag) return null;
    const reply = this.#reply(request, route, answer, this.#github.spent(request.token));
    return { status: 304, headers: { ...reply.headers } };
  }

  #requestProblem(request: Request, route: Route, params: Record<string, string>) {
    if (request.raw.length > 0 && request.record.body === undefined) return 'the body is not JSON';
    return requestProblem({
      method: route.method,
      template: route.template,
      params,
      query: request.url.searchParams,
      body: request.record.body,
    });
  }

  #violation(request: Request, problem: string): Reply {
    const text = `${request.method} ${request.url.pathname}: ${problem}`;
    this.#github.violations.push(text);
    return json(500, { message: `embedded GitHub: ${text}` });
  }

  #handle(request: Request, route: Route, params: Record<string, string>): Answer {
    try {
      this.#demandClient(request);
      const repository = this.#repository(route, params);
      const call: Call = {
        github: this.#github,
        params,
        query: request.url.searchParams,
        body: (request.record.body ?? {}) as Record<string, unknown>,
        accept: request.headers.accept ?? '',
        token: request.token,
        view: request.view,
        pathInRepository: this.#path(request).replace(/^\/repos\/[^/]+\/[^/]+/, ''),
        get repository(): Repository {
          if (repository) return repository;
          throw new HttpError(404, 'Not Found');
        },
      };
      if (route.template.startsWith('/repos/')) {
        demandRepositoryAccess(call.token, call.repository, route.access);
        demandAllowed(call.token, call.repository, route.method !== 'GET');
      }
      return route.handle(call);
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      return {
        status: error.status,
        headers: error.headers,
        body: {
          message: error.message,
          ...error.extra,
          documentation_url: documentationUrl(route.method, route.template),
          status: String(error.status),
        },
      };
    }
  }

  /** What GitHub asks of every client: a name, and a token that still works. */
  #demandClient(request: Request): void {
    if (!request.headers['user-agent']) {
      throw new HttpError(
        403,
        'Request forbidden by administrative rules. Please make sure your request has a User-Agent header',
      );
    }
    const { token } = request;
    if (request.authorization !== null && (token === null || token.revoked)) {
      throw new HttpError(401, 'Bad credentials');
    }
  }

  #repository(route: Route, params: Record<string, string>): Repository | null {
    if (!route.template.startsWith('/repos/')) return null;
    return this.#github.findRepository(params.owner ?? '', params.repo ?? '');
  }

  #reply(request: Request, route: Route, answer: Answer, rate: Rate): Reply {
    const { token } = request;
    const headers: Record<string, string> = {
      'x-github-media-type': 'github.v3; format=json',
      'x-github-request-id': `EMBEDDED:${request.record.index}`,
      'x-accepted-github-permissions': acceptedPermissions(route.access),
      'x-ratelimit-limit': String(rate.limit),
      'x-ratelimit-remaining': String(Math.max(0, rate.limit - rate.used)),
      'x-ratelimit-used': String(rate.used),
      'x-ratelimit-reset': String(rate.reset),
      'x-ratelimit-resource': 'core',
      ...(token?.scopes ? { 'x-oauth-scopes': token.scopes.join(', ') } : {}),
      ...answer.headers,
    };
    if (answer.body === undefined) return { status: answer.status, headers };
    if (isRaw(answer.body)) {
      return {
        status: answer.status,
        headers: { 'content-type': 'application/octet-stream', ...headers },
        body: answer.body,
      };
    }
    if (request.method === 'GET' && answer.status === 200) headers.etag = etag(answer.body);
    return json(answer.status, answer.body, headers);
  }
}

/** The same for the same content, as GitHub's is. */
function etag(body: unknown): string {
  return `W/"${createHash('sha256').update(JSON.stringify(body)).digest('hex')}"`;
}

/** GitHub says by the `x-ratelimit-…` headers when to come back, and sends no `retry-after`. */
function rateLimited(request: Request): Answer {
  const id = request.token?.account.id ?? 0;
  return {
    status: 403,
    body: {
      message: `API rate limit exceeded for installation ID ${id}.`,
      documentation_url:
        'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api',
      status: '403',
    },
  };
}

/** What the client will see: members that are `undefined` are left out. */
function plain(body: unknown): unknown {
  return body === undefined ? undefined : JSON.parse(JSON.stringify(body));
}

function isRaw(body: unknown): body is Buffer | string {
  return typeof body === 'string' || Buffer.isBuffer(body);
}
