/**
 * The watch over the box: looks again and again at what it uses, and ends it if that is more than its limits. The
 * kernel's own limits are per process, so nothing else sees what all of them use together.
 */
import { Stopped, stoppedByMachine } from '../../decision.ts';
import { availableDisk, type Disk } from '../../system/disk.ts';
import type { Limits } from './limits.ts';
import { availableMemory, usageOf } from './machine.ts';
import { writtenSince } from './written.ts';

const MIB = 1024 * 1024;
/** A machine writes a few gigabytes to its memory in a second. */
const PAUSE_MS = 100;
/** The watch takes at most a tenth of one processor. */
const SHARE = 10;

export interface Watched {
  /** The process that everything in the box descends from. */
  readonly pid: number;
  /** The folders that the box can write, on the disk of this machine. */
  readonly folders: readonly string[];
  readonly limits: Limits;
}

/**
 * Watches until the returned function is called.
 * @param stop called once, with a Stopped: limit-exceeded says which limit it was; platform-unsupported or internal, that
 *   nobody can tell
 */
export function watch(watched: Watched, stop: (reason: Stopped) => void): () => void {
  const { pid, folders, limits } = watched;
  const disks = folders.map((folder) => new DiskWatch(folder, limits));
  let timer: NodeJS.Timeout | undefined;
  let over = false;

  const look = async (): Promise<void> => {
    const began = performance.now();
    let excess = memoryExcess(pid, limits);
    const took = performance.now() - began;
    for (const disk of disks) excess ??= await disk.excess();
    if (over) return;
    if (excess !== null) {
      stop(new Stopped('limit-exceeded', excess));
      return;
    }
    timer = setTimeout(again, Math.max(PAUSE_MS, took * SHARE));
  };
  // What cannot be measured cannot be limited.
  const again = (): void => {
    look().catch((error: unknown) => {
      if (over) return;
      const said = error instanceof Error ? error.message : String(error);
      const detail = `The action cannot measure what the box uses: ${said}`;
      stop(stoppedByMachine(error) ?? new Stopped('internal', detail, { cause: error }));
    });
  };
  again();
  return () => {
    over = true;
    clearTimeout(timer);
  };
}

function memoryExcess(pid: number, limits: Limits): string | null {
  const { tasks, memory } = usageOf(pid);
  if (tasks > limits.tasks) {
    return `There were more than ${limits.tasks} processes and threads in the box.`;
  }
  if (memory > limits.memoryBytes) {
    return `What runs in the box took more than ${inMib(limits.memoryBytes)} of memory.`;
  }
  if (availableMemory() < limits.freeMemoryBytes) {
    return `The machine has less than ${inMib(limits.freeMemoryBytes)} of memory left, so what runs in the box was stopped.`;
  }
  return null;
}

/**
 * A folder on a disk. It is walked only after the free space of the disk has shrunk by as much as the box may write,
 * because other programs write to the same disk, too.
 */
class DiskWatch {
  readonly #folder: string;
  readonly #limits: Limits;
  /** Files that were changed since then were written by the box. Some file systems keep only whole seconds. */
  readonly #since = Date.now() - 2_000;
  #before: Disk;

  constructor(folder: string, limits: Limits) {
    this.#folder = folder;
    this.#limits = limits;
    this.#before = availableDisk(folder);
  }

  async excess(): Promise<string | null> {
    const { freeDiskBytes, diskBytes, diskFiles } = this.#limits;
    const now = availableDisk(this.#folder);
    if (now.bytes < freeDiskBytes) {
      return `The disk has less than ${inMib(freeDiskBytes)} left, so what runs in the box was stopped.`;
    }
    const grown =
      this.#before.bytes - now.bytes > diskBytes || this.#before.files - now.files > diskFiles;
    if (!grown) return null;
    const written = await writtenSince(this.#folder, this.#since, {
      bytes: diskBytes,
      files: diskFiles,
    });
    if (written === 'more') {
      return `What runs in the box wrote more than ${inMib(diskBytes)} or ${diskFiles} files to the disk.`;
    }
    this.#before = now;
    return null;
  }
}

function inMib(bytes: number): string {
  return `${Math.floor(bytes / MIB)} MiB`;
}
