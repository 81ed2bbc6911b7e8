/**
 * Gathers what the state of a plan is decided from: trusted records, GitHub's event log, the pull request of now. Every
 * mode takes the state from here, and what a page says is never asked.
 */

import {
  type ApprovalFact,
  type ExecutionFact,
  type PlanNow,
  type PlanRecords,
  type PlanState,
  planState,
} from '../core/life/state.ts';
import type { ApprovalEvidence, PlanEvidence } from '../core/records/archive-contents.ts';
import type { CountedLabelEvent } from '../core/records/fields.ts';
import type { Verification } from '../core/records/verification.ts';
import type { ObjectId } from '../core/text/object-id.ts';
import { explain, Stopped, type StopReason } from '../decision.ts';
import type { EvidenceStore, StoredRecords, WithArtifact } from '../evidence/store.ts';
import type { PullRequest, PullRequests } from '../ports/pull-requests.ts';
import type { Clock } from '../ports/runner.ts';
import type { ApprovalLabel, LabelLog } from './label.ts';
import type { RequestNow, Requests } from './requests.ts';

/** A plan with everything that was recorded about it, and the pull request as it is now. */
export interface PlanLife {
  readonly pull: PullRequest;
  readonly plan: WithArtifact<PlanEvidence>;
  readonly records: StoredRecords;
  readonly log: LabelLog;
  readonly request: RequestNow;
  readonly now: PlanNow;
  readonly state: PlanState;
}

export interface LifeRooms {
  readonly evidence: EvidenceStore;
  readonly pullRequests: Pick<PullRequests, 'mergeBase'>;
  readonly label: ApprovalLabel;
  readonly requests: Requests;
  readonly clock: Clock;
}

/**
 * What a person can change at any moment is read last, the head of the branch at the very end: what is decided then is
 * about a head that was there a moment ago.
 * @param pullRequest the pull request, or what reads it
 * @param log the event log, if it was read already
 * @throws Stopped plan-expired and what reading evidence and the pull request throws
 */
export async function readLife(
  rooms: LifeRooms,
  pullRequest: PullRequest | (() => Promise<PullRequest>),
  plan: WithArtifact<PlanEvidence>,
  log?: LabelLog,
): Promise<PlanLife> {
  return gather(rooms, pullRequest, plan, await rooms.evidence.readRecords(plan), log);
}

/**
 * The same for a step that goes on with an approved plan alone: of a plan whose head moved, the records that do not
 * change its state are not read.
 */
export async function readLifeUnlessMoved(
  rooms: LifeRooms,
  pull: PullRequest,
  plan: WithArtifact<PlanEvidence>,
): Promise<PlanLife> {
  if (pull.head.sha === plan.manifest.head.sha) return readLife(rooms, pull, plan);
  const records = await rooms.evidence.readRecords(plan, ['withdrawal', 'execution']);
  return gather(rooms, pull, plan, records);
}

/** The life of a plan that was published a moment ago, about which nothing is recorded yet. */
export async function readNewLife(
  rooms: LifeRooms,
  pull: PullRequest,
  plan: WithArtifact<PlanEvidence>,
): Promise<PlanLife> {
  return gather(rooms, pull, plan, {
    approvals: [],
    verifications: [],
    denials: [],
    executions: [],
    withdrawals: [],
  });
}

async function gather(
  rooms: LifeRooms,
  pullRequest: PullRequest | (() => Promise<PullRequest>),
  plan: WithArtifact<PlanEvidence>,
  records: StoredRecords,
  log?: LabelLog,
): Promise<PlanLife> {
  const history = log ?? (await rooms.label.readLog(plan.manifest.pull_request));
  const request = await rooms.requests.compare(plan);
  const pull = typeof pullRequest === 'function' ? await pullRequest() : pullRequest;
  const now: PlanNow = {
    records: {
      ...readFacts(records),
      executions: await findExecutions(rooms.pullRequests, pull, plan, records),
    },
    history,
    outdated: findOutdated(plan, pull, request),
    baseTouched: false,
    requestEditedAt: request.editedAt,
    evidenceGone: false,
    now: rooms.clock.now(),
  };
  return { pull, plan, records, log: history, request, now, state: planState(now) };
}

