/** Decides on a recorded execution again, and on what may not follow an end. */

import { findRefusal } from '../policy/rules.ts';
import type { Artifact } from './artifact.ts';
import type { PlanStory } from './journals.ts';
import type { Ledger } from './ledger.ts';
import { checkArchive, longestExecutionMs, longestStepMs, time } from './rules.ts';
import { findApproval } from './verifications.ts';

export function checkExecution(
  artifact: Artifact<'execution'>,
  story: PlanStory,
  ledger: Ledger,
): void {
  const { name, evidence, policy } = artifact;
  const { execution } = evidence;
  const approval = findApproval(execution.approval_sha256, story);
  const finding = `${name} rests on an approval that is missing.`;
  if (!ledger.check('links', approval !== undefined, finding) || approval === undefined) return;
  // It carried nothing out, and its time is that of the stop.
  if (execution.stopped !== undefined) return;
  const sealed = approval.evidence.approval;
  const at = time(execution.created_at);
  ledger.check(
    'times',
    at >= time(sealed.created_at) && at < time(sealed.expires_at) + longestExecutionMs,
    `${name} was made before its approval, or after that had expired.`,
  );
  ledger.check(
    'links',
    execution.head.sha === sealed.head.sha && execution.head.ref === sealed.head.ref,
    `${name} put its commit on another head than was approved.`,
  );
  const { files } = story.plan.evidence.plan;
  const refusal = findRefusal('plan', { files, policyFile: execution.policy.path }, policy);
  ledger.check(
    'policy',
    refusal === undefined && sealed.approvers.length >= policy.approvers.count,
    `${name} should have been refused by the policy of that time: ${refusal?.detail ?? 'it needs more approvers.'}`,
  );
  checkVerified(artifact, approval, story, ledger);
}

/** The newest verification of the approval passed, and was fresh. */
function checkVerified(
  { name, evidence: { execution }, policy }: Artifact<'execution'>,
  { evidence: { digest } }: Artifact<'approval'>,
  { records }: PlanStory,
  ledger: Ledger,
): void {
  const at = time(execution.created_at);
  const newest = records.findLast(
    (one): one is Artifact<'verification'> =>
      one.kind === 'verification' &&
      one.evidence.verification.approval_sha256 === digest &&
      time(one.making.created_at) <= at,
  );
  const verification = newest?.evidence.verification;
  ledger.check(
    'executions',
    verification?.result === 'verified',
    `${name} rests on no verification that passed.`,
  );
  if (newest === undefined || verification === undefined) return;
  const minutes = policy.execute['verification-minutes'];
  ledger.check(
    'executions',
    at - time(verification.created_at) <= minutes * 60_000 + longestExecutionMs,
    `${name} rests on a verification that was older than ${minutes} minutes (execute.verification-minutes).`,
  );
  checkArchive(name, newest, execution.verification_artifact, ledger);
}

/** After a withdrawal and after a drift nothing goes on; after a newer plan the older one has ended. */
export function checkEnds(
  { plan, records }: PlanStory,
  stories: readonly PlanStory[],
  ledger: Ledger,
): void {
  for (const end of records) {
    const what =
      end.kind === 'withdrawal' ? 'the withdrawal of the plan' : 'the drift of its approval';
    for (const later of records) {
      if (!isEndedBy(later, end)) continue;
      const before = time(later.making.created_at) <= time(end.making.created_at) + longestStepMs;
      // In the order of the journal the later run knew of the end; a step that was at work already may not have.
      const knew = later.entries.length > end.entries.length;
      ledger.check(
        'executions',
        !knew && before,
        `${later.name} was made after ${what} (${end.name}).`,
      );
    }
  }
  for (const { plan: newer } of stories) {
    if (!isNewerPlan(newer, plan)) continue;
    for (const later of records) {
      if (carriesNothingOut(later)) continue;
      ledger.check(
        'executions',
        time(later.making.created_at) <= time(newer.making.created_at) + longestStepMs,
        `${later.name} is about a plan that ${newer.name} had replaced.`,
      );
    }
  }
}

/** What is an end itself can follow every other end. */
function carriesNothingOut(one: Artifact): boolean {
  if (one.kind === 'execution') return one.evidence.execution.stopped !== undefined;
  return one.kind === 'denial' || one.kind === 'withdrawal';
}

function isEndedBy(later: Artifact, end: Artifact): boolean {
  if (later === end || time(later.making.created_at) < time(end.making.created_at)) return false;
  if (end.kind === 'withdrawal') return !carriesNothingOut(later);
  return (
    end.kind === 'verification' &&
    end.evidence.verification.result === 'drifted' &&
    later.kind === 'execution' &&
    later.evidence.execution.stopped === undefined &&
    later.evidence.execution.approval_sha256 === end.evidence.verification.approval_sha256
  );
}

function isNewerPlan(newer: Artifact<'plan'>, plan: Artifact<'plan'>): boolean {
  const { repository, pull_request, created_at } = newer.making;
  return (
    newer !== plan &&
    repository.id === plan.making.repository.id &&
    pull_request === plan.making.pull_request &&
    time(created_at) > time(plan.making.created_at)
  );
}
