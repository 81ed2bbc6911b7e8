/**
 * Runs `git http-backend` from a small process. A new process begins as a copy of the one that starts it, so a large
 * process, such as a worker of the tests, pays more for the start than git pays for its work.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** One request to the backend. `env` is its whole environment, as the Common Gateway Interface (RFC 3875) names it. */
interface Start {
  readonly id: number;
  readonly env: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** A part of the answer; null after the last one. */
interface Part {
  readonly id: number;
  readonly bytes: Uint8Array | null;
}

type Order = Start | { readonly id: number; readonly kill: true };

let small: ChildProcess | undefined;
const readers = new Map<number, (part: Uint8Array | null) => void>();
let lastId = 0;

/**
 * @param onPart takes the answer of the backend, head and body, part by part, and null at its end
 * @returns ends the backend before its time
 */
export function runHttpBackend(
  env: Start['env'],
  body: Uint8Array,
  onPart: (part: Uint8Array | null) => void,
): () => void {
  small ??= start();
  const runner = small;
  lastId += 1;
  const id = lastId;
  readers.set(id, onPart);
  runner.ref();
  runner.channel?.ref();
  runner.send({ id, env, body } satisfies Start);
  return () => runner.send({ id, kill: true });
}

function start(): ChildProcess {
  const runner = fork(fileURLToPath(import.meta.url), ['serve'], {
    env: {},
    execArgv: [],
    serialization: 'advanced',
  });
  const end = (id: number) => {
    readers.get(id)?.(null);
    readers.delete(id);
    if (readers.size > 0) return;
    // It ends when this process ends, because its channel closes.
    runner.unref();
    runner.channel?.unref();
  };
  runner.on('message', ({ id, bytes }: Part) => {
    if (bytes === null) end(id);
    else readers.get(id)?.(bytes);
  });
  runner.on('exit', () => {
    small = undefined;
    for (const id of readers.keys()) end(id);
  });
  return runner;
}

function serve(): void {
  const running = new Map<number, ChildProcess>();
  const tell = (part: Part) => process.send?.(part);
  process.on('message', (order: Order) => {
    const { id } = order;
    if ('kill' in order) {
      running.get(id)?.kill('SIGKILL');
      return;
    }
    const child = spawn('git', ['http-backend'], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...order.env },
    });
    running.set(id, child);
    child.stdout.on('data', (bytes: Buffer) => tell({ id, bytes }));
    child.on('error', () => tell({ id, bytes: null }));
    child.on('close', () => {
      running.delete(id);
      tell({ id, bytes: null });
    });
    child.stdin.on('error', () => {});
    child.stdin.end(order.body);
  });
  process.on('disconnect', () => {
    for (const child of running.values()) child.kill('SIGKILL');
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) serve();
