/** Whether the base changed planned files, according to GitHub's trees: for steps without a workspace. */

import { sameState } from '../core/plan/scope.ts';
import type { PlanEvidence } from '../core/records/archive-contents.ts';
import type { ObjectId } from '../core/text/object-id.ts';
import { Stopped } from '../decision.ts';
import type { PullRequest, PullRequests } from '../ports/pull-requests.ts';

export interface TouchedByBase {
  /** The tip of the base that was compared. */
  readonly tip: ObjectId;
  readonly paths: readonly string[];
}

/**
 * The planned files whose mode or blob differs between the base's tip and the base that the plan is about. A change
 * that was reverted does not count.
 * @throws Stopped api-unavailable if GitHub says nothing of a file
 */
export async function findTouchedByBase(
  pullRequests: Pick<PullRequests, 'baseTip' | 'fileStates'>,
  { manifest }: PlanEvidence,
  { baseRef }: Pick<PullRequest, 'baseRef'>,
): Promise<TouchedByBase> {
  const tip = await pullRequests.baseTip(baseRef);
  if (tip === manifest.base.sha || baseRef !== manifest.base.ref) return { tip, paths: [] };
  const paths = manifest.files.map(({ path }) => path);
  const states = await pullRequests.fileStates([manifest.base.sha, tip], paths);
  const touched = paths.filter((path) => {
    const found = states.get(path);
    if (found === undefined) {
      throw new Stopped('api-unavailable', `GitHub does not say what ${JSON.stringify(path)} is.`);
    }
    const [before, now] = found;
    return !sameState(before, now);
  });
  return { tip, paths: touched };
}
