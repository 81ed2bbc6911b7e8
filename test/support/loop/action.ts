/** Runs the bundled action as a runner would: as a process, with the event file and the variables of a runner. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ModeName } from '../../../src/modes/index.ts';
import type { JobRun } from '../github/index.ts';

export const projectFolder = fileURLToPath(new URL('../../../', import.meta.url));
export const distFolder = `${projectFolder}dist`;
export const bundle = `${distFolder}/index.js`;
/** A key as a provider makes it: random, so that any part of it can be recognised. */
export const apiKey = 'sk-canary-7Kq9pZ2mN4vX8wLdR3tY6bHs';
export const codexPath = `${projectFolder}node_modules/@openai/codex/bin/codex.js`;

/** What a step of the action left. */
export interface StepResult {
  readonly status: number;
  readonly outputs: Readonly<Record<string, string>>;
  readonly decision: string;
  readonly reason: string;
  /** Standard output and error, as the runner's log has them. */
  readonly log: string;
  readonly summary: string;
  readonly milliseconds: number;
}

export interface StepOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  /** Further variables of the job; undefined removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Runs the bundle with the Codex CLI, also in a loop that is scripted. */
  readonly bundle?: boolean;
  readonly timeoutMs?: number;
  /** What an earlier step of the job left, such as a checkout. */
  readonly prepare?: (job: JobRun) => void;
  /** Ends the process at once, as if the runner went down. */
  readonly signal?: AbortSignal;
  /** Ends the process as a runner does if the job is cancelled: it is asked twice, and then killed. */
  readonly cancel?: AbortSignal;
  /** Gets the log while it is written. */
  readonly onOutput?: (text: string) => void;
}

/** The folder in which Node keeps the compiled bundle between two steps: compiling it takes as long as running it. */
export const compiled = `${projectFolder}node_modules/.cache/codex-plan/compiled`;

/** The defaults of `action.yml`, as the runner fills them in. */
const defaults = {
  command: '/codex',
  label: 'approved-plan',
  'when-missing': 'fail',
  'policy-file': '.github/codex-plan.yml',
  'artifact-prefix': 'codex',
  'timeout-minutes': '20',
  'openai-api-key': apiKey,
  'codex-path': codexPath,
};

/** The environment of a step, as the runner gives it. */
export function environmentOf(
  mode: ModeName,
  job: JobRun,
  options: StepOptions,
): Record<string, string> {
  const inputs = { ...defaults, 'github-token': job.token, ...options.inputs, mode };
  const env: Record<string, string | undefined> = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    NODE_COMPILE_CACHE: compiled,
    ...job.env,
    ...options.env,
  };
  for (const [name, value] of Object.entries(inputs)) env[`INPUT_${name.toUpperCase()}`] = value;
  const set = Object.entries(env).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set) as Record<string, string>;
}

export async function runStep(
  mode: ModeName,
  job: JobRun,
  options: StepOptions = {},
): Promise<StepResult> {
  const env = environmentOf(mode, job, options);
  options.prepare?.(job);
  const started = performance.now();
  const child = spawn(process.execPath, [bundle], {
    cwd: job.workspace,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      options.onOutput?.(text);
    });
  }
  options.signal?.addEventListener('abort', () => child.kill('SIGKILL'), { once: true });
  const asking: NodeJS.Timeout[] = [];
  const cancel = () => {
    child.kill('SIGINT');
    asking.push(setTimeout(() => child.kill('SIGTERM'), 7_500));
    asking.push(setTimeout(() => child.kill('SIGKILL'), 10_000));
  };
  options.cancel?.addEventListener('abort', cancel, { once: true });
  const deadline = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? 240_000);
  const status = await new Promise<number>((resolve) => {
    child.on('close', (code) => resolve(code ?? -1));
  });
  for (const timer of [deadline, ...asking]) clearTimeout(timer);
  const outputs = job.outputs();
  return {
    status,
    outputs,
    decision: outputs.decision ?? '',
    reason: outputs['reason-code'] ?? '',
    log,
    summary: job.summary(),
    milliseconds: performance.now() - started,
  };
}
