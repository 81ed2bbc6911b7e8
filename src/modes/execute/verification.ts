/** The verification that a commit needs. */

import type { ApprovedPlan, ValidApproval } from '../../checks/approval.ts';
import { type LifeTools, type PlanLife, readLife } from '../../checks/plan-life.ts';
import type { VerificationEvidence } from '../../core/records/archive-contents.ts';
import { Stopped } from '../../decision.ts';
import type { WithArtifact } from '../../evidence/genuine.ts';
import { readUntil } from '../../evidence/lag.ts';
import type { Uses } from '../tools.ts';

/**
 * Finds a recent verification of this approval on this head. It is often only seconds old, from the same workflow run, so
 * the list of artifacts may not have it yet.
 * @throws Stopped verification-missing
 */
export async function findFreshVerification(
  tools: LifeTools & Uses<'clock' | 'policy'>,
  valid: ValidApproval,
): Promise<WithArtifact<VerificationEvidence>> {
  const { pull, plan } = valid;
  const minutes = (await tools.policy.read()).execute['verification-minutes'];
  const isFresh = ({ verification }: VerificationEvidence) =>
    tools.clock.now().getTime() - Date.parse(verification.created_at) <= minutes * 60_000;
  const find = (life: PlanLife) => findVerification(life, valid);
  const life = await readUntil(
    () => readLife(tools, pull, plan),
    (one) => {
      const found = find(one);
      return found !== undefined && isFresh(found);
    },
    valid.life,
  );
  const found = find(life);
  if (found === undefined) {
    throw new Stopped('verification-missing', 'No verification of this approval passed.');
  }
  if (isFresh(found)) return found;
  throw new Stopped(
    'verification-missing',
    `The verification of ${found.verification.created_at} is older than ${minutes} minutes (execute.verification-minutes).`,
  );
}

/**
 * The verification has read the teams that its own policy names, and its word counts for all teams. If the policy has
 * changed, a person who was removed from `approvers.users` since then would count as a member of a team.
 * @throws Stopped verification-missing
 */
export async function checkSameTeams(
  { policy }: Uses<'policy'>,
  { verification }: VerificationEvidence,
): Promise<void> {
  const { teams } = (await policy.read()).approvers;
  if (teams.length === 0 || verification.policy.blob === (await policy.origin()).blob) return;
  throw new Stopped(
    'verification-missing',
    'The policy has changed since the verification, so the members of its teams (approvers.teams) are not known: verify again, or set team-token.',
  );
}

/** The newest verification of the approval, if it passed on the head of the approval. */
function findVerification(
  { records }: Pick<PlanLife, 'records'>,
  { pull, approval }: ApprovedPlan,
): WithArtifact<VerificationEvidence> | undefined {
  const found = records.verifications.findLast(
    ({ verification }) => verification.approval_sha256 === approval.digest,
  );
  const passed =
    found?.verification.result === 'verified' &&
    found.verification.head.sha === pull.head.sha &&
    found.journal.startsWith(approval.journal);
  return passed ? found : undefined;
}
