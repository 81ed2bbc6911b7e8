/** A repository with a pull request, a scripted model and the action: what the loop tests run on. */

import type { ModeName } from '../../../src/modes/index.ts';
import {
  type Files,
  type GitHub,
  type JobRun,
  type PullView,
  type RecordedRequest,
  type Repository,
  type StartRun,
  startGitHub,
  type WebhookEvent,
  WORKFLOW,
} from '../github/index.ts';
import {
  create,
  patch,
  type Script,
  type ScriptedModel,
  say,
  startModel,
  update,
} from '../model/index.ts';
import { ramDiskSuitsPrograms } from '../ram-disk.ts';
import { runStep, type StepOptions, type StepResult } from './action.ts';
import { canBeScripted, runScriptedStep } from './scripted.ts';

export const label = 'approved-plan';

/** The plan that the scripted model proposes unless a test says otherwise. */
export const examplePlan = {
  title: 'Add a tax to the cart',
  summary: 'The total gets a tax.',
  steps: [{ title: 'Add the tax', detail: 'In a file of its own.', paths: ['src/tax.ts'] }],
  files: [
    { path: 'src/cart.ts', operation: 'modify', reason: 'uses the tax' },
    { path: 'src/tax.ts', operation: 'create', reason: 'holds the tax' },
  ],
  commands: ['npm test'],
  risks: ['Prices change.'],
};

/** What carries that plan out. */
export const exampleEdit = [
  patch(
    update('src/cart.ts', 'export const total = 1;', 'export const total = 1 * tax;'),
    create('src/tax.ts', 'export const tax = 1.2;\n'),
  ),
  say('Done.'),
];

export const exampleScript: Script = {
  plan: () => JSON.stringify(examplePlan),
  edit: (call) => exampleEdit[call.turn % exampleEdit.length] ?? 'Done.',
};

export interface LoopOptions {
  readonly script?: Script;
  readonly files?: Files;
  /** Text of the policy file on the default branch. */
  readonly policy?: string;
  /**
   * Runs all steps, or those of these modes, with scripted agents: for tests whose subject is neither Codex nor the
   * bundle.
   */
  readonly scripted?: boolean | readonly ModeName[];
  /**
   * Keeps the jobs of the bundle on the disk: for tests in which boxed code looks for what lies outside of its box. A box has
   * another `/dev`, so it could find nothing on the RAM disk, and the test could not fail.
   */
  readonly onDisk?: boolean;
}

/** What a step left, and which calls to GitHub it made. */
export interface StepInLoop extends StepResult {
  readonly job: JobRun;
  readonly requests: readonly RecordedRequest[];
}

export interface Loop {
  readonly github: GitHub;
  readonly repo: Repository;
  readonly pull: PullView;
  readonly model: ScriptedModel;
  /** Starts a run of the workflow on an event and runs one step of it. */
  step(
    mode: ModeName,
    event: WebhookEvent,
    options?: StepOptions & Partial<StartRun>,
  ): Promise<StepInLoop>;
  /** Runs the step again, as the next attempt of its run. */
  rerun(
    mode: ModeName,
    earlier: StepInLoop,
    by: string,
    options?: StepOptions,
  ): Promise<StepInLoop>;
  /** alice asks, and the action plans. */
  plan(prompt?: string, options?: StepOptions): Promise<StepInLoop>;
  /** Time goes by, bob sets the label, and the action approves. */
  approve(options?: StepOptions & { readonly by?: string }): Promise<StepInLoop>;
  /** The drift gate, by hand on the default branch. */
  verify(options?: StepOptions): Promise<StepInLoop>;
  execute(options?: StepOptions): Promise<StepInLoop>;
  audit(options?: StepOptions): Promise<StepInLoop>;
  close(): Promise<void>;
}

/** alice (write) wrote the request, bob (write) and carol (maintain) review, dave may only read; mallory is nobody. */
export async function startLoop(options: LoopOptions = {}): Promise<Loop> {
  const { scripted = false, onDisk = false } = options;
  const isScripted = (mode: ModeName) =>
    scripted === true || scripted === false ? scripted : scripted.includes(mode);
  const [github, model] = await Promise.all([
    startGitHub(),
    startModel(options.script ?? exampleScript),
  ]);
  const policy = options.policy === undefined ? {} : { '.github/codex-plan.yml': options.policy };
  const repo = github.createRepository({
    files: {
      'src/cart.ts': 'export const total = 1;\n',
      'src/other.ts': 'export const other = 1;\n',
      'README.md': '# Shop\n',
      ...policy,
      ...options.files,
    },
    collaborators: {
      alice: 'write',
      bob: 'write',
      carol: 'maintain',
      dave: 'read',
      erin: 'triage',
      frank: 'write',
    },
  });
  const pull = repo.openPullRequest({ author: 'frank', files: { 'docs/note.md': 'A note.\n' } });

  const light = (mode: ModeName, options: StepOptions) =>
    isScripted(mode) && canBeScripted(options);
  const isOnDisk = (mode: ModeName, options: StepOptions) =>
    (onDisk || !ramDiskSuitsPrograms) && !light(mode, options);
  const runJob = async (mode: ModeName, job: JobRun, options: StepOptions): Promise<StepInLoop> => {
    const before = github.requests.length;
    const inputs = { 'responses-api-endpoint': model.endpoint, ...options.inputs };
    try {
      const result = light(mode, options)
        ? await runScriptedStep(mode, job, { ...options, inputs })
        : await runStep(mode, job, { ...options, inputs });
      return { ...result, job, requests: github.requests.slice(before) };
    } finally {
      repo.finishRun(job);
    }
  };
  const step: Loop['step'] = (mode, event, options = {}) =>
    runJob(mode, repo.startRun({ onDisk: isOnDisk(mode, options), ...options, event }), options);
  const dispatched =
    (mode: ModeName) =>
    (stepOptions: StepOptions = {}) =>
      step(mode, repo.as('carol').dispatch(WORKFLOW), {
        ...stepOptions,
        inputs: { 'pull-request': String(pull.number), ...stepOptions.inputs },
      });
  return {
    github,
    repo,
    pull,
    model,
    step,
    rerun: (mode, { job }, by, stepOptions = {}) =>
      runJob(mode, repo.rerun(job, by, isOnDisk(mode, stepOptions)), stepOptions),
    plan: (prompt = 'add a tax', stepOptions = {}) =>
      step('plan', repo.as('alice').comment(pull.number, `/codex ${prompt}`), stepOptions),
    approve: ({ by = 'bob', ...stepOptions } = {}) => {
      github.clock.advance({ minutes: 1 });
      return step('approve', repo.as(by).label(pull.number, label), stepOptions);
    },
    verify: dispatched('verify'),
    execute: dispatched('execute'),
    audit: dispatched('audit'),
    close: async () => {
      await Promise.all([github.close(), model.close()]);
    },
  };
}
