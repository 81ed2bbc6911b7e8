/** The record of an execution, for auditors and for every later run. */

import { findActor, type ValidApproval } from '../../checks/approval.ts';
import {
  digestFiles,
  packExecution,
  type VerificationEvidence,
} from '../../core/records/archive-contents.ts';
import { type Execution, executionJson } from '../../core/records/execution.ts';
import { appendToJournal } from '../../core/records/journal.ts';
import type { ObjectId } from '../../core/text/object-id.ts';
import { timestamp } from '../../core/text/timestamp.ts';
import { newestJournal, type WithArtifact } from '../../evidence/store.ts';
import type { Uses } from '../tools.ts';

/** The commit that an approval becomes. */
export interface CommitToMake {
  readonly commit: ObjectId;
  readonly tree: ObjectId;
  readonly verification: WithArtifact<VerificationEvidence>;
}

/** @throws Stopped api-unavailable, permission-missing, secret-detected */
export async function recordExecution(
  {
    run,
    clock,
    evidence,
    records,
    policy,
    report,
    keepForLaterSteps,
  }: Uses<'run' | 'clock' | 'evidence' | 'records' | 'policy' | 'report' | 'keepForLaterSteps'>,
  approved: ValidApproval,
  { commit, tree, verification }: CommitToMake,
): Promise<void> {
  const { pull, plan, approval } = approved;
  const execution: Execution = {
    schema: 'codex-execution/v1',
    repository: plan.manifest.repository,
    pull_request: pull.number,
    plan_id: plan.planId,
    approval_sha256: approval.digest,
    verification_artifact: verification.artifact,
    head: approval.approval.head,
    commit,
    tree,
    ...(await records.describe()),
    created_at: timestamp(clock.now()),
  };
  const files = { 'policy.json': await policy.effective() };
  const journal = appendToJournal(newestJournal(plan, approved.life.records), {
    at: execution.created_at,
    event: 'executed',
    actor: findActor(run, approved),
    digests: {
      plan_id: plan.planId,
      approval: approval.digest,
      ...digestFiles({ 'execution.json': executionJson(execution), ...files }),
    },
    detail: commit,
  });
  const members = packExecution(execution, { 'journal.jsonl': journal, ...files });
  const artifact = await evidence.publish('execution', pull.number, members);
  report.note({
    artifactId: artifact.id,
    artifactUrl: artifact.url,
    evidencePath: await keepForLaterSteps('execution', members),
  });
}
