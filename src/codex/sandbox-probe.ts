/**
 * Whether both sandboxes start on this runner: the box, and Codex's own inside of it.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { Stopped } from '../decision.ts';
import type { Running, Supervision } from './box/process.ts';
import { probeArguments } from './configuration.ts';
import type { CodexPackage } from './install/codex-package.ts';
import { oneLine } from './run-log.ts';

const PROBE_TIMEOUT_MS = 30_000;

/**
 * Starts both around nothing. Null where they hold, else why not; the `cause` is there where that is nothing that they
 * said themselves.
 * @param timeoutMs how long all of Codex may take
 */
export async function probeSandbox(
  startBoxed: (command: readonly string[], supervision: Supervision) => Running,
  codex: CodexPackage,
  timeoutMs: number,
): Promise<Stopped | null> {
  const command = [codex.binaryInBox, ...probeArguments(codex.rootInBox)];
  const { code, stderr, fault } = await startBoxed(command, {
    timeoutMs: Math.min(PROBE_TIMEOUT_MS, timeoutMs),
    input: '',
    onLine: () => {},
  }).ended;
  if (code === 0 && fault === null) return null;
  // All the time that there was: it says nothing about the sandbox.
  if (fault?.reason === 'codex-timeout' && timeoutMs <= PROBE_TIMEOUT_MS) return fault;
  const said = oneLine(fault?.message ?? stderr.trim().slice(-500)) || `exit status ${code}`;
  return new Stopped('sandbox-unavailable', `The sandbox says: ${said}`, { cause: fault });
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
