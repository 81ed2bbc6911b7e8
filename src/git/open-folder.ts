/** Folders that boxed code wrote, by the numbers of open files. */
import { closeSync, constants, opendirSync, openSync } from 'node:fs';

/** Opens a folder, and nothing in its place. */
export const openFolder = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** By the number of an open folder: no name on the way can be exchanged, and no path is too long. */
export function within(folder: number, raw: string): Buffer {
  return Buffer.from(`/proc/self/fd/${folder}/${raw}`, 'latin1');
}

/** The names of what a folder holds, one character a byte. */
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
