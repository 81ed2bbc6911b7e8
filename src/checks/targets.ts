/** Which pull request a run is about, and whether anything may be done on it. */

import { Stopped } from '../decision.ts';
import type { PolicySource } from '../evidence/policy.ts';
import type { PullRequest, PullRequests } from '../ports/pull-requests.ts';
import type { WorkflowRun } from '../ports/run.ts';

/**
 * Codex must not be paid for a plan or an approval that cannot be shown: GitHub refuses the comments of apps in a
 * locked conversation ("Unable to create comment because issue is locked").
 * @throws Stopped github-refused
 */
export function checkUnlocked({ locked, number }: PullRequest): void {
  if (!locked) return;
  const detail = `The conversation of pull request ${number} is locked, so nothing can be shown on it: unlock it first.`;
  throw new Stopped('github-refused', detail);
}

export class Targets {
  readonly #pullRequests: Pick<PullRequests, 'read'>;
  readonly #policy: PolicySource;
  readonly #run: WorkflowRun;

  constructor(pullRequests: Pick<PullRequests, 'read'>, policy: PolicySource, run: WorkflowRun) {
    this.#pullRequests = pullRequests;
    this.#policy = policy;
    this.#run = run;
  }

  /**
   * The number of the pull request that the event is about; without one, the input.
   * @throws Stopped config-invalid if neither names one
   */
  findNumber(input: number | undefined): number {
    const number = this.#run.trigger.pullRequest ?? input;
    if (number !== undefined) return number;
    throw new Stopped(
      'config-invalid',
      'The event names no pull request: set the input pull-request.',
    );
  }

  /**
   * The pull request as it is now.
   * @throws Stopped pull-request-closed, fork-denied, github-refused if nothing can be written to the repository,
   *   config-invalid if there is no such pull request
   */
  async readOpen(number: number): Promise<PullRequest> {
    const pull = await this.#pullRequests.read(number);
    if (pull.archived) {
      throw new Stopped('github-refused', 'The repository is archived: it can be read only.');
    }
    if (!pull.open) throw new Stopped('pull-request-closed', `Pull request ${number} is not open.`);
    if (pull.headRepository === null) {
      throw new Stopped('fork-denied', 'The repository that the pull request comes from is gone.');
    }
    if (pull.headRepository !== this.#run.repository.id && !(await this.#policy.read()).forks) {
      throw new Stopped('fork-denied', 'The pull request comes from a fork (forks: false).');
    }
    return pull;
  }
}
