/** A repository with a pull request, a scripted model and the action: the stage that the loop tests play on. */
import {
  type Files,
  type GitHub,
  type PullView,
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
import { type Mode, runStep, type StepOptions, type StepResult } from './action.ts';

export const label = 'approved-plan';

/** The plan that the scripted model proposes where a test says nothing else. */
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
}

export interface Loop {
  readonly github: GitHub;
  readonly repo: Repository;
  readonly pull: PullView;
  readonly model: ScriptedModel;
  /** Starts a run of the workflow on an event and runs one step of it. */
  step(
    mode: Mode,
    event: WebhookEvent,
    options?: StepOptions & Partial<StartRun>,
  ): Promise<StepResult>;
  /** alice asks, and the action plans. */
  plan(prompt?: string, options?: StepOptions): Promise<StepResult>;
  /** Time goes by, bob sets the label, and the action approves. */
  approve(options?: StepOptions & { readonly by?: string }): Promise<StepResult>;
  /** The drift gate, by hand on the default branch. */
  verify(options?: StepOptions): Promise<StepResult>;
  execute(options?: StepOptions): Promise<StepResult>;
  close(): Promise<void>;
}

/** alice (write) wrote the request, bob (write) and carol (maintain) review, dave may only read; mallory is nobody. */
export async function startLoop(options: LoopOptions = {}): Promise<Loop> {
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

  const step: Loop['step'] = async (
    mode,
    event,
    { inputs, env, timeoutMs, signal, onOutput, ...start } = {},
  ) => {
    const job = repo.startRun({ ...start, event });
    try {
      return await runStep(mode, job, {
        inputs: { 'responses-api-endpoint': model.endpoint, ...inputs },
        ...(env && { env }),
        ...(timeoutMs && { timeoutMs }),
        ...(signal && { signal }),
        ...(onOutput && { onOutput }),
      });
    } finally {
      repo.finishRun(job);
    }
  };
  const dispatched =
    (mode: Mode) =>
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
    plan: (prompt = 'add a tax', stepOptions = {}) =>
      step('plan', repo.as('alice').comment(pull.number, `/codex ${prompt}`), stepOptions),
    approve: ({ by = 'bob', ...stepOptions } = {}) => {
      github.clock.advance({ minutes: 1 });
      return step('approve', repo.as(by).label(pull.number, label), stepOptions);
    },
    verify: dispatched('verify'),
    execute: dispatched('execute'),
    close: async () => {
      await Promise.all([github.close(), model.close()]);
    },
  };
}
