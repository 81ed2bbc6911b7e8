/** The policy that governs a run: from the default branch, never from the pull request. */

import { effectivePolicyJson, type PolicyInputs } from '../core/policy/effective.ts';
import {
  defaultPolicy,
  type ParsedPolicy,
  type Policy,
  parsePolicyFile,
} from '../core/policy/policy.ts';
import type { PolicyRef } from '../core/records/fields.ts';
import type { GoverningFiles, Repository } from '../ports/repository.ts';
import type { WorkflowRun } from '../ports/run.ts';
import { readDefaultBranch } from './default-branch.ts';

export interface PolicySource {
  /** Path of the policy file; no label can approve a change of it. */
  readonly path: string;
  /** @throws Stopped config-invalid, api-unavailable */
  read(): Promise<Policy>;
  /** Where the policy was read from, for the records. */
  origin(): Promise<PolicyRef>;
  /** The bytes of `policy.json`: the policy, with the inputs that override it. */
  effective(): Promise<string>;
}

/** Reads the policy when it is first needed, so that an event that does not matter costs no call. */
export class RepositoryPolicy implements PolicySource {
  readonly path: string;
  readonly #repository: Pick<Repository, 'defaultBranch'> & Pick<GoverningFiles, 'readPolicy'>;
  readonly #run: WorkflowRun;
  readonly #inputs: PolicyInputs;
  #found: Promise<{ readonly parsed: ParsedPolicy; readonly origin: PolicyRef }> | undefined;

  constructor(
    repository: Pick<Repository, 'defaultBranch'> & Pick<GoverningFiles, 'readPolicy'>,
    run: WorkflowRun,
    path: string,
    inputs: PolicyInputs,
  ) {
    this.#repository = repository;
    this.#run = run;
    this.path = path;
    this.#inputs = inputs;
  }

  async read(): Promise<Policy> {
    return (await this.#find()).parsed.policy;
  }

  async origin(): Promise<PolicyRef> {
    return (await this.#find()).origin;
  }

  async effective(): Promise<string> {
    return effectivePolicyJson((await this.#find()).parsed, this.#inputs);
  }

  #find() {
    this.#found ??= this.#readFile();
    return this.#found;
  }

  async #readFile() {
    const { commit, file } = await this.#repository.readPolicy(this.path, () =>
      readDefaultBranch(this.#run, this.#repository),
    );
    return {
      parsed:
        file === undefined
          ? { policy: defaultPolicy, stated: new Set<string>() }
          : parsePolicyFile(file.text),
      origin: { path: this.path, blob: file?.blob ?? null, commit },
    };
  }
}
