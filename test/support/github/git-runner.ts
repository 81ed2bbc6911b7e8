/**
 * A small process that runs git for a large one. A new process begins as a copy of the one that starts it,
 * and copying the page tables of half a gigabyte takes twelve milliseconds: longer than most git commands here.
 *
 * Both sides read and write whole messages, and wait for each other, since the caller expects each git command to have finished.
 * For callers that go on in the meantime there is another one, in `test/support/processes`.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAX_OUTPUT = 1 << 30;

/** How git is to be started. */
export interface GitCall {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** How it ended; an error if it could not be started. */
export interface GitResult {
  readonly status: number | null;
  readonly stderr: string;
  readonly error?: string;
}

/** The two directions between the processes. */
class Channel {
  readonly #from: number;
  readonly #to: number;

  constructor(from: number, to: number) {
    this.#from = from;
    this.#to = to;
  }

  send(head: object, content: Uint8Array): void {
    const text = Buffer.from(JSON.stringify(head));
    const sizes = Buffer.alloc(8);
    sizes.writeUInt32LE(text.length, 0);
    sizes.writeUInt32LE(content.length, 4);
    for (const part of [sizes, text, content]) this.#write(part);
  }

  /** Waits for a message; undefined if the other side is gone. */
  receive<Head>(): { readonly head: Head; readonly content: Buffer } | undefined {
    const sizes = this.#read(8);
    const text = sizes && this.#read(sizes.readUInt32LE(0));
    const content = sizes && this.#read(sizes.readUInt32LE(4));
    return text && content ? { head: JSON.parse(text.toString()) as Head, content } : undefined;
  }

  #write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#to, bytes, at);
  }

  #read(size: number): Buffer | undefined {
    const bytes = Buffer.alloc(size);
    for (let at = 0; at < size; ) {
      const count = readSync(this.#from, bytes, at, size - at, null);
      if (count === 0) return undefined;
      at += count;
    }
    return bytes;
  }
}

let channel: Channel | undefined;
/** Without this, Node loads a compiler first, which makes the process half as large again. */
const compiled = fileURLToPath(
  new URL('../../../node_modules/.cache/codex-plan/compiled', import.meta.url),
);

/** Runs git to its end. */
export function callGit(call: GitCall, input: Uint8Array): GitResult & { readonly stdout: Buffer } {
  channel ??= start();
  channel.send(call, input);
  const answer = channel.receive<GitResult>();
  if (answer === undefined) throw new Error('the process that runs git is gone');
  return { ...answer.head, stdout: answer.content };
}

function start(): Channel {
  const folder = mkdtempSync(join(tmpdir(), 'git-runner-'));
  const pipes = ['calls', 'answers'].map((name) => join(folder, name)) as [string, string];
  spawnSync('mkfifo', pipes);
  const child: ChildProcess = spawn(process.execPath, [fileURLToPath(import.meta.url), ...pipes], {
    env: { NODE_COMPILE_CACHE: compiled },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  // It ends when this process ends, because its pipe closes.
  child.unref();
  const to = openSync(pipes[0], 'w');
  const from = openSync(pipes[1], 'r');
  rmSync(folder, { recursive: true });
  return new Channel(from, to);
}

function serve(calls: string, answers: string): void {
  const from = openSync(calls, 'r');
  const channel = new Channel(from, openSync(answers, 'w'));
  for (;;) {
    const message = channel.receive<GitCall>();
    if (message === undefined) return;
    const { args, cwd, env } = message.head;
    const options = { cwd, env: { ...env }, input: message.content, maxBuffer: MAX_OUTPUT };
    const { status, stdout, stderr, error } = spawnSync('git', [...args], options);
    const ended: GitResult = { status, stderr: stderr?.toString() ?? '' };
    // A git that refuses its arguments may end before it has read its input: that is no failure to start it.
    const unread = (error as NodeJS.ErrnoException | undefined)?.code === 'EPIPE';
    const failed = error === undefined || unread ? ended : { ...ended, error: error.message };
    channel.send(failed, stdout ?? Buffer.alloc(0));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  serve(...(process.argv.slice(2) as [string, string]));
}
