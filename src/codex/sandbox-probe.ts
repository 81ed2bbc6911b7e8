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
 * Starts both sandboxes around a program that does nothing.
 * @param timeoutMs how long all of Codex may take
 * @returns null if they start, otherwise why not; with a `cause` if the reason does not come from the sandbox itself
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
function forbiddingSettings(root: string): string[] {
  return NAMESPACE_SETTINGS.flatMap(({ key, value }) => {
    const path = `${root}/proc/sys/${key}`;
    if (!existsSync(path) || readFileSync(path, 'utf8').trim() === `${value}`) return [];
    return [`${key.replace('/', '.')}=${value}`];
  });
}

const MARKS_OF_CONTAINERS = ['/.dockerenv', '/run/.containerenv'];

/**
 * What this machine lacks for a sandbox, as far as it can be told, and what its owner can do: one sentence each.
 * @param root the folder with the machine's files, for tests
 */
export function whatIsMissing(root = ''): string[] {
  const most = `${root}/proc/sys/user/max_user_namespaces`;
  const areOff = existsSync(most) && readFileSync(most, 'utf8').trim() === '0';
  const isContainer = MARKS_OF_CONTAINERS.some((mark) => existsSync(`${root}${mark}`));
  return [
    ...(areOff ? ['User namespaces are off: set user.max_user_namespaces to 1000 or more.'] : []),
    ...forbiddingSettings(root).map(
      (setting) => `Unprivileged user namespaces are forbidden: sudo sysctl -w ${setting}`,
    ),
    ...(isContainer
      ? [
          'In a container, Docker forbids namespaces: run the job on the machine itself, or give its container the options --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined.',
        ]
      : []),
  ];
}

/** The same, with what the machine lacks. It is not tried again. */
export function explained(failure: Stopped): Stopped {
  const said = /[.!?]$/.test(failure.message) ? failure.message : `${failure.message}.`;
  const message = [said, ...whatIsMissing()].join(' ');
  return new Stopped('sandbox-unavailable', message, { cause: failure });
}

/**
 * Allows unprivileged user namespaces if the distribution forbids them (Ubuntu 24.04 and later, by AppArmor), if the
 * runner lets us. What could not be changed shows in the next probe. Only on machines of GitHub's, which end with the
 * job: on any other the setting would stay, and hold for everything else that runs there.
 * @returns whether it is worth to try again
 */
export async function allowUserNamespaces(): Promise<boolean> {
  if (process.env.RUNNER_ENVIRONMENT !== 'github-hosted') return false;
  for (const setting of forbiddingSettings('')) {
    const sysctl = ['sysctl', '-w', setting];
    const command = process.getuid?.() === 0 ? sysctl : ['sudo', '-n', ...sysctl];
    const [file = '', ...args] = command;
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
    await promisify(execFile)(file, args, { env, timeout: 10_000 }).catch(() => {});
  }
  return true;
}
