/** How much of a folder was written since a time. Boxed code may be changing the folder while it is read. */
import { closeSync, constants, lstatSync, opendirSync, openSync } from 'node:fs';
import { setImmediate as pause } from 'node:timers/promises';
import { isAboutPath } from '../../system/path-errors.ts';

/** No project has deeper folders. Each level takes one open file here. */
const DEEPEST = 256;
const ENTRIES_AT_ONCE = 2_000;

export interface Bounds {
  readonly bytes: number;
  readonly files: number;
}

/**
 * Counts what was changed in `folder` after the time `since` (milliseconds), by the time that the kernel keeps of each
 * file, which nobody can set. No link is followed: each folder is opened inside of the one that is open already.
 * @returns 'more' as soon as it is more than the bounds, or what cannot be counted
 * @throws an error of the system that says nothing about a path
 */
export async function writtenSince(
  folder: string,
  since: number,
  bounds: Bounds,
): Promise<'more' | Bounds> {
  let bytes = 0;
  let files = 0;
  let seen = 0;

  const walk = async (descriptor: number, depth: number): Promise<boolean> => {
    const here = `/proc/self/fd/${descriptor}/`;
    // Names are bytes: as text, a name that is not UTF-8 would become another name.
    const entries = opendirSync(here, { encoding: 'latin1' });
    try {
      for (let entry = entries.readSync(); entry !== null; entry = entries.readSync()) {
        if (++seen % ENTRIES_AT_ONCE === 0) await pause();
        const path = Buffer.from(`${here}${entry.name}`, 'latin1');
        const found = lstatSync(path, { throwIfNoEntry: false });
        if (found === undefined) continue;
        if (found.ctimeMs >= since) {
          bytes += found.blocks * 512;
          files += 1;
        }
        if (bytes > bounds.bytes || files > bounds.files) return false;
        if (found.isDirectory() && !(await into(path, depth + 1))) return false;
      }
    } finally {
      entries.closeSync();
    }
    return true;
  };

  const into = async (path: Buffer | string, depth: number): Promise<boolean> => {
    if (depth > DEEPEST) return false;
    let descriptor: number;
    try {
      descriptor = openSync(
        path,
        constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW,
      );
    } catch (error) {
      if (!isAboutPath(error)) throw error;
      // It was removed or replaced during the count, and is counted the next time.
      return ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(error.code ?? '');
    }
    try {
      return await walk(descriptor, depth);
    } finally {
      closeSync(descriptor);
    }
  };

  return (await into(folder, 0)) ? { bytes, files } : 'more';
}
