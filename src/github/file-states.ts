/** Files at two commits, by git's own trees, many in one call. */

import { z } from 'zod';
import type { FileState } from '../core/plan/scope.ts';
import { objectIdField } from '../core/records/fields.ts';
import type { ObjectId } from '../core/text/object-id.ts';
import { Stopped } from '../decision.ts';
import type { GitHubClient } from './client.ts';
import { octal } from './governing-files.ts';

/** GitHub bounds the nodes of a query: https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits */
const filesInOneCall = 100;

const entry = z.object({ mode: z.int(), oid: objectIdField }).nullable();
const commit = z.record(z.string(), entry).nullable();
const schema = z.object({ repository: z.object({ first: commit, second: commit }) });

/** @throws Stopped api-unavailable if GitHub does not have one of the commits */
export async function readFileStates(
  client: GitHubClient,
  [first, second]: readonly [ObjectId, ObjectId],
  paths: readonly string[],
): Promise<ReadonlyMap<string, readonly [FileState | null, FileState | null]>> {
  const found = new Map<string, readonly [FileState | null, FileState | null]>();
  for (let start = 0; start < paths.length; start += filesInOneCall) {
    const part = paths.slice(start, start + filesInOneCall);
    const { repository } = await client.graphql(
      'files of two commits',
      queryFor(part.length),
      {
        ...client.repository,
        first,
        second,
        ...Object.fromEntries(part.map((path, index) => [`path${index}`, path])),
      },
      schema,
      { needs: 'contents: read' },
    );
    if (repository.first === null || repository.second === null) {
      throw new Stopped('api-unavailable', 'GitHub does not have the commits of the base.');
    }
    for (const [index, path] of part.entries()) {
      found.set(path, [
        readState(repository.first[`file${index}`]),
        readState(repository.second[`file${index}`]),
      ]);
    }
  }
  return found;
}

/** Paths are variables: no name of a file becomes part of the query. */
function queryFor(count: number): string {
  const indexes = Array.from({ length: count }, (_, index) => index);
  const variables = indexes.map((index) => `$path${index}: String!`).join(', ');
  const files = indexes.map((index) => `file${index}: file(path: $path${index}) { mode oid }`);
  return `query($owner: String!, $name: String!, $first: GitObjectID!, $second: GitObjectID!, ${variables}) {
  repository(owner: $owner, name: $name) {
    first: object(oid: $first) { ... on Commit { ${files.join(' ')} } }
    second: object(oid: $second) { ... on Commit { ${files.join(' ')} } }
  }
}`;
}

function readState(found: z.infer<typeof entry> | undefined): FileState | null {
  if (found === undefined) {
    throw new Stopped('api-unavailable', 'GitHub does not say what a file of the base is.');
  }
  if (found === null) return null;
  return { mode: octal(found.mode), blob: found.oid };
}
