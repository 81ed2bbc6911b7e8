/**
 * Which user the box runs as. If the action is root, as in most containers, the box is not: root's processes may
 * write the kernel's settings (a command that had been let out of Codex's sandbox was seen to write `core_pattern`, by
 * which the kernel starts a program outside of every box), and are not counted against the limit of processes.
 */
import { execFile } from 'node:child_process';
import { chmodSync, chownSync, existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Stopped, stoppedByMachine } from '../../decision.ts';

export interface User {
  readonly uid: number;
  readonly gid: number;
}

/** By convention, the user who owns nothing. */
const NOBODY: User = { uid: 65_534, gid: 65_534 };

/** The user of the box; null if that is the action's user, an ordinary one. */
export const boxUser: User | null = process.getuid?.() === 0 ? NOBODY : null;

/** What the box needs, on this side of it. */
export interface Given {
  /** Files and folders that are this run's own, each alone. */
  readonly own: readonly string[];
  /** The folder that commands work in. */
  readonly workspace: string;
  /** Whether they may write it. */
  readonly writable: boolean;
  /** The repository of the workspace: the box reads it, and it stays the action's. */
  readonly repository: string;
  /** Further paths that have to be reachable. */
  readonly shown: readonly string[];
  /** The action's private folder: what lies on the way in it may be opened. */
  readonly temporary: string;
}

/**
 * Gives the box's user what it writes, and lets it reach what it reads. Only before anything ran in the box: what boxed
 * code wrote is not walked.
 * @throws Stopped sandbox-unavailable if a path cannot be reached or given
 */
export async function handOver(given: Given): Promise<void> {
  if (boxUser === null) return;
  const { uid, gid } = boxUser;
  try {
    for (const path of given.own) chownSync(path, uid, gid);
    if (given.writable) await give(given.workspace, boxUser);
  } catch (error) {
    const said = firstLine(error);
    const detail = `The box runs as the user ${uid}, who cannot be given its files: ${said}`;
    throw stoppedByMachine(error) ?? unreachable(detail);
  }
  await letRead(given);
  for (const path of [...given.own, given.workspace, given.repository, ...given.shown]) {
    if (existsSync(path)) reach(realpathSync(path), realpathSync(given.temporary));
  }
}

async function give(workspace: string, { uid, gid }: User): Promise<void> {
  chownSync(workspace, uid, gid);
  const inside = readdirSync(workspace).filter((name) => name !== '.git');
  const paths = inside.map((name) => join(workspace, name));
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    await run('chown', ['-hR', `${uid}:${gid}`, '--', ...paths.slice(at, at + AT_ONCE)]);
  }
}

/**
 * Lets the box's user read the files of the action. Some machines give nobody else a right to new files; the mode of `HEAD`
 * shows whether this one does. A folder that boxed code can write is left out: nothing of the action walks through it.
 * @throws Stopped sandbox-unavailable
 */
export async function letRead({
  workspace,
  writable,
  repository,
}: Pick<Given, 'workspace' | 'writable' | 'repository'>): Promise<void> {
  if (boxUser === null || (statSync(join(repository, 'HEAD')).mode & 0o004) !== 0) return;
  try {
    await run('chmod', ['-R', 'o+rX', '--', repository, ...(writable ? [] : [workspace])]);
  } catch (error) {
    const detail = `The action cannot make its files readable for the user of the box: ${firstLine(error)}`;
    throw stoppedByMachine(error) ?? unreachable(detail);
  }
}

const AT_ONCE = 500;

async function run(program: string, args: readonly string[]): Promise<void> {
  await promisify(execFile)(program, args, { env: { PATH: '/usr/bin:/bin' } });
}

/** Opens the action's private folders on the way, for passing through alone. */
function reach(path: string, temporary: string): void {
  for (let folder = dirname(path); folder !== '/'; folder = dirname(folder)) {
    const { mode, uid } = statSync(folder);
    if ((mode & 0o001) !== 0 || uid === boxUser?.uid) continue;
    const isPrivate = folder === temporary || folder.startsWith(`${temporary}/`);
    if (!isPrivate) {
      throw unreachable(
        `The action is root, so the box runs as the user ${boxUser?.uid}, who cannot pass through ${folder}: allow that (chmod o+x), or run the job as an ordinary user.`,
      );
    }
    chmodSync(folder, (mode & 0o777) | 0o011);
  }
}

/** With a cause, since allowing user namespaces would not help. */
function unreachable(message: string): Stopped {
  return new Stopped('sandbox-unavailable', message, { cause: 'unreachable' });
}

function firstLine(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}
