/**
 * A process that runs steps one after another: the real action, the real adapters over HTTP and the real git, but
 * scripted agents in the place of the Codex CLI. A small process starts git for it. `scripted.ts` starts it.
 */
import { flushCompileCache, registerHooks } from 'node:module';
import { useSmallProcess } from '../processes/connection.ts';
import type { StepCall } from './as-process.ts';
import { quickened } from './quick-lists.ts';
import type { Plays, Recording } from './tape.ts';

/** What the server is asked for. */
export type Request =
  | { readonly do: 'run'; readonly step: StepCall }
  | { readonly do: 'record'; readonly step: StepCall; readonly name: string }
  | { readonly do: 'play'; readonly plays: Plays };

/** The modules through which `src/agents.ts` uses the Codex CLI. */
const ofCodex = ['planner/planner.ts', 'editor/editor.ts', 'install/install.ts'];
const scripted = new URL('agents.ts', import.meta.url).href;
const taken: string[] = [];
/** What starts git. */
const ofGit = '/src/git/git.ts';
const spawnSmall = new URL('../processes/spawn.ts', import.meta.url).href;

/** The pauses that suit GitHub are long; the embedded one does not need them. */
const quick = `data:text/javascript,${encodeURIComponent(
  "import { setTimeout as wait } from 'node:timers/promises'; export const setTimeout = (ms) => wait(ms / 50);",
)}`;

/** The size of a piece of an artifact's upload, and so of the memory that each upload takes, much of which starts V8's collector. */
const pieces = (config: string) =>
  `data:text/javascript,${encodeURIComponent(
    `export * from ${JSON.stringify(config)}; export const getUploadChunkSize = () => 1024 * 1024;`,
  )}`;

registerHooks({
  resolve(specifier, context, next) {
    const pauses =
      specifier === 'node:timers/promises' && context.parentURL?.includes('/src/github/');
    if (pauses) return { url: quick, shortCircuit: true };
    if (specifier === 'node:child_process' && context.parentURL?.endsWith(ofGit)) {
      taken.push(ofGit);
      return { url: spawnSmall, shortCircuit: true };
    }
    const found = next(specifier, context);
    if (found.url.endsWith('/@actions/artifact/lib/internal/shared/config.js')) {
      const inPieces = context.parentURL?.startsWith('data:') ?? false;
      return inPieces ? found : { ...found, url: pieces(found.url), format: 'module' };
    }
    const file = ofCodex.find((name) => found.url.endsWith(`/src/codex/${name}`));
    if (file === undefined || !context.parentURL?.endsWith('/src/agents.ts')) return found;
    taken.push(file);
    return { ...found, url: scripted };
  },
});

const [, , smallProcess] = process.argv;
if (smallProcess !== undefined) useSmallProcess(smallProcess);
const { runAsProcess } = await import('./as-process.ts');
const { play, record } = await import('./tape.ts');
if (!quickened) throw new Error('a step still waits before it reads a list again');
const wanted = [...ofCodex, ofGit];
if (taken.length !== wanted.length) {
  throw new Error(`they are imported from elsewhere: only ${taken} of ${wanted} were replaced`);
}

function answer(request: Request): Promise<unknown> {
  switch (request.do) {
    case 'run':
      return runAsProcess(request.step);
    case 'record':
      return record(request.name, request.step) satisfies Promise<Recording>;
    case 'play':
      return play(request.plays);
  }
}

/**
 * Keeps what Node has compiled. Node would do this at the end of the process: too late for the next server, and all servers end at the
 * same time, when they would wait for each other to write a thousand files.
 */
const keepCompiled = () => flushCompileCache();

keepCompiled();
process.on('message', (request: Request) => {
  answer(request)
    .then(
      (value) => process.send?.({ value }),
      (error: unknown) =>
        process.send?.({ error: error instanceof Error ? error.stack : String(error) }),
    )
    .finally(keepCompiled);
});
