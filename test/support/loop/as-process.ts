/** Runs the action inside this process, with the environment, arguments and output that a separate process would have. */
import { run } from '../../../src/run.ts';
// The action loads this when it needs it. Here it is loaded before the first step, so that the replacement for Codex is in place.
import '../../../src/step.ts';
import { nobody, talkTo } from '../api-address.ts';

/** A step to run. */
export interface StepCall {
  readonly env: Readonly<Record<string, string>>;
  /** Path of the program that the step would be. */
  readonly program: string;
}

/** How it ended. */
export interface StepEnd {
  readonly status: number;
  /** Standard output and error. */
  readonly log: string;
}

/** One step at a time. */
export async function runAsProcess({ env, program }: StepCall): Promise<StepEnd> {
  let log = '';
  process.env = { ...env };
  process.argv = [process.execPath, program];
  process.exitCode = undefined;
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (chunk: string | Uint8Array) => {
      log += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
      return true;
    };
  }
  talkTo(env.GITHUB_API_URL ?? nobody);
  await run();
  const status = Number(process.exitCode ?? 0);
  process.exitCode = 0;
  return { status, log };
}
