import { type ChildProcess, spawn } from 'node:child_process';
import { isAbsolute, relative } from 'node:path';
import { Stopped } from '../decision.ts';

/** A git that could not do what was asked; `status` is its exit status. */
export class GitError extends Error {
  readonly status: number;
  readonly stdout: Uint8Array;

  constructor(command: string, status: number, stdout: Uint8Array, stderr: string) {
    super(`git ${command} ended with ${status}: ${stderr.trim()}`);
    this.status = status;
    this.stdout = stdout;
  }
}

export interface GitOptions {
  readonly cwd: string;
  readonly input?: string | Uint8Array;
  /** Variables for this one call, such as another index. */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** Runs git and returns its standard output. Arguments are words and object ids of ours, never names of others. */
export type Git = (args: readonly string[], options: GitOptions) => Promise<Buffer>;

const maxOutputBytes = 256 * 1024 * 1024;
const defaultTimeoutMs = 120_000;

/** Nothing of a repository's content, or of the machine's configuration, makes git run anything. */
const hardening: Readonly<Record<string, string>> = {
  'safe.bareRepository': 'explicit',
  'core.fsmonitor': 'false',
  'core.hooksPath': '/dev/null',
  'core.attributesFile': '/dev/null',
  'core.excludesFile': '/dev/null',
  'core.autocrlf': 'false',
  'protocol.allow': 'never',
  'protocol.https.allow': 'always',
  'http.followRedirects': 'false',
  'submodule.recurse': 'false',
  'gc.auto': '0',
};

/** What git needs of the machine to reach the server: proxies and certificates. */
const passed = [
  'HTTPS_PROXY',
  'https_proxy',
  'NO_PROXY',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'GIT_SSL_CAINFO',
];

/**
 * @param env the runner's environment, of which an allow-list reaches git
 * @param token goes into a header, by the environment: an argument is visible to every process of the machine
 */
export function createGit(env: Readonly<Record<string, string | undefined>>, token: string): Git {
  const authorization = Buffer.from(`x-access-token:${token}`).toString('base64');
  const rewrites = urlRewrites(env);
  const config = Object.entries({
    ...hardening,
    ...rewrites,
    ...(Object.keys(rewrites).length > 0 ? { 'protocol.http.allow': 'always' } : {}),
    'http.extraHeader': `AUTHORIZATION: basic ${authorization}`,
  });
  const environment: Record<string, string> = {
    PATH: safePath(env),
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_CONFIG_COUNT: String(config.length),
  };
  for (const name of passed) {
    const value = env[name];
    if (value !== undefined) environment[name] = value;
  }
  config.forEach(([key, value], index) => {
    environment[`GIT_CONFIG_KEY_${index}`] = key;
    environment[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  return (args, options) => run(args, options, { ...environment, ...options.env });
}

/** Without the folders of a checkout, which steps before this one like to add: a pull request brings its own git. */
function safePath({
  PATH = '',
  GITHUB_WORKSPACE: checkout,
}: Readonly<Record<string, string | undefined>>) {
  const outside = (folder: string) =>
    isAbsolute(folder) &&
    (checkout === undefined || /^\.\.(?:\/|$)/.test(relative(checkout, folder)));
  return PATH.split(':').filter(outside).join(':');
}

/**
 * Address rewrites of the runner's environment to a server on the loopback interface: a mirror on the machine, or a
 * test. They name an address and run nothing, so they are the one part of that configuration that is kept.
 */
function urlRewrites(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const rewrites: Record<string, string> = {};
  for (let index = 0; index < Math.min(Number(env.GIT_CONFIG_COUNT) || 0, 64); index++) {
    const key = env[`GIT_CONFIG_KEY_${index}`] ?? '';
    const value = env[`GIT_CONFIG_VALUE_${index}`] ?? '';
    if (/^url\.http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])[:/].*\.insteadof$/i.test(key))
      rewrites[key] = value;
  }
  return rewrites;
}

function run(
  args: readonly string[],
  { cwd, input, timeoutMs = defaultTimeoutMs }: GitOptions,
  env: Record<string, string>,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // A group of its own, so that a helper of git's that hangs on the network ends with it.
    const child = spawn('git', args, { cwd, env, detached: true });
    const end = () => endGroup(child);
    const timer = setTimeout(end, timeoutMs);
    const output: Buffer[] = [];
    let size = 0;
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxOutputBytes) end();
      else output.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors = `${errors}${chunk.toString('utf8')}`.slice(-4096);
    });
    child.on('error', (cause) => {
      clearTimeout(timer);
      reject(new Stopped('internal', 'git cannot be started.', { cause }));
    });
    child.on('close', (status) => {
      clearTimeout(timer);
      if (size > maxOutputBytes)
        reject(new Stopped('limit-exceeded', 'The repository is too large.'));
      else if (status === 0) resolve(Buffer.concat(output));
      else reject(new GitError(args[0] ?? '', status ?? -1, Buffer.concat(output), errors));
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // It has ended by itself meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
