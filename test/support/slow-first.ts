import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The folders whose tests start processes: the bundled action, git, the Codex CLI. */
const processes = /^test\/(attacks|loop|codex|git|examples)\b/;

/**
 * Slow files first, so that no worker starts a long one when the others have finished. Vitest knows how long a file took
 * only if it ran before; in a fresh clone the folder has to tell.
 */
export default class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isSlow = ({ moduleId }: TestSpecification) =>
      processes.test(relative(this.ctx.config.root, moduleId));
    // The files that share processes stay together: a process ends when the next file in the line is not one of them.
    return [...Map.groupBy(sorted, ({ project }) => project).values()].flatMap((files) => [
      ...files.filter(isSlow),
      ...files.filter((file) => !isSlow(file)),
    ]);
  }
}
