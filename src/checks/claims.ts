/**
 * Whether the commits of a pull request have the approvals that they claim. A commit claims by its trailers, which
 * whoever pushed it wrote; only the record of the execution proves it. An agent's commit that claims nothing is not
 * found by this.
 */

import { readPlanClaim } from '../core/plan/commit-message.ts';
import { Stopped } from '../decision.ts';
import type { Provenance } from '../evidence/provenance.ts';
import type { EvidenceStore } from '../evidence/store.ts';
import type { PullCommit } from '../ports/pull-requests.ts';
import type { WorkflowRun } from '../ports/run.ts';

/** What is to be said about the claims of a pull request. */
export type ClaimFinding =
  | { readonly is: 'unproven'; readonly commit: PullCommit; readonly why: string }
  /** A trusted run made it, and its evidence is no longer stored. */
  | { readonly is: 'expired'; readonly commit: PullCommit };

export class Claims {
  readonly #evidence: EvidenceStore;
  readonly #provenance: Provenance;
  readonly #run: WorkflowRun;

  constructor(evidence: EvidenceStore, provenance: Provenance, run: WorkflowRun) {
    this.#evidence = evidence;
    this.#provenance = provenance;
    this.#run = run;
  }

  /**
   * @param commits of a pull request, without those that its base has
   * @returns the first claim that is not proven, or otherwise one whose evidence has expired
   */
  async check(commits: readonly PullCommit[]): Promise<ClaimFinding | undefined> {
    let expired: ClaimFinding | undefined;
    for (const commit of commits) {
      const finding = await this.#checkOne(commit);
      if (finding?.is === 'unproven') return finding;
      expired ??= finding;
    }
    return expired;
  }

  async #checkOne(commit: PullCommit): Promise<ClaimFinding | undefined> {
    const claim = readPlanClaim(commit.message);
    if (claim === undefined) return undefined;
    const unproven = (why: string): ClaimFinding => ({ is: 'unproven', commit, why });
    const runId = this.#readRunId(claim.runUrl);
    if (claim.planId === null || runId === undefined) {
      return unproven('names no plan and run of this repository');
    }
    if (!(await this.#isTrusted(runId))) return unproven('names a run that is not trusted');
    const execution = await this.#evidence.findExecution(runId);
    if (execution === undefined) return { is: 'expired', commit };
    const proven =
      execution.plan_id === claim.planId &&
      execution.commit === commit.sha &&
      execution.tree === commit.tree;
    return proven ? undefined : unproven('was rebased or edited after approval');
  }

  #readRunId(url: string | null): number | undefined {
    const { serverUrl, repository } = this.#run;
    const prefix = `${serverUrl}/${repository.owner}/${repository.name}/actions/runs/`;
    if (!url?.toLowerCase().startsWith(prefix.toLowerCase())) return undefined;
    const id = url.slice(prefix.length);
    return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : undefined;
  }

  /** A run that does not answer proves nothing; that GitHub is in trouble is another matter. */
  async #isTrusted(id: number): Promise<boolean> {
    const own = this.#run.repository.id;
    try {
      const origin = { id, repositoryId: own, headRepositoryId: null };
      return 'run' in (await this.#provenance.trustRun(origin));
    } catch (error) {
      if (error instanceof Stopped && error.message.startsWith('GitHub has no run')) return false;
      throw error;
    }
  }
}
