/** Runs the action as if this process were its own: with the environment, arguments and output of another one. */
import { defaults } from '@actions/github/lib/utils';
import { run } from '../../../src/run.ts';
// The action loads it when it needs it; here it is there before the first step, with whatever stands in for Codex.
import '../../../src/step.ts';

/** A step to run. */
export interface StepCall {
  readonly env: Readonly<Record<string, string>>;
  /** Path of the program that the step would be. */
  readonly program: string;
}

/** How it ended. */
export interface StepEnd {
  readonly status: number;
  /** Standard output. */
  readonly log: string;
}

/** One step at a time. */
export async function runAsProcess({ env, program }: StepCall): Promise<StepEnd> {
  let log = '';
  process.env = { ...env };
  process.argv = [process.execPath, program];
  process.exitCode = undefined;
  process.stdout.write = (chunk: string | Uint8Array) => {
    log += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    return true;
  };
  // It knows the address of the first step.
  defaults.baseUrl = env.GITHUB_API_URL ?? 'http://127.0.0.1:9';
  await run();
  const status = Number(process.exitCode ?? 0);
  process.exitCode = 0;
  return { status, log };
}
