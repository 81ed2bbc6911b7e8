/** What the base did to the planned files since they were planned, decided from git's own objects. */

import type { PlanEvidence } from '../core/records/archive-contents.ts';
import { Stopped } from '../decision.ts';
import type { PullRequest } from '../ports/pull-requests.ts';
import type { Workspace } from '../ports/workspaces.ts';
import { sameState } from './pull-request.ts';
import type { World } from './world.ts';

/**
 * The planned paths that differ between the base as it was planned on and as it is now.
 * @param workspace has both commits
 * @param tip the base as it is now
 * @param paths those of the approved plan, unless others are of interest
 */
export async function overlappingPaths(
  { manifest }: PlanEvidence,
  workspace: Workspace,
  tip: string,
  paths: readonly string[] = manifest.files.map((file) => file.path),
): Promise<readonly string[]> {
  if (tip === manifest.base.sha) return [];
  const [before, now] = await Promise.all([
    workspace.files(manifest.base.sha),
    workspace.files(tip),
  ]);
  return paths.filter((path) => !sameState(before.get(path) ?? null, now.get(path) ?? null));
}

/** The workspace of the pinned commits, the same to the byte as the one that was planned in. */
export async function rebuild(
  world: World,
  evidence: PlanEvidence,
  pull: PullRequest,
): Promise<Workspace> {
  const { head, base, workspace } = evidence.manifest;
  const tip = await world.pullRequests.baseTip(pull.baseRef);
  const mergeBase = await world.pullRequests.mergeBase(base.sha, head.sha);
  const rebuilt = await world.workspaces.build({ head: head.sha, base: base.sha, mergeBase }, [
    tip,
  ]);
  if (rebuilt.commit !== workspace.commit || rebuilt.tree !== workspace.tree) {
    throw new Stopped(
      'digest-mismatch',
      `The merge that was planned on was ${workspace.tree}, and is ${rebuilt.tree} now.`,
    );
  }
  const moved = await overlappingPaths(evidence, rebuilt, tip);
  if (moved.length > 0) {
    throw new Stopped(
      'base-moved',
      `The base has changed ${moved.map((path) => JSON.stringify(path)).join(', ')} since the plan.`,
    );
  }
  return rebuilt;
}