/** The same life after an approval was recorded. */
export function withApproval(
  life: PlanLife,
  approval: Pick<ApprovalEvidence, 'approval' | 'digest'>,
): PlanLife {
  const approvals = [...life.now.records.approvals, readApprovalFact(approval)];
  return withRecords(life, { ...life.now.records, approvals });
}

/** The same life after the branch has moved to the commit of a recorded execution. */
export function withExecution(life: PlanLife, commit: ObjectId): PlanLife {
  const { pull, now } = life;
  const executions = [...now.records.executions, { commit, reached: true }];
  const executed = withRecords(life, { ...now.records, executions });
  return { ...executed, pull: { ...pull, head: { ...pull.head, sha: commit } } };
}

function withRecords(life: PlanLife, records: PlanRecords): PlanLife {
  const now = { ...life.now, records };
  return { ...life, now, state: planState(now) };
}

/** The same life, if the base has changed planned files. */
export function withBaseTouched(life: PlanLife): PlanLife {
  const now = { ...life.now, baseTouched: true };
  return { ...life, now, state: planState(now) };
}

function findOutdated(
  { manifest }: PlanEvidence,
  { head, baseRef }: PullRequest,
  { edited }: RequestNow,
): PlanNow['outdated'] {
  if (manifest.head.sha !== head.sha) return 'head-moved';
  if (manifest.base.ref !== baseRef) return 'base-changed';
  return edited ? 'request-edited' : null;
}

function readFacts({
  approvals,
  verifications,
  denials,
  withdrawals,
}: StoredRecords): Omit<PlanRecords, 'executions'> {
  return {
    approvals: approvals.map(readApprovalFact),
    verifications: verifications.map(({ verification }) => ({
      approval: verification.approval_sha256,
      drifted: verification.result === 'drifted',
    })),
    denials: denials.map(({ denial }) => ({
      counted: denial.label_events.map(readCounted),
      reason: denial.reason,
      voids: endsLabelling(denial.reason),
    })),
    withdrawn: withdrawals.length > 0,
  };
}

export function readApprovalFact({
  digest,
  approval,
}: Pick<ApprovalEvidence, 'approval' | 'digest'>): ApprovalFact {
  return {
    digest,
    // The record's own names, so that an event of somebody else's does not pass for the approver's.
    counted: approval.approvers.map(({ id, label_event }) => ({
      id: label_event.id,
      actorId: id,
    })),
    createdAt: approval.created_at,
    expiresAt: approval.expires_at,
  };
}

function readCounted({ id, actor }: CountedLabelEvent) {
  return { id, actorId: actor.id };
}

/** Whether a run of Codex that ended so has answered the label: a passing trouble has not. */
export function endsLabelling(reason: StopReason): boolean {
  return explain(reason).voids !== 'never';
}

/** An execution is recorded before the branch moves, so it counts when the branch has its commit. */
async function findExecutions(
  pullRequests: Pick<PullRequests, 'mergeBase'>,
  { head }: PullRequest,
  { manifest }: PlanEvidence,
  { executions }: StoredRecords,
): Promise<readonly ExecutionFact[]> {
  const facts: ExecutionFact[] = [];
  for (const { commit } of executions.map(({ execution }) => execution)) {
    const moved = head.sha !== manifest.head.sha;
    const reached =
      moved && (commit === head.sha || (await isAncestor(pullRequests, commit, head.sha)));
    facts.push({ commit, reached });
  }
  return facts;
}

async function isAncestor(
  pullRequests: Pick<PullRequests, 'mergeBase'>,
  commit: ObjectId,
  head: ObjectId,
): Promise<boolean> {
  return (await pullRequests.mergeBase(commit, head)) === commit;
}

/** Why a step stopped, for whoever tells what has become of the plan. */
const stoppedLives = new WeakMap<Stopped, PlanLife>();

