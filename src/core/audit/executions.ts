/** Decides on a recorded execution again. */

import type { Absences } from './absent.ts';
import type { Artifact } from './artifact.ts';
import { findGrantedApproval, type GrantedApproval } from './granted.ts';
import type { PlanStory } from './known-plan.ts';
import type { Ledger } from './ledger.ts';
import { isOfKind } from './own-line.ts';
import { checkArchive, longestExecutionMs, time } from './rules.ts';
import { checkStillAllowed } from './still-allowed.ts';

export function checkExecution(
  artifact: Artifact<'execution'>,
  story: PlanStory,
  absences: Absences,
  ledger: Ledger,
): void {
  const { name, evidence } = artifact;
  const { execution } = evidence;
  const approval = findGrantedApproval(artifact, story, absences, ledger);
  const finding = `${name} rests on an approval that is missing.`;
  if (!ledger.check('links', approval !== undefined, finding) || approval === undefined) return;
  // Nothing was carried out, and the time is that of the stop.
  if (execution.stopped !== undefined) return;
  checkSealed(artifact, approval, ledger);
  checkStillAllowed(artifact, approval, story, longestExecutionMs, ledger);
  checkVerified(artifact, story, absences, ledger);
}

function checkSealed(
  { name, evidence: { execution } }: Artifact<'execution'>,
  { artifact, head }: GrantedApproval,
  ledger: Ledger,
): void {
  const at = time(execution.created_at);
  const approval = artifact?.evidence.approval;
  ledger.check(
    'times',
    approval === undefined ||
      (at >= time(approval.created_at) && at < time(approval.expires_at) + longestExecutionMs),
    `${name} was made before its approval, or after that had expired.`,
  );
  ledger.check(
    'links',
    head === undefined || (execution.head.sha === head.sha && execution.head.ref === head.ref),
    `${name} put its commit on another head than was approved.`,
  );
}

/** A verification, by its record, or by its line if something explains that the record is missing. */
interface Verified {
  readonly passed: boolean;
  readonly at: string;
  /** The number of its line. */
  readonly seq: number;
  readonly artifact: Artifact<'verification'> | null;
  /** Why it is missing; null if it is there. */
  readonly why: string | null;
}

/** The newest verification of the approval passed, and was fresh. */
function checkVerified(
  artifact: Artifact<'execution'>,
  story: PlanStory,
  absences: Absences,
  ledger: Ledger,
): void {
  const { name, evidence, policy } = artifact;
  const { execution } = evidence;
  const at = time(execution.created_at);
  const newest = [
    ...listVerified(execution.approval_sha256, story),
    ...listExplained(artifact, absences),
  ]
    .filter((one) => time(one.at) <= at)
    .sort((a, b) => a.seq - b.seq)
    .at(-1);
  ledger.check(
    'executions',
    newest?.passed === true,
    `${name} rests on no verification that passed.`,
  );
  if (newest === undefined) return;
  const minutes = policy.execute['verification-minutes'];
  ledger.check(
    'executions',
    at - time(newest.at) <= minutes * 60_000 + longestExecutionMs,
    `${name} rests on a verification that was older than ${minutes} minutes (execute.verification-minutes).`,
  );
  if (newest.why !== null) {
    ledger.unproven(
      `What ${name} decided, as far as it follows from a verification: ${newest.why}.`,
    );
  }
  // Of a missing one the archive was compared when its absence was explained.
  if (newest.artifact === null) return;
  checkArchive(name, newest.artifact, execution.verification_artifact, ledger);
}

function listVerified(digest: string, { records }: PlanStory): readonly Verified[] {
  return records.flatMap((one) => {
    if (one.kind !== 'verification') return [];
    const { approval_sha256, result } = one.evidence.verification;
    if (approval_sha256 !== digest) return [];
    const { created_at: at } = one.making;
    return [{ passed: result === 'verified', at, seq: one.lines.length, artifact: one, why: null }];
  });
}

/** The verifications in the journal of the execution whose artifact is missing, and something explains it. */
function listExplained(
  { entries, lines, evidence: { execution } }: Artifact<'execution'>,
  absences: Absences,
): readonly Verified[] {
  return entries.flatMap((entry, index) => {
    const why = absences.explain(lines[index]);
    const isAbout = entry.digests.approval === execution.approval_sha256;
    if (why === undefined || !isAbout || !isOfKind(entry, 'verification')) return [];
    const { seq, at, event } = entry;
    return [{ passed: event === 'verified', at, seq, artifact: null, why }];
  });
}
