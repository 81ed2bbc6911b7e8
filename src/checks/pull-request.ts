/** What has to hold for a pull request, and for the files of a plan in it, before anything is planned or done. */

import type { PlannedFile } from '../core/plan/plan.ts';
import type { FileState } from '../core/plan/scope.ts';
import type { Manifest } from '../core/records/manifest.ts';
import { findTwin } from '../core/text/paths.ts';
import { Stopped } from '../decision.ts';
import type { PullRequest } from '../ports/pull-requests.ts';
import type { World } from './world.ts';

/**
 * The pull request as it is now.
 * @throws Stopped pull-request-closed, fork-denied, config-invalid where there is none
 */
export async function checkOpen(world: World, number: number): Promise<PullRequest> {
  const pull = await world.pullRequests.read(number);
  if (!pull.open) throw new Stopped('pull-request-closed', `Pull request ${number} is not open.`);
  if (pull.headRepository === null) {
    throw new Stopped('fork-denied', 'The repository that the pull request comes from is gone.');
  }
  if (pull.headRepository !== world.run.repository.id && !(await world.policy()).forks) {
    throw new Stopped('fork-denied', 'The pull request comes from a fork (forks: false).');
  }
  return pull;
}

const ordinary = new Set(['100644', '100755']);

/**
 * What each planned file is before the change. Codex works on the merge and the commit goes on the head, so both must
 * have the same there.
 * @param merged files of the merge
 * @param head files of the head
 * @throws Stopped base-moved, plan-invalid, path-invalid
 */
export function statesInHead(
  files: readonly PlannedFile[],
  merged: ReadonlyMap<string, FileState>,
  head: ReadonlyMap<string, FileState>,
): Manifest['files'] {
  const twin = findTwin(
    files.map((file) => file.path),
    merged.keys(),
  );
  if (twin !== undefined) {
    const [one, other] = twin.map((path) => JSON.stringify(path));
    throw new Stopped('path-invalid', `${one} and ${other} are one file on some file systems.`);
  }
  return files.map(({ path, operation }) => {
    const state = merged.get(path) ?? null;
    const name = JSON.stringify(path);
    if (!sameState(state, head.get(path) ?? null)) {
      throw new Stopped(
        'base-moved',
        `${name} is not the same on the branch and in the merge with its base.`,
      );
    }
    if ((operation === 'create') !== (state === null)) {
      const what = state === null ? 'does not exist' : 'exists already';
      throw new Stopped('plan-invalid', `The plan says ${operation} ${name}, which ${what}.`);
    }
    if (state !== null && !ordinary.has(state.mode)) {
      throw new Stopped('path-invalid', `${name} is a symbolic link or a submodule.`);
    }
    return { path, operation, mode: state?.mode ?? null, blob: state?.blob ?? null };
  });
}

export function sameState(one: FileState | null, other: FileState | null): boolean {
  return one?.mode === other?.mode && one?.blob === other?.blob;
}
