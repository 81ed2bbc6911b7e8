/** The commits of a pull request, held against the executions that its evidence records. */

import { type PlanClaim, readPlanClaim } from '../plan/commit-message.ts';
import { type Absences, type AbsentArtifact, skewMs } from './absent.ts';
import type { Artifact } from './artifact.ts';
import type { Ledger } from './ledger.ts';
import { time } from './rules.ts';

/** A commit of the pull request; the person who pushed it wrote the message. */
export interface AuditedCommit {
  readonly sha: string;
  readonly tree: string;
  readonly message: string;
  /** When GitHub itself made and signed it; null if somebody else made it, who could state any time. */
  readonly signedAt: string | null;
}

/** An execution that was not stopped. */
interface Carried {
  readonly planId: string | null;
  readonly commit: string;
}

/**
 * Each commit that claims a plan has its execution, with the same tree, which was not stopped. If GitHub no longer stores
 * the execution, the claim cannot be proven.
 */
export function checkCommits(
  artifacts: readonly Artifact[],
  commits: readonly AuditedCommit[],
  absences: Absences,
  ledger: Ledger,
): void {
  const executions = artifacts.flatMap((one) =>
    one.kind === 'execution' && one.evidence.execution.stopped === undefined
      ? [{ name: one.name, ...one.evidence.execution }]
      : [],
  );
  const carried: Carried[] = [];
  const used = new Set<AbsentArtifact>();
  for (const commit of commits) {
    const { sha, tree, message } = commit;
    const claim = readPlanClaim(message);
    const own = executions.find((one) => one.commit === sha);
    if (own !== undefined) carried.push({ planId: own.plan_id, commit: sha });
    if (claim === undefined) continue;
    const proven = executions.some(
      (one) => one.commit === sha && one.tree === tree && one.plan_id === claim.planId,
    );
    const why = proven || own ? undefined : explain(commit, claim);
    if (why === undefined) {
      ledger.check(
        'executions',
        proven,
        `Commit ${sha} claims the plan ${claim.planId ?? 'of no id'}, and no execution made it.`,
      );
      continue;
    }
    ledger.unproven(
      `That an execution made commit ${sha}, which claims the plan ${claim.planId}: ${why}.`,
    );
    carried.push({ planId: claim.planId, commit: sha });
  }
  checkOnce(carried, ledger);
  for (const { name, commit } of executions) {
    if (commits.some(({ sha }) => sha === commit)) continue;
    ledger.unproven(
      `What became of commit ${commit} of ${name}: the pull request does not list it today.`,
    );
  }

  /** Why the execution of a commit is missing. One that is absent made one commit, and that of its own run. */
  function explain({ sha, signedAt }: AuditedCommit, claim: PlanClaim): string | undefined {
    const { planId, runUrl } = claim;
    if (planId === null) return undefined;
    // Nothing carried out a plan before that was made.
    const planned = artifacts.find((one) => one.kind === 'plan' && one.planId === planId);
    const isLater = (at: string | null) =>
      at !== null && time(at) >= time(planned?.making.created_at ?? at);
    const by = absences.executions.find(
      ({ artifact, entry }) =>
        !used.has(artifact) &&
        isLater(artifact.createdAt) &&
        readRunId(runUrl) === artifact.run.id &&
        isSignedBy(signedAt, artifact) &&
        (entry === undefined || (entry.digests.plan_id === planId && entry.detail === sha)),
    )?.artifact;
    if (by !== undefined) {
      used.add(by);
      return `GitHub no longer stores ${by.name}`;
    }
    const { forgottenBefore } = absences;
    if (signedAt === null || forgottenBefore === null || !isLater(signedAt)) return undefined;
    return time(signedAt) < time(forgottenBefore) ? absences.whyForgotten : undefined;
  }
}

/** GitHub counts runs across all repositories, so the id is enough, and stays if the repository gets another name. */
function readRunId(url: string | null): number | undefined {
  const [, id] = /^[^?#]*\/actions\/runs\/([1-9]\d{0,14})$/.exec(url ?? '') ?? [];
  return id === undefined ? undefined : Number(id);
}

/**
 * Whether the run can have made the commit. If GitHub itself made and signed it, its time counts: the run stored its record
 * after that. GitHub does not sign what the token of a person commits.
 */
function isSignedBy(signedAt: string | null, { run, createdAt }: AbsentArtifact): boolean {
  if (signedAt === null || createdAt === null) return signedAt === null;
  const isOld = run.createdAt !== null && time(signedAt) + skewMs < time(run.createdAt);
  return !isOld && time(signedAt) <= time(createdAt) + skewMs;
}

/** A commit that the branch had not reached lies in the repository, and anybody who can write can push it. */
function checkOnce(carried: readonly Carried[], ledger: Ledger): void {
  for (const { planId, commit } of carried) {
    const first = carried.find((one) => one.planId === planId)?.commit;
    ledger.check(
      'executions',
      first === commit,
      `Commits ${first} and ${commit} both carry out the plan ${planId}, and a plan is carried out once.`,
    );
  }
}
