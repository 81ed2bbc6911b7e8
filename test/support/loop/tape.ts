/**
 * A recorded step: its ports give the same answers again, in memory, so that it can be run thousands of
 * times with one changed answer. The recording is made at the classes of the adapters: whatever adapter is added
 * is recorded, too.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Stopped, type StopReason } from '../../../src/decision.ts';
import { commandFile } from '../github/runs.ts';
import { ScriptedAgent } from './agents.ts';
import { runAsProcess, type StepCall, type StepEnd } from './as-process.ts';

/** One call of a port: `Comments.update`, and whether it was done. */
export interface PortCall {
  readonly port: string;
  readonly key: string;
  done: boolean;
}

interface Answer extends PortCall {
  value?: unknown;
  error?: unknown;
  /** For a function that returns no promise. */
  now?: boolean;
}

/** What happens to one call, in place of its answer. */
export interface PortFault {
  readonly port: string;
  /** Counted from 1 among the calls of this port. */
  readonly nth: number;
  /** Whether it also happens to all later calls of the port. */
  readonly forGood: boolean;
  /** Whether the call still takes effect. */
  readonly stillDone: boolean;
  /** What is thrown: an error that an adapter throws, a lack of the machine, or a mistake in our code. */
  readonly thrown: StopReason | 'mistake' | 'full disk';
  /** Whether a mistake in our code makes later calls fail, too; not those that go on beside the one with the fault. */
  readonly thenMistakes?: boolean;
}

/** What is on a tape. */
export interface Recording extends StepEnd {
  /** The ports that were called, in order. */
  readonly ports: readonly string[];
}

/** A tape to be played, once with each of these faults, or with none. */
export interface Plays {
  readonly name: string;
  readonly faults: readonly (PortFault | null)[];
}

/** How a step ended that was played. */
export interface Played {
  readonly decision: string;
  readonly reason: string;
  readonly log: string;
  readonly calls: readonly PortCall[];
  /** Whether the fault was met. */
  readonly met: boolean;
}

const tapes = new Map<string, { readonly tape: Tape; readonly step: StepCall }>();

/** Runs a step as it is, and keeps what its ports answer under a name. */
export async function record(name: string, step: StepCall): Promise<Recording> {
  const tape = new Tape();
  const end = await tape.record(() => runAsProcess(step));
  tapes.set(name, { tape, step });
  return { ...end, ports: tape.ports };
}

/** Runs a step again in memory; what its own tape does not have is looked for on the others. */
export async function play({ name, faults }: Plays): Promise<Played[]> {
  const recorded = tapes.get(name);
  if (recorded === undefined) throw new Error(`there is no tape of ${name}`);
  const { tape, step } = recorded;
  const others = [...tapes.values()].map((one) => one.tape);
  const output = step.env.GITHUB_OUTPUT ?? '';
  const played: Played[] = [];
  for (const fault of faults) {
    writeFileSync(output, '');
    const { result, calls, met } = await tape.replay(fault, others, () => runAsProcess(step));
    const { decision = '', 'reason-code': reason = '' } = commandFile(readFileSync(output, 'utf8'));
    played.push({ decision, reason, log: result.log, calls, met });
  }
  return played;
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
    files.map((file) => import(pathToFileURL(`${source}${file}`).href)),
  );
  for (const [name, exported] of modules.flatMap((module) => Object.entries(module))) {
    if (typeof exported !== 'function' || !/^Git[A-Z]\w+$/.test(name) || name.endsWith('Error'))
      continue;
    patch(name.replace(/^Git(?:Hub)?/, ''), (exported as { prototype?: object }).prototype ?? {});
  }
  patch('Agent', ScriptedAgent.prototype);
}

function patch(port: string, methods: object): void {
  for (const name of Object.getOwnPropertyNames(methods)) {
    const { value, writable } = Object.getOwnPropertyDescriptor(methods, name) ?? {};
    if (name === 'constructor' || typeof value !== 'function' || !writable) continue;
    const original = value as Method;
    Reflect.set(methods, name, function (this: unknown, ...args: unknown[]) {
      const call = () => inside.run(true, () => original.apply(this, args));
      // Calls between adapters are not recorded.
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

class Tape {
  readonly #answers: Answer[] = [];

  /** The ports that were called, in order. */
  get ports(): string[] {
    return this.#answers.map(({ port }) => port);
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
   * @param others tapes to search for what this one does not have
   */
  async replay<T>(
    fault: PortFault | null,
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
      const mistaken = met && fault?.thenMistakes && !beside.test(port);
      if (spoilt || mistaken) {
        call.done = !mistaken && fault.stillDone;
        const error = makeError(mistaken ? { thrown: 'mistake' } : fault);
        met = true;
        if (answer?.now) throw error;
        return Promise.reject(error);
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

  /** The recorded answers to the same question in their order, then the last one again; without any, an answer of the same port. */
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

/** Artifacts are read at the same time, each in steps, and the planner begins before the workspace is there. */
const beside = /^(?:Artifacts\.read|Agent\.propose)$/;

function makeError({ thrown }: Pick<PortFault, 'thrown'>): Error {
  const words = 'A fault of the test.';
  if (thrown === 'full disk') return Object.assign(new Error(words), { code: 'ENOSPC' });
  return thrown === 'mistake' ? new TypeError(words) : new Stopped(thrown, words);
}

/** The question, without what differs in every run: ids of runs, folders, and what is published. */
function keyOf(port: string, args: readonly unknown[]): string {
  const text = JSON.stringify(args, (_, value) => {
    if (value instanceof Map || ArrayBuffer.isView(value) || typeof value === 'function')
      return '…';
    return typeof value === 'string' && value.length > 100 ? '…' : value;
  });
  return `${port} ${text}`;
}
