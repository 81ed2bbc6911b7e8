/** Whether the workflow files that a run used are those of the default branch. */

import type { ObjectId } from '../core/text/object-id.ts';
import { usesOwnActions } from '../core/text/workflow-file.ts';
import type { Repository, RunFacts } from '../ports/repository.ts';
import type { WorkflowRun } from '../ports/run.ts';

/**
 * Anybody who can write can dispatch a workflow on a tag that has the name of the default branch, and a tag can name
 * any commit, also one of a merged pull request that had another workflow at this path for a while. So the file
 * itself must be the one that the default branch has today, and so must each workflow of this repository that it
 * calls. A workflow that also runs actions of its own commit is trusted only at the tip.
 * Source:
 * https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#workflow_dispatch
 * @param tip the commit of the default branch today
 * @param own the repository that the action works for
 */
export async function hasFilesOf(
  tip: ObjectId,
  { path, headSha, called }: Pick<RunFacts, 'path' | 'headSha' | 'called'>,
  repository: Pick<Repository, 'readFile'>,
  own: Pick<WorkflowRun['repository'], 'owner' | 'name'>,
): Promise<boolean> {
  const files = [{ path: withoutRef(path), sha: headSha }, ...findOwn(called, own)];
  for (const file of files) {
    const [ran, owned] = await Promise.all([
      repository.readFile(file.path, file.sha),
      repository.readFile(file.path, tip),
    ]);
    if (ran === undefined || ran.blob !== owned?.blob) return false;
    if (file.sha !== tip && usesOwnActions(ran.text)) return false;
  }
  return true;
}

/**
 * The called workflows that belong to this repository. A workflow of another repository is pinned by the file that
 * calls it.
 */
function findOwn(
  called: RunFacts['called'],
  { owner, name }: Pick<WorkflowRun['repository'], 'owner' | 'name'>,
): { readonly path: string; readonly sha: ObjectId }[] {
  const prefix = `${owner}/${name}/`;
  return called
    .filter(({ path }) => path.toLowerCase().startsWith(prefix.toLowerCase()))
    .map(({ path, sha }) => ({ path: withoutRef(path.slice(prefix.length)), sha }));
}

function withoutRef(path: string): string {
  return path.replace(/(?<=\.ya?ml)@.*$/i, '');
}

/**
 * Whether a run's workflow file is one of the trusted ones. Some answers of GitHub add `@` and a ref to the path; but
 * the name of a file can look like this, too.
 */
export function isTrustedPath(path: string, trusted: readonly string[]): boolean {
  return trusted.some(
    (own) => path === own || (path.startsWith(`${own}@`) && !/\.ya?ml$/i.test(path)),
  );
}
