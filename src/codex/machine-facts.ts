/** What the machine has for Codex, without changing anything on it: for mode doctor. */

import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import type { CodexOffer, Machine } from '../ports/machine.ts';
import { availableDisk } from '../system/disk.ts';
import { findTools } from './box/tools.ts';
import { offerOf } from './install/offer.ts';
import { whatIsMissing } from './sandbox-probe.ts';

const PROBE_TIMEOUT_MS = 10_000;
const PROXY_VARIABLES = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'NODE_EXTRA_CA_CERTS'];

export interface MachineOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Where workspaces are built. */
  readonly temporary: string;
  /** The inputs; null if they are not set. */
  readonly codexVersion: string | null;
  readonly codexPath: string | null;
}

/** Everything but git, which belongs to another adapter. */
export function readMachine(options: MachineOptions): Omit<Machine, 'gitVersion'> {
  const { env, temporary } = options;
  return {
    namespaces: async () => {
      const work = await startsInNamespace(env);
      return {
        work,
        missing: work ? [] : whatIsMissing(),
        cured: env.RUNNER_ENVIRONMENT === 'github-hosted',
      };
    },
    freeDisk: () => availableDisk(temporary).bytes,
    proxyVariables: () =>
      PROXY_VARIABLES.flatMap((name) => [name, name.toLowerCase()]).filter((name) => env[name]),
    toolCache: () => {
      const folder = env.RUNNER_TOOL_CACHE || null;
      const { shown, refused } = findTools(env, [env.GITHUB_WORKSPACE ?? '', temporary]);
      return {
        folder,
        shown: shown.map(({ name }) => name),
        refused,
        writableByAll: folder !== null && existsSync(folder) && isWritableByAll(folder),
      };
    },
    codex: (): Promise<CodexOffer> => offerOf(options),
  };
}

/**
 * Starts a program in a user namespace, as bubblewrap does. What the kernel settings say is not enough: containers and
 * security modules forbid it, too.
 */
async function startsInNamespace(env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    await promisify(execFile)('unshare', ['--user', '--map-root-user', '--net', 'true'], {
      env: { PATH: env.PATH ?? '' },
      timeout: PROBE_TIMEOUT_MS,
    });
    return true;
  } catch {
    return false;
  }
}

function isWritableByAll(folder: string): boolean {
  return (statSync(folder).mode & 0o002) !== 0;
}
