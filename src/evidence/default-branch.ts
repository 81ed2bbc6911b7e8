import type { Repository } from '../ports/repository.ts';
import type { WorkflowRun } from '../ports/run.ts';

/**
 * The name of the default branch. A re-run keeps the event of its first attempt, and the branch may have been renamed
 * since.
 */
export async function readDefaultBranch(
  run: Pick<WorkflowRun, 'attempt' | 'defaultBranch'>,
  repository: Pick<Repository, 'defaultBranch'>,
): Promise<string> {
  const known = run.attempt === 1 ? run.defaultBranch : null;
  return known ?? (await repository.defaultBranch());
}
