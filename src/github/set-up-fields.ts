/** What GitHub's REST API answers about the set-up of a repository. */

import { z } from 'zod';

const flags = z.object({
  pull: z.boolean(),
  triage: z.boolean().optional(),
  push: z.boolean(),
  maintain: z.boolean().optional(),
  admin: z.boolean(),
});
export const collaboratorsShape = z.array(
  z.object({
    id: z.int(),
    login: z.string(),
    type: z.string().optional(),
    role_name: z.string(),
    permissions: flags.optional(),
  }),
);
export const rulesShape = z.array(
  z.object({
    type: z.string(),
    parameters: z.record(z.string(), z.unknown()).nullish(),
    ruleset_id: z.int().nullish(),
  }),
);
export const rulesetShape = z.object({
  name: z.string(),
  bypass_actors: z
    .array(
      z.object({
        actor_type: z.string(),
        actor_id: z.int().nullish(),
        bypass_mode: z.string().nullish(),
      }),
    )
    .nullish(),
  current_user_can_bypass: z.string().nullish(),
});
export const branchShape = z.object({
  protected: z.boolean(),
  protection: z
    .object({
      required_status_checks: z
        .object({
          contexts: z.array(z.string()).nullish(),
          checks: z.array(z.object({ context: z.string(), app_id: z.int().nullish() })).nullish(),
        })
        .nullish(),
    })
    .nullish(),
});
export const pullsShape = z.array(
  z.object({
    number: z.int(),
    created_at: z.string(),
    head: z.object({ ref: z.string(), repo: z.object({ id: z.int() }).nullish() }),
    base: z.object({ repo: z.object({ id: z.int() }) }),
  }),
);

/** Fixed numbers of GitHub's repository roles, as bypass lists have them. */
const roleNames: Readonly<Record<number, string>> = { 2: 'maintain', 4: 'write', 5: 'admin' };
export function describeActor({
  actor_type: type,
  actor_id: id,
  bypass_mode: mode,
}: {
  readonly actor_type: string;
  readonly actor_id?: number | null | undefined;
  readonly bypass_mode?: string | null | undefined;
}): string {
  const role = type === 'RepositoryRole' ? roleNames[id ?? 0] : undefined;
  const who = role !== undefined ? `everybody with ${role}` : `${type}${id ? ` ${id}` : ''}`;
  return mode === 'pull_request' ? `${who} (on pull requests)` : who;
}
