import type { Repository } from '../ports/repository.ts';
import type { WorkflowRun } from '../ports/run.ts';

/** A re-run keeps the payload of its first attempt; the default branch may have been renamed since. */
export async function readDefaultBranch(
  run: Pick<WorkflowRun, 'attempt' | 'defaultBranch'>,
  repository: Pick<Repository, 'defaultBranch'>,
): Promise<string> {
  const known = run.attempt === 1 ? run.defaultBranch : null;
  return known ?? (await repository.defaultBranch());
}
