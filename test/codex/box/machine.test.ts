import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { availableMemory, usageOf } from '../../../src/codex/box/machine.ts';
import { folder } from '../setting.ts';

const MIB = 1024 * 1024;

describe('what a tree of processes uses', () => {
  it('counts the memory, the processes and the threads of all of them', async () => {
    const grandchild = `const kept = Buffer.alloc(${100 * MIB}, 1); process.stdout.write('ready'); setInterval(() => kept, 1e6)`;
    const child = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}], { stdio: 'inherit' })`;
    const running = spawn(process.execPath, ['-e', child], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    // Both: a process outlives the one that started it.
    onTestFinished(() => void process.kill(-(running.pid as number)));
    await once(running.stdout, 'data');
    const { tasks, memory } = usageOf(running.pid as number);
    expect(memory).toBeGreaterThan(100 * MIB);
    expect(memory).toBeLessThan(400 * MIB);
    expect(tasks).toBeGreaterThan(2);
    running.stdout.destroy();
  });

  it('is nothing if they are gone', () => {
    expect(usageOf(2 ** 30)).toEqual({ tasks: 0, memory: 0 });
  });
});

describe('the memory that is left', () => {
  function machine(files: Record<string, string>): string {
    const root = folder();
    const all = { 'proc/meminfo': 'MemFree: 1 kB\nMemAvailable:    4096 kB\n', ...files };
    for (const [path, text] of Object.entries(all)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return root;
  }

  it('is what the kernel says is available', () => {
    expect(availableMemory(machine({}))).toBe(4 * MIB);
    expect(availableMemory()).toBeGreaterThan(MIB);
  });

  it.each([
    [
      'version 2, its own',
      {
        'proc/self/cgroup': '0::/job/step\n',
        'sys/fs/cgroup/job/step/memory.max': '2000\n',
        'sys/fs/cgroup/job/step/memory.current': '1500\n',
      },
      500,
    ],
    [
      'version 2, one around its own, less the files in memory',
      {
        'proc/self/cgroup': '0::/job/step\n',
        'sys/fs/cgroup/job/step/memory.max': 'max\n',
        'sys/fs/cgroup/job/memory.max': '2000\n',
        'sys/fs/cgroup/job/memory.current': '1500\n',
        'sys/fs/cgroup/job/memory.stat': 'anon 1\nactive_file 100\ninactive_file 200\n',
      },
      800,
    ],
    [
      'a container, where the mounted group is its own',
      {
        'proc/self/cgroup': '0::/\n',
        'sys/fs/cgroup/memory.max': '2000\n',
        'sys/fs/cgroup/memory.current': '100\n',
      },
      1900,
    ],
    [
      'version 1',
      {
        'proc/self/cgroup': '5:cpu,cpuacct:/job\n4:memory:/job\n',
        'sys/fs/cgroup/memory/job/memory.limit_in_bytes': '2000\n',
        'sys/fs/cgroup/memory/job/memory.usage_in_bytes': '300\n',
      },
      1700,
    ],
  ] as const)('is no more than a control group has: %s', (_, files, left) => {
    expect(availableMemory(machine(files))).toBe(left);
  });

  it('is not known if the system cannot read the control groups', () => {
    const root = machine({ 'proc/self/other': '' });
    // To read the memory at address 0 fails with EIO.
    symlinkSync('/proc/self/mem', join(root, 'proc/self/cgroup'));
    expect(() => availableMemory(root)).toThrow(expect.objectContaining({ code: 'EIO' }));
  });
});
