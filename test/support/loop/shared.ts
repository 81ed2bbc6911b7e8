/**
 * The loop that most tests begin with, for all test files of a process: no options, and scripted agents. Each state is played when a
 * file first wants it. At the end of a file everything that it changed is undone.
 */
import { spawn } from 'node:child_process';
import { once as happened } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { atEndOfFile } from '../files/at-end.ts';
import { once } from '../once.ts';
import { type Loop, type StepInLoop, startLoop } from './loop.ts';
import { type States, Way } from './states.ts';

/** A loop of which a file changes what it likes, and which it must not close. */
export interface SharedLoop {
  readonly loop: Loop;
  readonly states: States;
  /** What plan, approve, verify and execute left, as far as the loop was played. */
  readonly steps: readonly StepInLoop[];
}

const opened = once(async () => {
  const loop = await startLoop({ scripted: true });
  // They live as long as this process, and are no reason for it to go on.
  loop.github.unref();
  loop.model.unref();
  await removeAfterThisProcess([loop.github.folder, loop.github.quickFolder]);
  return { loop, way: new Way(loop) };
});

/** The loop in this state. The states after it cannot be returned to, even if another file has played them. */
export async function shareLoop(state: keyof States): Promise<SharedLoop> {
  const { loop, way } = await opened();
  atEndOfFile(async () => {
    const { fresh } = await way.to('fresh');
    fresh();
    removeJobs(loop, way.steps);
    // They are not undone.
    const violations = loop.github.violations.splice(0);
    if (violations.length > 0) throw new Error(violations.join('\n'));
  });
  const close = () => Promise.reject(new Error('other test files go on with this loop'));
  const states = await way.to(state);
  return { loop: { ...loop, close }, states, steps: way.steps };
}

/** The folders of jobs that have ended, but not those of the steps that files are given. */
function removeJobs({ github }: Loop, steps: readonly StepInLoop[]): void {
  const kept = new Set(steps.map(({ job }) => job.folder));
  for (const name of readdirSync(github.quickFolder)) {
    const folder = join(github.quickFolder, name);
    if (name.startsWith('run-') && !kept.has(folder)) rmSync(folder, { recursive: true });
  }
}

/** Vitest ends its workers by a signal, so a small process waits for the end of this one. */
async function removeAfterThisProcess(folders: readonly string[]): Promise<void> {
  const waiting = spawn('sh', ['-c', 'cat; rm -rf -- "$@"', 'sh', ...folders], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // A signal from the terminal is for this process.
    detached: true,
  });
  await happened(waiting, 'spawn');
  waiting.unref();
  (waiting.stdin as Socket).unref();
}
