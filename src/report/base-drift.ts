import { type PlanId, shortDigest } from '../core/text/digest.ts';
import { code, cutTable, link, pathCode } from './markdown.ts';

/** What is told if the base touched planned files. */
export interface BaseDriftView {
  readonly planId: PlanId;
  readonly baseRef: string;
  /** The planned files that are another now. */
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
const maxPaths = 5;
const maxPathLength = 300;
const maxLogin = 100;

/** Names the commits, who pushed and the files, and says what to do. */
export function renderBaseDrift(view: BaseDriftView): string {
  const { planId, baseRef, paths, commits, push, labelSet, repositoryUrl } = view;
  const base = code(baseRef, maxPathLength);
  const rows = commits.map(({ sha, paths: touched }) => [
    link(code(sha.slice(0, 12)), `${repositoryUrl}/commit/${sha}`),
    somePaths(touched),
  ]);
  return [
    `## The plan ${code(shortDigest(planId))} no longer fits the repository`,
    `${base} has changed ${somePaths(paths)} since the plan was made. Nothing was executed.`,
    ...(push === null
      ? []
      : [`${code(push.by, maxLogin)} pushed the change of ${somePaths(push.paths)}.`]),
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
    'To go on, update the branch if it conflicts, ask for a new plan, review it, and approve that one.',
  ].join('\n\n');
}

function somePaths(paths: readonly string[]): string {
  const rest = paths.length - maxPaths;
  const shown = paths.slice(0, maxPaths).map((path) => pathCode(path, maxPathLength));
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
}
