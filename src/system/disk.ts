/** What can still be written to a disk, as the file system itself says it. */
import { statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomName } from './random-name.ts';
import { tryToRemove } from './remove-tree.ts';

/** Room on a disk. */
export interface Disk {
  readonly bytes: number;
  readonly files: number;
}

/** What can still be written to the disk of `folder`. A file system without a number of files has no end of them. */
export function availableDisk(folder: string): Disk {
  const { bavail, bsize, ffree, files } = statfsSync(folder);
  return { bytes: bavail * bsize, files: files === 0 ? Number.POSITIVE_INFINITY : ffree };
}

/** What keeps files from being written: the code and the message of an error of the system. */
export interface DiskLack {
  readonly code: string | undefined;
  readonly message: string;
}

const mib = 1024 * 1024;
const probeBytes = 64 * 1024;

/**
 * Asks the file system why a program could not write. How much room is left does not tell of a quota, or of a disk that
 * was made read-only, so a small file is written, too.
 * @param folder absolute path of a private folder of the action: boxed code cannot write to it
 * @param least how much room a disk has that is not full
 * @returns undefined if files can be written, or if the folder is not there
 */
export function findDiskLack(folder: string, least: Disk): DiskLack | undefined {
  const probe = join(folder, `probe-${randomName()}`);
  try {
    const { bytes, files } = availableDisk(folder);
    if (bytes < least.bytes || files < least.files) {
      const room = `${Math.floor(bytes / mib)} MiB and ${files} files`;
      return { code: 'ENOSPC', message: `there is room for ${room} in ${folder}` };
    }
    writeFileSync(probe, Buffer.alloc(probeBytes), { flag: 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? undefined : { code, message };
  } finally {
    tryToRemove(probe);
  }
  return undefined;
}
