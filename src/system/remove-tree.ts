/** Removes what boxed code left behind, whatever form it has. */
import {
  chmodSync,
  closeSync,
  constants,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  unlinkSync,
} from 'node:fs';

/** Opens a folder only to name it, so that its mode does not matter. Node has no constant for this flag of Linux. */
const O_PATH = 0o10000000;

/** How many failures are reported; a folder that cannot be emptied can have millions of entries. */
const maxFailures = 5;

/**
 * Removes a file, or a folder and everything below it. Paths can be longer than the system accepts, so no deep path
 * is ever used: each folder is moved up into a new folder beside the root before it is emptied. There nobody else can
 * reach it by name, so no link can take its place. Modes without any permission are changed first.
 * @param path absolute path; its folder belongs to the action. If nothing is there, that is not a failure.
 * @returns why something is still there, one sentence each; empty if everything is gone
 */
export function removeTree(path: string): readonly string[] {
  const failures: string[] = [];
  const attempt = (action: () => void): void => {
    try {
      action();
    } catch (error) {
      if (failures.length < maxFailures) failures.push((error as Error).message);
    }
  };
  let isThere = false;
  attempt(() => {
    isThere = exists(path);
  });
  if (!isThere) return failures;

  let trash = '';
  try {
    trash = mkdtempSync(`${path}-removed-`);
  } catch {
    // For example, the disk has no room for one more folder. Then the ordinary removal may be enough.
    attempt(() => rmSync(path, { recursive: true, force: true }));
    return failures;
  }
  let moved = 0;
  /** Removes the entry, or moves it into the trash if it is a folder. */
  const take = (entry: string | Buffer): void => {
    try {
      unlinkSync(entry);
    } catch (error) {
      // Linux says EISDIR, other systems EPERM.
      if (!['EISDIR', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      moveFolder(entry, `${trash}/${moved}`);
      moved++;
    }
  };

  attempt(() => take(path));
  for (let emptied = 0; emptied < moved; emptied++) {
    const folder = `${trash}/${emptied}`;
    attempt(() => chmodSync(folder, 0o700));
    let names: Buffer[] = [];
    attempt(() => {
      names = readdirSync(folder, { encoding: 'buffer' });
    });
    for (const name of names) {
      attempt(() => take(Buffer.concat([Buffer.from(`${folder}/`), name])));
    }
    attempt(() => rmdirSync(folder));
  }
  attempt(() => rmdirSync(trash));
  return failures;
}

/**
 * Removes a file of a folder that is removed at the end of the run. If that fails, it is left to the end: an error here
 * would take the place of the one that the file is removed for.
 * @param path absolute
 */
export function tryToRemove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The end of the run tells what is left.
  }
}

/** A folder without write permission cannot be moved elsewhere, since that changes its entry `..`. */
function moveFolder(from: string | Buffer, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    const folder = openSync(from, O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    try {
      chmodSync(`/proc/self/fd/${folder}`, 0o700);
    } finally {
      closeSync(folder);
    }
    renameSync(from, to);
  }
}

/** If a part of the path is not a folder, nothing is there either. */
function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return false;
    throw error;
  }
}
