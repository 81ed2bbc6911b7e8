/**
 * `spawn` of `node:child_process`, but the program is started by the small process. What differs:
 * `pid` is known from the event `spawn` on, and not before; an error that the original throws is an event, too; and
 * output cannot go to a file or to this process's own output.
 */
import type { SpawnOptions } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { constants } from 'node:os';
import { Readable, Writable } from 'node:stream';
import { type Heard, type OnNews, type Orders, ordersFor } from './connection.ts';
import { type Program, type SystemError, windowBytes } from './orders.ts';

const understood = ['cwd', 'env', 'stdio', 'detached', 'argv0', 'uid', 'gid'];

export function spawn(
  file: string,
  args: readonly string[] = [],
  options: SpawnOptions = {},
): RemoteChild {
  const unknown = Object.keys(options).find((name) => !understood.includes(name));
  if (unknown !== undefined) throw new Error(`the small process knows no option ${unknown}`);
  const { cwd, env, stdio, detached, argv0, uid, gid } = options;
  const environment = Object.entries(env ?? process.env).filter(([, value]) => value !== undefined);
  const program = {
    file,
    args,
    detached,
    argv0,
    uid,
    gid,
    cwd: cwd === undefined ? process.cwd() : String(cwd),
    env: Object.fromEntries(environment) as Record<string, string>,
    stdio: streamsOf(stdio),
  };
  return new RemoteChild(program, ordersFor);
}

function streamsOf(stdio: SpawnOptions['stdio']): Program['stdio'] {
  const given = Array.isArray(stdio) ? stdio : Array(3).fill(stdio);
  if (given.length > 3) throw new Error('the small process knows three streams of a program');
  return [0, 1, 2].map((fd) => {
    const kind = given[fd] ?? 'pipe';
    if (kind === 'pipe' || kind === 'ignore') return kind;
    throw new Error(`the small process cannot give a program the stream ${String(kind)}`);
  });
}

/** What a `ChildProcess` is, but for messages between processes. */
export class RemoteChild extends EventEmitter {
  readonly spawnfile: string;
  readonly spawnargs: readonly string[];
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  readonly stdio: readonly (Readable | Writable | null)[];
  pid: number | undefined;
  exitCode: number | null = null;
  signalCode: NodeJS.Signals | null = null;
  killed = false;
  readonly #orders: Orders;
  readonly #input: Input | null;
  readonly #outputs: readonly (Output | null)[];
  #ended = false;
  #open = 1;

