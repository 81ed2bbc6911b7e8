/** Finds the commits that changed files of the plan. */

import type { PlanEvidence } from '../../core/records/archive-contents.ts';
import { bestEffort } from '../../page/best-effort.ts';
import type { BaseCommit } from '../../ports/pull-requests.ts';
import type { Pins } from '../../ports/workspaces.ts';
import type { Uses } from '../tools.ts';
import type { Finding } from './record.ts';

/** Names the commits that touched the files, only for readers: the decision was made from the trees. */
export async function findCauses(
  { log, pullRequests }: Uses<'log' | 'pullRequests'>,
  { manifest }: PlanEvidence,
  pins: Pins,
  moved: readonly string[],
): Promise<Pick<Finding['causes'], 'moved' | 'baseCommits'>> {
  let baseCommits: readonly BaseCommit[] = [];
  if (moved.length > 0) {
    await bestEffort(log, async () => {
      baseCommits = await pullRequests.commitsTouching(moved, manifest.base.sha, pins.base);
    });
  }
  return { moved, baseCommits };
}
