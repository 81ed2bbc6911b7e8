/**
 * Where the Codex CLI comes from: a path the workflow names, the runner's tool cache, or the npm registry; always one
 * exact version, and never anything that a pull request can write to.
 */
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cleaningUp } from '../../core/first-error.ts';
import { Stopped, stoppedByMachine } from '../../decision.ts';
import { removeTree } from '../../system/remove-tree.ts';
import { oneLine } from '../run-log.ts';
import {
  type CodexPackage,
  packageAt,
  packageOf,
  type SupportedArchitecture,
  shownFolder,
  supportedArchitecture,
} from './codex-package.ts';
import { npmInstall } from './npm.ts';
import { digestOf } from './package-digest.ts';
import { removeAbandoned, UNFINISHED } from './unfinished.ts';

/** One version, and what it consists of. */
export interface Pin {
  readonly version: string;
  /** What the registry has to deliver for it, whoever serves the registry. */
  readonly integrity: Record<SupportedArchitecture, string>;
  /** What it consists of once it is unpacked: the digest of the folder that the box shows. */
  readonly content: Record<SupportedArchitecture, string>;
}

/** The version with which the flags, the protocol and the sandbox are tested. */
export const PINNED: Pin = {
  version: '0.171.0',
  integrity: {
    x64: 'sha512-l66NZkQgdk2C3pbcfULDz42yEUB581MVA6I+Y43Wp4OIqEy73HCdmZ0GTjeAHY2ycuH4N00d9VsLrwT1jxshTw==',
    arm64:
      'sha512-9z17t4bbUJ9UCIb49O4PoA+ki+45q3rd8nZ8PeH6sYnlKkBld/Xpo/OS3h3Ti954+foshX4o7k5TCU8N7zzqQA==',
  },
  content: {
    x64: 'c424049903aadcf1e1ace2f81b92b34f1e537c8a781f5c86b081774c3d596cf7',
    arm64: 'b5886bfa2f4f7dded053ac5e5878555ac5ec020d6a4f2116a179c6e7c5313f85',
  },
};

export const PINNED_VERSION = PINNED.version;
/** The model that this version asks if nobody chooses one; a test with the real CLI holds it. */
const PINNED_DEFAULT_MODEL = 'gpt-6.2-sol';

/** @returns null for a version whose default nobody has read */
export function defaultModel(version: string): string | null {
  return version === PINNED_VERSION ? PINNED_DEFAULT_MODEL : null;
}

/** Neither a range nor a tag: the registry decides what those mean today. */
const EXACT_VERSION =
  /^(?:0|[1-9]\d{0,5})\.(?:0|[1-9]\d{0,5})\.(?:0|[1-9]\d{0,5})(?:-[0-9A-Za-z.-]{1,40})?$/;
const SHA512 = /^sha512-[A-Za-z0-9+/]{86}==$/;
const TOOL = 'codex-cli';
const NAME = '@openai/codex';

export interface InstallOptions {
  /** The `codex-version` input; null for the pinned one, or whichever `codexPath` is. */
  readonly version: string | null;
  /** The `codex-path` input. */
  readonly codexPath: string | null;
  /** Folders a pull request can write to: the job's checkout, the private workspaces. */
  readonly forbidden: readonly string[];
  /** A private folder of the action. */
  readonly temporary: string;
  /** Takes progress, one line a call. */
  readonly report: (line: string) => void;
  /** The tested version, for tests of this very file. */
  readonly pin?: Pin;
}

/**
 * The Codex that need not be installed; null if there is none. No registry is asked: the run may still be refused.
 * @throws Stopped config-invalid, platform-unsupported, codex-unavailable
 */
export async function findCodex({
  version,
  codexPath,
  forbidden,
  report,
  pin = PINNED,
}: Omit<InstallOptions, 'temporary'>): Promise<CodexPackage | null> {
  if (version !== null && !EXACT_VERSION.test(version)) {
    throw new Stopped(
      'config-invalid',
      `codex-version is not an exact version, such as ${pin.version}: ${version}`,
    );
  }
  if (codexPath !== null) {
    const found = await packageOf(codexPath, forbidden);
    return version === null ? found : demandVersion(found, version);
  }
  // The tool cache of a machine that stays is open to every job that ran there. Only the pinned version can be told from
  // what another job may have left in its place; every other is installed each time, from npm's own cache if it is there.
  return version === null || version === pin.version ? findCached(pin, report) : null;
}

/**
 * @param found what `findCodex` gave with the same options, if it was called before
 * @throws Stopped config-invalid, platform-unsupported, codex-unavailable
 */
export async function locateCodex(
  options: InstallOptions,
  found = findCodex(options),
): Promise<CodexPackage> {
  const { version, pin = PINNED } = options;
  return (await found) ?? install(version ?? pin.version, pin, options);
}

async function demandVersion(found: CodexPackage, wanted: string): Promise<CodexPackage> {
  const version = await found.version;
  if (version === wanted) return found;
  throw new Stopped(
    'codex-unavailable',
    `${found.binary} says it is codex-cli ${version}, expected ${wanted}.`,
  );
}

