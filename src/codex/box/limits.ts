/**
 * How much of the machine the box may use. Commands of a model were seen to fill the memory of the runner, and then
 * the kernel may end the action. Two things hold each bound: what the kernel refuses by itself (`withLimits`,
 * `smallFolder`), and a watch that ends the run with a reason (`watch.ts`), a little before that.
 */
import { Stopped } from '../../decision.ts';
import { availableDisk } from '../../system/disk.ts';
import { availableMemory } from './machine.ts';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

export interface Limits {
  /** What all processes of the box may keep in memory together. */
  readonly memoryBytes: number;
  /** What the box must leave free of the machine's memory: it ends before the action is ended. */
  readonly freeMemoryBytes: number;
  /** Processes and threads of the box. */
  readonly tasks: number;
  /** What the box may write to the disk, and in how many files. */
  readonly diskBytes: number;
  readonly diskFiles: number;
  /** What the box must leave free on the disk. */
  readonly freeDiskBytes: number;
}

/** What there is, in bytes, before the box starts. */
export interface Machine {
  readonly availableMemory: number;
  readonly availableDisk: number;
}

/** Bounds that a build of a large project keeps to; a small machine gives no more than a part of itself. */
export function limitsFor({ availableMemory, availableDisk }: Machine): Limits {
  return {
    memoryBytes: Math.min(8 * GIB, Math.floor(availableMemory * 0.75)),
    freeMemoryBytes: Math.min(GIB, Math.floor(availableMemory / 4)),
    tasks: 2_000,
    diskBytes: Math.min(8 * GIB, Math.floor(availableDisk / 2)),
    diskFiles: 1_000_000,
    freeDiskBytes: Math.min(GIB, Math.floor(availableDisk / 4)),
  };
}

/** Codex keeps its state in files: with less room the kernel ends it in the middle of a run that is paid for. */
const LEAST_DISK_BYTES = 32 * MIB;

/** @throws Stopped platform-unsupported if Codex cannot work under these limits */
export function checkRoom({ diskBytes }: Pick<Limits, 'diskBytes'>): void {
  if (diskBytes >= LEAST_DISK_BYTES) return;
  throw new Stopped(
    'platform-unsupported',
    `The runner's disk is full: Codex needs ${(2 * LEAST_DISK_BYTES) / MIB} MiB of free space in RUNNER_TEMP.`,
  );
}

const OPEN_FILES = 8_192;
/** Node and Codex reserve this much before they do anything. */
const LEAST_MEMORY_OF_A_PROCESS = 4 * GIB;
const SMALL_FOLDER_BYTES = GIB;

/** A folder in memory with a bound on its size. */
export function smallFolder(path: string): string[] {
  return ['--size', `${SMALL_FOLDER_BYTES}`, '--tmpfs', path];
}

/**
 * Sets what the kernel refuses, and becomes the command. A limit that is lower already stays: nobody but root can raise
 * it. Shells differ in the letter for processes, which are counted in the box's own user namespace since Linux 5.14, and
 * in the blocks of `-f`, which are 512 bytes by POSIX; `-d` counts kibibytes of memory that a process keeps for itself.
 */
const SET_LIMITS = `
if (set -o posix) 2>/dev/null; then set -o posix; fi
limit() {
  ulimit "$1" "$2" 2>/dev/null || [ "$(ulimit -H "$1")" -le "$2" ] 2>/dev/null && return
  echo "The limit $1 $2 cannot be set." >&2
  exit 1
}
if (ulimit -u) >/dev/null 2>&1; then processes=-u; else processes=-p; fi
limit -c 0; limit -n "$1"; limit $processes "$2"; limit -d "$3"; limit -f "$4"
shift 4
exec "$@"
`;

/** The command under the limits that the kernel holds. */
export function withLimits(limits: Limits, command: readonly string[]): string[] {
  const bounds = [
    OPEN_FILES,
    limits.tasks * 2,
    Math.ceil(Math.max(limits.memoryBytes * 1.25, LEAST_MEMORY_OF_A_PROCESS) / 1024),
    // One file alone does not reach the limit for all, which ends the run.
    Math.ceil(limits.diskBytes / 2 / 512),
  ];
  return ['/bin/sh', '-c', SET_LIMITS, 'sh', ...bounds.map(String), ...command];
}

/** @returns what there is before the box starts, on the one of the disks of these folders that has least */
export function machineOf(folders: readonly string[]): Machine {
  const disks = folders.map((folder) => availableDisk(folder).bytes);
  return { availableMemory: availableMemory(), availableDisk: Math.min(...disks) };
}
