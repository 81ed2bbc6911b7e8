/** Everything that trusted runs recorded about a plan. */

import { waitForAll } from '../core/lists.ts';
import type {
  ApprovalEvidence,
  DenialEvidence,
  ExecutionEvidence,
  PlanEvidence,
  VerificationEvidence,
  WithdrawalEvidence,
} from '../core/records/archive-contents.ts';
import { Stopped } from '../decision.ts';
import type { NamedArtifact } from '../ports/artifacts.ts';
import type { Genuine, GenuineArtifacts, WithArtifact } from './genuine.ts';
import { type EvidenceName, type Kind, kinds, type RecordKind } from './kinds.ts';
import { readUntil } from './lag.ts';

/** The kinds of records about a plan. */
export type RecordName = Exclude<EvidenceName, 'plan'>;

export const recordNames: readonly RecordName[] = [
  'approval',
  'verification',
  'denial',
  'execution',
  'withdrawal',
];

/** All trusted records about one plan, each kind oldest first. */
export interface StoredRecords {
  readonly approvals: readonly WithArtifact<ApprovalEvidence>[];
  readonly verifications: readonly WithArtifact<VerificationEvidence>[];
  readonly denials: readonly WithArtifact<DenialEvidence>[];
  readonly executions: readonly WithArtifact<ExecutionEvidence>[];
  readonly withdrawals: readonly WithArtifact<WithdrawalEvidence>[];
}

/** GitHub lists an artifact that has not expired, and does not have it. */
class GoneWhileListed extends Stopped {}

function returnGone(error: unknown): GoneWhileListed {
  if (error instanceof GoneWhileListed) return error;
  throw error;
}

/**
 * Everything that trusted runs recorded about a plan. Ids of artifacts grow, so an older artifact than the plan is
 * about another plan.
 * @param only the kinds to read; the lists of the others are empty
 * @throws Stopped as `findPlan`; a record that is gone while its plan is stored is `plan-expired`
 */
export async function readRecords(
  genuine: GenuineArtifacts,
  of: WithArtifact<PlanEvidence>,
  only: readonly RecordName[],
): Promise<StoredRecords> {
  // A repeated run replaces its record, and the list can lag: then it has a record that is gone. Neither the old
  // record nor a missing one may count in place of the new one.
  const found = await readUntil(
    () => readListed(genuine, of, only).catch(returnGone),
    (one) => !(one instanceof GoneWhileListed),
  );
  if (found instanceof GoneWhileListed) throw found;
  return found;
}

async function readListed(
  genuine: GenuineArtifacts,
  of: WithArtifact<PlanEvidence>,
  only: readonly RecordName[],
): Promise<StoredRecords> {
  const listed = await genuine.find(only, of.manifest.pull_request, { newerThan: of.artifact.id });
  const read = <E>(kind: RecordKind<E>) => readAll(genuine, kind, of, listed);
  const [approvals, verifications, denials, executions, withdrawals] = await waitForAll([
    read(kinds.approval),
    read(kinds.verification),
    read(kinds.denial),
    read(kinds.execution),
    read(kinds.withdrawal),
  ]);
  return { approvals, verifications, denials, executions, withdrawals };
}

async function readAll<E>(
  genuine: GenuineArtifacts,
  kind: RecordKind<E>,
  { planId, artifact, manifest }: WithArtifact<PlanEvidence>,
  listed: readonly NamedArtifact[],
): Promise<readonly WithArtifact<E>[]> {
  const pullRequest = manifest.pull_request;
  const own = genuine.nameOf(kind.name, pullRequest);
  const candidates = listed.filter(({ id, name }) => name === own && id > artifact.id);
  const records: WithArtifact<E>[] = [];
  for (const one of (await genuine.trust(candidates)).trusted) {
    const evidence = await readRecord(genuine, kind, pullRequest, one);
    if (kind.planOf(evidence) === planId) records.unshift(evidence);
  }
  return records;
}

async function readRecord<E>(
  genuine: GenuineArtifacts,
  kind: Kind<E>,
  pullRequest: number,
  one: Genuine,
): Promise<WithArtifact<E>> {
  try {
    return await genuine.read(kind, pullRequest, one);
  } catch (error) {
    const { id, expired } = one.artifact;
    if (expired || !(error instanceof Stopped) || error.reason !== 'plan-expired') throw error;
    throw new GoneWhileListed(
      'api-unavailable',
      `GitHub lists artifact ${id} (${kind.name}), and does not have it.`,
    );
  }
}

/**
 * The journal to append to: that of the newest record about the plan whose journal continues the plan's. Two runs at
 * the same time can both continue after the same line; the newer artifact counts.
 */
export function newestJournal(
  plan: WithArtifact<PlanEvidence>,
  { approvals, verifications, denials, executions, withdrawals }: StoredRecords,
): string {
  const newest = [...approvals, ...verifications, ...denials, ...executions, ...withdrawals]
    .filter(({ journal }) => journal.startsWith(plan.journal))
    .sort((a, b) => a.artifact.id - b.artifact.id)
    .at(-1);
  return newest?.journal ?? plan.journal;
}
