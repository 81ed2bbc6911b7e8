/** What people and auditors find after a commit. The commit is made: whatever fails here is a warning. */

import { type ApprovedPlan, findActor } from '../../checks/approval.ts';
import { packExecution, type VerificationEvidence } from '../../core/records/archive-contents.ts';
import type { Execution } from '../../core/records/execution.ts';
import { appendToJournal } from '../../core/records/journal.ts';
import type { ObjectId } from '../../core/text/object-id.ts';
import { timestamp } from '../../core/text/timestamp.ts';
import { toRunRef } from '../../evidence/addresses.ts';
import type { WithArtifact } from '../../evidence/store.ts';
import { bestEffort } from '../../page/best-effort.ts';
import { code } from '../../report/markdown.ts';
import type { Uses } from '../tools.ts';

/** The commit that an approval became. */
export interface Committed {
  readonly commit: ObjectId;
  readonly tree: ObjectId;
  readonly verification: WithArtifact<VerificationEvidence>;
}

/** Removes the label, shows the commit on the plan comment, and stores the record of the execution. */
export async function showExecuted(
  tools: Parameters<typeof recordExecution>[0] & Uses<'label' | 'log' | 'page'>,
  approved: ApprovedPlan,
  committed: Committed,
): Promise<void> {
  const { label, log } = tools;
  const { pull, plan } = approved;
  const { commit } = committed;
  await bestEffort(log, () => label.remove(pull.number));
  await showCommit(tools, approved, commit);
  await bestEffort(log, () => recordExecution(tools, approved, committed));
  log.summarise(`Commit ${code(commit)} carries out plan ${code(plan.planId)}.`);
}

async function recordExecution(
  {
    run,
    clock,
    evidence,
    report,
    keepForLaterSteps,
  }: Uses<'run' | 'clock' | 'evidence' | 'report' | 'keepForLaterSteps'>,
  approved: ApprovedPlan,
  { commit, tree, verification }: Committed,
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
    run: toRunRef(run),
    created_at: timestamp(clock.now()),
  };
  const journal = appendToJournal(verification.journal, {
    at: execution.created_at,
    event: 'executed',
    actor: findActor(run, approved),
    digests: { plan_id: plan.planId, approval: approval.digest },
    detail: commit,
  });
  const members = packExecution(execution, journal);
  report.note({ evidencePath: await keepForLaterSteps('execution', members) });
  const artifact = await evidence.publish('execution', pull.number, members);
  report.note({ artifactId: artifact.id, artifactUrl: artifact.url });
}

/** On every comment that shows the plan. */
export async function showCommit(
  { log, page, report }: Uses<'log' | 'page' | 'report'>,
  { pull, plan }: ApprovedPlan,
  commit: ObjectId,
): Promise<void> {
  await bestEffort(log, async () => {
    for (const comment of await page.findPlanComments(pull.number, plan.planId)) {
      report.note({ commentUrl: comment.url });
      await page.updateState(comment, { is: 'executed', commit });
    }
  });
}
