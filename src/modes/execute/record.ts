/** The record of an execution, for auditors and for every later run. */

import { findActor, type ValidApproval } from '../../checks/approval.ts';
import { listUnreached, type PlanLife } from '../../checks/plan-life.ts';
import type { VerificationEvidence } from '../../core/records/archive-contents.ts';
import { type Execution, executionJson } from '../../core/records/execution.ts';
import type { Person } from '../../core/records/fields.ts';
import { appendToJournal, readJournal } from '../../core/records/journal.ts';
import { digestFiles } from '../../core/records/members.ts';
import { packExecution } from '../../core/records/pack.ts';
import type { ObjectId } from '../../core/text/object-id.ts';
import { timestamp } from '../../core/text/timestamp.ts';
import { Stopped, type StopReason, stoppedByMachine } from '../../decision.ts';
import type { WithArtifact } from '../../evidence/genuine.ts';
import { newestJournal } from '../../evidence/records.ts';
import { type StoreTools, storeEnd, storeRecord } from '../../evidence/store-record.ts';
import type { WorkflowRun } from '../../ports/run.ts';
import type { Uses } from '../tools.ts';

/** The commit that is made from an approval. */
export interface CommitToMake {
  readonly commit: ObjectId;
  readonly tree: ObjectId;
  readonly verification: Pick<WithArtifact<VerificationEvidence>, 'artifact'>;
}

/** A recorded execution, with what is needed to put another record in its place. */
export interface RecordedExecution {
  readonly execution: Execution;
  /** The journal to append to. It does not have the line of this record, because that line is replaced with it. */
  readonly journal: string;
  readonly actor: Person;
}

type RecordTools = StoreTools & Uses<'run' | 'clock' | 'records' | 'policy'>;

/** @throws Stopped api-unavailable, permission-missing, secret-detected, and what the runner's disk throws */
export async function recordExecution(
  tools: RecordTools,
  approved: ValidApproval,
  { commit, tree, verification }: CommitToMake,
): Promise<RecordedExecution> {
  const { pull, plan, approval } = approved;
  const execution: Execution = {
    schema: 'codex-execution/v1',
    repository: plan.manifest.repository,
    pull_request: pull.number,
    plan_id: plan.planId,
    approval_sha256: approval.digest,
    verification_artifact: verification.artifact,
    approvers: [...approved.approvers],
    head: approval.approval.head,
    commit,
    tree,
    unreached: listUnreached(approved.life),
    ...(await tools.records.describe()),
    created_at: timestamp(tools.clock.now()),
  };
  const journal = newestJournal(plan, approved.life.records);
  const recorded = { execution, journal, actor: findActor(tools.run, approved) };
  await publish(tools, recorded);
  return recorded;
}

/**
 * Replaces a record whose commit did not reach the branch. Everybody who can write can push that commit later, and it
 * must not count as an execution then. The new record has the same name in the same run, so nobody can delete the new
 * one and keep the old one.
 * @param why what stopped the step; `internal` after a crash
 */
export async function recordStop(
  tools: RecordTools & Uses<'log'>,
  { execution, journal, actor }: RecordedExecution,
  why: StopReason,
): Promise<void> {
  try {
    const stopped: Execution = {
      ...execution,
      stopped: why,
      ...(await tools.records.describe()),
      created_at: timestamp(tools.clock.now()),
    };
    await publish(tools, { execution: stopped, journal, actor });
  } catch (error) {
    const known = error instanceof Stopped ? error : stoppedByMachine(error);
    if (known === undefined) throw error;
    const { commit } = execution;
    tools.log.warn(
      `It could not be recorded that commit ${commit} was stopped. Do not push this commit: it would count as the execution. ${known.message}`,
    );
  }
}

/**
 * The record that an earlier attempt of this run left before it crashed, if its commit is not on the branch. Records of
 * other runs do not count: such a run may still be working.
 */
export function findLeftByEarlierAttempt(
  { id }: WorkflowRun,
  { plan, records, now }: PlanLife,
): RecordedExecution | undefined {
  const left = records.executions.findLast(({ execution }, index) => {
    const fact = now.records.executions[index];
    return execution.run.id === id && fact?.reached === false && !fact.stopped;
  });
  const actor = left && readJournal(left.journal).at(-1)?.actor;
  return actor && { execution: left.execution, journal: newestJournal(plan, records), actor };
}

async function publish(
  tools: RecordTools,
  { execution, journal, actor }: RecordedExecution,
): Promise<void> {
  const { stopped, commit, plan_id, approval_sha256: approval } = execution;
  const files = { 'policy.json': await tools.policy.effective() };
  const carriedOn = appendToJournal(journal, {
    at: execution.created_at,
    event: stopped === undefined ? 'executed' : 'denied',
    actor,
    digests: {
      plan_id,
      approval,
      ...digestFiles({ 'execution.json': executionJson(execution), ...files }),
    },
    detail: stopped ?? commit,
  });
  const members = packExecution(execution, { 'journal.jsonl': carriedOn, ...files });
  const store = stopped === undefined ? storeRecord : storeEnd;
  await store(tools, { name: 'execution', pullRequest: execution.pull_request, members });
}
