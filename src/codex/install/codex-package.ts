/** A Codex CLI on this machine: the program to run, and the files that the box shows. */
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { Stopped, stoppedByMachine } from '../../decision.ts';
import { findHome } from '../../system/home.ts';

export interface CodexPackage {
  /** As the CLI itself says. Asking it takes as long as starting Codex, so both are done at once. */
  readonly version: Promise<string>;
  /** The native program, or a script of the user's. */
  readonly binary: string;
  /** The folder that the box shows, and its path in the box. */
  readonly root: string;
  readonly rootInBox: string;
  readonly binaryInBox: string;
  /** The bubblewrap that makes the box. */
  readonly bwrap: string;
}

const SHOWN_AT = '/opt/codex';
const VERSION_TIMEOUT_MS = 30_000;

const TRIPLES: Record<SupportedArchitecture, string> = {
  x64: 'x86_64-unknown-linux-musl',
  arm64: 'aarch64-unknown-linux-musl',
};

/** What Codex's platform packages are named after. */
export type SupportedArchitecture = 'x64' | 'arm64';

/** @throws Stopped platform-unsupported */
export function supportedArchitecture(): SupportedArchitecture {
  if (process.platform !== 'linux') {
    throw new Stopped('platform-unsupported', `Codex cannot be boxed on ${process.platform}.`);
  }
  if (process.arch !== 'x64' && process.arch !== 'arm64') {
    throw new Stopped('platform-unsupported', `There is no Codex CLI for ${process.arch}.`);
  }
  return process.arch;
}

/** What the box shows of the platform package that lies in `folder`. */
export function shownFolder(folder: string): string {
  return join(folder, 'vendor', TRIPLES[supportedArchitecture()]);
}

/**
 * The platform package that lies in `folder`.
 * @param version if it is known; otherwise the version that the package says
 */
export async function packageAt(folder: string, version?: string): Promise<CodexPackage> {
  const root = shownFolder(folder);
  const binary = join(root, 'bin', 'codex');
  if (!existsSync(binary)) {
    throw new Stopped('codex-unavailable', `There is no codex program in ${folder}.`);
  }
  return inspect(binary, [], version);
}

/**
 * What `codex-path` names: npm's launcher, the native program, or the user's script. It must not be in a folder to which a
 * pull request can write: the checkout of the job, or the private workspace.
 */
export async function packageOf(
  codexPath: string,
  forbidden: readonly string[],
): Promise<CodexPackage> {
  supportedArchitecture();
  let path: string;
  try {
    path = realpathSync(codexPath);
    accessSync(path, constants.X_OK);
    if (!statSync(path).isFile()) throw new Error('not a file');
  } catch (error) {
    const detail = `codex-path is not a program that can be run: ${codexPath}`;
    throw stoppedByMachine(error) ?? new Stopped('codex-unavailable', detail, { cause: error });
  }
  refuseInside(path, forbidden);
  const binary = nativeBehind(path) ?? path;
  refuseInside(binary, forbidden);
  return inspect(binary, forbidden);
}

function refuseInside(path: string, forbidden: readonly string[]): void {
  for (const folder of forbidden) {
    if (!existsSync(folder)) continue;
    const real = realpathSync(folder);
    if (isInside(path, real)) {
      throw new Stopped(
        'config-invalid',
        `codex-path lies in ${folder}, which a pull request can write to: ${path}`,
      );
    }
  }
}

/** The native program that npm's launcher would start; null if `path` is no such launcher. */
function nativeBehind(path: string): string | null {
  const folder = dirname(dirname(path));
  if (basename(path) !== 'codex.js' || packageName(folder) !== '@openai/codex') return null;
  const platform = `codex-linux-${supportedArchitecture()}`;
  const inside = join('vendor', TRIPLES[supportedArchitecture()], 'bin', 'codex');
  const candidates = [
    join(dirname(folder), platform, inside),
    join(folder, 'node_modules', '@openai', platform, inside),
    join(folder, inside),
  ];
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found === undefined) {
    throw new Stopped(
      'codex-unavailable',
      `codex-path is npm's launcher, and its package @openai/${platform} is not installed.`,
    );
  }
  return realpathSync(found);
}

function packageName(folder: string): unknown {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name;
  } catch {
    return null;
  }
}

/**
 * Finds what the box runs and shows of a Codex.
 * @throws Stopped config-invalid if the box would show one of the `hidden` folders with it, sandbox-unavailable if there is
 *   no bubblewrap, and what asking for its version throws
 */
async function inspect(
  binary: string,
  hidden: readonly string[] = [],
  version?: string,
): Promise<CodexPackage> {
  const vendor = dirname(dirname(binary));
  const isVendored = existsSync(join(vendor, 'codex-package.json'));
  const root = isVendored ? vendor : dirname(binary);
  refuseWide(root, hidden);
  const rootInBox = isVendored ? SHOWN_AT : root;
  const told = version === undefined ? versionOf(binary) : Promise.resolve(version);
  // Whoever needs the version waits for it, and learns then why there is none.
  told.catch(() => {});
  const bwrap = bubblewrap(root);
  if (bwrap === undefined) {
    await told;
    throw new Stopped(
      'sandbox-unavailable',
      'There is no bubblewrap (bwrap) on this machine. Install it, for example with: apt-get install bubblewrap.',
    );
  }
  return {
    version: told,
    binary,
    root,
    rootInBox,
    binaryInBox: join(rootInBox, relative(root, binary)),
    bwrap,
  };
}

/** If a folder has other things in it than Codex, the model would see them all. */
function refuseWide(folder: string, hidden: readonly string[]): void {
  const { RUNNER_TEMP, GITHUB_WORKSPACE } = process.env;
  const others = [tmpdir(), '/tmp', '/etc', '/proc', '/dev', findHome() ?? '/root', ...hidden];
  for (const other of [...others, RUNNER_TEMP, GITHUB_WORKSPACE]) {
    if (!other || !isInside(existsSync(other) ? realpathSync(other) : other, folder)) continue;
    throw new Stopped(
      'config-invalid',
      `The box shows Codex the folder of codex-path, and ${folder} holds ${other}: give it a separate folder.`,
    );
  }
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === sep ? sep : folder + sep);
}

function bubblewrap(root: string): string | undefined {
  const own = join(root, 'codex-resources', 'bwrap');
  return [own, '/usr/bin/bwrap', '/bin/bwrap', '/usr/local/bin/bwrap'].find((path) =>
    existsSync(path),
  );
}

async function versionOf(binary: string): Promise<string> {
  let printed: string;
  try {
    // It makes a folder in its home, and none may come to be there: as root it could make any.
    const environment = { PATH: '/usr/bin:/bin', HOME: '/dev/null', LANG: 'C.UTF-8' };
    const { stdout } = await promisify(execFile)(binary, ['--version'], {
      cwd: dirname(binary),
      env: environment,
      timeout: VERSION_TIMEOUT_MS,
      killSignal: 'SIGKILL',
      maxBuffer: 64 * 1024,
    });
    printed = stdout;
  } catch (error) {
    const detail = `${binary} --version fails: ${message(error)}`;
    throw stoppedByMachine(error) ?? new Stopped('codex-unavailable', detail, { cause: error });
  }
  const version = /^codex-cli (\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)\s*$/.exec(printed)?.[1];
  if (version === undefined) {
    throw new Stopped('codex-unavailable', `${binary} --version does not name a version of Codex.`);
  }
  return version;
}

function message(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}
