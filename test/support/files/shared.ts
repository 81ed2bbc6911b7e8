/**
 * Runs before each test file that shares its process with others, and after it: a file that leaves the process in another state
 * fails, because the next file would begin in that state.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, vi } from 'vitest';
import { changes, isOpen, readProcess } from './process-state.ts';

/** Replaced modules stay in the memory of the process, for every file after this one. */
for (const name of ['mock', 'doMock', 'resetModules'] as const) {
  vi[name] = () => {
    throw new Error(`vi.${name}: such a file needs a process alone, see test/alone.ts`);
  };
}

const before = readProcess();

afterAll(async () => {
  let left = changes(before, readProcess());
  // What is closed takes a moment, on a busy machine a long one: a minute at least. Nothing else changes by itself.
  for (let tries = 0; tries < 1200 && left.length > 0 && left.every(isOpen); tries++) {
    await wait(50);
    left = changes(before, readProcess());
  }
  expect(left, 'what this file leaves to the next one').toEqual([]);
});
