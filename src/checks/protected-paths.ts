/** Protected paths: those that no label approves, and those that need an approver with a stronger role. */

import { isDenied, isElevated, type Policy } from '../core/policy/policy.ts';
import type { PlanEvidence } from '../core/records/archive-contents.ts';
import { Stopped } from '../decision.ts';
import type { RepositoryRole } from '../ports/people.ts';
import { hasRole } from './authority.ts';

/** Paths that no label can approve. */
export function checkDenied({ plan }: PlanEvidence, policy: Policy, policyFile: string): void {
  const denied = plan.files.find((file) => isDenied(policy, file.path, policyFile));
  if (denied === undefined) return;
  throw new Stopped(
    'path-protected',
    `${JSON.stringify(denied.path)} is protected (paths.deny): no label approves it.`,
  );
}

/** Paths that one of the approvers must have a stronger role for. */
export function checkElevated(
  { plan }: PlanEvidence,
  approvers: readonly { readonly role: RepositoryRole }[],
  policy: Policy,
): void {
  const needed = policy.paths.elevated.permission;
  if (approvers.some(({ role }) => hasRole(role, needed))) return;
  const elevated = plan.files.find((file) => isElevated(policy, file.path));
  if (elevated === undefined) return;
  throw new Stopped(
    'path-protected',
    `${JSON.stringify(elevated.path)} needs an approver with ${needed} permission (paths.elevated).`,
  );
}
