import { availableParallelism } from 'node:os';
import { defineConfig, type Plugin } from 'vitest/config';
import SlowFirst from './test/support/slow-first.ts';

/** Packages as a user gets them: some have a slower build, with assertions, for the condition `development`. */
const withoutDevelopment: Plugin = {
  name: 'without-development-builds',
  configResolved({ ssr, environments }) {
    const resolvers = [ssr.resolve, ...Object.values(environments).map(({ resolve }) => resolve)];
    for (const resolver of resolvers) {
      const conditions = resolver?.conditions?.filter((one) => !one.startsWith('development'));
      if (resolver !== undefined) Object.assign(resolver, { conditions });
    }
  },
};

export default defineConfig({
  plugins: [withoutDevelopment],
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
