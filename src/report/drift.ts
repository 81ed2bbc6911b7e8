import type { Comparison } from '../core/plan/drift.ts';
import type { PlannedFile } from '../core/plan/plan.ts';
import type { DriftWay } from '../core/records/verification.ts';
import { type PlanId, type Sha256, shortDigest } from '../core/text/digest.ts';
import { describeRemoval } from './denial.ts';
import { line } from './foreign-text.ts';
import { commitLink, runLink } from './links.ts';
import { code, cutDiffBlock, cutTable, firstPaths, link, pathCode } from './markdown.ts';
import { withoutHeaders } from './patch.ts';

/** What a drift comment shows. */
export interface DriftView {
  readonly planId: PlanId;
  readonly way: DriftWay;
  readonly comparison: Comparison;
  /** Files of either plan that the base changed since it was planned on. */
  readonly moved: readonly string[];
  /** The commits of the base that changed them. Not all of them may be known. */
  readonly baseCommits: readonly { readonly sha: string; readonly paths: readonly string[] }[];
  readonly toolchain: readonly string[];
  /** Whether GitHub confirmed that the label was removed. */
  readonly labelRemoved: boolean;
  /** Address of the repository on its server. */
  readonly repositoryUrl: string;
  /** The plan that was approved. */
  readonly approved: RunEvidence & { readonly sha256: Sha256 };
  /** The digest of today's plan; null if no model was asked. */
  readonly regenerated: Sha256 | null;
  /** The verification that found the drift. */
  readonly found: RunEvidence;
}

/** A run and its artifact, by their ids. */
interface RunEvidence {
  readonly run: number;
  readonly artifact: number;
}

/** Together they leave room for the rest of a comment. */
const maxLength = { files: 12_000, diff: 32_000, commits: 10_000, toolchain: 300 };
const maxPathLength = 300;

/** How each report of drift begins: that of verify, and that of refresh. */
export function driftHeading(planId: PlanId): string {
  return `### Plan ${code(shortDigest(planId))} no longer fits the repository`;
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
    driftHeading(view.planId),
    `${whatHappened(view)} Nothing was executed. ${describeRemoval(view.labelRemoved)}`,
    ...(scopeRows.length === 0
      ? []
      : ['### Files', cut(['File', 'Change', 'Operation'], scopeRows, maxLength.files)]),
    ...(diff === '' ? [] : ['### Difference', cutDiff(diff)]),
    '### Why',
    ...causes(view),
    `**Next:** ask for a new plan, review it, and approve that one. If the branch conflicts with its base, update it first.`,
    describePlans(view),
  ].join('\n\n');
}

function whatHappened({ regenerated }: DriftView): string {
  return regenerated === null
    ? 'The base changed planned files after the plan was made.'
    : "Planning again on today's repository does not give the plan that was approved.";
}

/** Both plans by their digests, each with its run and its artifact. */
function describePlans({ way, approved, regenerated, found, repositoryUrl }: DriftView): string {
  const evidence = ({ run, artifact }: RunEvidence) =>
    `${runLink(repositoryUrl, run)}, ${link('evidence', `${repositoryUrl}/actions/runs/${run}/artifacts/${artifact}`)}`;
  const today =
    regenerated === null
      ? `Found without asking a model (${evidence(found)}).`
      : `Plan of today ${code(regenerated)} (${evidence(found)}), compared ${way}.`;
  return `Approved plan ${code(approved.sha256)} (${evidence(approved)}). ${today}`;
}

function causes({ moved, baseCommits, toolchain, repositoryUrl }: DriftView): string[] {
  const parts: string[] = [];
  if (baseCommits.length > 0) {
    const rows = baseCommits.map(({ sha, paths }) => [
      commitLink(repositoryUrl, sha),
      firstPaths(paths),
    ]);
    parts.push(
      'These commits of the base touch planned files:',
      cut(['Commit', 'Files'], rows, maxLength.commits),
    );
  }
  const named = new Set(baseCommits.flatMap(({ paths }) => paths));
  const unnamed = moved.filter((path) => !named.has(path));
  if (unnamed.length > 0) parts.push(`The base changed ${firstPaths(unnamed, maxPathLength)}.`);
  if (toolchain.length > 0)
    parts.push(
      toolchain.map((change) => `- Toolchain: ${line(change, maxLength.toolchain)}`).join('\n'),
    );
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

function cut(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  length: number,
): string {
  return cutTable(head, rows, length, (rest) => `… and ${rest} more, in the artifact.`);
}

function cutDiff(diff: string): string {
  return cutDiffBlock(
    withoutHeaders(diff),
    maxLength.diff,
    (rest) => `… ${rest} more lines, in drift.diff of the artifact`,
  );
}
