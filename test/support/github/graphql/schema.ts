import { readFileSync } from 'node:fs';
import {
  buildASTSchema,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql';

let loaded: GraphQLSchema | undefined;

/** GitHub's own GraphQL schema; read when first asked for, which takes a quarter of a second. */
export function githubSchema(): GraphQLSchema {
  loaded ??= buildASTSchema(
    parse(
      readFileSync(
        new URL('schema.graphql', import.meta.resolve('@octokit/graphql-schema')),
        'utf8',
      ),
      { noLocation: true },
    ),
    { assumeValidSDL: true, assumeValid: true },
  );
  return loaded;
}

const checked = new Map<string, DocumentNode | readonly GraphQLError[]>();

/** The document of a query, or what GitHub's schema does not allow in it. */
export function readDocument(source: string): DocumentNode | readonly GraphQLError[] {
  const known = checked.get(source) ?? check(source);
  checked.set(source, known);
  return known;
}

function check(source: string): DocumentNode | readonly GraphQLError[] {
  try {
    const document = parse(source);
    const problems = validate(githubSchema(), document);
    return problems.length > 0 ? problems : document;
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}
