/**
 * Runs git on the host. git obeys what it finds: the configuration of a repository, attributes, hooks, a repository
 * within a folder. So it is given a private repository by its path, no work tree, and an environment of the action;
 * what others wrote reaches it as object ids and bytes on standard input alone.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { Stopped, stoppedByMachine } from '../decision.ts';
import { combineCertificates } from './certificates.ts';
import { fetchEnvironment, localEnvironment, type RunnerEnvironment } from './environment.ts';
import { findLack, type GitFailure } from './lacks.ts';

/** A git command that failed. */
export class GitError extends Error {
  /** The exit status; -1 if a signal or the time limit ended it. */
  readonly status: number;
  readonly stdout: Uint8Array;
  readonly stderr: string;

  constructor(command: string, status: number, stdout: Uint8Array, stderr: string) {
    super(`git ${command} ended with ${status}: ${stderr.trim()}`);
    this.status = status;
    this.stdout = stdout;
    this.stderr = stderr;
  }
}

export interface GitOptions {
  /**
   * Absolute path of a repository of the action. It is the working directory, too: nothing else is there to be found.
   */
  readonly repository: string;
  readonly input?: string | Uint8Array;
  /** Absolute path of the objects folder of another repository, which git writes to, and reads from first. */
  readonly objects?: string;
  /** Absolute path of the index to use instead of the repository's. */
  readonly index?: string;
  readonly timeoutMs?: number;
}

/**
 * Runs git without a work tree and returns its standard output. Arguments are words and object ids of the action.
 * @throws GitError if git fails; Stopped limit-exceeded if its output floods, platform-unsupported if there is no git, or
 *   if the machine lacks what git needs
 */
export type Git = (args: readonly string[], options: GitOptions) => Promise<Buffer>;

/** Writes the files of a tree into an empty folder of the action: never into one that boxed code could write to. */
export type CheckOut = (tree: string, into: string, options: GitOptions) => Promise<void>;

/**
 * Which of these paths are ignored by the `.gitignore` files in a folder of the action, which holds nothing else.
 * @param paths each with `./` before it and a NUL after it; the answer has the same form
 * @throws GitError with status 1 if none is
 */
export type ListIgnored = (
  paths: Uint8Array,
  rules: string,
  options: GitOptions,
) => Promise<Buffer>;

/** Fetches from the server. The only git command that gets the token. */
export type Fetch = (args: readonly string[], options: GitOptions) => Promise<void>;

/** Each kind of git command that the host runs, with what it may reach. */
export interface GitTools {
  readonly git: Git;
  readonly checkOut: CheckOut;
  readonly listIgnored: ListIgnored;
  readonly fetch: Fetch;
}

/**
 * @param runner the runner's environment, of which an allow-list reaches git
 * @param token for `fetch` alone
 */
export function createGit(runner: RunnerEnvironment, token: string): GitTools {
  const local = localEnvironment(runner);
  // Without this, git takes its working directory for a work tree.
  const noWorkTree = { GIT_IMPLICIT_WORK_TREE: '0' };
  return {
    git: (args, options) => run(args, options, { ...local, ...noWorkTree }),
    checkOut: async (tree, into, options) => {
      const environment = { ...local, GIT_WORK_TREE: into };
      const listNames = () => run(['ls-tree', '-r', '-z', '--name-only', tree], options, local);
      await run(['read-tree', '--reset', '-u', tree], options, environment, listNames);
    },
    listIgnored: (paths, rules, options) =>
      run(
        ['check-ignore', '--no-index', '-z', '--stdin'],
        { ...options, input: paths },
        // This command does not accept the option for literal paths; with `./` before it, every path is literal.
        { ...local, GIT_WORK_TREE: rules, GIT_LITERAL_PATHSPECS: '0' },
      ),
    fetch: async (args, options) => {
      const certificates = combineCertificates(runner, dirname(options.repository));
      const environment = fetchEnvironment(runner, token, certificates);
      await run(['fetch', ...args], options, { ...environment, ...noWorkTree });
    },
  };
}

const maxOutputBytes = 256 * 1024 * 1024;
const defaultTimeoutMs = 120_000;

/** @param readForeign everything from others that the messages of this command may repeat */
async function run(
  args: readonly string[],
  options: GitOptions,
  environment: Readonly<Record<string, string>>,
  readForeign: GitFailure['readForeign'] = async () => Buffer.from(options.input ?? ''),
): Promise<Buffer> {
  const ended = await runToEnd(args, options, environment);
  if (ended.status === 0) return ended.output;
  const { repository } = options;
  const lack = await findLack({ ...ended, repository, readForeign });
  if (lack !== undefined) throw lack;
  throw new GitError(args[0] ?? '', ended.status ?? -1, ended.output, ended.errors);
}

/** How a git command ended. */
type Ended = Pick<GitFailure, 'status' | 'signal' | 'errors'> & { readonly output: Buffer };

function runToEnd(
  args: readonly string[],
  { repository, input, objects, index, timeoutMs = defaultTimeoutMs }: GitOptions,
  environment: Readonly<Record<string, string>>,
): Promise<Ended> {
  const env = {
    ...environment,
    GIT_DIR: repository,
    ...(index === undefined ? {} : { GIT_INDEX_FILE: index }),
    ...(objects === undefined
      ? {}
      : {
          GIT_OBJECT_DIRECTORY: objects,
          GIT_ALTERNATE_OBJECT_DIRECTORIES: join(repository, 'objects'),
        }),
  };
  return new Promise((resolve, reject) => {
    // A separate process group, so that a helper of git's that hangs on the network ends with it.
    const child = spawn('git', args, { cwd: repository, env, detached: true });
    child.on('error', (cause) => {
      clearTimeout(timer);
      reject(stoppedByMachine(cause) ?? notStarted(cause));
    });
    let timer: NodeJS.Timeout | undefined;
    // Without them, the error that says why comes in a moment.
    if (!hasStreams(child)) return;
    let ended = false;
    const end = () => {
      ended = true;
      endGroup(child);
    };
    let late = false;
    timer = setTimeout(() => {
      late = true;
      end();
    }, timeoutMs);
    const chunks: Buffer[] = [];
    let size = 0;
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxOutputBytes) end();
      else chunks.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors = `${errors}${chunk.toString('utf8')}`.slice(-4096);
    });
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      const [command = ''] = args;
      if (size > maxOutputBytes)
        reject(
          new Stopped(
            'limit-exceeded',
            'git printed more than the action reads: the repository is too large for it.',
          ),
        );
      else if (late && command !== 'fetch') reject(tooSlow(command, timeoutMs));
      else {
        if (late) errors = `It took longer than ${timeoutMs / 1000} seconds.`;
        const output = Buffer.concat(chunks);
        resolve({ status, signal: ended ? null : signal, errors, output });
      }
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

/** If the process may open no more files, Node makes no streams, whatever its types say. */
function hasStreams({ stdin, stdout, stderr }: Partial<ChildProcess>): boolean {
  return Boolean(stdin && stdout && stderr);
}

function notStarted(cause: Error): Stopped {
  const missing = `git cannot be started on this runner; the action needs it. ${cause.message}.`;
  return new Stopped('platform-unsupported', missing, { cause });
}

/** The limit is far above what the largest repositories take. So the machine is busy, or its disk is. */
function tooSlow(command: string, timeoutMs: number): Stopped {
  const limit = `${timeoutMs / 1000} seconds`;
  return new Stopped('platform-unsupported', `git ${command} took longer than ${limit}.`);
}

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // It has ended by itself already.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
