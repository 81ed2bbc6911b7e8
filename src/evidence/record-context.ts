/** What each record says about how it was made: under which policy, by which action, in which run. */

import { mayCallWorkflows } from '../core/records/called-workflows.ts';
import type { ActionRef, PolicyRef, RunRef } from '../core/records/fields.ts';
import type { GoverningFiles, Repository } from '../ports/repository.ts';
import type { WorkflowRun } from '../ports/run.ts';
import type { PolicySource } from './policy.ts';

export interface Making {
  readonly policy: PolicyRef;
  readonly action: ActionRef;
  readonly run: RunRef;
}

export class RecordContext {
  readonly #run: WorkflowRun;
  readonly #policy: PolicySource;
  readonly #repository: Pick<Repository, 'run'> & Pick<GoverningFiles, 'ranWorkflow'>;
  readonly #readAction: () => ActionRef;
  #action: ActionRef | undefined;
  #called: Promise<RunRef['called'] | undefined> | undefined;

  /** @param readAction is called when it is first needed: it reads the whole action */
  constructor(
    run: WorkflowRun,
    policy: PolicySource,
    repository: Pick<Repository, 'run'> & Pick<GoverningFiles, 'ranWorkflow'>,
    readAction: () => ActionRef,
  ) {
    this.#run = run;
    this.#policy = policy;
    this.#repository = repository;
    this.#readAction = readAction;
  }

  /**
   * Begins what takes time. What it does not find, or cannot read, is asked again when a record is made: minutes can lie
   * between the two.
   */
  lookAhead(): void {
    const forget = () => {
      this.#called = undefined;
    };
    this.describe().then(async () => {
      if ((await this.#called) === undefined) forget();
    }, forget);
  }

  /** @throws Stopped api-unavailable, permission-missing, config-invalid */
  async describe(): Promise<Making> {
    const { id, attempt, workflow, workflowSha } = this.#run;
    this.#action ??= this.#readAction();
    this.#called ??= this.#readCalled();
    return {
      policy: await this.#policy.origin(),
      action: this.#action,
      run: { id, attempt, workflow, workflow_sha: workflowSha, called: (await this.#called) ?? [] },
    };
  }

  /**
   * A called workflow runs inside the run of its caller, and only GitHub's facts about the run name it. The runner
   * names the caller's file: if that file calls no workflow, no call is needed.
   * @returns undefined if GitHub does not know the run yet
   */
  async #readCalled(): Promise<RunRef['called'] | undefined> {
    const text = this.#repository.ranWorkflow();
    if (text !== undefined && !mayCallWorkflows(text)) return [];
    const run = await this.#repository.run(this.#run.id);
    return run?.called.map((one) => ({ ...one }));
  }
}
