/**
 * Collects the facts that decide the state of a plan: trusted records, GitHub's event log, and the pull request as it
 * is now. Every mode takes the state from here; no comment on the page decides it.
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
import type { ObjectId } from '../core/text/object-id.ts';
import { isTemporary, type StopReason } from '../decision.ts';
import type { WithArtifact } from '../evidence/genuine.ts';
import type { StoredRecords } from '../evidence/records.ts';
import type { EvidenceStore } from '../evidence/store.ts';
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

export interface LifeTools {
  readonly evidence: EvidenceStore;
  readonly pullRequests: Pick<PullRequests, 'mergeBase'>;
  readonly label: ApprovalLabel;
  readonly requests: Requests;
  readonly clock: Clock;
}

/**
 * Facts that people can change at any moment are read last: the head of the branch, and in the same call the event
 * log and the comments.
 * @param pullRequest the pull request, or a function that reads it
 * @param log the event log, if it was read already
 * @throws Stopped plan-expired and what reading evidence and the pull request throws
 */
export async function readLife(
  tools: LifeTools,
  pullRequest: PullRequest | (() => Promise<PullRequest>),
  plan: WithArtifact<PlanEvidence>,
  log?: LabelLog,
): Promise<PlanLife> {
  return gather(tools, pullRequest, plan, await tools.evidence.readRecords(plan), log);
}

/**
 * The same, for a step that goes on only with an approved plan. If the head has moved, the records that cannot change
 * the state are not read.
 */
export async function readLifeUnlessMoved(
  tools: LifeTools,
  pull: PullRequest,
  plan: WithArtifact<PlanEvidence>,
): Promise<PlanLife> {
  if (pull.head.sha === plan.manifest.head.sha) return readLife(tools, pull, plan);
  const records = await tools.evidence.readRecords(plan, ['withdrawal', 'execution']);
  return gather(tools, pull, plan, records);
}

/** The life of a plan that was published a moment ago, about which nothing is recorded yet. */
export async function readNewLife(
  tools: LifeTools,
  pull: PullRequest,
  plan: WithArtifact<PlanEvidence>,
): Promise<PlanLife> {
  return gather(tools, pull, plan, {
    approvals: [],
    verifications: [],
    denials: [],
    executions: [],
    withdrawals: [],
  });
}

async function gather(
  tools: LifeTools,
  pullRequest: PullRequest | (() => Promise<PullRequest>),
  plan: WithArtifact<PlanEvidence>,
  records: StoredRecords,
  log?: LabelLog,
): Promise<PlanLife> {
  for (const { approval } of records.approvals) {
    for (const { label } of approval.label_events) tools.label.remember(label);
  }
  const pull = typeof pullRequest === 'function' ? await pullRequest() : pullRequest;
  const history = log ?? (await tools.label.readLog(plan.manifest.pull_request));
  const request = await tools.requests.compare(plan);
  const now: PlanNow = {
    records: {
      ...readFacts(records),
      executions: await findExecutions(tools.pullRequests, pull, plan, records),
    },
    history,
    outdated: findOutdated(plan, pull, request),
    baseTouched: false,
    requestEditedAt: request.editedAt,
    now: tools.clock.now(),
  };
  return { pull, plan, records, log: history, request, now, state: planState(now) };
}

/**
 * The commits of recorded executions that nothing stopped, and that the branch does not have. GitHub gave no answer when
 * the branch was to move.
 */
export function listUnreached({ now }: Pick<PlanLife, 'now'>): ObjectId[] {
  return now.records.executions.flatMap(({ commit, reached, stopped }) =>
    reached || stopped ? [] : [commit],
  );
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
  const executions = [...now.records.executions, { commit, reached: true, stopped: false }];
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

function readApprovalFact({
  digest,
  approval,
}: Pick<ApprovalEvidence, 'approval' | 'digest'>): ApprovalFact {
  return {
    digest,
    // The names come from the record, so that an event of somebody else is not taken for the approver's.
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

/** Whether a run of Codex that ended for this reason has answered the label. Temporary trouble is no answer. */
function endsLabelling(reason: StopReason): boolean {
  return !isTemporary(reason);
}

/**
 * An execution is recorded before the branch moves, so it counts only if the branch has its commit. For an execution
 * that was stopped, the place of its commit does not matter.
 */
async function findExecutions(
  pullRequests: Pick<PullRequests, 'mergeBase'>,
  { head }: PullRequest,
  { manifest }: PlanEvidence,
  { executions }: StoredRecords,
): Promise<readonly ExecutionFact[]> {
  const facts: ExecutionFact[] = [];
  for (const { commit, stopped: why } of executions.map(({ execution }) => execution)) {
    const moved = head.sha !== manifest.head.sha;
    const stopped = why !== undefined;
    const reached =
      moved &&
      !stopped &&
      (commit === head.sha || (await isAncestor(pullRequests, commit, head.sha)));
    facts.push({ commit, reached, stopped });
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
