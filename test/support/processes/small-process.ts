/**
 * A small process that starts programs for large ones. A new process begins as a copy of the one that starts it, so a
 * large process, such as a worker of the tests, pays more for the start than most git commands cost. It pays again when it goes
 * on: until the new program begins, both share their memory, and the first write to each page copies it.
 *
 * Large processes connect to its socket. It ends with the process that started it. For callers that wait until git has
 * ended there is another one, `test/support/github/git-runner.ts`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { encodeFrame, readFrames } from './frames.ts';
import { describeError, type News, type Order, type Program, windowBytes } from './orders.ts';

/** The programs of one large process. */
class Programs {
  readonly #socket: Socket;
  readonly #running = new Map<number, Running>();

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on(
      'data',
      readFrames<Order>((order, content) => this.#carryOut(order, content)),
    );
    socket.on('error', () => undefined);
    socket.on('close', () => {
      for (const running of this.#running.values()) running.abandon();
    });
  }

  #carryOut(order: Order, content: Buffer): void {
    if (order.do === 'start') this.#start(order.id, order.program);
    else this.#running.get(order.id)?.carryOut(order, content);
  }

  #start(id: number, program: Program): void {
    const tell = (news: News, content?: Uint8Array) => {
      if (!this.#socket.destroyed) this.#socket.write(encodeFrame(news, content));
    };
    try {
      const done = () => this.#running.delete(id);
      this.#running.set(id, new Running(id, program, tell, done));
    } catch (error) {
      // What the large process would have thrown at once.
      tell({ id, is: 'error', error: describeError(error as Error) });
      for (const fd of [1, 2]) tell({ id, is: 'end-of-output', fd });
    }
  }
}

class Running {
  readonly #child: ChildProcess;
  readonly #id: number;
  readonly #tell: (news: News, content?: Uint8Array) => void;
  /** Bytes of each output that the large process has not taken yet. */
  readonly #untaken = [0, 0, 0];

  constructor(
    id: number,
    { file, args, stdio, ...options }: Program,
    tell: (news: News, content?: Uint8Array) => void,
    done: () => void,
  ) {
    this.#id = id;
    this.#tell = tell;
    const child = spawn(file, args, { ...options, stdio: [...stdio] });
    this.#child = child;
    if (child.pid !== undefined) tell({ id, is: 'started', pid: child.pid });
    child.stdin?.on('error', (error) =>
      tell({ id, is: 'input-error', error: describeError(error) }),
    );
    this.#forward(1, child.stdout);
    this.#forward(2, child.stderr);
    child.on('error', (error) => tell({ id, is: 'error', error: describeError(error) }));
    child.on('exit', (code, signal) => tell({ id, is: 'exit', code, signal }));
    child.on('close', done);
  }

  carryOut(order: Exclude<Order, { readonly do: 'start' }>, content: Buffer): void {
    const { stdin, stdio } = this.#child;
    if (order.do === 'input') {
      const took: News = { id: this.#id, is: 'took-input', bytes: content.length };
      stdin?.write(content, (error) => error ?? this.#tell(took));
    } else if (order.do === 'end-input') stdin?.end();
    else if (order.do === 'close-input') stdin?.destroy();
    else if (order.do === 'close-output') stdio[order.fd]?.destroy();
    else if (order.do === 'kill') this.#child.kill(order.signal);
    else {
      const untaken = (this.#untaken[order.fd] ?? 0) - order.bytes;
      this.#untaken[order.fd] = untaken;
      if (untaken < windowBytes) (stdio[order.fd] as Readable).resume();
    }
  }

  /** The large process is gone: what it held of the program closes, as it would have by itself. */
  abandon(): void {
    for (const stream of this.#child.stdio) stream?.destroy();
  }

  #forward(fd: number, from: Readable | null): void {
    const id = this.#id;
    from?.on('data', (bytes: Buffer) => {
      this.#tell({ id, is: 'output', fd }, bytes);
      const untaken = (this.#untaken[fd] ?? 0) + bytes.length;
      this.#untaken[fd] = untaken;
      if (untaken >= windowBytes) from.pause();
    });
    from?.on('close', () => this.#tell({ id, is: 'end-of-output', fd }));
  }
}

/** The address of a socket has room for 107 bytes, and the folder for temporary files can have a long path. */
const parent = Buffer.byteLength(tmpdir()) < 80 ? tmpdir() : '/tmp';
const folder = mkdtempSync(join(parent, 'small-process-'));
const path = join(folder, 'socket');
const server = createServer((socket) => new Programs(socket));
server.listen(path, () => process.stdout.write(`${path}\n`));
process.stdin.on('close', () => {
  rmSync(folder, { recursive: true, force: true });
  process.exit();
});
process.stdin.resume();
