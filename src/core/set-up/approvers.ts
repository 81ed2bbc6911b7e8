/** Whether enough people are left to approve, no matter who asks and who wrote the pull request. */

import type { Policy } from '../policy/policy.ts';
import { hasRole, type RepositoryRole } from '../policy/roles.ts';

/** Somebody with a role in the repository. */
export interface Somebody {
  readonly id: number;
  readonly login: string;
  readonly role: RepositoryRole | null;
}

export type ApproverOutlook =
  /** No matter who asks and who wrote the pull request, enough people are left. */
  | { readonly is: 'always' }
  /** In some cases too few are left; this is an example. */
  | { readonly is: 'sometimes'; readonly requester: string; readonly author: string }
  | { readonly is: 'never' };

/**
 * @param approvers everybody whom the policy allows to approve, including people who may turn out to have asked or
 *   written
 * @param people everybody with a role; the approvers are among them
 */
export function assessApprovers(
  approvers: readonly Somebody[],
  people: readonly Somebody[],
  policy: Pick<Policy, 'approvers' | 'requesters'>,
): ApproverOutlook {
  const { count, self, author: authorMay } = policy.approvers;
  const requesters = people.filter(({ role }) => hasRole(role, policy.requesters.permission));
  const authors = people.filter(({ role }) => hasRole(role, 'write'));
  const ids = new Set(approvers.map(({ id }) => id));
  const countOut = (requester: Somebody, author: Somebody) => {
    const first = !self && ids.has(requester.id);
    const second = !authorMay && ids.has(author.id);
    return first && second && requester.id === author.id ? 1 : Number(first) + Number(second);
  };
  let some = false;
  let stuck: { requester: string; author: string } | undefined;
  for (const requester of requesters) {
    for (const author of authors) {
      if (ids.size - countOut(requester, author) >= count) some = true;
      else stuck ??= { requester: requester.login, author: author.login };
    }
  }
  if (!some) return { is: 'never' };
  return stuck === undefined ? { is: 'always' } : { is: 'sometimes', ...stuck };
}
