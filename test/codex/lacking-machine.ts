/**
 * A program that does what it is told while it can open no more files, and prints how each of it ended.
 * `lacking-machine.test.ts` starts it with a low limit.
 */
import { closeSync, openSync } from 'node:fs';
import { watch } from '../../src/codex/box/watch.ts';
import { writtenSince } from '../../src/codex/box/written.ts';
import { Gate } from '../../src/codex/editor/gate.ts';
import { findCodex } from '../../src/codex/install/install.ts';
import { toStopped } from '../../src/decision.ts';
import { readWorkflowRun } from '../../src/github/event.ts';

/** What the program is told: by its arguments, as JSON. */
export interface Given {
  readonly workspace: string;
  /** A program. */
  readonly codexPath: string;
  /** A tool cache with something in the place of Codex. */
  readonly toolCache: string;
}

const { workspace, codexPath, toolCache } = JSON.parse(process.argv[2] ?? '') as Given;
const limits = { tasks: 9, memoryBytes: 9e9, freeMemoryBytes: 0, diskBytes: 9e9, diskFiles: 9e9 };
const options = { version: null, forbidden: [], temporary: workspace, report: () => {} };
const none = { x64: '', arm64: '' };
const pin = { version: '9.9.9', integrity: none, content: none };

/** Each with how many files it can still open. */
const tasks: Readonly<Record<string, readonly [number, () => unknown]>> = {
  'a folder for a patch': [
    1,
    () => {
      const gate = new Gate({ workspace, workspaceInBox: '/workspace', judge: () => null });
      gate.makeFolders([{ path: '/workspace/x/y.txt', kind: { type: 'add' } }]);
    },
  ],
  'what was written': [0, () => writtenSince(workspace, 0, { bytes: 1e9, files: 1e9 })],
  'the watch': [
    0,
    () =>
      new Promise((_, reject) => {
        watch({ pid: process.pid, folders: [], limits: { ...limits, freeDiskBytes: 0 } }, reject);
      }),
  ],
  'the version of a program': [
    0,
    async () => (await findCodex({ ...options, codexPath }))?.version,
  ],
  'what the tool cache has': [
    0,
    () => {
      process.env.RUNNER_TOOL_CACHE = toolCache;
      return findCodex({ ...options, codexPath: null, pin });
    },
  ],
  'the event': [0, () => readWorkflowRun({ GITHUB_EVENT_PATH: codexPath })],
};

const open: number[] = [];
function openAll(): void {
  try {
    for (;;) open.push(openSync('/dev/null', 'r'));
  } catch {
    // There is room for no other.
  }
}

const ends: Record<string, string> = {};
for (const [name, [left, task]] of Object.entries(tasks)) {
  openAll();
  for (const one of open.splice(0, left)) closeSync(one);
  ends[name] = await Promise.resolve()
    .then(task)
    .then(
      (value) => `ended well: ${JSON.stringify(value)}`,
      (error: unknown) => `${toStopped(error).reason}: ${toStopped(error).message}`,
    );
}
for (const one of open) closeSync(one);
process.stdout.write(JSON.stringify(ends));
