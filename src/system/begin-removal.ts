/**
 * Removes folders while the run goes on. A large repository has more files than can be removed in a few seconds, and a run
 * still has to store and to publish its result when nobody reads them any more.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { removeTree } from './remove-tree.ts';

/** Not by the runner's PATH: to that, earlier steps often add folders of a checkout. */
const programs = ['/bin/rm', '/usr/bin/rm'];

const running = new Set<Promise<void>>();

/**
 * Begins to remove a folder of the action that nothing uses any more. The program goes from folder to folder by their
 * descriptors, so it follows no link, and no path in it is too long. What it cannot remove is still there at the end
 * of the run, which looks for it and says so.
 * @param path absolute
 */
export function beginRemoval(path: string): void {
  const program = programs.find((one) => existsSync(one));
  if (program === undefined) return;
  const ended = new Promise<void>((resolve, reject) => {
    const child = spawn(program, ['-rf', '--', path], { cwd: '/', env: {}, stdio: 'ignore' });
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  // If it cannot be started, which Node says in two ways, the folder is left to the end.
  note(ended.catch(() => undefined));
}

/**
 * Removes a small folder that nothing uses any more as soon as there is nothing else to do, so mostly while a program or
 * GitHub works, and after what is being removed already, which can lie in it. What cannot be removed is left as with
 * `beginRemoval`.
 * @param path absolute
 */
export function removeSoon(path: string): void {
  const others = Promise.all(running);
  note(
    others
      .then(() => new Promise((resolve) => setImmediate(resolve)))
      .then(() => void removeTree(path)),
  );
}

function note(ended: Promise<void>): void {
  running.add(ended);
  void ended.then(() => running.delete(ended));
}

/** Waits until every removal has ended, in whatever way, also one that begins during the wait. */
export async function endRemovals(): Promise<void> {
  while (running.size > 0) await Promise.all(running);
}
