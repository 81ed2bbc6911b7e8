/** Parts that several GraphQL queries have in common. */

import { z } from 'zod';
import type { EventActor } from '../core/life/timeline.ts';
import { Stopped } from '../decision.ts';

/** Only some kinds of actors have an id that other interfaces know. */
export const actorFields =
  '__typename login ... on User { databaseId } ... on Bot { databaseId } ... on Mannequin { databaseId } ... on Organization { databaseId }';

export const actorSchema = z
  .object({
    __typename: z.string(),
    login: z.string(),
    databaseId: z.int().nullish(),
  })
  .nullable();

export const labelSchema = z.object({ id: z.string().min(1), name: z.string() });

/** No rule can be about an actor without an id. */
export function readActor(actor: z.infer<typeof actorSchema>): EventActor | null {
  if (actor?.databaseId == null) return null;
  return { id: actor.databaseId, login: actor.login, type: actor.__typename };
}

export const statusFields = 'state description targetUrl';

export const statusSchema = z.object({
  // `EXPECTED` is for a status that a rule wants and nobody set.
  state: z.enum(['ERROR', 'FAILURE', 'PENDING', 'SUCCESS']),
  description: z.string().nullable(),
  targetUrl: z.string().nullable(),
});

export const pageInfoSchema = z.object({
  hasNextPage: z.boolean(),
  endCursor: z.string().nullable(),
});

interface Page<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: z.infer<typeof pageInfoSchema>;
}

/**
 * All entries of a connection.
 * @throws Stopped limit-exceeded if there are more pages, api-unavailable if they go round in circles
 */
export async function readAllPages<T>(
  maxPages: number,
  read: (after: string | null) => Promise<Page<T>>,
): Promise<T[]> {
  const found: T[] = [];
  let after: string | null = null;
  for (let page = 0; page < maxPages; page++) {
    const { nodes, pageInfo } = await read(after);
    found.push(...nodes);
    if (!pageInfo.hasNextPage) return found;
    if (pageInfo.endCursor === null || pageInfo.endCursor === after) {
      throw new Stopped('api-unavailable', 'GitHub gave the same page of a list twice.');
    }
    after = pageInfo.endCursor;
  }
  throw new Stopped('limit-exceeded', `A list of GitHub has more than ${maxPages} pages.`);
}
