import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Where tests start processes: the bundled action, git, the Codex CLI. */
const processes = /^test\/(attacks|loop|codex|git|examples)\b/;

/**
 * Slow files first, so that no worker begins a long one when the others are done. Vitest knows how long a file took
 * only where it ran before; a fresh clone has to know it by the folder.
 */
export default class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isSlow = ({ moduleId }: TestSpecification) =>
      processes.test(relative(this.ctx.config.root, moduleId));
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}
