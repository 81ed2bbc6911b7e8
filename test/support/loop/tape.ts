/**
 * A step on a tape: what its ports answered once is what they answer again, in memory, so that it can be run thousands of
 * times with one answer that is another. The adapters are recorded where they are: whatever class of an adapter is added
 * is on the tape.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { globSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ScriptedAgents } from './agents.ts';

/** One call of a port: `Comments.update`, and whether it was done. */
export interface PortCall {
  readonly port: string;
  readonly key: string;
  done: boolean;
}

interface Answer extends PortCall {
  value?: unknown;
  error?: unknown;
  /** Of a function that returns no promise. */
  now?: boolean;
}

/** What one call meets in place of its answer. */
export interface PortFault {
  readonly port: string;
  /** Counted from 1 among the calls of this port. */
  readonly nth: number;
  /** Whether all later calls of the port meet it, too. */
  readonly forGood: boolean;
  /** Whether the call does what it is to do. */
  readonly behindTheDeed: boolean;
  /** What is answered or thrown. */
  readonly answer: () => unknown;
}

type Method = (...args: unknown[]) => unknown;
type Handler = (port: string, args: readonly unknown[], original: () => unknown) => unknown;

const inside = new AsyncLocalStorage<boolean>();
let handler: Handler | undefined;

const source = fileURLToPath(new URL('../../../src/', import.meta.url));

/** Puts the handler, if there is one, before every method of every adapter. */
async function patchAdapters(): Promise<void> {
  const files = globSync('{github,git}/*.ts', { cwd: source });
  const modules = await Promise.all(
    files.map((file) => import(/* @vite-ignore */ pathToFileURL(`${source}${file}`).href)),
  );
  for (const [name, exported] of modules.flatMap((module) => Object.entries(module))) {
    if (typeof exported !== 'function' || !/^Git[A-Z]\w+$/.test(name) || name.endsWith('Error'))
      continue;
    patch(name.replace(/^Git(?:Hub)?/, ''), (exported as { prototype?: object }).prototype ?? {});
  }
  patch('Agents', ScriptedAgents.prototype);
}

function patch(port: string, methods: object): void {
  for (const name of Object.getOwnPropertyNames(methods)) {
    const { value, writable } = Object.getOwnPropertyDescriptor(methods, name) ?? {};
    if (name === 'constructor' || typeof value !== 'function' || !writable) continue;
    const original = value as Method;
    Reflect.set(methods, name, function (this: unknown, ...args: unknown[]) {
      const call = () => inside.run(true, () => original.apply(this, args));
      // What an adapter asks of another one, or of itself, is its own business.
      if (handler === undefined || inside.getStore()) return call();
      return handler(`${port}.${name}`, args, call);
    });
  }
}

let patched: Promise<void> | undefined;

async function under<T>(next: Handler, run: () => Promise<T>): Promise<T> {
  patched ??= patchAdapters();
  await patched;
  handler = next;
  try {
    return await run();
  } finally {
    handler = undefined;
  }
}

export class Tape {
  readonly #answers: Answer[] = [];

  /** The calls, in the order in which they were made. */
  get calls(): readonly PortCall[] {
    return this.#answers;
  }

  /** Runs a step as it is, and keeps what its ports answer. */
  record<T>(run: () => Promise<T>): Promise<T> {
    return under((port, args, original) => {
      const answer: Answer = { port, key: keyOf(port, args), done: false };
      this.#answers.push(answer);
      const keep = (value: unknown) => {
        Object.assign(answer, { value, done: true });
        return value;
      };
      const fail = (error: unknown) => {
        Object.assign(answer, { error });
        throw error;
      };
      const result = original();
      if (result instanceof Promise) return result.then(keep, fail);
      answer.now = true;
      return keep(result);
    }, run);
  }

  /**
   * Runs it again in memory, with a fault.
   * @param others tapes to look on for what this one does not have
   */
  async replay<T>(
    fault: PortFault | undefined,
    others: readonly Tape[],
    run: () => Promise<T>,
  ): Promise<{ readonly result: T; readonly calls: readonly PortCall[]; readonly met: boolean }> {
    const calls: PortCall[] = [];
    let met = false;
    const result = await under((port, args) => {
      const call: PortCall = { port, key: keyOf(port, args), done: false };
      calls.push(call);
      const nth = calls.filter((one) => one.port === port).length;
      const spoilt =
        fault?.port === port && (nth === fault.nth || (fault.forGood && nth > fault.nth));
      const answer = this.#find(call, calls, others);
      if (spoilt) {
        met = true;
        call.done = fault.behindTheDeed;
        if (answer?.now) return fault.answer();
        return Promise.resolve().then(fault.answer);
      }
      if (answer === undefined) throw new Error(`${call.key} is on no tape`);
      call.done = answer.error === undefined;
      if (answer.now) return answer.value;
      return answer.error === undefined
        ? Promise.resolve(answer.value)
        : Promise.reject(answer.error);
    }, run);
    return { result, calls, met };
  }

  /** The answer to the same question as often as it was asked, then the last one; else one of the same port. */
  #find(call: PortCall, calls: readonly PortCall[], others: readonly Tape[]): Answer | undefined {
    for (const tape of [this, ...others]) {
      for (const same of ['key', 'port'] as const) {
        const known = tape.#answers.filter((one) => one[same] === call[same]);
        const turn = calls.filter((one) => one[same] === call[same]).length;
        const found = known[turn - 1] ?? known.at(-1);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  }
}

/** What is asked, but for what is another one in every run: ids of runs, folders, and what is published. */
function keyOf(port: string, args: readonly unknown[]): string {
  const text = JSON.stringify(args, (_, value) => {
    if (value instanceof Map || ArrayBuffer.isView(value) || typeof value === 'function')
      return '…';
    return typeof value === 'string' && value.length > 100 ? '…' : value;
  });
  return `${port} ${text}`;
}
