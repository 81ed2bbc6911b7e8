/**
 * Whether all of it starts on this runner: the box, the command box in it, and Codex's own sandbox in that.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { Stopped } from '../decision.ts';
import { type CommandLayout, inCommandBox } from './box/command-box.ts';
import { type Limits, withLimits } from './box/limits.ts';
import type { Running, Supervision } from './box/process.ts';
import { probeArguments } from './configuration.ts';
import { oneLine } from './run-log.ts';

const PROBE_TIMEOUT_MS = 30_000;

/**
 * Starts all of it around nothing. Null where it holds, else why not; the `cause` is there where that is nothing that
 * it said itself.
 * @param timeoutMs how long all of Codex may take
 */
export async function probeSandbox(
  startBoxed: (command: readonly string[], supervision: Supervision) => Running,
  layout: CommandLayout,
  limits: Limits,
  timeoutMs: number,
): Promise<Stopped | null> {
  const { codex, tools } = layout;
  const sandboxed = [codex.binaryInBox, ...probeArguments(codex.rootInBox, tools)];
  const command = withLimits(limits, inCommandBox(layout, sandboxed));
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

/** The settings of the kernel that forbid user namespaces on this machine, each as what has to be set. */
function forbiddingSettings(): string[] {
  return NAMESPACE_SETTINGS.flatMap(({ key, value }) => {
    const path = `/proc/sys/${key}`;
    if (!existsSync(path) || readFileSync(path, 'utf8').trim() === `${value}`) return [];
    return [`${key.replace('/', '.')}=${value}`];
  });
}

/**
 * Allows unprivileged user namespaces where the distribution forbids them (Ubuntu 24.04 and later, by AppArmor), if the
 * runner lets us. What could not be changed shows in the next probe. Only for machines of GitHub's, which end with the
 * job: on any other the setting would stay, and hold for everything else that runs there.
 * @throws Stopped sandbox-unavailable, saying what the owner of another machine can do
 */
export async function allowUserNamespaces(failure: Stopped): Promise<void> {
  const settings = forbiddingSettings();
  if (process.env.RUNNER_ENVIRONMENT !== 'github-hosted') {
    const advice = settings
      .map((setting) => ` On this machine: sudo sysctl -w ${setting}`)
      .join('');
    throw new Stopped('sandbox-unavailable', `${failure.message}.${advice}`, { cause: failure });
  }
  for (const setting of settings) {
    const sysctl = ['sysctl', '-w', setting];
    const command = process.getuid?.() === 0 ? sysctl : ['sudo', '-n', ...sysctl];
    const [file = '', ...args] = command;
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
    await promisify(execFile)(file, args, { env, timeout: 10_000 }).catch(() => {});
  }
}
