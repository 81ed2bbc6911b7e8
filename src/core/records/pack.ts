/** The bytes that each kind of artifact is made of, checksums included. */

import { type Approval, approvalJson } from './approval.ts';
import { type DenialRecord, denialJson } from './denial.ts';
import { type Execution, executionJson } from './execution.ts';
import { type Manifest, manifestJson } from './manifest.ts';
import { encode, type Members, toMembers, withChecksums } from './members.ts';
import { type Verification, verificationJson } from './verification.ts';
import { type Withdrawal, withdrawalJson } from './withdrawal.ts';

/** The bytes that a plan artifact is made of, checksums included. */
export function packPlan(manifest: Manifest, members: Members): Members {
  return withChecksums(
    new Map([...members, ['manifest.json', encode(manifestJson(manifest))]]),
    'plan.sha256',
  );
}

/**
 * The bytes that a verification artifact is made of.
 * @param rest journal, log and policy; after a drift also `drift.diff` and, if Codex made one, today's plan
 */
export function packVerification(
  verification: Verification,
  rest: Readonly<Record<string, string>>,
): Members {
  return withChecksums(
    toMembers({ 'verification.json': verificationJson(verification), ...rest }),
    'verification.sha256',
  );
}

/** The bytes that an approval artifact is made of. */
export function packApproval(
  approval: Approval,
  rest: Readonly<
    Record<'change.patch' | 'journal.jsonl' | 'run.log' | 'policy.json', string | Uint8Array>
  >,
): Members {
  return withChecksums(
    toMembers({ 'approval.json': approvalJson(approval), ...rest }),
    'approval.sha256',
  );
}

/** The bytes that an execution artifact is made of. */
export function packExecution(
  execution: Execution,
  rest: Readonly<Record<'journal.jsonl' | 'policy.json', string>>,
): Members {
  return withChecksums(
    toMembers({ 'execution.json': executionJson(execution), ...rest }),
    'execution.sha256',
  );
}

/** The bytes that a denial artifact is made of. */
export function packDenial(
  denial: DenialRecord,
  rest: Readonly<Record<'journal.jsonl' | 'run.log' | 'policy.json', string>>,
): Members {
  return withChecksums(toMembers({ 'denial.json': denialJson(denial), ...rest }), 'denial.sha256');
}

/** The bytes that a withdrawal artifact is made of. */
export function packWithdrawal(
  withdrawal: Withdrawal,
  rest: Readonly<Record<'journal.jsonl' | 'policy.json', string>>,
): Members {
  return withChecksums(
    toMembers({ 'withdrawal.json': withdrawalJson(withdrawal), ...rest }),
    'withdrawal.sha256',
  );
}
