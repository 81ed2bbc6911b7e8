/**
 * Whether both sandboxes start on this runner: the box, and Codex's own inside of it.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { probeArguments } from './environment.ts';
import type { CodexPackage } from './package.ts';
import type { Running, Supervision } from './process.ts';
import { oneLine } from './run-log.ts';

const PROBE_TIMEOUT_MS = 30_000;

/** Starts both around nothing. Null where they hold, else what they say: untrusted. */
export async function probeSandbox(
  startBoxed: (command: readonly string[], supervision: Supervision) => Running,
  codex: CodexPackage,
): Promise<string | null> {
  const command = [codex.binaryInBox, ...probeArguments(codex.rootInBox)];
  const { code, stderr, fault } = await startBoxed(command, {
    timeoutMs: PROBE_TIMEOUT_MS,
    input: '',
    onLine: () => {},
  }).ended;
  if (code === 0 && fault === null) return null;
  return oneLine(fault?.message ?? stderr.trim().slice(-500)) || `exit status ${code}`;
}

const NAMESPACE_SETTINGS = [
  { key: 'kernel/apparmor_restrict_unprivileged_userns', value: 0 },
  { key: 'kernel/unprivileged_userns_clone', value: 1 },
];

/**
 * Where the distribution forbids unprivileged user namespaces (Ubuntu 24.04 and later, by AppArmor), allows them, if the
 * runner lets us. What could not be changed shows in the next probe.
 */
export async function allowUserNamespaces(): Promise<void> {
  for (const { key, value } of NAMESPACE_SETTINGS) {
    if (!existsSync(`/proc/sys/${key}`)) continue;
    const sysctl = ['sysctl', '-w', `${key.replace('/', '.')}=${value}`];
    const command = process.getuid?.() === 0 ? sysctl : ['sudo', '-n', ...sysctl];
    const [file = '', ...args] = command;
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
    await promisify(execFile)(file, args, { env, timeout: 10_000 }).catch(() => {});
  }
}