  constructor(program: Program, open: (onNews: OnNews) => Orders) {
    super();
    this.spawnfile = program.file;
    this.spawnargs = [program.argv0 ?? program.file, ...program.args];
    this.#orders = open((news, content) => this.#hear(news, content));
    this.#orders.send({ do: 'start', program });
    const piped = (fd: number) => program.stdio[fd] === 'pipe';
    this.#input = piped(0) ? new Input(this.#orders) : null;
    this.#outputs = [
      null,
      ...[1, 2].map((fd) => (piped(fd) ? new Output(this.#orders, fd) : null)),
    ];
    this.stdin = this.#input;
    this.stdout = this.#outputs[1] ?? null;
    this.stderr = this.#outputs[2] ?? null;
    this.stdio = [this.stdin, this.stdout, this.stderr];
    for (const stream of this.stdio) {
      if (stream === null) continue;
      this.#open++;
      stream.on('close', () => this.#closeOne());
    }
  }

  kill(signal: NodeJS.Signals | number = 'SIGTERM'): boolean {
    if (typeof signal === 'string' && !(signal in constants.signals)) {
      throw Object.assign(new TypeError(`Unknown signal: ${signal}`), {
        code: 'ERR_UNKNOWN_SIGNAL',
      });
    }
    if (this.#ended) return false;
    this.#orders.send({ do: 'kill', signal });
    if (signal !== 0) this.killed = true;
    return true;
  }

  ref(): void {
    this.#orders.hold(true);
  }

  unref(): void {
    this.#orders.hold(false);
  }

  #hear(news: Heard, content: Buffer): void {
    switch (news.is) {
      case 'started':
        this.pid = news.pid;
        this.emit('spawn');
        return;
      case 'error':
        this.#fail(systemError(news.error));
        return;
      case 'took-input':
        this.#input?.taken(news.bytes);
        return;
      case 'input-error':
        this.#input?.destroy(systemError(news.error));
        return;
      case 'output':
        this.#outputs[news.fd]?.add(content);
        return;
      case 'end-of-output':
        this.#outputs[news.fd]?.end();
        return;
      case 'exit':
        this.exitCode = news.code;
        this.signalCode = news.signal;
        this.#end(() => this.emit('exit', news.code, news.signal));
        return;
      case 'gone':
        this.#fail(new Error('the small process that started this program is gone'));
        for (const output of this.#outputs) output?.end();
    }
  }

  /** It was not started, or what became of it will never be known. */
  #fail(error: NodeJS.ErrnoException): void {
    if (this.#ended) return;
    this.exitCode = error.errno ?? -1;
    this.#end(() => this.emit('error', error));
  }

  #end(tell: () => void): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#input?.destroy();
    tell();
    // They must reach their end even if nobody reads them.
    process.nextTick(() => {
      for (const output of this.#outputs) if (output?.readable) output.resume();
    });
    this.#closeOne();
  }

  #closeOne(): void {
    this.#open--;
    if (this.#open > 0) return;
    this.#orders.done();
    this.emit('close', this.exitCode, this.signalCode);
  }
}

class Input extends Writable {
  readonly #orders: Orders;
  readonly #waiting: { readonly bytes: number; readonly done: () => void }[] = [];
  #untaken = 0;
  #ended: (() => void) | undefined;

  constructor(orders: Orders) {
    super();
    this.#orders = orders;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#orders.send({ do: 'input' }, chunk);
    this.#untaken += chunk.length;
    if (this.#untaken < windowBytes) done();
    else this.#waiting.push({ bytes: chunk.length, done });
  }

  override _final(done: () => void): void {
    this.#orders.send({ do: 'end-input' });
    // A stream that is finished closes at once. Then the small process would drop what the program has not read yet.
    this.#ended = done;
    this.#tellEnd();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#orders.send({ do: 'close-input' });
    done(error);
  }

  taken(bytes: number): void {
    this.#untaken -= bytes;
    this.#tellEnd();
    if (this.#untaken >= windowBytes) return;
    for (const { done } of this.#waiting.splice(0)) done();
  }

  #tellEnd(): void {
    if (this.#untaken > 0) return;
    const ended = this.#ended;
    this.#ended = undefined;
    ended?.();
  }
}

class Output extends Readable {
  readonly #orders: Orders;
  readonly #fd: number;
  /** Taken, but the small process was not told. */
  #taken = 0;
  /** Not taken yet. */
  #held = 0;

  constructor(orders: Orders, fd: number) {
    super();
    this.#orders = orders;
    this.#fd = fd;
  }

  add(bytes: Buffer): void {
    if (this.destroyed) return;
    this.#held += bytes.length;
    if (this.push(bytes)) this.#take();
  }

  end(): void {
    if (!this.destroyed && !this.readableEnded) this.push(null);
  }

  override _read(): void {
    this.#take();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#orders.send({ do: 'close-output', fd: this.#fd });
    done(error);
  }

  #take(): void {
    this.#taken += this.#held;
    this.#held = 0;
    if (this.#taken < windowBytes / 4) return;
    this.#orders.send({ do: 'took', fd: this.#fd, bytes: this.#taken });
    this.#taken = 0;
  }
}

function systemError({ message, ...facts }: SystemError): NodeJS.ErrnoException {
  return Object.assign(new Error(message), facts);
}
