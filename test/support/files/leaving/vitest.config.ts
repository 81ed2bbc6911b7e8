/** For `../shared.test.ts` alone: runs the files of this folder as those that share a process. */
import { defineConfig } from 'vitest/config';
import { sharing } from '../../../../vitest.config.ts';

export default defineConfig({
  test: { ...sharing, include: ['test/support/files/leaving/*.leaves.ts'], maxWorkers: 1 },
});
