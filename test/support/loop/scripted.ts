/**
 * Runs steps with scripted agents in place of the Codex CLI, in a process that already runs. This is a fraction of the
 * work, for tests whose subject is neither Codex nor the bundle. What users run is the bundle with the real CLI,
 * so `WHOLE_LOOP=1` runs every step that way, as the nightly tests do.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ModeName } from '../../../src/modes/index.ts';
import type { JobRun } from '../github/index.ts';
import { smallProcessAddress } from '../processes/connection.ts';
import { compiled, environmentOf, type StepOptions, type StepResult } from './action.ts';
import type { StepCall, StepEnd } from './as-process.ts';
import type { Request } from './step-server.ts';

/** What a step calls its program, in the place of the bundle. The bundle is large, and each step takes a digest of its program. */
const serverProgram = fileURLToPath(new URL('step-server.ts', import.meta.url));

/** Variables that a step reads from its environment, so that a running process can take them over. */
const readByTheStep = /^(?:GITHUB_|RUNNER_|ACTIONS_)/;
/** Inputs that are about the Codex CLI. */
const ofCodex = ['codex-path', 'codex-version', 'timeout-minutes'];

/**
 * Whether a step can be run in this way: it needs neither a separate process nor the Codex CLI. A test that says so itself
 * (`bundle: false`) names inputs of the CLI with which the step ends before it starts one.
 */
export function canBeScripted({ bundle, inputs, env, ...options }: StepOptions): boolean {
  if (process.env.WHOLE_LOOP || bundle) return false;
  if (options.signal ?? options.cancel ?? options.timeoutMs ?? options.onOutput) return false;
  if (bundle === undefined && ofCodex.some((name) => inputs?.[name] !== undefined)) return false;
  return Object.keys(env ?? {}).every((name) => readByTheStep.test(name));
}

/** As `runStep`. */
export async function runScriptedStep(
  mode: ModeName,
  job: JobRun,
  options: StepOptions,
): Promise<StepResult> {
  options.prepare?.(job);
  const started = performance.now();
  const step: StepCall = { env: environmentOf(mode, job, options), program: serverProgram };
  const { status, log } = (await askServer({ do: 'run', step })) as StepEnd;
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

/** Idle servers. Steps that run at the same time get one each. */
const idle: ChildProcess[] = [];

async function askServer(request: Request): Promise<unknown> {
  return ask(idle.pop() ?? (await startServer()), request, (server) => idle.push(server));
}

/** A server for one test alone, which keeps what it has recorded. */
export function openServer(): (request: Request) => Promise<unknown> {
  const server = startServer();
  return async (request) => ask(await server, request, () => {});
}

async function ask(
  server: ChildProcess,
  request: Request,
  done: (server: ChildProcess) => void,
): Promise<unknown> {
  server.ref();
  server.channel?.ref();
  try {
    const answer = await new Promise<{ value?: unknown; error?: string }>((resolve, reject) => {
      server.once('message', resolve);
      server.once('exit', (code) => reject(new Error(`the step server ended with ${code}`)));
      server.send(request);
    });
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.value;
  } finally {
    server.removeAllListeners();
    // It ends when this process ends.
    server.channel?.unref();
    server.unref();
    if (server.connected) done(server);
  }
}

async function startServer(): Promise<ChildProcess> {
  const { PATH, HOME } = process.env;
  const small = await smallProcessAddress();
  return fork(serverProgram, [small], {
    env: { PATH, HOME, NODE_COMPILE_CACHE: compiled },
    // Each step reads so many buffers that V8 would begin to look through all memory, and a step keeps none of them.
    execArgv: ['--no-incremental-marking'],
  });
}
