/** The verification artifact: what was compared at today's head and base, and the result. */

import { findActor, type ValidApproval } from '../../checks/approval.ts';
import type { Turn } from '../../checks/rotation.ts';
import type { Comparison, ScopeChange } from '../../core/plan/drift.ts';
import { type Plan, planDigest, planJson } from '../../core/plan/plan.ts';
import { renderPlanText } from '../../core/plan/plan-text.ts';
import { appendToJournal, type JournalFact } from '../../core/records/journal.ts';
import { digestFiles, toMembers } from '../../core/records/members.ts';
import { packVerification } from '../../core/records/pack.ts';
import {
  type DriftWay,
  type Verification,
  type VerificationBasis,
  verificationJson,
} from '../../core/records/verification.ts';
import { timestamp } from '../../core/text/timestamp.ts';
import { newestJournal } from '../../evidence/records.ts';
import {
  type StoredRecord,
  type StoreTools,
  storeEnd,
  storeRecord,
} from '../../evidence/store-record.ts';
import type { Proposal } from '../../ports/agent.ts';
import type { BaseCommit } from '../../ports/pull-requests.ts';
import type { Pins } from '../../ports/workspaces.ts';
import type { Uses } from '../tools.ts';

/** The plan that Codex gave today. */
export interface Regenerated {
  readonly plan: Plan;
  readonly proposal: Proposal;
}

/** What was found at today's head and base. */
export interface Finding {
  readonly approved: ValidApproval;
  readonly way: DriftWay;
  readonly basis: VerificationBasis;
  readonly pins: Pins;
  /** Null if Codex was not asked. */
  readonly regenerated: Regenerated | null;
  readonly comparison: Comparison;
  readonly causes: {
    /** Files of either plan that the base changed. */
    readonly moved: readonly string[];
    readonly baseCommits: readonly BaseCommit[];
    readonly toolchain: readonly string[];
  };
}

type RecordTools = StoreTools & Uses<'run' | 'clock' | 'records' | 'policy'>;

export async function recordVerified(tools: RecordTools, finding: Finding): Promise<void> {
  await record(tools, finding, 'verified', {});
}

/** Also stores the difference and, if Codex made one, today's plan. */
export async function recordDrifted(
  tools: RecordTools & Uses<'rotation'>,
  finding: Finding,
  turn: Turn | null,
): Promise<Recorded> {
  const { comparison, regenerated } = finding;
  const recorded = await record(
    tools,
    finding,
    'drifted',
    {
      'drift.diff': comparison.diff,
      ...(regenerated === null
        ? {}
        : {
            'plan.json': planJson(regenerated.plan),
            'plan.txt': renderPlanText(regenerated.plan),
          }),
    },
    (at) => {
      const { planId } = finding.approved.plan;
      return tools.rotation.toJournalFacts(
        turn,
        at,
        findActor(tools.run, finding.approved),
        planId,
      );
    },
  );
  if (recorded.folder !== null) {
    tools.report.note({ driftDiff: `${recorded.folder}/drift.diff` });
  }
  return recorded;
}

/** A verification as it was stored. */
export interface Recorded extends StoredRecord {
  readonly verification: Verification;
}

async function record(
  tools: RecordTools,
  finding: Finding,
  result: Verification['result'],
  more: Readonly<Record<string, string>>,
  asks: (at: string) => readonly JournalFact[] = () => [],
): Promise<Recorded> {
  const { run, clock, records, policy } = tools;
  const { approved, comparison, causes, regenerated, pins } = finding;
  const { pull, plan, approval } = approved;
  const verification: Verification = {
    schema: 'codex-verification/v1',
    repository: plan.manifest.repository,
    pull_request: pull.number,
    plan_id: plan.planId,
    approval_sha256: approval.digest,
    approval_artifact: approval.artifact,
    approvers: [...approved.approvers],
    way: finding.way,
    result,
    basis: finding.basis,
    regenerated: regenerated && { plan_sha256: planDigest(regenerated.plan) },
    scope: recordScope(comparison.scope),
    causes: {
      base_commits: causes.baseCommits.map(({ sha, paths }) => ({ sha, paths: [...paths] })),
      toolchain: [...causes.toolchain],
    },
    head: { ref: pull.head.ref, sha: pins.head },
    base: { ref: pull.baseRef, sha: pins.base },
    ...(await records.describe()),
    created_at: timestamp(clock.now()),
  };
  const files = {
    'run.log': regenerated?.proposal.log ?? '',
    'policy.json': await policy.effective(),
    ...more,
  };
  const fact: JournalFact = {
    at: verification.created_at,
    event: result,
    actor: findActor(run, approved),
    digests: {
      plan_id: plan.planId,
      approval: approval.digest,
      ...digestFiles({ 'verification.json': verificationJson(verification), ...files }),
    },
    ...(result === 'drifted' ? describeDrift(finding) : { detail: null }),
  };
  const before = newestJournal(plan, approved.life.records);
  const journal = appendToJournal(before, fact, ...asks(fact.at));
  const members = packVerification(verification, { 'journal.jsonl': journal, ...files });
  const approvedPlan = toMembers({
    'prompt.txt': plan.prompt,
    'plan.json': planJson(plan.plan),
    'plan.txt': renderPlanText(plan.plan),
  });
  const store = result === 'drifted' ? storeEnd : storeRecord;
  const stored = await store(tools, {
    name: 'verification',
    pullRequest: pull.number,
    members,
    alsoKept: approvedPlan,
  });
  return { verification, ...stored };
}

/** The cause, as the reason code of the run, and the files that it is about. */
function describeDrift({ basis, comparison, causes }: Finding) {
  if (basis === 'deterministic') return { detail: 'base-moved', paths: [...causes.moved] };
  const { added, removed, retyped } = comparison.scope;
  const paths = [...added, ...removed, ...retyped].map(({ path }) => path);
  return { detail: comparison.drift, paths };
}

function recordScope({ added, removed, retyped }: ScopeChange): Verification['scope'] {
  const files = (list: ScopeChange['added']) =>
    list.map(({ path, operation }) => ({ path, operation }));
  return { added: files(added), removed: files(removed), retyped: files(retyped) };
}
