/**
 * Where the Codex CLI comes from: a path the workflow names, the runner's tool cache, or the npm registry; always one
 * exact version, and never anything that a pull request can write to.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { delimiter, isAbsolute, join, sep } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { Stopped } from '../../decision.ts';
import { oneLine } from '../run-log.ts';
import {
  type CodexPackage,
  packageAt,
  packageOf,
  type SupportedArchitecture,
  supportedArchitecture,
} from './codex-package.ts';

/** The version that the flags, the protocol and the sandbox are tested with. */
export const PINNED_VERSION = '0.171.0';

/** What the registry has to deliver for it, whoever serves the registry. */
const PINNED_INTEGRITY: Record<SupportedArchitecture, string> = {
  x64: 'sha512-l66NZkQgdk2C3pbcfULDz42yEUB581MVA6I+Y43Wp4OIqEy73HCdmZ0GTjeAHY2ycuH4N00d9VsLrwT1jxshTw==',
  arm64:
    'sha512-9z17t4bbUJ9UCIb49O4PoA+ki+45q3rd8nZ8PeH6sYnlKkBld/Xpo/OS3h3Ti954+foshX4o7k5TCU8N7zzqQA==',
};

/** No range and no tag: those are whatever the registry says today. */
const EXACT_VERSION =
  /^(?:0|[1-9]\d{0,5})\.(?:0|[1-9]\d{0,5})\.(?:0|[1-9]\d{0,5})(?:-[0-9A-Za-z.-]{1,40})?$/;
const SHA512 = /^sha512-[A-Za-z0-9+/]{86}==$/;
const TOOL = 'codex-cli';
const INSTALL_TIMEOUT_MS = 300_000;

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
}

/** @throws Stopped config-invalid, platform-unsupported, codex-unavailable */
export async function locateCodex(options: InstallOptions): Promise<CodexPackage> {
  const { version } = options;
  if (version !== null && !EXACT_VERSION.test(version)) {
    throw new Stopped(
      'config-invalid',
      `codex-version is not an exact version, such as ${PINNED_VERSION}: ${version}`,
    );
  }
  if (options.codexPath !== null) {
    const found = await packageOf(options.codexPath, options.forbidden);
    return version === null ? found : demandVersion(found, version);
  }
  const wanted = version ?? PINNED_VERSION;
  const cached = await findCached(wanted);
  return cached === null ? install(wanted, options) : demandVersion(cached, wanted);
}

function demandVersion(found: CodexPackage, wanted: string): CodexPackage {
  if (found.version === wanted) return found;
  throw new Stopped(
    'codex-unavailable',
    `${found.binary} says it is codex-cli ${found.version}, expected ${wanted}.`,
  );
}

async function findCached(version: string): Promise<CodexPackage | null> {
  if (!process.env.RUNNER_TOOL_CACHE) return null;
  const toolCache = await import('@actions/tool-cache');
  const folder = toolCache.find(TOOL, version, supportedArchitecture());
  return folder === '' ? null : packageAt(folder);
}

