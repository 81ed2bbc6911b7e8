/** The commit status on the head of a pull request, which a repository can require. */

import type { PlanState } from '../core/life/state.ts';
import { type CommitStatus, statusOfPlan, worstStatus } from '../core/life/status.ts';
import type { ObjectId } from '../core/text/object-id.ts';
import { Stopped } from '../decision.ts';
import { runUrl } from '../evidence/addresses.ts';
import type { PolicySource } from '../evidence/policy.ts';
import type { PullRequest, PullRequests } from '../ports/pull-requests.ts';
import type { WorkflowRun } from '../ports/run.ts';
import type { Log } from '../ports/runner.ts';
import type { Statuses } from '../ports/statuses.ts';
import type { Claims } from './claims.ts';

/** A pull request with the state of its newest plan. */
export interface StatedPull {
  readonly number: number;
  readonly head: ObjectId;
  readonly headRepository: number | null;
  readonly state: PlanState;
  /** Null if there is no plan. */
  readonly planId: string | null;
}

/** Says the state of another pull request, which shares the head. */
export type ReadState = (number: number) => Promise<StatedPull>;

export class PlanStatus {
  readonly #statuses: Statuses;
  readonly #pullRequests: Pick<PullRequests, 'readHead'>;
  readonly #claims: Claims;
  readonly #policy: PolicySource;
  readonly #run: WorkflowRun;
  readonly #log: Pick<Log, 'progress' | 'warn'>;
  readonly context: string;

  /** @param prefix of the artifacts; the context is named after it */
  constructor(
    statuses: Statuses,
    pullRequests: Pick<PullRequests, 'readHead'>,
    claims: Claims,
    policy: PolicySource,
    run: WorkflowRun,
    log: Pick<Log, 'progress' | 'warn'>,
    prefix: string,
  ) {
    this.#statuses = statuses;
    this.#pullRequests = pullRequests;
    this.#claims = claims;
    this.#policy = policy;
    this.#run = run;
    this.#log = log;
    this.context = `${prefix}-plan`;
  }

  /**
   * Sets the status if it is another one by now. Beside its own work a mode only tells of it: a job that was not given
   * the permission says so in its log.
   */
  async tell(pull: StatedPull, readOther: ReadState): Promise<void> {
    try {
      await this.update(pull, readOther);
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      if (error.reason === 'permission-missing') {
        this.#log.progress(`The status ${this.context} is not set: ${error.message}`);
      } else {
        this.#log.warn(`The status ${this.context} could not be set. ${error.message}`);
      }
    }
  }

  /**
   * @returns what the head shows now
   * @throws Stopped permission-missing, api-unavailable, github-refused
   */
  async update(pull: StatedPull, readOther: ReadState): Promise<CommitStatus> {
    const facts = await this.#pullRequests.readHead(pull.number, this.context);
    const { commits } = facts;
    // A commit that this run made a moment ago is not the head that was read: nobody else has it, it has no status, and
    // the record that this run made proves it.
    const { siblings, status } = facts.head === pull.head ? facts : { siblings: [], status: null };
    const own = pull.headRepository === this.#run.repository.id;
    let wanted = await this.describe(pull, own ? commits : []);
    for (const number of siblings) {
      const other = await readOther(number);
      const theirs = await this.describe(other, []);
      const description = `#${number}: ${theirs.description}`.slice(0, 140);
      wanted = worstStatus(wanted, { ...theirs, description });
    }
    const same = status?.state === wanted.state && status.description === wanted.description;
    if (!same) await this.set(pull.head, wanted);
    return wanted;
  }

  /** @throws Stopped permission-missing, api-unavailable, github-refused */
  async set(commit: ObjectId, status: CommitStatus): Promise<void> {
    await this.#statuses.set(commit, {
      context: this.context,
      ...status,
      url: runUrl(this.#run),
    });
  }

  /**
   * @param commits those of the pull request, if their claims are to be looked at
   */
  async describe(
    { state, planId }: Pick<StatedPull, 'state' | 'planId'>,
    commits: Parameters<Claims['check']>[0] = [],
  ): Promise<CommitStatus> {
    const { open } = (await this.#policy.read()).status;
    const ofPlan = statusOfPlan(state, planId, open);
    const finding = await this.#claims.check(commits);
    if (finding === undefined) return ofPlan;
    const commit = finding.commit.sha.slice(0, 12);
    if (finding.is === 'unproven') {
      const description = `Commit ${commit} claims an approval but ${finding.why} (commit-unproven).`;
      return worstStatus({ state: 'failure', description: description.slice(0, 140) }, ofPlan);
    }
    if (ofPlan.state !== 'success') return ofPlan;
    const description = `The evidence of commit ${commit} has expired; its run is trusted.`;
    return { state: 'success', description };
  }
}

export function statedPull(
  { number, head, headRepository }: PullRequest,
  planId: string | null,
  state: PlanState,
): StatedPull {
  return { number, head: head.sha, headRepository, state, planId };
}
