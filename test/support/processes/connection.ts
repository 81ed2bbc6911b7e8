/** The connection of this process to the small one, which is started when it is first needed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { encodeFrame, readFrames } from './frames.ts';
import type { News, Order } from './orders.ts';

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;
/** What a process hears of a program; `gone` if the small process is. */
export type Heard = News | { readonly is: 'gone' };

/** The orders of one program. */
export interface Orders {
  send(order: WithoutId<Order>, content?: Uint8Array): void;
  /** Whether this process goes on until the program has ended; at first it does. */
  hold(yes: boolean): void;
  /** There will be no news and no orders any more. */
  done(): void;
}
export type OnNews = (news: Heard, content: Buffer) => void;

let address: Promise<string> | undefined;
let connection: Connection | undefined;

/** Lets this process use the small process of another one. @param path as `smallProcessAddress` gives it */
export function useSmallProcess(path: string): void {
  address = Promise.resolve(path);
}

/** Where the small process listens. */
export function smallProcessAddress(): Promise<string> {
  address ??= start();
  return address;
}

/** Begins the orders of a program. */
export function ordersFor(onNews: OnNews): Orders {
  if (connection === undefined || connection.closed) {
    connection = new Connection(smallProcessAddress());
  }
  return connection.open(onNews);
}

class Connection {
  closed = false;
  readonly #programs = new Map<number, OnNews>();
  readonly #held = new Set<number>();
  #socket: Socket | undefined;
  /** What is to be sent: at the end of a turn, since a program's start, its input and the end of that come together. */
  #unsent: Buffer[] = [];
  #lastId = 0;

  constructor(address: Promise<string>) {
    address.then(
      (path) => this.#connect(path),
      () => this.#end(),
    );
  }

  open(onNews: OnNews): Orders {
    this.#lastId += 1;
    const id = this.#lastId;
    this.#programs.set(id, onNews);
    this.#hold(id, true);
    return {
      send: (order, content) => {
        if (!this.closed) this.#send(encodeFrame({ ...order, id }, content));
      },
      hold: (yes) => this.#hold(id, yes),
      done: () => {
        this.#programs.delete(id);
        this.#hold(id, false);
      },
    };
  }

  #hold(id: number, yes: boolean): void {
    if (yes && this.#programs.has(id)) this.#held.add(id);
    else this.#held.delete(id);
    if (this.#held.size > 0) this.#socket?.ref();
    else this.#socket?.unref();
  }

  #send(frame: Buffer): void {
    if (this.#unsent.length === 0) process.nextTick(() => this.#flush());
    this.#unsent.push(frame);
  }

  #flush(): void {
    if (this.#socket === undefined || this.#unsent.length === 0) return;
    this.#socket.write(Buffer.concat(this.#unsent));
    this.#unsent = [];
  }

  #connect(path: string): void {
    const socket = connect(path);
    this.#socket = socket;
    const hear = readFrames<News>((news, content) => this.#programs.get(news.id)?.(news, content));
    socket.on('data', hear);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#end());
    if (this.#held.size === 0) socket.unref();
    this.#flush();
  }

  #end(): void {
    this.closed = true;
    for (const tell of [...this.#programs.values()]) tell({ is: 'gone' }, Buffer.alloc(0));
  }
}

/** Without this, Node loads a compiler first, which makes the process half as large again. */
const compiled = fileURLToPath(
  new URL('../../../node_modules/.cache/codex-plan/compiled', import.meta.url),
);

async function start(): Promise<string> {
  const { TMPDIR } = process.env;
  const small = spawn(
    process.execPath,
    // Each start copies the tables of its memory, which half as many pages keep short.
    [
      '--max-semi-space-size=1',
      '--single-threaded',
      fileURLToPath(new URL('small-process.ts', import.meta.url)),
    ],
    {
      env: { ...(TMPDIR && { TMPDIR }), NODE_COMPILE_CACHE: compiled },
      stdio: ['pipe', 'pipe', 'inherit'],
      // A signal from the terminal is for this process; when this ends, the small one does.
      detached: true,
    },
  );
  const [path] = (await Promise.race([
    once(small.stdout.setEncoding('utf8'), 'data'),
    once(small, 'exit').then(() => Promise.reject(new Error('the small process did not start'))),
  ])) as [string];
  small.unref();
  small.stdout.destroy();
  (small.stdin as Socket).unref();
  return path.trim();
}