async function install(version: string, options: InstallOptions): Promise<CodexPackage> {
  const architecture = supportedArchitecture();
  options.report(`Installing Codex ${version}.`);
  mkdirSync(options.temporary, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(options.temporary, 'install-'));
  const spec = `@openai/codex@${version}-linux-${architecture}`;
  try {
    await npmInstall(spec, folder, options.forbidden);
    checkIntegrity(folder, version, architecture);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const installed = join(folder, 'node_modules', '@openai', 'codex');
  const found = demandVersion(await packageAt(installed), version);
  const cached = await cache(installed, version, architecture, options.report);
  if (cached === null) return found;
  rmSync(folder, { recursive: true, force: true });
  return packageAt(cached);
}

/** Null where the runner has no tool cache that can be written. */
async function cache(
  installed: string,
  version: string,
  architecture: string,
  report: (line: string) => void,
): Promise<string | null> {
  if (!process.env.RUNNER_TOOL_CACHE) return null;
  try {
    const toolCache = await import('@actions/tool-cache');
    return await toolCache.cacheDir(installed, TOOL, version, architecture);
  } catch (error) {
    report(`The tool cache does not take Codex: ${oneLine(String(error))}`);
    return null;
  }
}

async function npmInstall(
  spec: string,
  folder: string,
  forbidden: readonly string[],
): Promise<void> {
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier'];
  try {
    // The folder is empty: no .npmrc, package.json or lock file of anybody's is read from it or above.
    await promisify(execFile)('npm', ['install', '--prefix', folder, ...flags, '--', spec], {
      cwd: folder,
      env: npmEnvironment(forbidden),
      timeout: INSTALL_TIMEOUT_MS,
      killSignal: 'SIGKILL',
      maxBuffer: 16 * 1024 * 1024,
    });
  } catch (error) {
    throw new Stopped('codex-unavailable', `npm cannot install ${spec}: ${explain(error)}`, {
      cause: error,
    });
  }
}

/** What npm needs to reach a registry, behind a company's proxy or mirror too; no token of the job. */
const NPM_VARIABLES = [
  'HOME',
  'LANG',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'npm_config_registry',
  'NPM_CONFIG_REGISTRY',
  'NPM_CONFIG_USERCONFIG',
  'npm_config_cache',
];

function npmEnvironment(forbidden: readonly string[]): Record<string, string> {
  const env: Record<string, string> = { PATH: safePath(process.env.PATH ?? '', forbidden) };
  for (const name of NPM_VARIABLES) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/** The path without relative entries and without any that lies where a pull request can write. */
function safePath(path: string, forbidden: readonly string[]): string {
  const roots = forbidden.map(real);
  const isForbidden = (entry: string) =>
    roots.some((root) => entry === root || entry.startsWith(root + sep));
  return path
    .split(delimiter)
    .filter((entry) => isAbsolute(entry) && !isForbidden(entry) && !isForbidden(real(entry)))
    .join(delimiter);
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

const lockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string().optional(), integrity: z.string().optional() }),
  ),
});

/** npm checked the archive against what its lock file records; this checks what it records. */
function checkIntegrity(
  folder: string,
  version: string,
  architecture: SupportedArchitecture,
): void {
  const locked = readLock(folder).packages['node_modules/@openai/codex'];
  const expectedVersion = `${version}-linux-${architecture}`;
  if (locked?.version !== expectedVersion) {
    throw new Stopped(
      'codex-unavailable',
      `npm installed @openai/codex ${locked?.version ?? 'nowhere'}, expected ${expectedVersion}.`,
    );
  }
  const integrity = locked.integrity ?? 'none';
  if (!SHA512.test(integrity)) {
    throw new Stopped('codex-unavailable', `npm recorded no sha512 integrity: ${integrity}`);
  }
  if (version === PINNED_VERSION && integrity !== PINNED_INTEGRITY[architecture]) {
    throw new Stopped(
      'codex-unavailable',
      `The registry serves another @openai/codex ${expectedVersion}: expected integrity ${PINNED_INTEGRITY[architecture]}, got ${integrity}.`,
    );
  }
}

function readLock(folder: string): z.infer<typeof lockFile> {
  try {
    return lockFile.parse(JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')));
  } catch (error) {
    throw new Stopped('codex-unavailable', "npm's lock file cannot be read.", { cause: error });
  }
}

/** The line of npm's output that names the error; without npm, what to do about that. */
function explain(error: unknown): string {
  const { code, stderr, killed } = error as { code?: unknown; stderr?: string; killed?: boolean };
  if (code === 'ENOENT')
    return 'there is no npm on the path; set codex-path to an installed Codex.';
  if (killed) return `it took more than ${INSTALL_TIMEOUT_MS / 60_000} minutes.`;
  const lines = (stderr ?? '').split('\n').filter((line) => /^npm (error|ERR!)/.test(line));
  const said = lines.filter((line) => !/A complete log|\.log$/.test(line)).slice(0, 3);
  return oneLine(said.join(' ') || String(error)).slice(0, 500);
}
