/** The policy that governs a run: from the default branch, never from the pull request. */

import { defaultPolicy, type Policy, parsePolicy } from '../core/policy/policy.ts';
import type { PullRequests } from '../ports/pull-requests.ts';
import type { Repository } from '../ports/repository.ts';
import type { WorkflowRun } from '../ports/run.ts';
import { readDefaultBranch } from './default-branch.ts';

export interface PolicySource {
  /** Path of the policy file; no label approves a change of it. */
  readonly path: string;
  /** @throws Stopped config-invalid, api-unavailable */
  read(): Promise<Policy>;
}

/** Reads the policy when it is first asked for, so that an event of no interest costs no call. */
export class RepositoryPolicy implements PolicySource {
  readonly path: string;
  readonly #repository: Repository;
  readonly #pullRequests: Pick<PullRequests, 'baseTip'>;
  readonly #run: WorkflowRun;
  #policy: Promise<Policy> | undefined;

  constructor(
    repository: Repository,
    pullRequests: Pick<PullRequests, 'baseTip'>,
    run: WorkflowRun,
    path: string,
  ) {
    this.#repository = repository;
    this.#pullRequests = pullRequests;
    this.#run = run;
    this.path = path;
  }

  read(): Promise<Policy> {
    this.#policy ??= this.#readFile();
    return this.#policy;
  }

  async #readFile(): Promise<Policy> {
    const branch = await readDefaultBranch(this.#run, this.#repository);
    const tip = await this.#pullRequests.baseTip(branch);
    const file = await this.#repository.readFile(this.path, tip);
    return file === undefined ? defaultPolicy : parsePolicy(file.text);
  }
}
