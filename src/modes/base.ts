/** What the base did to the planned files since they were planned, decided from git's own objects. */
import type { PlanEvidence } from '../plan/evidence.ts';
import type { Workspace } from './ports.ts';
import { sameState } from './pull-request.ts';

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
