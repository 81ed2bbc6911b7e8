/** Decides on a recorded execution again. */

import type { Artifact } from './artifact.ts';
import type { PlanStory } from './journals.ts';
import type { Ledger } from './ledger.ts';
import { checkArchive, longestExecutionMs, time } from './rules.ts';
import { checkStillAllowed } from './still-allowed.ts';
import { findApproval } from './verifications.ts';

export function checkExecution(
  artifact: Artifact<'execution'>,
  story: PlanStory,
  ledger: Ledger,
): void {
  const { name, evidence } = artifact;
  const { execution } = evidence;
  const approval = findApproval(execution.approval_sha256, story);
  const finding = `${name} rests on an approval that is missing.`;
  if (!ledger.check('links', approval !== undefined, finding) || approval === undefined) return;
  // Nothing was carried out, and the time is that of the stop.
  if (execution.stopped !== undefined) return;
  const sealed = approval.evidence.approval;
  const at = time(execution.created_at);
  ledger.check(
    'times',
    at >= time(sealed.created_at) && at < time(sealed.expires_at) + longestExecutionMs,
    `${name} was made before its approval, or after that had expired.`,
  );
  ledger.check(
    'links',
    execution.head.sha === sealed.head.sha && execution.head.ref === sealed.head.ref,
    `${name} put its commit on another head than was approved.`,
  );
  checkStillAllowed(artifact, approval, story, longestExecutionMs, ledger);
  checkVerified(artifact, approval, story, ledger);
}

/** The newest verification of the approval passed, and was fresh. */
function checkVerified(
  { name, evidence: { execution }, policy }: Artifact<'execution'>,
  { evidence: { digest } }: Artifact<'approval'>,
  { records }: PlanStory,
  ledger: Ledger,
): void {
  const at = time(execution.created_at);
  const newest = records.findLast(
    (one): one is Artifact<'verification'> =>
      one.kind === 'verification' &&
      one.evidence.verification.approval_sha256 === digest &&
      time(one.making.created_at) <= at,
  );
  const verification = newest?.evidence.verification;
  ledger.check(
    'executions',
    verification?.result === 'verified',
    `${name} rests on no verification that passed.`,
  );
  if (newest === undefined || verification === undefined) return;
  const minutes = policy.execute['verification-minutes'];
  ledger.check(
    'executions',
    at - time(verification.created_at) <= minutes * 60_000 + longestExecutionMs,
    `${name} rests on a verification that was older than ${minutes} minutes (execute.verification-minutes).`,
  );
  checkArchive(name, newest, execution.verification_artifact, ledger);
}
