import type { PlanId } from '../core/text/digest.ts';
import { driftHeading } from './drift.ts';
import { commitLink } from './links.ts';
import { code, cutTable, firstPaths } from './markdown.ts';

/** What a report says if the base touched planned files. */
export interface BaseDriftView {
  readonly planId: PlanId;
  readonly baseRef: string;
  /** The planned files that are different now. */
  readonly paths: readonly string[];
  /** The commits that touched them, as far as they could be named. */
  readonly commits: readonly { readonly sha: string; readonly paths: readonly string[] }[];
  /** Who pushed what just now; null if that is not known. */
  readonly push: { readonly by: string; readonly paths: readonly string[] } | null;
  /** Whether the label was set when the drift was found. */
  readonly labelSet: boolean;
  /** Address of the repository on its server. */
  readonly repositoryUrl: string;
}

const maxLength = 16_000;
const maxPathLength = 300;
const maxLogin = 100;

/** Names the commits, who pushed and the files, and says what to do. */
export function renderBaseDrift(view: BaseDriftView): string {
  const { planId, baseRef, paths, commits, push, labelSet, repositoryUrl } = view;
  const base = code(baseRef, maxPathLength);
  const rows = commits.map(({ sha, paths: touched }) => [
    commitLink(repositoryUrl, sha),
    firstPaths(touched, maxPathLength),
  ]);
  return [
    driftHeading(planId),
    `${base} has changed ${firstPaths(paths, maxPathLength)} since the plan was made. Nothing was executed.`,
    ...(push === null
      ? []
      : [
          `${code(push.by, maxLogin)} pushed the change of ${firstPaths(push.paths, maxPathLength)}.`,
        ]),
    ...(rows.length === 0
      ? []
      : [
          cutTable(
            ['Commit', 'Files'],
            rows,
            maxLength,
            (rest) => `… and ${rest} more commits on the base.`,
          ),
        ]),
    ...(labelSet ? ['An approval of this plan no longer counts.'] : []),
    '**Next:** ask for a new plan, review it, and approve that one. If the branch conflicts with its base, update it first.',
  ].join('\n\n');
}