/** Null if the runner has no tool cache. */
function cacheFolder(pin: Pin): string | null {
  const { RUNNER_TOOL_CACHE } = process.env;
  if (!RUNNER_TOOL_CACHE) return null;
  return join(RUNNER_TOOL_CACHE, TOOL, pin.version, supportedArchitecture());
}

/** Null if the tool cache does not have it. Something else in its place is removed. */
async function findCached(pin: Pin, report: (line: string) => void): Promise<CodexPackage | null> {
  const folder = cacheFolder(pin);
  if (folder === null || !existsSync(folder)) return null;
  // Each byte of it is known, so its version is, too.
  if (await isPinned(folder, pin)) return packageAt(folder, pin.version);
  report(`What the tool cache has as Codex ${pin.version} is something else. It is not used.`);
  const failures = removeTree(folder);
  for (const failure of failures) report(`It cannot be removed: ${oneLine(failure)}`);
  return null;
}

/**
 * Before a program of it is run.
 * @throws Stopped platform-unsupported if it could not be read: then nobody knows what it is
 */
async function isPinned(folder: string, pin: Pin): Promise<boolean> {
  try {
    return (await digestOf(shownFolder(folder))) === pin.content[supportedArchitecture()];
  } catch (error) {
    const lack = stoppedByMachine(error);
    if (lack !== undefined) throw lack;
    return false;
  }
}

async function install(version: string, pin: Pin, options: InstallOptions): Promise<CodexPackage> {
  options.report(`Installing Codex ${version}.`);
  const cache = version === pin.version ? writableCache(pin, options.report) : null;
  mkdirSync(options.temporary, { recursive: true, mode: 0o700 });
  // In the cache, so that it only has to be given another name there.
  const folder = mkdtempSync(join(cache === null ? options.temporary : dirname(cache), UNFINISHED));
  const installed = join(folder, 'node_modules', ...NAME.split('/'));
  let isNeeded = false;
  const begin = async (): Promise<CodexPackage> => {
    await installChecked(version, folder, pin, options.forbidden);
    if (version === pin.version && !(await isPinned(installed, pin))) {
      throw new Stopped(
        'codex-unavailable',
        `What npm unpacked is not what Codex ${version} consists of.`,
      );
    }
    const found = await demandVersion(await packageAt(installed), version);
    isNeeded = cache === null;
    if (cache === null) return found;
    await putIntoCache(installed, cache, pin);
    return packageAt(cache);
  };
  const telling = { failed: 'What npm left could not be removed.', log: { warn: options.report } };
  return cleaningUp(telling, begin, () => {
    const failures = isNeeded ? [] : removeTree(folder);
    for (const failure of failures) options.report(`It is still there: ${oneLine(failure)}`);
  });
}

/** Where the pinned version goes; null if the runner has no tool cache that can be written. */
function writableCache(pin: Pin, report: (line: string) => void): string | null {
  const folder = cacheFolder(pin);
  if (folder === null) return null;
  try {
    mkdirSync(dirname(folder), { recursive: true });
    accessSync(dirname(folder), constants.W_OK);
    removeAbandoned(dirname(dirname(folder)), report);
    return folder;
  } catch (error) {
    report(`The tool cache does not take Codex: ${oneLine(String(error))}`);
    return null;
  }
}

/** In one step, so that another job finds all of it there, or nothing. */
async function putIntoCache(installed: string, folder: string, pin: Pin): Promise<void> {
  try {
    renameSync(installed, folder);
  } catch (error) {
    // Another job was faster, and has put the same folder there.
    if (await isPinned(folder, pin)) return;
    const said = oneLine(String(error));
    const detail = `Codex cannot be put into the tool cache: ${said}`;
    throw stoppedByMachine(error) ?? new Stopped('codex-unavailable', detail, { cause: error });
  }
}

/** npm checked the archive against what its lock file records; this checks what it records. */
async function installChecked(
  version: string,
  folder: string,
  pin: Pin,
  forbidden: readonly string[],
): Promise<void> {
  const architecture = supportedArchitecture();
  const expected = `${version}-linux-${architecture}`;
  const locked = await npmInstall(`${NAME}@${expected}`, NAME, folder, forbidden);
  if (locked.version !== expected) {
    throw new Stopped(
      'codex-unavailable',
      locked.version === undefined
        ? `npm's lock file does not name ${NAME}; expected is ${expected}.`
        : `npm installed ${NAME} ${locked.version}; expected is ${expected}.`,
    );
  }
  const integrity = locked.integrity ?? 'none';
  if (!SHA512.test(integrity)) {
    throw new Stopped('codex-unavailable', `npm recorded no sha512 integrity: ${integrity}`);
  }
  if (version === pin.version && integrity !== pin.integrity[architecture]) {
    throw new Stopped(
      'codex-unavailable',
      `The registry serves another ${NAME} ${expected}: expected integrity ${pin.integrity[architecture]}, got ${integrity}.`,
    );
  }
}
