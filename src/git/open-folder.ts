/** Access to folders that boxed code wrote, by the numbers of open files. */
import { closeSync, constants, opendirSync, openSync } from 'node:fs';

/** Opens a folder, and fails for anything else. */
export const openFolder = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** A path by the number of an open folder: nobody can replace a folder on the way, and no path is too long. */
export function within(folder: number, raw: string): Buffer {
  return Buffer.from(`/proc/self/fd/${folder}/${raw}`, 'latin1');
}

/** The names in a folder, with one character for each byte. */
export function* names(folder: number): Generator<string> {
  // Not all names at once: a folder can hold millions.
  const entries = opendirSync(`/proc/self/fd/${folder}`, { encoding: 'latin1' });
  try {
    for (let entry = entries.readSync(); entry !== null; entry = entries.readSync()) {
      yield entry.name;
    }
  } finally {
    entries.closeSync();
  }
}

/** @param at as `within` names it */
export function isEmpty(at: Buffer): boolean {
  return inFolder(at, (folder) => {
    for (const _ of names(folder)) return false;
    return true;
  });
}

/** @param at as `within` names it; no link is followed */
export function inFolder<T>(at: Buffer, use: (folder: number) => T): T {
  const folder = openSync(at, openFolder);
  try {
    return use(folder);
  } finally {
    closeSync(folder);
  }
}
