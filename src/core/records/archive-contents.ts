/** Reads each kind of artifact back: everything in it is hashed again, and nothing else may be in it. */

import { Stopped } from '../../decision.ts';
import { type Plan, parsePlan, planDigest, planJson } from '../plan/plan.ts';
import { renderPlanText } from '../plan/plan-text.ts';
import { freezePrompt, type Prompt, PromptError } from '../plan/prompt.ts';
import { type PolicyRecord, parsePolicyRecord } from '../policy/effective.ts';
import { type PlanId, type Sha256, sha256 } from '../text/digest.ts';
import { type Approval, approvalJson, parseApproval } from './approval.ts';
import { type DenialRecord, parseDenial } from './denial.ts';
import { type Execution, parseExecution } from './execution.ts';
import { readJournal } from './journal.ts';
import { computePlanId, type Manifest, parseManifest } from './manifest.ts';
import { checkChecksums, checkNames, expectDigest, type Members, readText } from './members.ts';
import { parseVerification, type Verification } from './verification.ts';
import { parseWithdrawal, type Withdrawal } from './withdrawal.ts';

export const planMembers = [
  'prompt.txt',
  'plan.json',
  'plan.txt',
  'journal.jsonl',
  'run.log',
  'policy.json',
  'instructions.md',
] as const;
const planArchive = [...planMembers, 'manifest.json', 'plan.sha256'];
const approvalArchive = [
  'approval.json',
  'change.patch',
  'journal.jsonl',
  'run.log',
  'policy.json',
  'approval.sha256',
];
const verificationArchive = [
  'verification.json',
  'journal.jsonl',
  'run.log',
  'policy.json',
  'verification.sha256',
];
const denialArchive = ['denial.json', 'journal.jsonl', 'run.log', 'policy.json', 'denial.sha256'];
const executionArchive = ['execution.json', 'journal.jsonl', 'policy.json', 'execution.sha256'];
const withdrawalArchive = ['withdrawal.json', 'journal.jsonl', 'policy.json', 'withdrawal.sha256'];
const regeneratedMembers = ['plan.json', 'plan.txt'];

/** A reader's bound on any plan, whatever the policy said when it was made. */
const maxStoredFiles = 10_000;
const maxStoredPromptKib = 1024;

export interface PlanEvidence {
  readonly planId: PlanId;
  readonly manifest: Manifest;
  readonly prompt: Prompt;
  readonly plan: Plan;
  /** What the repository's owners told Codex; '' if nothing. */
  readonly instructions: string;
  readonly journal: string;
}

export interface ApprovalEvidence {
  readonly digest: Sha256;
  readonly approval: Approval;
  /** The sealed change, as `git diff --binary --full-index` wrote it. */
  readonly change: Uint8Array;
  /** The policy that it was made under. */
  readonly policy: PolicyRecord;
  readonly journal: string;
}

export interface VerificationEvidence {
  readonly verification: Verification;
  readonly journal: string;
}

export interface DenialEvidence {
  readonly denial: DenialRecord;
  readonly journal: string;
}

export interface ExecutionEvidence {
  readonly execution: Execution;
  readonly journal: string;
}

export interface WithdrawalEvidence {
  readonly withdrawal: Withdrawal;
  readonly journal: string;
}

/**
 * Reads a plan artifact back. Everything in it is hashed again, and what can be derived is derived again.
 * @throws Stopped artifact-invalid, digest-mismatch
 */
export function readPlanEvidence(members: Members): PlanEvidence {
  checkNames(members, planArchive);
  checkChecksums(members, 'plan.sha256');
  const manifest = parseManifest(readText(members, 'manifest.json'));
  checkListed(members, manifest);
  const prompt = readPrompt(readText(members, 'prompt.txt'));
  const plan = readPlan(readText(members, 'plan.json'));
  expectDigest('prompt_sha256', manifest.prompt_sha256, sha256(prompt));
  expectDigest('plan_sha256', manifest.plan_sha256, planDigest(plan));
  const instructions = readText(members, 'instructions.md');
  expectDigest('instructions_sha256', manifest.instructions_sha256, sha256(instructions));
  checkRendering(plan, members);
  checkScope(plan, manifest);
  const journal = readText(members, 'journal.jsonl');
  readJournal(journal);
  return { planId: computePlanId(manifest), manifest, prompt, plan, instructions, journal };
}

/** @throws Stopped artifact-invalid, digest-mismatch */
export function readApprovalEvidence(members: Members): ApprovalEvidence {
  checkNames(members, approvalArchive);
  checkChecksums(members, 'approval.sha256');
  const approval = parseApproval(readText(members, 'approval.json'));
  const change = members.get('change.patch') as Uint8Array;
  expectDigest('change_sha256', approval.change_sha256, sha256(change));
  const journal = readText(members, 'journal.jsonl');
  const digest = sha256(approvalJson(approval));
  checkRecorded(journal, digest);
  const policy = parsePolicyRecord(readText(members, 'policy.json'));
  return { digest, approval, change, policy, journal };
}