/** The life that made a step stop; undefined if it stopped for something else. */
export function lifeThatStopped(stopped: Stopped): PlanLife | undefined {
  return stoppedLives.get(stopped);
}

/**
 * How a step stops that needs another state than this.
 * @param life its state is not one that the step can go on with
 */
export function stoppedByState(life: PlanLife): Stopped {
  const stopped = explainStop(life);
  stoppedLives.set(stopped, life);
  return stopped;
}

function explainStop({ state, log, records }: PlanLife): Stopped {
  switch (state.is) {
    case 'none':
      return new Stopped('plan-missing', 'No plan of this pull request is stored.');
    case 'withdrawn':
      return new Stopped('plan-withdrawn', 'The plan was withdrawn.');
    case 'executed':
      return new Stopped(
        'approval-consumed',
        `Commit ${state.commit} carries out the plan already.`,
      );
    case 'outdated':
      return stoppedBecauseOutdated[state.by]();
    case 'drifted':
      return state.by === 'base'
        ? new Stopped('base-moved', 'The base has changed a planned file since the plan.')
        : stoppedByDrift(records);
    case 'denied':
      return new Stopped(state.reason, 'The plan was denied for this label before.');
    case 'expired':
      return state.what === 'plan'
        ? new Stopped('plan-expired', 'The evidence of the plan is no longer stored.')
        : new Stopped('approval-expired', 'The approval has expired.');
    case 'approved':
      return new Stopped('approval-missing', 'The approval is about another label.');
    case 'awaiting':
      return stoppedWhileAwaiting(state.ended, log);
  }
}

const stoppedBecauseOutdated = {
  'head-moved': () =>
    new Stopped('head-moved', 'The head is not the commit that the plan is about.'),
  'base-changed': () =>
    new Stopped('base-moved', 'The pull request goes to another base than the plan is about.'),
  'request-edited': () =>
    new Stopped('plan-altered', 'The comment with the request was edited or deleted.'),
} as const;

/** A drift that was recorded is final, and it is told as it was told then. */
function stoppedByDrift({ verifications }: StoredRecords): Stopped {
  const drifted = verifications.findLast(({ verification }) => verification.result === 'drifted');
  const reason = drifted === undefined ? 'plan-drift' : driftReason(drifted.verification);
  return new Stopped(reason, 'A verification of this approval has found a drift before.', {
    decision: 'drifted',
  });
}

function driftReason({
  regenerated,
  scope,
}: Verification): 'base-moved' | 'scope-drift' | 'plan-drift' {
  if (regenerated === null) return 'base-moved';
  const files = [...scope.added, ...scope.removed, ...scope.retyped];
  return files.length > 0 ? 'scope-drift' : 'plan-drift';
}

function stoppedWhileAwaiting(
  ended: Extract<PlanState, { is: 'awaiting' }>['ended'],
  { label }: LabelLog,
): Stopped {
  if (label !== undefined && (ended === null || ended === 'removed')) return stoppedWithoutAnswer();
  if (ended === null) return new Stopped('approval-missing', 'Nobody has approved the plan.');
  if (ended === 'exchanged') {
    return new Stopped(
      'head-moved',
      'The branch was force-pushed, or its base changed, after the label was set.',
    );
  }
  if (ended === 'edited') {
    return new Stopped('plan-altered', 'The request was edited after the label was set.');
  }
  if (ended === 'unknown') {
    // A log that lags says nothing about the label that is set now.
    return new Stopped('label-missing', 'GitHub names no label event as the approval does.', {
      keepsLabel: true,
    });
  }
  return new Stopped('label-missing', 'The label that approved the plan is no longer set.');
}

/** A label that nothing answers yet is left alone: approve may still be at work, or its artifact not yet listed. */
export function stoppedWithoutAnswer(): Stopped {
  return new Stopped(
    'approval-missing',
    'The label is set, and no approval by it is recorded. Remove it before you set it again.',
  );
}
