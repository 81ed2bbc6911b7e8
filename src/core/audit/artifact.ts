/** Reads one artifact for an audit: its kind, its record, its policy and its journal. */

import { Stopped } from '../../decision.ts';
import { type PolicyRecord, parsePolicyRecord } from '../policy/effective.ts';
import { type Policy, readRecordedPolicy } from '../policy/policy.ts';
import { approvalJson } from '../records/approval.ts';
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
} from '../records/archive-contents.ts';
import { denialJson } from '../records/denial.ts';
import { executionJson } from '../records/execution.ts';
import type { PolicyRef, RunRef } from '../records/fields.ts';
import { type JournalEntry, readJournal } from '../records/journal.ts';
import { manifestJson } from '../records/manifest.ts';
import type { Members } from '../records/members.ts';
import { verificationJson } from '../records/verification.ts';
import { withdrawalJson } from '../records/withdrawal.ts';
import { type Sha256, sha256 } from '../text/digest.ts';
import type { Ledger } from './ledger.ts';

/** An artifact as it was found. */
export interface FoundArtifact {
  /** Its name or folder, as the findings call it. */
  readonly name: string;
  readonly members: Members;
  /** What the store says of it; null if the audit has only the files. */
  readonly stored: {
    readonly id: number;
    readonly digest: string;
    readonly run: number;
    /** When the first attempt of the run began, RFC 3339; left out if nobody knows it. */
    readonly runBegan?: string | null;
  } | null;
}

interface Evidence {
  readonly plan: PlanEvidence;
  readonly approval: ApprovalEvidence;
  readonly verification: VerificationEvidence;
  readonly denial: DenialEvidence;
  readonly execution: ExecutionEvidence;
  readonly withdrawal: WithdrawalEvidence;
}

export type Kind = keyof Evidence;

/** What every record says about how it was made. */
export interface Making {
  readonly repository: { readonly id: number; readonly full_name: string };
  readonly pull_request: number;
  readonly policy: PolicyRef;
  readonly action: { readonly dist_sha256: string };
  readonly run: RunRef;
  readonly created_at: string;
}

/** An artifact that can be read. */
export type Artifact<K extends Kind = Kind> = {
  readonly [One in K]: {
    readonly name: string;
    readonly kind: One;
    readonly evidence: Evidence[One];
    readonly making: Making;
    /** The plan that it is about; null for a denial of a plan that was never made. */
    readonly planId: string | null;
    /** Of the record itself. */
    readonly digest: Sha256;
    readonly policy: Policy;
    /** Where each value of the policy comes from. */
    readonly sources: PolicyRecord['sources'];
    readonly entries: readonly JournalEntry[];
    /** The same, byte for byte. */
    readonly lines: readonly string[];
    readonly members: Members;
    readonly stored: FoundArtifact['stored'];
  };
}[K];

interface Reader<E> {
  read(members: Members): E;
  /** The record of the evidence, its bytes, and the plan that it is about. */
  open(evidence: E): { making: Making; bytes: string; planId: string | null };
}

const readers: { readonly [K in Kind]: Reader<Evidence[K]> } = {
  plan: {
    read: readPlanEvidence,
    open: ({ manifest, planId }) => ({ making: manifest, bytes: manifestJson(manifest), planId }),
  },
  approval: {
    read: readApprovalEvidence,
    open: ({ approval }) => ({
      making: approval,
      bytes: approvalJson(approval),
      planId: approval.plan_id,
    }),
  },
  verification: {
    read: readVerificationEvidence,
    open: ({ verification }) => ({
      making: verification,
      bytes: verificationJson(verification),
      planId: verification.plan_id,
    }),
  },
  denial: {
    read: readDenialEvidence,
    open: ({ denial }) => ({ making: denial, bytes: denialJson(denial), planId: denial.plan_id }),
  },
  execution: {
    read: readExecutionEvidence,
    open: ({ execution }) => ({
      making: execution,
      bytes: executionJson(execution),
      planId: execution.plan_id,
    }),
  },
  withdrawal: {
    read: readWithdrawalEvidence,
    open: ({ withdrawal }) => ({
      making: withdrawal,
      bytes: withdrawalJson(withdrawal),
      planId: withdrawal.plan_id,
    }),
  },
};

export const artifactKinds = Object.keys(readers) as readonly Kind[];

/** @returns undefined if the artifact cannot be relied on, which is a finding */
export function readArtifact(found: FoundArtifact, ledger: Ledger): Artifact | undefined {
  const { name, members, stored } = found;
  const kinds = artifactKinds.filter((kind) => members.has(`${kind}.sha256`));
  const [kind] = kinds;
  const one = kinds.length === 1 && kind !== undefined;
  if (!ledger.check('files', one, `${name} does not have exactly one file of checksums.`)) return;
  const called = /(?:^|[/-])(plan|approval|verification|denial|execution|withdrawal)-(\d+)\b/;
  const [, says = kind, number] = called.exec(name.split('/').at(-1) ?? '') ?? [];
  const asNamed = `${name} is called ${says}, and holds the files of a${vowel(kind)} ${kind}.`;
  ledger.check('files', says === kind, asNamed);
  try {
    const artifact = readAs(kind as Kind, { name, members, stored }, ledger);
    const { pull_request: about } = artifact.making;
    ledger.check(
      'links',
      number === undefined || Number(number) === about,
      `${name} is about pull request ${about}, and its name says ${number}.`,
    );
    return artifact;
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    ledger.check('records', false, `${name}: ${error.message}`);
    return undefined;
  }
}

/** @throws Stopped artifact-invalid, digest-mismatch */
function readAs<K extends Kind>(
  kind: K,
  { name, members, stored }: FoundArtifact,
  ledger: Ledger,
): Artifact {
  const reader: Reader<Evidence[K]> = readers[kind];
  const evidence = reader.read(members);
  const { making, bytes, planId } = reader.open(evidence);
  const recorded = parsePolicyRecord(textOf(members, 'policy.json'));
  const policy = readRecordedPolicy(recorded.policy);
  const journal = textOf(members, 'journal.jsonl');
  const entries = readJournal(journal);
  for (const _ of members) ledger.check('files', true, '');
  ledger.check('records', true, '');
  for (const _ of entries) ledger.check('lines', true, '');
  const artifact = {
    name,
    kind,
    evidence,
    making,
    planId,
    digest: sha256(bytes),
    policy,
    sources: recorded.sources,
    entries,
    lines: journal.split('\n').slice(0, -1),
    members,
    stored,
  };
  return artifact as unknown as Artifact;
}

function vowel(word: string | undefined): string {
  return /^[aeiou]/.test(word ?? '') ? 'n' : '';
}

function textOf(members: Members, name: string): string {
  return Buffer.from(members.get(name) ?? []).toString('utf8');
}
