/** Seals an approved change: the record, the patch and the journal that later steps trust. */

import type { LabelLog } from '../../checks/label.ts';
import {
  type LifeTools,
  listUnreached,
  type PlanLife,
  readLife,
  withApproval,
} from '../../checks/plan-life.ts';
import type { StepResult } from '../../checks/stated-pull.ts';
import { rulingOn } from '../../core/life/state.ts';
import { labellingEnd } from '../../core/life/timeline.ts';
import { last, mapAll } from '../../core/lists.ts';
import type { Assessment } from '../../core/plan/attempts.ts';
import type { FileChange } from '../../core/plan/scope.ts';
import { type Approval, approvalJson } from '../../core/records/approval.ts';
import type { PlanEvidence } from '../../core/records/archive-contents.ts';
import type { Person } from '../../core/records/fields.ts';
import { appendToJournal, type JournalFact } from '../../core/records/journal.ts';
import { digestFiles } from '../../core/records/members.ts';
import { packApproval } from '../../core/records/pack.ts';
import { sha256 } from '../../core/text/digest.ts';
import { canonicalJson, toWellFormed } from '../../core/text/json.ts';
import { parseExistingPath } from '../../core/text/paths.ts';
import { timestamp } from '../../core/text/timestamp.ts';
import { Stopped } from '../../decision.ts';
import type { WithArtifact } from '../../evidence/genuine.ts';
import { readUntil } from '../../evidence/lag.ts';
import { newestJournal } from '../../evidence/records.ts';
import { type StoreTools, storeRecord } from '../../evidence/store-record.ts';
import type { EditReport } from '../../ports/agent.ts';
import type { PullRequest } from '../../ports/pull-requests.ts';
import type { Uses } from '../tools.ts';
import { requireOpenPlan } from './ruling.ts';
import { toCountedEvent, type Vote, type Votes } from './votes.ts';

/** A plan that has all the votes that it needs. */
export interface VotedPlan {
  readonly life: PlanLife;
  readonly plan: WithArtifact<PlanEvidence>;
  readonly pull: PullRequest;
  readonly votes: Votes;
}

/** What an approval is about: the plan, and the change that Codex made. */
export interface ApprovedChange extends VotedPlan {
  readonly patch: Uint8Array;
  readonly changes: readonly FileChange[];
  readonly edit: EditReport;
}

export interface SealInputs {
  readonly approvalHours?: number | undefined;
}

/** The result: the change was sealed, or another run had already answered the label. */
export type Sealed =
  | {
      readonly sealed: StepResult;
      readonly approval: Approval;
      /** The address of the artifact with the change. */
      readonly artifactUrl: string;
    }
  | { readonly answeredBefore: PlanLife };

/**
 * Seals the change and records the approval. The label and the head are read last, right before that.
 * @throws Stopped approval-expired, label-missing, head-moved, and what `requireOpenPlan` and storing throw
 */
