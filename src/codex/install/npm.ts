/**
 * One `npm install` of one package, under a separate configuration. What the machine's users have configured may
 * switch off the lock file, install somewhere else, or run scripts; of their settings only those that tell how to
 * reach the registry are used.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, sep } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { Stopped, stoppedByMachine } from '../../decision.ts';
import { readCompanyProxy } from '../../system/company-proxy.ts';
import { canBeWritten, findHome } from '../../system/home.ts';
import { oneLine } from '../run-log.ts';

const INSTALL_TIMEOUT_MS = 300_000;
const VIEW_TIMEOUT_MS = 60_000;

export interface Installed {
  /** The exact version that npm recorded, and the integrity that it checked the archive against. */
  readonly version: string | undefined;
  readonly integrity: string | undefined;
}

/**
 * Installs `spec` into the empty `folder`, without its scripts.
 * @param name the name of the package that is looked up in the lock file
 * @param forbidden folders that a pull request can write to: no program is taken from there
 * @throws Stopped codex-unavailable
 */
export async function npmInstall(
  spec: string,
  name: string,
  folder: string,
  forbidden: readonly string[],
): Promise<Installed> {
  const path = safePath(process.env.PATH ?? '', forbidden);
  const configuration = join(folder, 'npmrc');
  writeFileSync(configuration, registryAccess(configurationFiles(path)), { mode: 0o600 });
  const flags = [
    ...['--userconfig', configuration, '--globalconfig', `${configuration}-none`],
    ...['--package-lock', '--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier'],
  ];
  try {
    // The folder is empty: no .npmrc, package.json or lock file of anybody's is read from it or above.
    await promisify(execFile)('npm', ['install', '--prefix', folder, ...flags, '--', spec], {
      cwd: folder,
      env: npmEnvironment(path, folder),
      timeout: INSTALL_TIMEOUT_MS,
      killSignal: 'SIGKILL',
      maxBuffer: 16 * 1024 * 1024,
    });
  } catch (error) {
    throw unavailable(`npm cannot install ${spec}: ${explain(error, INSTALL_TIMEOUT_MS)}`, error);
  }
  const locked = readLock(folder).packages[`node_modules/${name}`];
  return { version: locked?.version, integrity: locked?.integrity };
}

/**
 * What the registry says about a package; '' if it says nothing. Nothing is installed.
 * @param folder a private one, for npm's configuration
 * @throws Stopped codex-unavailable
 */
export async function npmView(
  spec: string,
  key: string,
  folder: string,
  forbidden: readonly string[],
): Promise<string> {
  const path = safePath(process.env.PATH ?? '', forbidden);
  const configuration = join(folder, 'npmrc-view');
  writeFileSync(configuration, registryAccess(configurationFiles(path)), { mode: 0o600 });
  const flags = ['--userconfig', configuration, '--globalconfig', `${configuration}-none`];
  try {
    const { stdout } = await promisify(execFile)(
      'npm',
      ['view', ...flags, '--no-update-notifier', '--json', '--', spec, key],
      {
        cwd: folder,
        env: npmEnvironment(path, folder),
        timeout: VIEW_TIMEOUT_MS,
        killSignal: 'SIGKILL',
      },
    );
    const said: unknown = stdout.trim() === '' ? '' : JSON.parse(stdout);
    return typeof said === 'string' ? said : '';
  } catch (error) {
    throw unavailable(`npm cannot look ${spec} up: ${explain(error, VIEW_TIMEOUT_MS)}`, error);
  }
}

/** What npm needs to reach a registry, also through a company's mirror; no token of the job. */
const NPM_VARIABLES = [
  'HOME',
  'LANG',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'npm_config_registry',
  'NPM_CONFIG_REGISTRY',
  'npm_config_cache',
];

/** @param folder a private one, for what npm keeps between two runs, if the user has no place for that */
function npmEnvironment(path: string, folder: string): Record<string, string> {
  const env: Record<string, string> = { PATH: path };
  for (const name of NPM_VARIABLES) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  const home = findHome();
  const cache = process.env.npm_config_cache ?? (home && join(home, '.npm'));
  if (cache === undefined || !canBeWritten(cache)) {
    Object.assign(env, { HOME: folder, npm_config_cache: join(folder, 'npm-cache') });
  }
  const { https, http, exceptions } = readCompanyProxy(process.env);
  if (https !== undefined) env.https_proxy = https;
  if (http !== undefined) env.http_proxy = http;
  if (exceptions.length > 0) env.no_proxy = exceptions.join(',');
  return env;
}

/** The machine's configuration of npm, then the user's: the last one counts. */
function configurationFiles(path: string): string[] {
  const { NPM_CONFIG_GLOBALCONFIG, NPM_CONFIG_USERCONFIG, HOME } = process.env;
  const npm = path.split(delimiter).find((folder) => existsSync(join(folder, 'npm')));
  const prefix = npm === undefined ? '/usr' : dirname(npm);
  const global = [NPM_CONFIG_GLOBALCONFIG ?? join(prefix, 'etc', 'npmrc'), '/etc/npmrc'];
  const user = NPM_CONFIG_USERCONFIG ?? (HOME ? join(HOME, '.npmrc') : undefined);
  return [...global.reverse(), ...(user === undefined ? [] : [user])];
}

/** The registry, how it is reached, whom it trusts, and what lets us in there. */
const ACCESS =
  /^(registry|@openai:registry|proxy|https?-proxy|noproxy|cafile|ca(\[\])?|cert|key|strict-ssl|\/\/[^=\s]+:(_authToken|_auth|username|_password|certfile|keyfile))$/;

/**
 * The lines of npm's configuration that say how to reach the registry. A line with a variable that is not set is left
 * out.
 */
export function registryAccess(files: readonly string[]): string {
  const lines = files.flatMap((file) => readOrEmpty(file).split(/\r?\n/));
  const taken = lines.filter((line) => ACCESS.test(line.split('=')[0]?.trim() ?? ''));
  return taken
    .flatMap((line) => expand(line) ?? [])
    .map((line) => `${line}\n`)
    .join('');
}

function expand(line: string): string | undefined {
  let isWhole = true;
  const expanded = line.replaceAll(/(?<!\\)\$\{([^${}?]+)(\?)?\}/g, (_, name, optional) => {
    const value = process.env[name];
    if (value === undefined && optional === undefined) isWhole = false;
    return value ?? '';
  });
  return isWhole && !expanded.includes('\n') ? expanded : undefined;
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** The path without relative entries and without any that a pull request can write to. */
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

function readLock(folder: string): z.infer<typeof lockFile> {
  try {
    return lockFile.parse(JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')));
  } catch (error) {
    throw unavailable("npm's lock file cannot be read.", error);
  }
}

/** Unless the machine lacks something: npm could not be started, for example. */
function unavailable(detail: string, cause: unknown): Stopped {
  return stoppedByMachine(cause) ?? new Stopped('codex-unavailable', detail, { cause });
}

/** The line of npm's output that names the error; without npm, what to do about that. */
function explain(error: unknown, timeoutMs: number): string {
  const { code, stderr, killed } = error as { code?: unknown; stderr?: string; killed?: boolean };
  if (code === 'ENOENT')
    return 'there is no npm on the path; set codex-path to an installed Codex.';
  if (killed) return `it took more than ${timeoutMs / 1000} seconds.`;
  const lines = (stderr ?? '').split('\n').filter((line) => /^npm (error|ERR!)/.test(line));
  const said = lines.filter((line) => !/A complete log|\.log$/.test(line)).slice(0, 3);
  return oneLine(said.join(' ') || String(error)).slice(0, 500);
}
