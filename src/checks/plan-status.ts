/** The commit status on the head of a pull request, which a repository can require. */

import type { PlanState } from '../core/life/state.ts';
import {
  maxDescription,
  type StatusText,
  statusContext,
  statusOfPlan,
  worstStatus,
} from '../core/life/status.ts';
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
  /** Set if nobody has looked up whether a trusted run made the plan: it could be forged. */
  readonly untrusted?: true;
}

/** Reads the state of a pull request from trusted records alone. */
export type ReadState = (number: number) => Promise<StatedPull>;

/** What the status says beside the state of the plan. */
export type StatusReason = 'ok' | 'commit-unproven';

export interface UpdatedStatus {
  /** Whether it was set. */
  readonly written: boolean;
  readonly reason: StatusReason;
}

export class PlanStatus {
  readonly #statuses: Statuses;
  readonly #pullRequests: Pick<PullRequests, 'readHead'>;
  readonly #claims: Pick<Claims, 'check'>;
  readonly #policy: PolicySource;
  readonly #run: WorkflowRun;
  readonly #log: Pick<Log, 'progress' | 'warn'>;
  readonly context: string;

  /** @param prefix the first part of the artifacts' names; the status has it in its name, too */
  constructor(
    statuses: Statuses,
    pullRequests: Pick<PullRequests, 'readHead'>,
    claims: Pick<Claims, 'check'>,
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
    this.context = statusContext(prefix);
  }

  /**
   * Sets the status if it has changed. For most modes this is a side task, so a job without the permission only says
   * so in its log.
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
   * Sets the status if it has changed.
   * @throws Stopped permission-missing, api-unavailable, github-refused
   */
  async update(pull: StatedPull, readOther: ReadState): Promise<UpdatedStatus> {
    const { wanted, facts, reason } = await this.#compute(pull, readOther);
    const { head, status, sharedElsewhere } = facts;
    if (head === pull.head && status !== null) {
      const isSame = status.state === wanted.state && status.description === wanted.description;
      // A status belongs to the commit, and anybody can open another pull request with this head: from a fork, or
      // into another base. If that one has no plan, it must not replace the status of the pull request that has one.
      const isOfAnother = pull.state.is === 'none' && sharedElsewhere && wanted.state === 'success';
      if (isSame || isOfAnother) return { written: false, reason };
    }
    // A forged plan must not turn the status of the real one green. The head of the real one has a status.
    const mayHideReal = head !== pull.head || status !== null;
    if (pull.untrusted && mayHideReal) return this.update(await readOther(pull.number), readOther);
    await this.set(pull.head, wanted);
    return { written: true, reason };
  }

  /**
   * The status that the head of a pull request should have, without setting it.
   * @throws Stopped permission-missing, api-unavailable, github-refused
   */
  async find(
    pull: StatedPull,
    readOther: ReadState,
  ): Promise<{ readonly status: StatusText; readonly reason: StatusReason }> {
    const { wanted, reason } = await this.#compute(pull, readOther);
    return { status: wanted, reason };
  }

  async #compute(pull: StatedPull, readOther: ReadState) {
    const told = await this.#pullRequests.readHead(pull.number, this.context);
    // This run made the commit a moment ago, so no other pull request has it.
    const facts =
      told.head === pull.head ? told : { ...told, siblings: [], sharedElsewhere: false };
    // The commits of a fork are not looked at, unless a branch of this repository has them, too.
    const own = pull.headRepository === this.#run.repository.id || facts.siblings.length > 0;
    let { wanted, reason } = await this.#describe(pull, own ? facts.commits : []);
    for (const number of facts.siblings) {
      const { wanted: theirs } = await this.#describe(await readOther(number), []);
      wanted = worstStatus(wanted, numbered(number, theirs));
    }
    return { wanted, facts, reason };
  }

  /** @throws Stopped permission-missing, api-unavailable, github-refused */
  async set(commit: ObjectId, status: StatusText): Promise<void> {
    await this.#statuses.set(commit, {
      context: this.context,
      ...status,
      url: runUrl(this.#run),
    });
  }

  /** @param commits the commits of the pull request, if their claims are to be checked */
  async #describe(
    { state, planId }: Pick<StatedPull, 'state' | 'planId'>,
    commits: Parameters<Claims['check']>[0],
  ): Promise<{ readonly wanted: StatusText; readonly reason: StatusReason }> {
    const ofPlan = statusOfPlan(state, planId, (await this.#policy.read()).status.open);
    const finding = await this.#claims.check(commits);
    if (finding === undefined) return { wanted: ofPlan, reason: 'ok' };
    const commit = finding.commit.sha.slice(0, 12);
    if (finding.is === 'unproven') {
      const description = `Commit ${commit} claims an approval but ${finding.why} (commit-unproven).`;
      return { wanted: { state: 'failure', description }, reason: 'commit-unproven' };
    }
    const open = state.is === 'awaiting' || state.is === 'approved';
    if (open || ofPlan.state !== 'success') return { wanted: ofPlan, reason: 'ok' };
    const record =
      finding.is === 'expired'
        ? 'whose record has expired: no longer stored'
        : 'without a record of it: no longer stored, or never made';
    const description = `Commit ${commit} names a trusted run ${record}.`;
    return { wanted: { state: 'success', description }, reason: 'ok' };
  }
}

/** The same, with the number of the pull request that it is about. */
export function numbered(
  number: number,
  { state, description }: Pick<StatusText, 'state' | 'description'>,
): StatusText {
  return { state, description: `#${number}: ${description}`.slice(0, maxDescription) };
}

export function statedPull(
  { number, head, headRepository }: PullRequest,
  planId: string | null,
  state: PlanState,
): StatedPull {
  return { number, head: head.sha, headRepository, state, planId };
}
