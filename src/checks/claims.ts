/**
 * Whether the commits of a pull request have the approvals that they claim. A commit claims an approval in its
 * trailers, which the person who pushed it wrote; only the record of the execution proves the claim. This does not
 * find a commit of an agent that claims nothing.
 */

import { type PlanClaim, readPlanClaim } from '../core/plan/commit-message.ts';
import { Stopped } from '../decision.ts';
import type { Provenance } from '../evidence/provenance.ts';
import type { EvidenceStore, RunExecutions } from '../evidence/store.ts';
import type { PullCommit } from '../ports/pull-requests.ts';
import type { WorkflowRun } from '../ports/run.ts';

/** What was found about the claims of a pull request. */
export type ClaimFinding =
  | { readonly is: 'unproven'; readonly commit: PullCommit; readonly why: string }
  /** The commit names a trusted run, and that run's record of an execution has expired. */
  | { readonly is: 'expired'; readonly commit: PullCommit }
  /**
   * The run is trusted and has no record of an execution. The record was deleted or never made: GitHub does not say
   * which.
   */
  | { readonly is: 'missing'; readonly commit: PullCommit };

/**
 * Each claim costs calls, and people who can push can make any number of claims. Without a limit, one branch could
 * use up the hourly calls of the whole repository.
 */
const mostClaims = 30;

const altered = new Set<string>(['digest-mismatch', 'artifact-invalid', 'provenance-mismatch']);

interface Claim {
  readonly commit: PullCommit;
  readonly says: PlanClaim;
}

export class Claims {
  readonly #evidence: Pick<EvidenceStore, 'findExecutions'>;
  readonly #provenance: Pick<Provenance, 'isTrustedRun'>;
  readonly #run: Pick<WorkflowRun, 'serverUrl' | 'repository'>;

  constructor(
    evidence: Pick<EvidenceStore, 'findExecutions'>,
    provenance: Pick<Provenance, 'isTrustedRun'>,
    run: Pick<WorkflowRun, 'serverUrl' | 'repository'>,
  ) {
    this.#evidence = evidence;
    this.#provenance = provenance;
    this.#run = run;
  }

  /**
   * @param commits the commits of a pull request that its base does not have
   * @returns the first claim that is not proven, or otherwise one whose evidence is no longer stored
   * @throws Stopped api-unavailable and what reading evidence throws
   */
  async check(commits: readonly PullCommit[]): Promise<ClaimFinding | undefined> {
    const claims = commits.flatMap((commit): Claim[] => {
      const says = readPlanClaim(commit.message);
      return says === undefined ? [] : [{ commit, says }];
    });
    let unstored: ClaimFinding | undefined;
    for (const claim of claims.slice(0, mostClaims)) {
      const finding = await this.#checkOne(claim);
      if (finding?.is === 'unproven') return finding;
      unstored ??= finding;
    }
    const beyond = claims[mostClaims];
    if (beyond === undefined) return unstored;
    return {
      is: 'unproven',
      commit: beyond.commit,
      why: `is one of more than ${mostClaims} that do`,
    };
  }

  async #checkOne({ commit, says }: Claim): Promise<ClaimFinding | undefined> {
    const unproven = (why: string): ClaimFinding => ({ is: 'unproven', commit, why });
    const runId = this.#readRunId(says.runUrl);
    if (says.planId === null || runId === undefined) {
      return unproven('names no plan and run of this repository');
    }
    if (!(await this.#provenance.isTrustedRun(runId))) {
      return unproven('names a run that is not trusted');
    }
    // A matrix job can execute several plans in one run.
    const executions = await this.#findExecutions(runId);
    if (executions === 'unreadable') return unproven('its evidence does not hold');
    const { stored, expired } = executions;
    if (stored.length === 0) return { is: expired ? 'expired' : 'missing', commit };
    const about = stored.filter(
      (execution) =>
        execution.plan_id === says.planId &&
        execution.commit === commit.sha &&
        execution.tree === commit.tree,
    );
    if (about.length === 0) return unproven('was rebased or edited after approval');
    const proven = about.some(({ stopped }) => stopped === undefined);
    return proven ? undefined : unproven('was denied before it reached the branch');
  }

  /** Altered evidence proves nothing. Trouble at GitHub is different: it is passed on. */
  async #findExecutions(runId: number): Promise<RunExecutions | 'unreadable'> {
    try {
      return await this.#evidence.findExecutions(runId);
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      if (error.reason === 'plan-expired') return { stored: [], expired: false };
      if (altered.has(error.reason)) return 'unreadable';
      throw error;
    }
  }

  #readRunId(url: string | null): number | undefined {
    const { serverUrl, repository } = this.#run;
    const prefix = `${serverUrl}/${repository.owner}/${repository.name}/actions/runs/`;
    if (!url?.toLowerCase().startsWith(prefix.toLowerCase())) return undefined;
    const id = url.slice(prefix.length);
    return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : undefined;
  }
}
