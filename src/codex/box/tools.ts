/**
 * The project's tools: what `actions/setup-node`, `setup-python`, `setup-go` and the like put into the runner's tool cache
 * and on the job's `PATH`. The model's commands get exactly these, read-only; everything else on that `PATH` stays out.
 */
import { lstatSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join, normalize, relative, sep } from 'node:path';
import { isReachable } from '../../system/reachable.ts';
import { boxUser } from './box-user.ts';

/** What the model's commands can use in addition to the system's programs. */
export interface Tools {
  /** Folders that are shown, each at its own path, and by its name in the tool cache: `node/24.1.0/x64`. */
  readonly shown: readonly ShownTool[];
  /** Entries for the `PATH` of commands, in the job's order. */
  readonly path: readonly string[];
  /** Further variables that lead into what is shown. */
  readonly variables: Readonly<Record<string, string>>;
  /** Why an entry of the `PATH` that lies in the tool cache is not shown: one sentence each. */
  readonly refused: readonly string[];
}

export interface ShownTool {
  readonly name: string;
  /** As `PATH` has it, and its real path. */
  readonly folder: string;
  readonly real: string;
}

export const noTools: Tools = { shown: [], path: [], variables: {}, refused: [] };

/** By their names in the tool cache, which are the same on every machine. */
export function toolNames({ shown }: Tools): string[] {
  return shown.map(({ name }) => name).sort();
}

/** For the log: what is shown, and what is not. */
export function describeTools({ shown, refused }: Tools): string[] {
  return [...shown.map(({ name, folder }) => `tool: ${name} at ${folder}`), ...refused];
}

/** Places of the box's own, which nothing may cover. */
const TAKEN = [
  '/opt/gate',
  '/opt/codex',
  '/workspace',
  '/codex-home',
  '/command-home',
  '/proc',
  '/dev',
  '/tmp',
  '/etc',
];

/** Nothing that could end a string of a configuration, or be read as another path. */
const PLAIN = /^\/[\w .+@~/-]+$/;

/**
 * @param environment the job's
 * @param forbidden folders that a pull request can write to, or that hold the action's secrets
 */
export function findTools(environment: NodeJS.ProcessEnv, forbidden: readonly string[]): Tools {
  const { RUNNER_TOOL_CACHE, PATH = '' } = environment;
  const cache = RUNNER_TOOL_CACHE ? realOrNull(RUNNER_TOOL_CACHE) : null;
  if (!RUNNER_TOOL_CACHE || cache === null) return noTools;
  const places = {
    given: normalize(RUNNER_TOOL_CACHE),
    cache,
    closed: closedFolders(environment, forbidden),
  };
  const shown = new Map<string, ShownTool>();
  const path = new Set<string>();
  const refused = new Set<string>();
  for (const entry of PATH.split(':')) {
    if (!isAbsolute(entry) || !isInside(normalize(entry), places.given)) continue;
    const found = lookUp(normalize(entry), places);
    if (typeof found === 'string') refused.add(`${entry} is not shown: ${found}`);
    else {
      shown.set(found.folder, found);
      path.add(normalize(entry));
    }
  }
  const folders = [...shown.values()];
  const variables = variablesInto(environment, folders);
  return { shown: folders, path: [...path], variables, refused: [...refused] };
}

interface Places {
  /** The tool cache as it is named, and its real path. */
  readonly given: string;
  readonly cache: string;
  readonly closed: readonly string[];
}

/** The version's own folder that the entry lies in; in words why it is not shown. */
function lookUp(entry: string, { given, cache, closed }: Places): ShownTool | string {
  const names = relative(given, entry).split(sep);
  if (names.length < 3) return 'it lies in no version of a tool.';
  if (!PLAIN.test(entry)) return 'its name holds unusual characters.';
  const folder = join(given, ...names.slice(0, 3));
  const real = realOrNull(folder);
  const realEntry = realOrNull(entry);
  if (real === null || realEntry === null) return 'it does not exist.';
  if (relative(cache, real).split(sep).length < 3 || !isInside(real, cache)) {
    return 'it leads out of the tool cache.';
  }
  if (!isInside(realEntry, real)) return 'it leads out of its tool.';
  const open = closed.find((other) => isInside(real, other) || isInside(other, real));
  if (open !== undefined) return `it shares a place with ${open}.`;
  if (TAKEN.some((taken) => isInside(folder, taken) || isInside(taken, folder))) {
    return 'the box has something else there.';
  }
  const stranger = [real, realEntry].find((path) => !isTrusted(path));
  if (stranger !== undefined) return 'it belongs to another user.';
  if (boxUser !== null && !isReachable(join(real, '_')))
    return 'the user of the box cannot reach it.';
  return { name: names.slice(0, 3).join('/'), folder, real };
}

function closedFolders(environment: NodeJS.ProcessEnv, forbidden: readonly string[]): string[] {
  const { GITHUB_WORKSPACE, RUNNER_TEMP } = environment;
  return [GITHUB_WORKSPACE, RUNNER_TEMP, tmpdir(), '/tmp', '/var/tmp', ...forbidden].flatMap(
    (folder) => (folder ? (realOrNull(folder) ?? []) : []),
  );
}

/** The machine's owner put it there, or this very runner. */
function isTrusted(path: string): boolean {
  const { uid } = lstatSync(path);
  return uid === 0 || uid === process.getuid?.();
}

/** Variables by which tools find what belongs to them, as far as they lead into what is shown. */
function variablesInto(
  environment: NodeJS.ProcessEnv,
  shown: readonly ShownTool[],
): Record<string, string> {
  const isShown = (path: string) => {
    const real = isAbsolute(path) && PLAIN.test(path) ? realOrNull(path) : null;
    return (
      real !== null &&
      shown.some((tool) => isInside(normalize(path), tool.folder) && isInside(real, tool.real))
    );
  };
  const found: Record<string, string> = {};
  for (const name of ['JAVA_HOME', 'GOROOT']) {
    const value = environment[name];
    if (value !== undefined && isShown(value)) found[name] = value;
  }
  const libraries = (environment.LD_LIBRARY_PATH ?? '').split(':').filter(isShown);
  if (libraries.length > 0) found.LD_LIBRARY_PATH = libraries.join(':');
  return found;
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function realOrNull(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
