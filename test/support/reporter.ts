import { writeSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/**
 * Ends the output with one line that a program can read: `12 passed, 0 failed, 1 skipped`. A file that cannot be
 * loaded, a hook that fails and an error outside of every test count as failures, or else they would pass unseen.
 */
export default class TallyReporter implements Reporter {
  onTestRunEnd(
    modules: readonly TestModule[],
    errors: readonly SerializedError[],
    reason: 'passed' | 'interrupted' | 'failed',
  ): void {
    const states = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => test.result().state),
    );
    const count = (...wanted: readonly string[]) =>
      states.filter((state) => wanted.includes(state)).length;
    const outside = modules.flatMap((module) => [
      ...module.errors(),
      ...[...module.children.allSuites()].flatMap((suite) => suite.errors()),
    ]);
    const unfinished = reason === 'interrupted' ? count('pending') : 0;
    const failed = count('failed') + outside.length + errors.length + unfinished;
    // A run without any test is not a success.
    const silent = failed === 0 && (reason !== 'passed' || count('passed') === 0) ? 1 : 0;
    const skipped = count('skipped');
    const line = `${count('passed')} passed, ${failed + silent} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`;
    // After everything that the other reporters print.
    process.once('exit', () => writeSync(1, line));
  }
}
