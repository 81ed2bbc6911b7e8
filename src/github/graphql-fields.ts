/** Parts that several GraphQL queries have in common. */

import { z } from 'zod';
import type { EventActor } from '../core/life/timeline.ts';

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

/** Whoever has no id is nobody that a rule could be about. */
export function readActor(actor: z.infer<typeof actorSchema>): EventActor | null {
  if (actor?.databaseId == null) return null;
  return { id: actor.databaseId, login: actor.login, type: actor.__typename };
}
