/**
 * Folders on the RAM disk, where it costs a fraction to make and remove many small files. A machine may have none, or
 * one that is too small or from which nothing can be executed: a container often has 64 MB.
 */
import {
  accessSync,
  chmodSync,
  constants,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isReachable } from '../../src/system/reachable.ts';

const ramDisk = '/dev/shm';
/** Many times what the tests of all workers hold at once. */
const enoughBytes = 1024 ** 3;

let swept = false;

/**
 * Makes a folder on the RAM disk.
 * @returns undefined if there is none that will do
 */
export function makeRamFolder(disk = ramDisk, enough = enoughBytes): string | undefined {
  try {
    const owner = ownerOfNow();
    if (!swept) sweep(disk, owner.namespace);
    swept = true;
    const { bavail, bsize } = statfsSync(disk);
    if (bavail * bsize < enough || process.availableMemory() < enough) return undefined;
    const folder = mkdtempSync(join(disk, `codex-plan-${owner.namespace}-${owner.pid}-`));
    // As a runner's folders are: everybody may pass through. If not, a step of root keeps its work tree elsewhere, on the real disk.
    chmodSync(folder, 0o711);
    if (executes(folder)) return folder;
    rmSync(folder, { recursive: true });
    return undefined;
  } catch {
    return undefined;
  }
}

/** Makes a folder whose place does not matter: on the RAM disk, if there is one that will do. The name is for the other case. */
export function makeTemporaryFolder(name: string): string {
  return makeRamFolder() ?? mkdtempSync(join(tmpdir(), `${name}-`));
}

/**
 * Whether runs of the real CLI may be on the RAM disk. If Node and the CLI are in root's own home, each run of the action puts them, half
 * a gigabyte, where the user of the box reaches them: by links if that is on the same disk, and else by copies.
 */
export const ramDiskSuitsPrograms = process.getuid?.() !== 0 || isReachable(process.execPath);

/** The number of a process means something only within its namespace: containers may share a RAM disk. */
function ownerOfNow() {
  const namespace = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0];
  if (namespace === undefined) throw new Error('this process has no namespace');
  return { namespace, pid: process.pid };
}

/** Whether files there can be executed. If not, an attack could not succeed there, and its test could not fail. */
function executes(folder: string): boolean {
  const program = join(folder, 'program');
  writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
  try {
    accessSync(program, constants.X_OK);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(program);
  }
}

/** Removes what processes left that were killed: nobody else would, and it takes memory. */
export function sweep(disk: string, namespace: string): void {
  for (const name of readdirSync(disk)) {
    const [, of, pid] = /^codex-plan-(\d+)-(\d+)-/.exec(name) ?? [];
    if (of !== namespace || isAlive(Number(pid))) continue;
    try {
      rmSync(join(disk, name), { recursive: true, force: true });
    } catch {
      // It is another user's, or another worker removes it just now.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
