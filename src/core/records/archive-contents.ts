import { Stopped } from '../../decision.ts';
import { type Plan, parsePlan, planDigest, planJson } from '../plan/plan.ts';
import { renderPlanText } from '../plan/plan-text.ts';
import { freezePrompt, type Prompt, PromptError } from '../plan/prompt.ts';
import { type PolicyRecord, parsePolicyRecord } from '../policy/effective.ts';
import { type PlanId, type Sha256, sha256 } from '../text/digest.ts';
import { type Approval, approvalJson, parseApproval } from './approval.ts';
import { type DenialRecord, denialJson, parseDenial } from './denial.ts';
import { type Execution, executionJson, parseExecution } from './execution.ts';
import { readJournal } from './journal.ts';
import { computePlanId, type Manifest, manifestJson, parseManifest } from './manifest.ts';
import { parseVerification, type Verification, verificationJson } from './verification.ts';
import { parseWithdrawal, type Withdrawal, withdrawalJson } from './withdrawal.ts';

/** The files of one artifact by name; text alone, except the sealed change. */
export type Members = ReadonlyMap<string, Uint8Array>;

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

/** What goes into the manifest's `members`: everything of the artifact but the manifest and the checksums. */
export function listMembers(members: Members): Manifest['members'] {
  return [...members].map(([name, content]) => ({
    name,
    size: content.length,
    sha256: sha256(content),
  }));
}

/** Adds the checksums, in the format of coreutils, over everything else. */
export function withChecksums(members: Members, name: string): Members {
  const lines = [...members].map(([member, content]) => `${sha256(content)}  ${member}\n`);
  return new Map([...members, [name, encode(lines.join(''))]]);
}

/** The digest of each file by its name, for the journal. */
export function digestFiles(
  contents: Readonly<Record<string, string | Uint8Array>>,
): Record<string, Sha256> {
  return Object.fromEntries(Object.entries(contents).map(([name, file]) => [name, sha256(file)]));
}

/** @param contents text or bytes by file name */
export function toMembers(contents: Readonly<Record<string, string | Uint8Array>>): Members {
  return new Map(
    Object.entries(contents).map(([name, content]) => [
      name,
      typeof content === 'string' ? encode(content) : content,
    ]),
  );
}

/**
 * Reads a plan artifact back. Everything in it is hashed again, and what can be derived is derived again.
 * @throws Stopped artifact-invalid, digest-mismatch
 */
export function readPlanEvidence(members: Members): PlanEvidence {
  checkNames(members, planArchive);
  checkChecksums(members, 'plan.sha256');
  const manifest = parseManifest(text(members, 'manifest.json'));
  checkListed(members, manifest);
  const prompt = readPrompt(text(members, 'prompt.txt'));
  const plan = readPlan(text(members, 'plan.json'));
  expectDigest('prompt_sha256', manifest.prompt_sha256, sha256(prompt));
  expectDigest('plan_sha256', manifest.plan_sha256, planDigest(plan));
  const instructions = text(members, 'instructions.md');
  expectDigest('instructions_sha256', manifest.instructions_sha256, sha256(instructions));
  checkRendering(plan, members);
  checkScope(plan, manifest);
  const journal = text(members, 'journal.jsonl');
  readJournal(journal);
  return { planId: computePlanId(manifest), manifest, prompt, plan, instructions, journal };
}

/** @throws Stopped artifact-invalid, digest-mismatch */
export function readApprovalEvidence(members: Members): ApprovalEvidence {
  checkNames(members, approvalArchive);
  checkChecksums(members, 'approval.sha256');
  const approval = parseApproval(text(members, 'approval.json'));
  const change = members.get('change.patch') as Uint8Array;
  expectDigest('change_sha256', approval.change_sha256, sha256(change));
  const journal = text(members, 'journal.jsonl');
  const digest = sha256(approvalJson(approval));
  checkRecorded(journal, digest);
  const policy = parsePolicyRecord(text(members, 'policy.json'));
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
  const verification = parseVerification(text(members, 'verification.json'));
  if (members.has('drift.diff') !== (verification.result === 'drifted')) {
    throw new Stopped('artifact-invalid', 'The artifact has a drift that it does not record.');
  }
  if (members.has('plan.json')) {
    const plan = readPlan(text(members, 'plan.json'));
    const recorded = verification.regenerated?.plan_sha256 ?? null;
    expectDigest('regenerated.plan_sha256', recorded, planDigest(plan));
    checkRendering(plan, members);
  }
  const journal = text(members, 'journal.jsonl');
  readJournal(journal);
  return { verification, journal };
}

/** @throws Stopped artifact-invalid, digest-mismatch */
export function readDenialEvidence(members: Members): DenialEvidence {
  const journal = readRecorded(members, denialArchive, 'denial.sha256');
  return { denial: parseDenial(text(members, 'denial.json')), journal };
}

/** @throws Stopped artifact-invalid, digest-mismatch */
export function readExecutionEvidence(members: Members): ExecutionEvidence {
  const journal = readRecorded(members, executionArchive, 'execution.sha256');
  return { execution: parseExecution(text(members, 'execution.json')), journal };
}

/** @throws Stopped artifact-invalid, digest-mismatch */
export function readWithdrawalEvidence(members: Members): WithdrawalEvidence {
  const journal = readRecorded(members, withdrawalArchive, 'withdrawal.sha256');
  return { withdrawal: parseWithdrawal(text(members, 'withdrawal.json')), journal };
}

/** @returns the journal of an archive that has exactly these files, each with its checksum */
function readRecorded(members: Members, names: readonly string[], checksums: string): string {
  checkNames(members, names);
  checkChecksums(members, checksums);
  const journal = text(members, 'journal.jsonl');
  readJournal(journal);
  return journal;
}

/** The bytes that a plan artifact is made of, checksums included. */
export function packPlan(manifest: Manifest, members: Members): Members {
  return withChecksums(
    new Map([...members, ['manifest.json', encode(manifestJson(manifest))]]),
    'plan.sha256',
  );
}

/** The bytes that a verification artifact is made of; `drift` holds the regenerated plan and the diff. */
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

function checkNames(members: Members, expected: readonly string[]): void {
  const missing = expected.find((name) => !members.has(name));
  if (missing !== undefined)
    throw new Stopped('artifact-invalid', `The artifact lacks ${missing}.`);
  if (members.size !== expected.length) {
    throw new Stopped('artifact-invalid', 'The artifact has a file that does not belong there.');
  }
}

/** The checksums are compared as text: a line of somebody else's making is never followed to a file. */
function checkChecksums(members: Members, name: string): void {
  const others = new Map([...members].filter(([member]) => member !== name));
  const expected = text(withChecksums(others, name), name).split('\n').sort().join('\n');
  if (text(members, name).split('\n').sort().join('\n') !== expected) {
    throw new Stopped('digest-mismatch', `${name} does not match the files beside it.`);
  }
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
  if (renderPlanText(plan) !== text(members, 'plan.txt')) {
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

function expectDigest(name: string, expected: Sha256 | null, actual: Sha256): void {
  if (expected !== actual) {
    throw new Stopped('digest-mismatch', `${name}: expected ${expected ?? 'none'}, got ${actual}.`);
  }
}

function text(members: Members, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(members.get(name));
  } catch {
    throw new Stopped('artifact-invalid', `${name} is not valid UTF-8.`);
  }
}

function encode(content: string): Uint8Array {
  return Buffer.from(content);
}
