/** The whole environment of git: an allow-list of the runner's, and a configuration that runs nothing. */
import { isAbsolute, relative } from 'node:path';
import { readCompanyProxy } from '../system/company-proxy.ts';

export type RunnerEnvironment = Readonly<Record<string, string | undefined>>;

/** Nothing of a repository's content, or of the machine's configuration, makes git run anything. */
const hardening: Readonly<Record<string, string>> = {
  'safe.bareRepository': 'explicit',
  'core.fsmonitor': 'false',
  'core.hooksPath': '/dev/null',
  'core.attributesFile': '/dev/null',
  'core.excludesFile': '/dev/null',
  'core.autocrlf': 'false',
  'protocol.allow': 'never',
  'submodule.recurse': 'false',
  'gc.auto': '0',
};

/** What git needs of the machine to reach the server, proxies aside. */
const passed = ['SSL_CERT_FILE', 'SSL_CERT_DIR', 'GIT_SSL_CAINFO', 'GIT_SSL_CAPATH'];

/** The environment of every git command that stays on this machine: no address, no proxy, no token. */
export function localEnvironment(runner: RunnerEnvironment): Record<string, string> {
  return {
    PATH: safePath(runner),
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_NO_LAZY_FETCH: '1',
    ...configuration(hardening),
  };
}

/**
 * The environment of the one command that reaches the server.
 * @param token goes into a header, by the environment: an argument is visible to every process of the machine
 * @param certificates path of a file with all authorities to trust, if the runner's settings do not lead to them
 */
export function fetchEnvironment(
  runner: RunnerEnvironment,
  token: string,
  certificates?: string,
): Record<string, string> {
  const authorization = Buffer.from(`x-access-token:${token}`).toString('base64');
  const rewrites = urlRewrites(runner);
  const environment: Record<string, string> = {
    ...localEnvironment(runner),
    ...configuration({
      ...hardening,
      'protocol.https.allow': 'always',
      'http.followRedirects': 'false',
      ...rewrites,
      ...(Object.keys(rewrites).length > 0 ? { 'protocol.http.allow': 'always' } : {}),
      'http.extraHeader': `AUTHORIZATION: basic ${authorization}`,
    }),
  };
  for (const name of passed) {
    const value = runner[name];
    if (value !== undefined) environment[name] = value;
  }
  const { https, exceptions } = readCompanyProxy(runner);
  if (https !== undefined) environment.https_proxy = https;
  if (exceptions.length > 0) environment.no_proxy = exceptions.join(',');
  if (certificates !== undefined) environment.GIT_SSL_CAINFO = certificates;
  return environment;
}

/** Settings for git in its environment, which override those of any file. */
function configuration(settings: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(settings);
  return Object.fromEntries([
    ['GIT_CONFIG_COUNT', String(entries.length)],
    ...entries.flatMap(([key, value], index) => [
      [`GIT_CONFIG_KEY_${index}`, key],
      [`GIT_CONFIG_VALUE_${index}`, value],
    ]),
  ]);
}

/** Without the folders of a checkout, which earlier steps often add: a pull request could bring its own git. */
function safePath({ PATH = '', GITHUB_WORKSPACE: checkout }: RunnerEnvironment): string {
  const outside = (folder: string) =>
    isAbsolute(folder) &&
    (checkout === undefined || /^\.\.(?:\/|$)/.test(relative(checkout, folder)));
  return PATH.split(':').filter(outside).join(':');
}

/**
 * Address rewrites of the runner's environment to a server on the loopback interface: a mirror on the machine, or a
 * test. They name an address and run nothing, so they are the one part of that configuration that is kept.
 */
function urlRewrites(runner: RunnerEnvironment): Record<string, string> {
  const rewrites: Record<string, string> = {};
  for (let index = 0; index < Math.min(Number(runner.GIT_CONFIG_COUNT) || 0, 64); index++) {
    const key = runner[`GIT_CONFIG_KEY_${index}`] ?? '';
    const value = runner[`GIT_CONFIG_VALUE_${index}`] ?? '';
    if (/^url\.http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])[:/].*\.insteadof$/i.test(key))
      rewrites[key] = value;
  }
  return rewrites;
}
