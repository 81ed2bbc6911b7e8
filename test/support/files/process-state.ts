/**
 * What all test files of one process have in common: a file that changes any of it changes the tests of the next file.
 * A state of a module cannot be seen from here; `docs/testing.md` says how it is kept out.
 */
import { vi } from 'vitest';

/** What the process is like: a name for people → a value that is the same value if nothing has changed. */
export type ProcessState = ReadonlyMap<string, unknown>;

/** Names that a library sets once, when it is first used, and that a later file finds as good as the first. */
const setOnce = [
  // The dispatcher of `fetch`, in Node and in the package undici.
  /^globalThis\.Symbol\(undici\./,
  // The registry and the settings of zod.
  /^globalThis\.__zod_global/,
];

/** Vitest's own: it talks to this process between two files. */
const ofVitest = /^(?:__vitest|__vite|__VITEST)/;
const variablesOfVitest = new Set(['VITEST_WORKER_ID', 'VITEST_POOL_ID']);

/** Classes and tables of the language, which a test could give another method. */
const ofTheLanguage = {
  'Array.prototype': Array.prototype,
  'Buffer.prototype': Buffer.prototype,
  'Date.prototype': Date.prototype,
  'Function.prototype': Function.prototype,
  JSON,
  'Map.prototype': Map.prototype,
  Math,
  'Object.prototype': Object.prototype,
  'Promise.prototype': Promise.prototype,
  'RegExp.prototype': RegExp.prototype,
  'Set.prototype': Set.prototype,
  'String.prototype': String.prototype,
  Date,
  Object,
  Promise,
};

/** What keeps a process from its end, and is no business of Vitest's: a server, a child process, a watched file. */
const kept = new Set([
  'FSEventWrap',
  'PipeServerWrap',
  'ProcessWrap',
  'SignalWrap',
  'StatWatcher',
  'TCPServerWrap',
  'UDPWrap',
  'Worker',
]);

/** The state of this process now. */
export function readProcess(): ProcessState {
  const state = new Map<string, unknown>([
    ['the working folder', process.cwd()],
    ['the umask', process.umask()],
    ['the exit code', process.exitCode],
    ['process.env itself', process.env],
    ['process.stdout.write', process.stdout.write],
    ['process.stderr.write', process.stderr.write],
    ['the fake timers', vi.isFakeTimers()],
  ]);
  for (const [name, value] of Object.entries(process.env)) {
    if (!variablesOfVitest.has(name)) state.set(`the variable ${name}`, value);
  }
  process.argv.forEach((value, at) => void state.set(`process.argv[${at}]`, value));
  for (const event of process.eventNames()) {
    // By these the process talks to Vitest.
    if (event === 'message' || event === 'internalMessage') continue;
    process.listeners(event as 'exit').forEach((listener, at) => {
      state.set(`listener ${at + 1} of process for ${String(event)}`, listener);
    });
  }
  addProperties(state, 'globalThis', globalThis);
  addProperties(state, 'process', process);
  addProperties(state, 'console', console);
  for (const [name, table] of Object.entries(ofTheLanguage)) addProperties(state, name, table);
  const open = Map.groupBy(process.getActiveResourcesInfo(), (kind) => kind);
  for (const [kind, all] of open) if (kept.has(kind)) state.set(`open: ${kind}`, all.length);
  return state;
}

/** The values and getters of an object. */
function addProperties(state: Map<string, unknown>, name: string, table: object): void {
  for (const key of Reflect.ownKeys(table)) {
    if (ofVitest.test(String(key))) continue;
    const { value, get } = Object.getOwnPropertyDescriptor(table, key) ?? {};
    state.set(`${name}.${String(key)}`, get ?? value);
  }
}

/** What is no longer as before, in words; empty if all is. */
export function changes(before: ProcessState, after: ProcessState): string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.flatMap((name) => {
    if (Object.is(before.get(name), after.get(name)) && before.has(name) === after.has(name)) {
      return [];
    }
    if (!before.has(name))
      return setOnce.some((known) => known.test(name)) ? [] : [`${name} is new`];
    return [`${name} ${after.has(name) ? 'has changed' : 'is gone'}`];
  });
}

/** Whether a change is about what keeps a process from its end. */
export function isOpen(change: string): boolean {
  return change.startsWith('open: ');
}
