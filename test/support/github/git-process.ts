import { callGit } from './git-runner.ts';

/** Environment of every git process: no configuration of the user, no prompt, one time zone. */
export const GIT_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  LC_ALL: 'C',
  TZ: 'UTC',
};

/** What a git process is given in addition to its arguments. */
export interface GitInput {
  input?: Buffer | string;
  env?: Record<string, string>;
}

/** Runs git in a bare repository and reports its exit status. */
export function attemptGit(
  folder: string,
  args: string[],
  options: GitInput = {},
): { status: number | null; stdout: Buffer; stderr: string } {
  const env = { ...GIT_ENVIRONMENT, GIT_DIR: folder, ...options.env };
  const result = callGit({ args, cwd: folder, env }, Buffer.from(options.input ?? ''));
  if (result.error !== undefined) throw new Error(`git: ${result.error}`);
  return result;
}

/** Runs git in a bare repository; its standard output, or an error with what it said. */
export function runGit(folder: string, args: string[], options: GitInput = {}): Buffer {
  const result = attemptGit(folder, args, options);
  if (result.status !== 0) throw new Error(`git ${args[0]}: ${result.stderr.trim()}`);
  return result.stdout;
}

/** Records of a `-z` output. */
export function zeroSeparated(output: Buffer): string[] {
  const records = output.toString().split('\0');
  if (records.at(-1) === '') records.pop();
  return records;
}

/** Lines of an output, without empty ones. */
export function lines(output: Buffer): string[] {
  return output
    .toString()
    .split('\n')
    .filter((line) => line !== '');
}
