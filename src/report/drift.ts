import { type PlanId, shortDigest } from '../plan/digest.ts';
import type { Comparison } from '../plan/drift.ts';
import type { PlannedFile } from '../plan/plan.ts';
import type { DriftWay } from '../plan/verification.ts';
import { block, code, link, pathCode, table } from './markdown.ts';

/** What a drift comment shows. */
export interface DriftView {
  readonly planId: PlanId;
  readonly way: DriftWay;
  readonly comparison: Comparison;
  readonly baseCommits: readonly { readonly sha: string; readonly paths: readonly string[] }[];
  readonly toolchain: readonly string[];
  /** Address of the repository on its server. */
  readonly repositoryUrl: string;
}

const maxDiffLines = 400;
const maxDiffLength = 40_000;
const maxRows = 100;

/** The first line of the comment that reports drift. */
export function driftMarker(planId: PlanId): string {
  return `<!-- codex-drift ${planId} -->`;
}

/** What drifted and why, and what to do about it. */
export function renderDrift(view: DriftView): string {
  const { scope, diff } = view.comparison;
  const scopeRows = [
    ...scope.added.map(scopeRow('added')),
    ...scope.removed.map(scopeRow('removed')),
    ...scope.retyped.map(scopeRow('now')),
  ];
  return [
    `## The approved plan ${code(shortDigest(view.planId))} drifted`,
    'The plan that the repository implies now is not the one that was approved. The label is off, and nothing was executed.',
    ...(scopeRows.length === 0
      ? []
      : ['### Files', cut(['File', 'Change', 'Operation'], scopeRows)]),
    ...(diff === '' ? [] : ['### Difference', block(cutDiff(diff))]),
    '### Why',
    ...causes(view),
    `Compared ${view.way}. To go on, ask for a new plan, review it, and approve that one.`,
  ].join('\n\n');
}

function causes({ baseCommits, toolchain, repositoryUrl, comparison }: DriftView): string[] {
  const parts: string[] = [];
  if (baseCommits.length > 0) {
    const rows = baseCommits.map(({ sha, paths }) => [
      link(code(sha.slice(0, 12)), `${repositoryUrl}/commit/${sha}`),
      paths.map(pathCode).join(', '),
    ]);
    parts.push('These commits of the base touch planned files:', cut(['Commit', 'Files'], rows));
  }
  if (toolchain.length > 0) parts.push(toolchain.map((change) => `- ${code(change)}`).join('\n'));
  if (parts.length === 0) {
    parts.push(
      comparison.diff === ''
        ? 'The base changed planned files.'
        : 'No planned file and no tool changed: the model judges the request differently on today’s repository.',
    );
  }
  return parts;
}

function scopeRow(change: string): (file: PlannedFile) => string[] {
  return (file) => [pathCode(file.path), change, file.operation];
}

function cut(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rest = rows.length - maxRows;
  const shown = table(head, rows.slice(0, maxRows));
  return rest > 0 ? `${shown}\n\n… and ${rest} more, in the artifact.` : shown;
}

function cutDiff(diff: string): string {
  const lines = diff.trimEnd().split('\n');
  const shown: string[] = [];
  let length = 0;
  for (const line of lines.slice(0, maxDiffLines)) {
    length += line.length;
    if (length > maxDiffLength) break;
    shown.push(line);
  }
  const rest = lines.length - shown.length;
  return rest > 0
    ? `${shown.join('\n')}\n… ${rest} more lines, in drift.diff of the artifact`
    : shown.join('\n');
}
