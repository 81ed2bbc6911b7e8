import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The folders whose tests start processes: the bundled action, git, the Codex CLI. */
const processes = /^test\/(attacks|loop|codex|git|examples)\b/;

/** The files that take longest, or wait longest. What is not on the list only starts later. */
const slowest = [
  'test/loop/audit-honest.test.ts',
  'test/attacks/git.test.ts',
  'test/attacks/ended.test.ts',
  'test/loop/bad-input.test.ts',
  'test/loop/audit-expired.test.ts',
  'test/codex/planner/answers.test.ts',
  'test/git/history.test.ts',
  'test/git/workspace.test.ts',
  'test/codex/isolation/tools.test.ts',
  'test/codex/planner/planner.test.ts',
  'test/support/processes/spawn.test.ts',
  'test/evidence/collection.test.ts',
];

/**
 * Slow files first, so that no worker starts a long one when the others have finished. Vitest knows how long a file took
 * only if it ran before; in a fresh clone the list and the folder have to tell.
 */
export default class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const pathOf = ({ moduleId }: TestSpecification) => relative(this.ctx.config.root, moduleId);
    const place = (file: TestSpecification) => {
      const listed = slowest.indexOf(pathOf(file));
      if (listed >= 0) return listed;
      return slowest.length + (processes.test(pathOf(file)) ? 0 : 1);
    };
    // The files that share processes stay together: a process ends when the next file in the line is not one of them.
    return [...Map.groupBy(sorted, ({ project }) => project).values()].flatMap((files) =>
      files.toSorted((a, b) => place(a) - place(b)),
    );
  }
}
