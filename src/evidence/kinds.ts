/** The kinds of evidence: how each is called in the store, and what it says it is about. */

import {
  type ApprovalEvidence,
  type DenialEvidence,
  type ExecutionEvidence,
  type Members,
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

/** What each record says it is about. */
export interface Context {
  readonly repository: { readonly id: number };
  readonly pull_request: number;
  readonly run: RunRef;
}

/** One kind of evidence that later steps read. */
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

export const plan: Kind<PlanEvidence> = {
  name: 'plan',
  read: readPlanEvidence,
  contextOf: ({ manifest }) => manifest,
};

export const approval: RecordKind<ApprovalEvidence> = {
  name: 'approval',
  read: readApprovalEvidence,
  contextOf: (evidence) => evidence.approval,
  planOf: (evidence) => evidence.approval.plan_id,
};

export const verification: RecordKind<VerificationEvidence> = {
  name: 'verification',
  read: readVerificationEvidence,
  contextOf: (evidence) => evidence.verification,
  planOf: (evidence) => evidence.verification.plan_id,
};

export const denial: RecordKind<DenialEvidence> = {
  name: 'denial',
  read: readDenialEvidence,
  contextOf: (evidence) => evidence.denial,
  planOf: (evidence) => evidence.denial.plan_id,
};

export const execution: RecordKind<ExecutionEvidence> = {
  name: 'execution',
  read: readExecutionEvidence,
  contextOf: (evidence) => evidence.execution,
  planOf: (evidence) => evidence.execution.plan_id,
};

export const withdrawal: RecordKind<WithdrawalEvidence> = {
  name: 'withdrawal',
  read: readWithdrawalEvidence,
  contextOf: (evidence) => evidence.withdrawal,
  planOf: (evidence) => evidence.withdrawal.plan_id,
};
