import type { Comparison } from '../core/plan/drift.ts';
import type { PlannedFile } from '../core/plan/plan.ts';
import type { DriftWay } from '../core/records/verification.ts';
import { type PlanId, shortDigest } from '../core/text/digest.ts';
import { describeRemoval } from './denial.ts';
import { code, cutBlock, cutTable, link, pathCode } from './markdown.ts';

/** What a drift comment shows. */
export interface DriftView {
  readonly planId: PlanId;
  readonly way: DriftWay;
  readonly comparison: Comparison;
  /** Files of either plan that the base changed since it was planned on. */
  readonly moved: readonly string[];
  /** The commits that did, as far as they could be named. */
  readonly baseCommits: readonly { readonly sha: string; readonly paths: readonly string[] }[];
  readonly toolchain: readonly string[];
  /** Whether GitHub was seen to remove the label. */
  readonly labelRemoved: boolean;
  /** Address of the repository on its server. */
  readonly repositoryUrl: string;
}

/** Together they leave room for the rest of a comment. */
const maxLength = { files: 12_000, diff: 32_000, commits: 10_000, toolchain: 1000 };
const maxPaths = 5;
const maxPathLength = 300;

/** The first line of the comment that reports drift. */
export function driftMarker(planId: PlanId): string {
  return `<!-- codex-drift ${planId} -->`;
}

/** What drifted and why, and what to do about it. */
export function renderDrift(view: DriftView): string {
  const { scope, diff } = view.comparison;
  const scopeRows = [
    ...scope.added.map((file) => scopeRow(file, 'added', file.operation)),
    ...scope.removed.map((file) => scopeRow(file, 'removed', file.operation)),
    ...scope.retyped.map((file) =>
      scopeRow(file, 'retyped', `now ${file.operation}, was ${file.was}`),
    ),
  ];
  return [
    `## The approved plan ${code(shortDigest(view.planId))} drifted`,
    `Planning again on today's repository does not give the plan that was approved. Nothing was executed. ${describeRemoval(view.labelRemoved)}`,
    ...(scopeRows.length === 0
      ? []
      : ['### Files', cut(['File', 'Change', 'Operation'], scopeRows, maxLength.files)]),
    ...(diff === '' ? [] : ['### Difference', cutDiff(diff)]),
    '### Why',
    ...causes(view),
    `Compared ${view.way}. To go on, ask for a new plan, review it, and approve that one.`,
  ].join('\n\n');
}

function causes({ moved, baseCommits, toolchain, repositoryUrl }: DriftView): string[] {
  const parts: string[] = [];
  if (baseCommits.length > 0) {
    const rows = baseCommits.map(({ sha, paths }) => [
      link(code(sha.slice(0, 12)), `${repositoryUrl}/commit/${sha}`),
      somePaths(paths),
    ]);
    parts.push(
      'These commits of the base touch planned files:',
      cut(['Commit', 'Files'], rows, maxLength.commits),
    );
  }
  const named = new Set(baseCommits.flatMap(({ paths }) => paths));
  const unnamed = moved.filter((path) => !named.has(path));
  if (unnamed.length > 0) parts.push(`The base changed ${somePaths(unnamed, maxPathLength)}.`);
  if (toolchain.length > 0)
    parts.push(toolchain.map((change) => `- ${code(change, maxLength.toolchain)}`).join('\n'));
  if (parts.length === 0) {
    parts.push(
      'No planned file and no tool changed: the model judges the request differently on today’s repository.',
    );
  }
  return parts;
}

function scopeRow({ path }: PlannedFile, change: string, operation: string): string[] {
  return [pathCode(path), change, operation];
}

function somePaths(paths: readonly string[], maxLength?: number): string {
  const rest = paths.length - maxPaths;
  const shown = paths.slice(0, maxPaths).map((path) => pathCode(path, maxLength));
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
}

function cut(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  length: number,
): string {
  return cutTable(head, rows, length, (rest) => `… and ${rest} more, in the artifact.`);
}

function cutDiff(diff: string): string {
  return cutBlock(
    diff.trimEnd(),
    maxLength.diff,
    (rest) => `… ${rest} more lines, in drift.diff of the artifact`,
  );
}
