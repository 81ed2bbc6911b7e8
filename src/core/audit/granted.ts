/** The approval that a later record rests on, whether its artifact is there or not. */

import type { Pin } from '../records/fields.ts';
import { type Absences, findApproved } from './absent.ts';
import type { Artifact } from './artifact.ts';
import type { PlanStory } from './known-plan.ts';
import type { Ledger } from './ledger.ts';
import { time } from './rules.ts';

/** What is known of an approval; undefined for what no other record tells. */
export interface GrantedApproval {
  /** Null if something explains that it is missing. */
  readonly artifact: Artifact<'approval'> | null;
  readonly createdAt: string;
  /** Account ids, in the order of the approval. */
  readonly approvers: readonly number[];
  readonly head: Pin | undefined;
  readonly baseRef: string | undefined;
}

type Resting = Artifact<'verification' | 'execution'>;

/** The approval with this digest, among the records of its plan. */
export function findApproval(
  digest: string,
  { records }: Pick<PlanStory, 'records'>,
): Artifact<'approval'> | undefined {
  return records.find(
    (one): one is Artifact<'approval'> => one.kind === 'approval' && one.evidence.digest === digest,
  );
}

/**
 * If the approval is missing and something explains that, its line in the journal of the record tells when it was made,
 * and the plan and the first record that rests on it tell the rest: so all these records still have to agree.
 * @returns undefined if nothing explains that it is missing, which is a finding
 */
export function findGrantedApproval(
  record: Resting,
  story: PlanStory,
  absences: Absences,
  ledger: Ledger,
): GrantedApproval | undefined {
  const digest = restsOn(record);
  const artifact = findApproval(digest, story);
  if (artifact !== undefined) {
    const { created_at: createdAt, approvers, head, base } = artifact.evidence.approval;
    return { artifact, createdAt, approvers: approvers.map(idOf), head, baseRef: base.ref };
  }
  const at = findApproved(record, digest);
  const [line, entry] = [record.lines[at], record.entries[at]];
  const why = absences.explain(line);
  if (entry === undefined || why === undefined) return undefined;
  ledger.unproven(`What ${record.name} decided, as far as it follows from its approval: ${why}.`);
  ledger.check(
    'times',
    time(record.making.created_at) >= time(entry.at),
    `${record.name} was made before its approval.`,
  );
  const resting = story.records.filter(isResting).filter((one) => restsOn(one) === digest);
  const first = resting[0] ?? record;
  const verification = resting.find((one) => one.kind === 'verification')?.evidence.verification;
  const planned = story.plan?.evidence.manifest;
  return {
    artifact: null,
    createdAt: entry.at,
    approvers: recordOf(first).approvers.map(idOf),
    head: planned?.head ?? recordOf(first).head,
    baseRef: planned?.base.ref ?? verification?.base.ref,
  };
}

const idOf = ({ id }: { readonly id: number }) => id;

function isResting(one: Artifact): one is Resting {
  return one.kind === 'verification' || one.kind === 'execution';
}

function recordOf(one: Resting) {
  return one.kind === 'verification' ? one.evidence.verification : one.evidence.execution;
}

function restsOn(one: Resting): string {
  return recordOf(one).approval_sha256;
}
