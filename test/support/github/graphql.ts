import type { Token } from './access.ts';
import { holds } from './access.ts';
import type { GitHub } from './github.ts';
import { type Field, parseOperation } from './graphql-query.ts';
import { json, type Reply, type Request } from './server.ts';
import type { Comment } from './state.ts';

/** GraphQL's own way to say no: status 200, `data: null` and an error with a type. */
class GraphQlError extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** Why a comment can be minimised, as the mutation takes it. */
const CLASSIFIERS: Record<string, string> = {
  ABUSE: 'abuse',
  DUPLICATE: 'duplicate',
  LOW_QUALITY: 'low-quality',
  OFF_TOPIC: 'off-topic',
  OUTDATED: 'outdated',
  RESOLVED: 'resolved',
  SPAM: 'spam',
};

/** GitHub's GraphQL API, as far as it is used: `viewer`, and minimising comments. */
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
    const body = (request.record.body ?? {}) as { query?: unknown; variables?: unknown };
    try {
      const variables = (body.variables ?? {}) as Record<string, unknown>;
      const operation = parseOperation(String(body.query ?? ''), variables);
      const data: Record<string, unknown> = {};
      for (const field of operation.fields) {
        data[field.alias] = this.#resolve(operation.kind, field, token);
      }
      return json(200, { data });
    } catch (error) {
      if (!(error instanceof GraphQlError)) {
        const message = error instanceof Error ? error.message : String(error);
        this.#github.violations.push(`graphql: ${message}`);
        return json(200, {
          errors: [{ type: 'undefinedField', message: `embedded GitHub: ${message}` }],
        });
      }
      return json(200, { data: null, errors: [{ type: error.type, message: error.message }] });
    }
  }

  #resolve(kind: string, field: Field, token: Token): unknown {
    const name = `${kind} ${field.name}`;
    if (name === 'query viewer') {
      const { account } = token;
      return select(field, {
        login: account.login,
        databaseId: account.id,
        id: account.nodeId,
        __typename: account.type,
      });
    }
    if (name === 'mutation minimizeComment' || name === 'mutation unminimizeComment') {
      return this.#minimize(field, token);
    }
    throw new Error(`GraphQL ${name} is not served`);
  }

  #minimize(field: Field, token: Token): unknown {
    const input = (field.args.input ?? {}) as Record<string, unknown>;
    const comment = this.#comment(String(input.subjectId ?? ''));
    if (!comment) {
      throw new GraphQlError(
        'NOT_FOUND',
        `Could not resolve to a node with the global id of '${input.subjectId}'`,
      );
    }
    if (!mayMinimize(token, comment)) {
      throw new GraphQlError(
        'FORBIDDEN',
        token.kind === 'user'
          ? `${token.account.login} does not have the correct permissions to execute \`${field.name[0]?.toUpperCase()}${field.name.slice(1)}\``
          : 'Resource not accessible by integration',
      );
    }
    if (field.name === 'minimizeComment') {
      const reason = CLASSIFIERS[String(input.classifier)];
      if (!reason) throw new Error(`GitHub knows no classifier ${String(input.classifier)}`);
      comment.minimized = reason;
    } else comment.minimized = null;
    const result = {
      isMinimized: comment.minimized !== null,
      minimizedReason: comment.minimized,
      viewerCanMinimize: true,
    };
    const key = field.name === 'minimizeComment' ? 'minimizedComment' : 'unminimizedComment';
    return select(field, { clientMutationId: input.clientMutationId ?? null, [key]: result });
  }

  #comment(nodeId: string): Comment | null {
    for (const repository of this.#github.repositories) {
      for (const comment of repository.comments.values()) {
        if (comment.nodeId === nodeId) return comment;
      }
    }
    return null;
  }
}

function mayMinimize(token: Token, comment: Comment): boolean {
  const { repository } = comment.issue;
  if (token.kind === 'user') {
    return ['write', 'maintain', 'admin'].includes(repository.roleOf(token.account.login));
  }
  const here = token.repository === null || token.repository === repository;
  return here && (holds(token, 'issues:write') || holds(token, 'pull-requests:write'));
}

/** The selected members of an object; one that it does not have is an error. */
function select(field: Field, value: Record<string, unknown>): Record<string, unknown> {
  if (field.fields.length === 0) throw new Error(`${field.name} needs a selection`);
  return Object.fromEntries(
    field.fields.map((each) => {
      if (!(each.name in value)) throw new Error(`${field.name} has no field ${each.name} here`);
      const member = value[each.name];
      const nested = member !== null && typeof member === 'object';
      return [each.alias, nested ? select(each, member as Record<string, unknown>) : member];
    }),
  );
}