export async function seal(
  tools: LifeTools & StoreTools & Uses<'records' | 'clock' | 'policy' | 'targets'>,
  inputs: SealInputs,
  approved: ApprovedChange,
): Promise<Sealed> {
  const { plan, votes, patch, edit } = approved;
  const { pull_request: number } = plan.manifest;
  const latest = last(votes);
  const making = await tools.records.describe();
  const policy = await tools.policy.effective();
  const life = await readUntil(
    () => readLife(tools, () => tools.targets.readOpen(number), plan),
    ({ log }) => hasEvent(log, latest),
  );
  requireOpenPlan(life);
  // There can be two runs for one label event, for example if somebody dispatched one. The first ruling counts.
  if (rulingOn(life.now.records, latest.event.id) !== null) return { answeredBefore: life };
  checkStillSet(life, latest);
  const hours = inputs.approvalHours ?? (await tools.policy.read()).approvers.hours;
  const expires = new Date(Date.parse(latest.event.at) + hours * 3_600_000);
  const created = tools.clock.now();
  if (created.getTime() >= expires.getTime()) {
    throw new Stopped(
      'approval-expired',
      `The label was set at ${latest.event.at}, and an approval lasts ${hours} hours (approvers.hours or approval-hours).`,
    );
  }
  const approval = recordApproval(approved, {
    ...making,
    unreached: listUnreached(life),
    created_at: timestamp(created),
    expires_at: timestamp(expires),
  });
  const files = { 'run.log': edit.log, 'policy.json': policy };
  const digests = {
    plan_id: plan.planId,
    approval: sha256(approvalJson(approval)),
    change: approval.change_sha256,
  };
  const journal = appendToJournal(
    newestJournal(plan, life.records),
    ...edit.warnings.map((warning) => toOverride(warning, latest.person, approval.created_at)),
    ...edit.assessments.map((assessment) => toAssessed(assessment, latest.person)),
    ...votes.slice(0, -1).map((vote) => toVoted(vote, digests, approval.created_at)),
    {
      at: approval.created_at,
      event: 'approved',
      actor: latest.person,
      digests: { ...digests, ...digestFiles(files) },
      detail: null,
    },
  );
  const members = packApproval(approval, {
    'change.patch': patch,
    'journal.jsonl': journal,
    ...files,
  });
  const { artifactUrl } = await storeRecord(tools, {
    name: 'approval',
    pullRequest: number,
    members,
  });
  const people = votes.map(({ person }) => person.login).join(', ');
  return {
    sealed: {
      decision: 'approved',
      detail: `${people} approved plan ${plan.planId} until ${approval.expires_at}.`,
      life: withApproval(life, { approval, digest: sha256(approvalJson(approval)) }),
    },
    approval,
    artifactUrl,
  };
}

/** GitHub's event log can lag: it may not have an event that it has shown before. */
function hasEvent({ events }: LabelLog, { event }: Vote): boolean {
  return events.some(({ id }) => id === event.id);
}

/**
 * The label of this vote must still be set, by the same event.
 * @throws Stopped label-missing, head-moved, api-unavailable
 */
function checkStillSet({ log }: PlanLife, vote: Vote): void {
  const { event } = vote;
  if (!hasEvent(log, vote)) {
    throw new Stopped('api-unavailable', 'The event log does not have the label event any more.');
  }
  const ended = labellingEnd(log, event.id);
  if (ended === 'exchanged') {
    throw new Stopped(
      'head-moved',
      'The branch was force-pushed, or its base changed, while Codex worked.',
    );
  }
  if (ended !== null || log.label?.id !== event.label.id) {
    throw new Stopped('label-missing', 'The label was removed while Codex worked.');
  }
}

function recordApproval(
  { plan, pull, votes, patch, changes }: ApprovedChange,
  making: Pick<Approval, 'unreached' | 'policy' | 'action' | 'run' | 'created_at' | 'expires_at'>,
): Approval {
  return {
    schema: 'codex-approval/v1',
    repository: plan.manifest.repository,
    pull_request: pull.number,
    plan_id: plan.planId,
    plan_sha256: plan.manifest.plan_sha256,
    prompt_sha256: plan.manifest.prompt_sha256,
    plan_artifact: plan.artifact,
    approvers: mapAll(votes, ({ person, role, event }) => ({
      ...person,
      permission: role,
      label_event: { id: event.id, created_at: event.at },
    })),
    head: plan.manifest.head,
    base: plan.manifest.base,
    files: changes.map((change) => ({ ...change, path: parseExistingPath(change.path) })),
    change_sha256: sha256(patch),
    label_events: mapAll(votes, toCountedEvent),
    ...making,
  };
}

/** The settings that an administrator, or Codex itself, has changed. */
function toOverride(warning: string, actor: Person, at: string): JournalFact {
  return { at, event: 'overridden', actor, digests: {}, detail: warning.toWellFormed() };
}

/** Everybody but the last approver: that line says `approved`. A reader of the journal sees who else voted. */
function toVoted(
  { person, event }: Vote,
  digests: JournalFact['digests'],
  at: string,
): JournalFact {
  return { at, event: 'voted', actor: person, digests, detail: event.id };
}

/** The guardian acted on the approver's behalf, so the approver is recorded as the actor. */
function toAssessed({ at, ...assessment }: Assessment, actor: Person): JournalFact {
  return {
    at,
    event: 'assessed',
    actor,
    digests: {},
    detail: canonicalJson(toWellFormed(assessment)),
  };
}
