import type { Token } from '../access.ts';
import type { View } from '../faults.ts';
import type { GitHub } from '../github.ts';
import { HttpError, RuleError } from '../http-error.ts';

/** What every resolver is given in addition to its arguments. */
export interface Context {
  readonly github: GitHub;
  readonly token: Token;
  /** How much of the lists this call sees: a list can lag behind. */
  readonly view: View;
}

/** A value of a GraphQL type: its fields, each a value or a function of arguments and context. */
export type Node = Record<string, unknown>;

/** How GraphQL refuses: status 200, and an error with a type. */
export class GraphQlError extends Error {
  readonly type: string | undefined;
  readonly extensions: Record<string, unknown>;

  constructor(type: string | undefined, message: string, extensions: Record<string, unknown> = {}) {
    super(message);
    this.type = type;
    this.extensions = extensions;
  }
}

/** A query that the embedded GitHub does not serve, or that GitHub would call a mistake of the client. */
export class Unserved extends Error {}

export function unknownNode(id: string): GraphQlError {
  return new GraphQlError(
    'NOT_FOUND',
    `Could not resolve to a node with the global id of '${id}'.`,
  );
}

export function forbidden(message = 'Resource not accessible by integration'): GraphQlError {
  const saml_failure = message.includes('SAML enforcement');
  return new GraphQlError('FORBIDDEN', message, { saml_failure });
}

/** The refusals of the REST API, in the form of GraphQL. */
export function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    if (error instanceof RuleError) throw new GraphQlError(error.type, error.message);
    if (error.status === 403) throw forbidden(error.message);
    throw new GraphQlError(error.status === 404 ? 'NOT_FOUND' : 'UNPROCESSABLE', error.message);
  }
}
