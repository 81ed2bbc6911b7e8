import { fork } from 'node:child_process';
import { watch } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { afterEach, expect, it, vi } from 'vitest';
import { changes, readProcess } from './process-state.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0)) await step();
});

const inFolder = process.cwd();
const write = process.stdout.write;
const listener = () => {};

/** Does something, and undoes it after the test. */
interface Deed {
  readonly make: () => unknown;
  readonly unmake: () => unknown;
  readonly seen: string;
}

const deeds: Readonly<Record<string, Deed>> = {
  'a variable': {
    make: () => vi.stubEnv('OF_A_TEST', 'x'),
    unmake: () => vi.unstubAllEnvs(),
    seen: 'the variable OF_A_TEST is new',
  },
  'another environment': {
    make: () => {
      const own = process.env;
      process.env = { ...own };
      undo.push(() => {
        process.env = own;
      });
    },
    unmake: () => {},
    seen: 'process.env itself has changed',
  },
  'the folder': {
    make: () => process.chdir(tmpdir()),
    unmake: () => process.chdir(inFolder),
    seen: 'the working folder has changed',
  },
  'the umask': {
    make: () => process.umask(process.umask() ^ 0o20),
    unmake: () => process.umask(process.umask() ^ 0o20),
    seen: 'the umask has changed',
  },
  'the exit code': {
    make: () => {
      process.exitCode = 3;
    },
    unmake: () => {
      process.exitCode = undefined;
    },
    seen: 'the exit code has changed',
  },
  'an argument': {
    make: () => process.argv.push('x'),
    unmake: () => process.argv.pop(),
    seen: `process.argv[${process.argv.length}] is new`,
  },
  'a listener': {
    make: () => process.on('SIGUSR2', listener),
    unmake: () => process.off('SIGUSR2', listener),
    seen: 'listener 1 of process for SIGUSR2 is new',
  },
  'what is printed': {
    make: () => {
      process.stdout.write = () => true;
    },
    unmake: () => {
      process.stdout.write = write;
    },
    seen: 'process.stdout.write has changed',
  },
  'fake timers': {
    make: () => vi.useFakeTimers(),
    unmake: () => vi.useRealTimers(),
    seen: 'the fake timers has changed',
  },
  'a global name': {
    make: () => vi.stubGlobal('ofATest', 1),
    unmake: () => vi.unstubAllGlobals(),
    seen: 'globalThis.ofATest is new',
  },
  'another function of the language': {
    make: () => vi.spyOn(Math, 'random'),
    unmake: () => vi.restoreAllMocks(),
    seen: 'Math.random has changed',
  },
  'a server': {
    make: () => {
      const server = createServer();
      undo.push(() => new Promise((done) => server.close(done)));
      return new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    },
    unmake: () => {},
    seen: 'open: TCPServerWrap',
  },
  'a process': {
    make: () => {
      const child = fork('-e', ['process.stdin.resume()'], { execArgv: [] });
      undo.push(() => {
        const gone = new Promise((done) => child.once('close', done));
        child.kill('SIGKILL');
        return gone;
      });
    },
    unmake: () => {},
    seen: 'open: ProcessWrap',
  },
  'a watched file': {
    make: () => {
      const watcher = watch(tmpdir());
      undo.push(() => watcher.close());
    },
    unmake: () => {},
    seen: 'open: FSEvent',
  },
};

it.each(Object.entries(deeds))('sees %s', async (_, { make, unmake, seen }) => {
  const before = readProcess();
  expect(changes(before, readProcess())).toEqual([]);
  undo.push(unmake);
  await make();
  expect(changes(before, readProcess()).join('\n')).toContain(seen);
});

it('sees what is gone, and what is another one', () => {
  const state = (entries: object) => new Map(Object.entries(entries));
  expect(changes(state({ a: 1, b: undefined, c: 1 }), state({ a: 2, c: 1 }))).toEqual([
    'a has changed',
    'b is gone',
  ]);
});
