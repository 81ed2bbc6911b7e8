import { defineConfig } from 'vitest/config';

/** The unit tests of the modules that decide, which `npm run mutation` lets a mutant survive or not. */
export default defineConfig({
  test: {
    include: [
      'test/core/**/*.test.ts',
      'test/{checks,evidence,modes}/**/*.test.ts',
      'test/codex/editor/{declined,gate}.test.ts',
      'test/attacks/archive.test.ts',
      'test/github/archive.test.ts',
    ],
    setupFiles: ['./test/support/files/each.ts'],
    testTimeout: 60_000,
    env: { FC_RUNS: '50' },
  },
});
