import { type ExecutionResult, executeSync, type GraphQLFieldResolver } from 'graphql';
import type { Token } from '../access.ts';
import type { GitHub } from '../github.ts';
import { json, type Reply, type Request } from '../server.ts';
import { type Context, GraphQlError, type Node } from './context.ts';
import { mutations } from './mutations.ts';
import { queries } from './queries.ts';
import { githubSchema, readDocument } from './schema.ts';

/** GitHub's GraphQL API: GitHub's own schema; the fields that are used have an answer. */
export class GraphQl {
  readonly #github: GitHub;

  constructor(github: GitHub) {
    this.#github = github;
  }

  /** Serves `POST /graphql`. */
  serve(request: Request): Reply {
    const { token } = request;
    if (token === null || token.revoked) {
      const message =
        request.authorization === null
          ? 'This endpoint requires you to be authenticated.'
          : 'Bad credentials';
      return json(401, {
        message,
        documentation_url: 'https://docs.github.com/graphql',
        status: '401',
      });
    }
    const rate = this.#github.spend(token, 'graphql');
    const headers = {
      'x-ratelimit-limit': String(rate.limit),
      'x-ratelimit-remaining': String(Math.max(0, rate.limit - rate.used)),
      'x-ratelimit-used': String(rate.used),
      'x-ratelimit-reset': String(rate.reset),
      'x-ratelimit-resource': 'graphql',
    };
    if (rate.used > rate.limit) {
      const message = `API rate limit exceeded for installation ID ${token.account.id}.`;
      return json(200, { errors: [{ type: 'RATE_LIMITED', message }] }, headers);
    }
    return json(200, this.#answer(request, token), headers);
  }

  #answer(request: Request, token: Token): unknown {
    const body = (request.record.body ?? {}) as { query?: unknown; variables?: Node };
    const document = readDocument(String(body.query ?? ''));
    if (!('kind' in document)) {
      for (const { message } of document) this.#violation(message);
      return { errors: document.map(({ message, locations }) => ({ message, locations })) };
    }
    const context: Context = { github: this.#github, token, view: request.view };
    const result = executeSync({
      schema: githubSchema(),
      document,
      rootValue: { ...queries, ...mutations },
      contextValue: context,
      variableValues: body.variables ?? {},
      fieldResolver,
    });
    return this.#rendered(result);
  }

  /** GitHub's errors have a type; any other error is a mistake in these sources. */
  #rendered({ data, errors }: ExecutionResult): unknown {
    if (errors === undefined) return { data };
    return {
      ...(data === undefined ? {} : { data }),
      errors: errors.map((error) => {
        const { message, path, locations, originalError } = error;
        if (originalError instanceof GraphQlError) {
          const { type, extensions } = originalError;
          const more = Object.keys(extensions).length > 0 ? { extensions } : {};
          return { type, path, ...more, locations, message };
        }
        // If GitHub answers null and its schema allows none, the error has no type: the mistake is GitHub's.
        if (!/^Cannot return null for non-nullable field/.test(message)) this.#violation(message);
        return { path, locations, message };
      }),
    };
  }

  #violation(message: string): void {
    this.#github.violations.push(`graphql: ${message}`);
  }
}

/** A field that GitHub has and that is not served here must not look like null. */
const fieldResolver: GraphQLFieldResolver<Node, Context> = (source, args, context, info) => {
  const { fieldName, parentType } = info;
  if (!(fieldName in source)) {
    throw new Error(`${parentType.name}.${fieldName} is not served`);
  }
  const value = source[fieldName];
  return typeof value === 'function' ? value(args, context) : value;
};
