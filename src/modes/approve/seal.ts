/** Seals an approved change: the record, the patch and the journal that later steps believe. */

import { checkPins } from '../../checks/approval.ts';
import { checkLabelShown, checkStillLabelled } from '../../checks/label.ts';
import { checkOpen, sameState } from '../../checks/pull-request.ts';
import { artifactUrl, runRef, timestamp, type World } from '../../checks/world.ts';
import type { Assessment } from '../../core/plan/attempts.ts';
import { type FileChange, type FileState, operationOf } from '../../core/plan/scope.ts';
import { codexSettings } from '../../core/policy/codex-settings.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { type Approval, approvalJson } from '../../core/records/approval.ts';
import { type PlanEvidence, packApproval } from '../../core/records/archive-contents.ts';
import { appendToJournal, type JournalFact } from '../../core/records/journal.ts';
import { sha256 } from '../../core/text/digest.ts';
import { canonicalJson } from '../../core/text/json.ts';
import { parsePath } from '../../core/text/paths.ts';
import { Stopped } from '../../decision.ts';
import { type Found, journalOfEarlierAttempt } from '../../evidence/find.ts';
import type { InputsOf } from '../../inputs.ts';
import type { EditReport } from '../../ports/agent.ts';
import { type Outcome, succeed } from '../../ports/outcome.ts';
import type { PullRequest } from '../../ports/pull-requests.ts';
import type { CountedFiles, Workspace } from '../../ports/workspaces.ts';
import type { Vote } from './votes.ts';

type ApproveInputs = InputsOf<'approve'>;

/** Where Codex may run builds, what they leave in ignored files is no part of the change. */
export function countedFiles(
  { profile }: ApproveInputs,
  policy: Policy,
  { plan }: PlanEvidence,
): CountedFiles {
  return codexSettings(policy, profile).enforcement === 'after-run'
    ? { unignoredAnd: plan.files.map((file) => file.path) }
    : 'all';
}

/** Each change must start from what the manifest says was there. */
export function checkBefore({ manifest }: PlanEvidence, changes: readonly FileChange[]): void {
  const planned = new Map(
    manifest.files.map(({ path, mode, blob }): [string, FileState | null] => [
      path,
      mode === null || blob === null ? null : { mode, blob },
    ]),
  );
  for (const change of changes) {
    if (!sameState(change.before, planned.get(change.path) ?? null)) {
      throw new Stopped(
        'base-moved',
        `${JSON.stringify(change.path)} is not what it was when it was planned.`,
      );
    }
  }
}

/** As the files are: a patch packs those with a NUL in them, and nothing is found in what is packed. */
export async function checkContents(
  world: World,
  workspace: Workspace,
  changes: readonly FileChange[],
): Promise<void> {
  for (const { path, after } of changes) {
    if (after === null) continue;
    world.withhold(JSON.stringify(path), await workspace.blob(after.blob));
  }
}

/** What an approval is made of. */
export interface Sealed {
  readonly evidence: Found<PlanEvidence>;
  readonly pull: PullRequest;
  readonly votes: readonly Vote[];
  readonly patch: Uint8Array;
  readonly changes: readonly FileChange[];
  readonly edit: EditReport;
  /** What the same labelling led to before. */
  readonly earlier: Approval | undefined;
}

/**
 * An approval is not prolonged by a run that is repeated.
 * @param earlier what the same labelling led to before
 * @throws Stopped approval-expired
 */
export function checkUnexpired(now: Date, earlier: Approval | undefined): void {
  if (earlier === undefined || now.getTime() < Date.parse(earlier.expires_at)) return;
  throw new Stopped('approval-expired', `What the label approved ended at ${earlier.expires_at}.`);
}

/** When an approval of this moment ends. */
async function expiry(world: World, inputs: ApproveInputs, created: Date): Promise<string> {
  const hours = inputs['approval-hours'] ?? (await world.policy()).approvers.hours;
  return timestamp(new Date(created.getTime() + hours * 3_600_000));
}

/** Seals the change and records the approval; the live head and label are the last things read before. */
export async function seal(world: World, inputs: ApproveInputs, sealed: Sealed): Promise<Outcome> {
  const { evidence, pull, votes, patch, changes, edit } = sealed;
  const name = `${inputs['artifact-prefix']}-approval-${pull.number}`;
  const latest = votes.at(-1) as Vote;
  await checkStillLabelled(world, pull.number, inputs.label, latest.event);
  const carriedOn = await journalOfEarlierAttempt(world, name, evidence.journal);
  const now = await checkOpen(world, pull.number);
  checkPins(evidence, now);
  checkLabelShown(now, inputs.label);
  const created = world.now();
  const approval: Approval = {
    schema: 'codex-approval/v1',
    repository: evidence.manifest.repository,
    pull_request: pull.number,
    plan_id: evidence.planId,
    plan_sha256: evidence.manifest.plan_sha256,
    prompt_sha256: evidence.manifest.prompt_sha256,
    plan_artifact: evidence.artifact,
    approvers: votes.map(({ person, role, event }) => ({
      ...person,
      permission: role,
      label_event: { id: event.id, created_at: event.at },
    })),
    head: evidence.manifest.head,
    base: evidence.manifest.base,
    files: changes.map((change) => ({
      path: parsePath(change.path),
      operation: operationOf(change),
      before: change.before,
      after: change.after,
    })),
    change_sha256: sha256(patch),
    run: runRef(world.run),
    created_at: timestamp(created),
    expires_at: sealed.earlier?.expires_at ?? (await expiry(world, inputs, created)),
  };
  const journal = appendToJournal(
    carriedOn,
    ...edit.warnings.map(overridden(latest, approval.created_at)),
    ...edit.assessments.map(assessed(latest)),
    {
      at: approval.created_at,
      event: 'approved',
      actor: latest.person,
      digests: {
        plan_id: evidence.planId,
        approval: sha256(approvalJson(approval)),
        change: approval.change_sha256,
      },
      detail: null,
    },
  );
  const members = packApproval(approval, {
    'change.patch': patch,
    'journal.jsonl': journal,
    'run.log': edit.log,
  });
  const artifact = await world.artifacts.publish(name, members);
  Object.assign(world.findings, {
    artifactId: artifact.id,
    artifactUrl: artifactUrl(world, artifact),
    evidencePath: await world.keep('approval', members),
  });
  return succeed(
    'approved',
    `${votes.map((vote) => vote.person.login).join(', ')} approved plan ${evidence.planId} until ${approval.expires_at}.`,
  );
}

/** What an administrator, or Codex itself, made of the settings. */
function overridden({ person }: Vote, at: string): (warning: string) => JournalFact {
  return (warning) => ({ at, event: 'overridden', actor: person, digests: {}, detail: warning });
}

/** The guardian decided within an approval, so the approver is who stands for it. */
function assessed({ person }: Vote): (assessment: Assessment) => JournalFact {
  return ({ at, ...assessment }) => ({
    at,
    event: 'assessed',
    actor: person,
    digests: {},
    detail: canonicalJson(assessment),
  });
}
