import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import SlowFirst from './test/support/slow-first.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A bound for a test that hangs. On a busy machine an ordinary test of a loop can take minutes.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // More than there are processors: a test of a loop often waits, for a time limit or for a process.
    maxWorkers: 2 * availableParallelism() + 1,
    // `npm run coverage`: of the modules that decide.
    coverage: {
      provider: 'v8',
      include: ['src/{core,checks,evidence}/**/*.ts'],
      reporter: ['text', 'html'],
    },
    sequence: { sequencer: SlowFirst },
    server: { deps: { inline: [/@actions\/(languageservice|workflow-parser|expressions)/] } },
  },
});