/** @throws Stopped artifact-invalid, digest-mismatch */
export function readVerificationEvidence(members: Members): VerificationEvidence {
  checkNames(members, [
    ...verificationArchive,
    ...(members.has('drift.diff') ? ['drift.diff'] : []),
    ...(members.has('plan.json') ? regeneratedMembers : []),
  ]);
  checkChecksums(members, 'verification.sha256');
  const verification = parseVerification(readText(members, 'verification.json'));
  if (members.has('drift.diff') !== (verification.result === 'drifted')) {
    const why = members.has('drift.diff')
      ? 'There is a drift.diff, and verification.json does not say drifted.'
      : 'verification.json says drifted, and there is no drift.diff.';
    throw new Stopped('artifact-invalid', why);
  }
  if (members.has('plan.json')) {
    const plan = readPlan(readText(members, 'plan.json'));
    const recorded = verification.regenerated?.plan_sha256 ?? null;
    expectDigest('regenerated.plan_sha256', recorded, planDigest(plan));
    checkRendering(plan, members);
  }
  const journal = readText(members, 'journal.jsonl');
  readJournal(journal);
  return { verification, journal };
}

/** @throws Stopped artifact-invalid, digest-mismatch */
export function readDenialEvidence(members: Members): DenialEvidence {
  const journal = readRecorded(members, denialArchive, 'denial.sha256');
  return { denial: parseDenial(readText(members, 'denial.json')), journal };
}

/** @throws Stopped artifact-invalid, digest-mismatch */
export function readExecutionEvidence(members: Members): ExecutionEvidence {
  const journal = readRecorded(members, executionArchive, 'execution.sha256');
  return { execution: parseExecution(readText(members, 'execution.json')), journal };
}

/** @throws Stopped artifact-invalid, digest-mismatch */
export function readWithdrawalEvidence(members: Members): WithdrawalEvidence {
  const journal = readRecorded(members, withdrawalArchive, 'withdrawal.sha256');
  return { withdrawal: parseWithdrawal(readText(members, 'withdrawal.json')), journal };
}

/** @returns the journal of an archive that has exactly these files, each with its checksum */
function readRecorded(members: Members, names: readonly string[], checksums: string): string {
  checkNames(members, names);
  checkChecksums(members, checksums);
  const journal = readText(members, 'journal.jsonl');
  readJournal(journal);
  return journal;
}

function checkListed(members: Members, manifest: Manifest): void {
  const listed = new Map(manifest.members.map((member) => [member.name, member]));
  if (listed.size !== manifest.members.length || listed.size !== planMembers.length) {
    throw new Stopped('artifact-invalid', 'The manifest does not list each member once.');
  }
  for (const name of planMembers) {
    const content = members.get(name) as Uint8Array;
    const member = listed.get(name);
    if (member?.size !== content.length || member.sha256 !== sha256(content)) {
      throw new Stopped('digest-mismatch', `${name} is not what the manifest lists.`);
    }
  }
}

function checkScope(plan: Plan, manifest: Manifest): void {
  const scope = plan.files.map((file) => `${file.operation} ${file.path}`).join('\n');
  if (scope !== manifest.files.map((file) => `${file.operation} ${file.path}`).join('\n')) {
    throw new Stopped('digest-mismatch', 'The manifest is about other files than the plan.');
  }
}

/** The journal tells of the approval that it comes with. */
function checkRecorded(journal: string, approval: Sha256): void {
  const told = readJournal(journal).some(
    ({ event, digests }) => event === 'approved' && digests.approval === approval,
  );
  if (!told) throw new Stopped('digest-mismatch', 'The journal does not tell of this approval.');
}

function checkRendering(plan: Plan, members: Members): void {
  if (renderPlanText(plan) !== readText(members, 'plan.txt')) {
    throw new Stopped('digest-mismatch', 'plan.txt is not the rendering of plan.json.');
  }
}

function readPrompt(content: string): Prompt {
  try {
    const prompt = freezePrompt(content, maxStoredPromptKib);
    if (prompt === content) return prompt;
  } catch (error) {
    if (!(error instanceof PromptError)) throw error;
  }
  throw new Stopped('artifact-invalid', 'prompt.txt is not a normalised prompt.');
}

function readPlan(content: string): Plan {
  let plan: Plan;
  try {
    plan = parsePlan(content, maxStoredFiles);
  } catch (error) {
    if (error instanceof Stopped)
      throw new Stopped('artifact-invalid', `plan.json: ${error.message}`);
    throw error;
  }
  if (planJson(plan) !== content) {
    throw new Stopped('artifact-invalid', 'plan.json is not in its canonical form.');
  }
  return plan;
}
