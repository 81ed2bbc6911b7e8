/** The policy that governs a run: from the default branch, never from the pull request. */

import { defaultPolicy, type Policy, parsePolicy } from '../core/policy/policy.ts';
import type { PolicyRef } from '../core/records/fields.ts';
import type { PullRequests } from '../ports/pull-requests.ts';
import type { Repository } from '../ports/repository.ts';
import type { WorkflowRun } from '../ports/run.ts';
import { readDefaultBranch } from './default-branch.ts';

export interface PolicySource {
  /** Path of the policy file; no label approves a change of it. */
  readonly path: string;
  /** @throws Stopped config-invalid, api-unavailable */
  read(): Promise<Policy>;
  /** Where the policy was read from, for the records. */
  origin(): Promise<PolicyRef>;
}

/** Reads the policy when it is first asked for, so that an event of no interest costs no call. */
export class RepositoryPolicy implements PolicySource {
  readonly path: string;
  readonly #repository: Repository;
  readonly #pullRequests: Pick<PullRequests, 'baseTip'>;
  readonly #run: WorkflowRun;
  #found: Promise<{ readonly policy: Policy; readonly origin: PolicyRef }> | undefined;

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

  async read(): Promise<Policy> {
    return (await this.#find()).policy;
  }

  async origin(): Promise<PolicyRef> {
    return (await this.#find()).origin;
  }

  #find() {
    this.#found ??= this.#readFile();
    return this.#found;
  }

  async #readFile() {
    const branch = await readDefaultBranch(this.#run, this.#repository);
    const commit = await this.#pullRequests.baseTip(branch);
    const file = await this.#repository.readFile(this.path, commit);
    return {
      policy: file === undefined ? defaultPolicy : parsePolicy(file.text),
      origin: { path: this.path, blob: file?.blob ?? null, commit },
    };
  }
}
