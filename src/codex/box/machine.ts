/** What the machine has left, and what a tree of processes uses of it: read from `/proc`, by number alone. */
import { readdirSync, readFileSync } from 'node:fs';
import { stoppedByMachine } from '../../decision.ts';

const KIB = 1024;

/** What a tree of processes uses. */
export interface Usage {
  /** Processes and threads. */
  readonly tasks: number;
  /** What they keep in memory, in bytes: not the files that are mapped into it, which the kernel can drop. */
  readonly memory: number;
}

/** A process and everything that descends from it. What ends during the count is left out. */
export function usageOf(root: number): Usage {
  let tasks = 0;
  let memory = 0;
  for (const pid of descendants(root)) {
    const status = readOrNull(`/proc/${pid}/status`);
    if (status === null) continue;
    tasks += field(status, 'Threads');
    memory +=
      (field(status, 'RssAnon') + field(status, 'RssShmem') + field(status, 'VmSwap')) * KIB;
  }
  return { tasks, memory };
}

function descendants(root: number): Set<number> {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? readOrNull(`/proc/${name}/stat`) : null;
    // The name of the program is in parentheses, and may hold some itself.
    const parent = stat === null ? null : /^ \S (\d+)/.exec(stat.slice(stat.lastIndexOf(')') + 1));
    if (!parent) continue;
    const siblings = children.get(Number(parent[1]));
    if (siblings === undefined) children.set(Number(parent[1]), [Number(name)]);
    else siblings.push(Number(name));
  }
  const found = new Set([root]);
  for (const pid of found) for (const child of children.get(pid) ?? []) found.add(child);
  return found;
}

/**
 * What can still be used before the kernel has to end a process: on the machine, and in this control group.
 * @param root the folder with `/proc` and `/sys`, for tests
 */
export function availableMemory(root = ''): number {
  const machine = field(readFileSync(`${root}/proc/meminfo`, 'utf8'), 'MemAvailable') * KIB;
  return Math.min(machine, ...controlGroups(root).map(availableIn));
}

/**
 * The control groups that this process is in: its own, and those around it. Version 2 has one tree, version 1 one for
 * memory. In a container what is mounted may begin at its own group.
 */
function controlGroups(root: string): string[] {
  const groups = readOrNull(`${root}/proc/self/cgroup`) ?? '';
  return groups.split('\n').flatMap((line) => {
    const [, controllers = '', path] = /^\d+:([^:]*):\/?(.*)$/.exec(line) ?? [];
    if (path === undefined || !['', 'memory'].some((name) => controllers.split(',').includes(name)))
      return [];
    const mounted = `${root}/sys/fs/cgroup${controllers === '' ? '' : '/memory'}`;
    const names = path.split('/');
    return names
      .map((_, depth) => [mounted, ...names.slice(0, depth + 1)].join('/'))
      .concat(mounted);
  });
}

/** Infinite if the group has no limit, or does not exist. */
function availableIn(group: string): number {
  const limit = number(`${group}/memory.max`) ?? number(`${group}/memory.limit_in_bytes`);
  const used = number(`${group}/memory.current`) ?? number(`${group}/memory.usage_in_bytes`);
  if (limit === null || used === null) return Number.POSITIVE_INFINITY;
  // Files that are kept in memory are given up when it is needed.
  const stat = readOrNull(`${group}/memory.stat`) ?? '';
  const files = /^active_file (\d+)$/m.exec(stat);
  const inactive = /^inactive_file (\d+)$/m.exec(stat);
  return limit - used + Number(files?.[1] ?? 0) + Number(inactive?.[1] ?? 0);
}

function number(path: string): number | null {
  const text = readOrNull(path)?.trim() ?? '';
  return /^\d+$/.test(text) ? Number(text) : null;
}

/** The number after a name in a file of `/proc`; zero if the name is not there. */
function field(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(text)?.[1] ?? 0);
}

/**
 * Null if it is not there: the process has ended, or the kernel has no such file.
 * @throws an error which says that the machine lacks something: what is not read then is not nothing
 */
function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (stoppedByMachine(error) !== undefined) throw error;
    return null;
  }
}
