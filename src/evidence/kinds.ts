/** The kinds of evidence: its name, how it is read, and what it is about. */

import {
  type ApprovalEvidence,
  type DenialEvidence,
  type ExecutionEvidence,
  type PlanEvidence,
  readApprovalEvidence,
  readDenialEvidence,
  readExecutionEvidence,
  readPlanEvidence,
  readVerificationEvidence,
  readWithdrawalEvidence,
  type VerificationEvidence,
  type WithdrawalEvidence,
} from '../core/records/archive-contents.ts';
import type { RunRef } from '../core/records/fields.ts';
import type { Members } from '../core/records/members.ts';

/** What each record says it is about. */
export interface Context {
  readonly repository: { readonly id: number };
  readonly pull_request: number;
  readonly run: RunRef;
}

/** A kind of evidence that later steps read. */
export interface Kind<E> {
  /** Part of the artifact's name. */
  readonly name: EvidenceName;
  read(members: Members): E;
  contextOf(evidence: E): Context;
}

/** A kind of record about a plan. */
export interface RecordKind<E> extends Kind<E> {
  /** The plan that the record is about; null if it is about none. */
  planOf(evidence: E): string | null;
}

/** What can be published. */
export type EvidenceName =
  | 'plan'
  | 'approval'
  | 'verification'
  | 'execution'
  | 'denial'
  | 'withdrawal';

const plan: Kind<PlanEvidence> = {
  name: 'plan',
  read: readPlanEvidence,
  contextOf: ({ manifest }) => manifest,
};

const approval: RecordKind<ApprovalEvidence> = {
  name: 'approval',
  read: readApprovalEvidence,
  contextOf: (evidence) => evidence.approval,
  planOf: (evidence) => evidence.approval.plan_id,
};

const verification: RecordKind<VerificationEvidence> = {
  name: 'verification',
  read: readVerificationEvidence,
  contextOf: (evidence) => evidence.verification,
  planOf: (evidence) => evidence.verification.plan_id,
};

const denial: RecordKind<DenialEvidence> = {
  name: 'denial',
  read: readDenialEvidence,
  contextOf: (evidence) => evidence.denial,
  planOf: (evidence) => evidence.denial.plan_id,
};

const execution: RecordKind<ExecutionEvidence> = {
  name: 'execution',
  read: readExecutionEvidence,
  contextOf: (evidence) => evidence.execution,
  planOf: (evidence) => evidence.execution.plan_id,
};

const withdrawal: RecordKind<WithdrawalEvidence> = {
  name: 'withdrawal',
  read: readWithdrawalEvidence,
  contextOf: (evidence) => evidence.withdrawal,
  planOf: (evidence) => evidence.withdrawal.plan_id,
};

/** Every kind by its name. */
export const kinds = { plan, approval, verification, denial, execution, withdrawal };

/** @param prefix the first part of each artifact's name */
export function artifactName(prefix: string, name: EvidenceName, pullRequest: number): string {
  return `${prefix}-${name}-${pullRequest}`;
}
