import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig, type Plugin } from 'vitest/config';
import { alonePatterns, smallPatterns } from './test/alone.ts';
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

const setUp = (name: string) =>
  fileURLToPath(new URL(`test/support/files/${name}.ts`, import.meta.url));
const shuffled = process.argv.some((argument) => argument.startsWith('--sequence.shuffle'));

/**
 * There are more workers than processors, since tests of a loop and of the CLI sometimes wait. A large worker loads and compiles so
 * much that one more costs more time than it saves.
 */
const workers = { large: availableParallelism() + 1, small: availableParallelism() + 3 };

/** How test files share a process: `docs/testing.md` says what this asks of them. */
export const sharing = { isolate: false, setupFiles: [setUp('shared'), setUp('each')] };

export default defineConfig({
  plugins: [withoutDevelopment],
  test: {
    // A bound for a test that hangs. On a busy machine an ordinary test of a loop can take minutes.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // `npm run coverage`: of the modules that decide.
    coverage: {
      provider: 'v8',
      include: ['src/{core,checks,evidence}/**/*.ts'],
      reporter: ['text', 'html'],
    },
    // With a sequencer, Vitest takes no notice of a wish for a shuffled order.
    sequence: shuffled ? {} : { sequencer: SlowFirst },
    server: { deps: { inline: [/@actions\/(languageservice|workflow-parser|expressions)/] } },
    projects: [
      {
        extends: true,
        test: {
          name: 'alone',
          include: [...alonePatterns],
          setupFiles: [setUp('each')],
          maxWorkers: workers.large,
        },
      },
      {
        extends: true,
        test: {
          ...sharing,
          name: 'small',
          maxWorkers: workers.small,
          sequence: { groupOrder: 1 },
          include: [...smallPatterns],
          exclude: [...configDefaults.exclude, ...alonePatterns],
        },
      },
      {
        extends: true,
        test: {
          ...sharing,
          name: 'shared',
          maxWorkers: workers.large,
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...alonePatterns, ...smallPatterns],
        },
      },
    ],
  },
});
