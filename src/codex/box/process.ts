/**
 * One child process under close control: its own process group, bounded output read line by line, a hard time limit.
 * Its streams are never inherited, since what a model prints would speak workflow commands to the runner.
 */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { Stopped, stoppedByMachine } from '../../decision.ts';
import { LineReader } from './line-reader.ts';

/** How much of standard error is kept: its end, which has the reason. */
const STDERR_BYTES = 16 * 1024;
/** How long a pipe may stay open after its process is gone: something else holds it. */
const DRAIN_MS = 5_000;

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** The whole environment: nothing of the parent's is passed on. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Whose process it becomes; the action's own user if unset. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

export interface Supervision {
  readonly timeoutMs: number;
  /** When the time limit starts, if not with the process: when the caller says so. What comes before has other limits. */
  readonly timeFrom?: 'startTime';
  /** Called with each line of standard output; a Stopped that it throws ends the process. */
  readonly onLine: (line: string) => void;
  /** All of standard input, which is then closed; without it, it stays open for `write`. */
  readonly input?: string;
}

export interface Running {
  /** Undefined if it could not be started. */
  readonly pid: number | undefined;
  /** Settles once the process and its output have ended; it never rejects. */
  readonly ended: Promise<Ended>;
  write(text: string): void;
  closeInput(): void;
  /** The time limit starts here, again. */
  startTime(): void;
  /**
   * Kills the whole group; the first fault is the one that counts.
   * @param fault null if it is ended on purpose
   */
  stop(fault: Stopped | null): void;
}

export interface Ended {
  /** Null if a signal ended it. */
  readonly code: number | null;
  /** The end of standard error: untrusted. */
  readonly stderr: string;
  /** Why it was stopped from here; null if it ended by itself. */
  readonly fault: Stopped | null;
}

/**
 * Starts a program in a process group of its own.
 * @returns at once, also if the program could not be started: then `ended` says why
 */
export function start(command: Command, supervision: Supervision): Running {
  const empty = openSync('/dev/null', 'r');
  const child = spawn(command.file, command.args, {
    env: { ...command.env },
    cwd: command.cwd ?? '/',
    stdio: ownStreams(handedOn(), empty),
    detached: true,
    ...command.user,
  });
  closeSync(empty);
  const { stdin, stdout, stderr: complaints } = child;
  // If the process may open no more files, Node makes no streams, whatever its types say.
  if (!stdin || !stdout || !complaints) return neverStarted(child);
  let fault: Stopped | null = null;
  let stopped = false;
  let gone = false;

  const killGroup = (): void => {
    // A group that is gone leaves its number to another.
    if (child.pid === undefined || gone) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Nobody of the group is left.
    }
  };
  const stop = (reason: Stopped | null): void => {
    if (stopped) return;
    stopped = true;
    fault = reason;
    killGroup();
  };

  const lines = new LineReader((line) => {
    if (stopped) return;
    try {
      supervision.onLine(line);
    } catch (error) {
      stop(faultOf(error));
    }
  });
  stdout.on('data', (chunk: Buffer) => {
    if (stopped) return;
    const excess = lines.push(chunk);
    if (excess !== null) stop(new Stopped('limit-exceeded', excess));
  });
  let stderr = Buffer.alloc(0);
  complaints.on('data', (chunk: Buffer) => {
    stderr = Buffer.concat([stderr, chunk]).subarray(-STDERR_BYTES);
  });
  // A child that ends before it has read everything breaks the pipe; its exit status tells the story.
  stdin.on('error', () => {});
  if (supervision.input !== undefined) stdin.end(supervision.input);

  const late = (): void => {
    const minutes = supervision.timeoutMs / 60_000;
    const limit =
      minutes < 1 ? `${supervision.timeoutMs / 1000} seconds` : `${Math.round(minutes)} minutes`;
    stop(new Stopped('codex-timeout', `Codex was still running after ${limit}.`));
  };
  let timer: NodeJS.Timeout | undefined;
  const startTime = (): void => {
    clearTimeout(timer);
    timer = setTimeout(late, supervision.timeoutMs);
  };
  if (supervision.timeFrom !== 'startTime') startTime();

  const ended = new Promise<Ended>((resolve) => {
    let code: number | null = null;
    let drain: NodeJS.Timeout | undefined;
    const settle = (): void => {
      gone = true;
      clearTimeout(timer);
      clearTimeout(drain);
      if (!stopped) lines.end();
      resolve({ code, stderr: stderr.toString('utf8'), fault });
    };
    child.on('error', (error) => {
      stop(cannotStart(error));
      settle();
    });
    child.on('exit', (status) => {
      code = status;
      killGroup();
      gone = true;
      drain = setTimeout(() => {
        stdout.destroy();
        complaints.destroy();
      }, DRAIN_MS);
    });
    child.on('close', settle);
  });

  return {
    pid: child.pid,
    ended,
    write: (text) => {
      if (stdin.writable) stdin.write(text);
    },
    closeInput: () => stdin.end(),
    startTime: () => {
      if (!gone) startTime();
    },
    stop,
  };
}

function cannotStart({ message }: Error): Stopped {
  return new Stopped('codex-unavailable', `Codex cannot be started: ${message}.`);
}

function neverStarted(child: ChildProcess): Running {
  const ended = new Promise<Ended>((resolve) => {
    child.on('error', (error) => resolve({ code: null, stderr: '', fault: cannotStart(error) }));
  });
  const nothing = (): void => {};
  const rest = { write: nothing, closeInput: nothing, startTime: nothing, stop: nothing };
  return { pid: undefined, ended, ...rest };
}

function faultOf(error: unknown): Stopped {
  if (error instanceof Stopped) return error;
  const detail = 'A line of Codex could not be handled.';
  return stoppedByMachine(error) ?? new Stopped('internal', detail, { cause: error });
}

/**
 * The files that this process inherited open from its parent. A child would inherit them, too, whatever they are: Node
 * closes only those with small numbers.
 */
function handedOn(): number[] {
  return readdirSync('/proc/self/fd').map(Number).filter(isHandedOn);
}

/** Three new streams, and an empty file in the place of each that would be handed on. */
function ownStreams(others: readonly number[], empty: number): StdioOptions {
  const places = Math.max(2, ...others) + 1;
  return Array.from({ length: places }, (_, place) => {
    if (place < 3) return 'pipe';
    return others.includes(place) ? empty : 'ignore';
  });
}

const CLOSE_ON_EXEC = 0o2000000;

function isHandedOn(descriptor: number): boolean {
  try {
    const info = readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8');
    const flags = /^flags:\s*(\d+)$/m.exec(info)?.[1];
    return (
      descriptor > 2 && flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0
    );
  } catch {
    // It was the folder that is being read.
    return false;
  }
}
