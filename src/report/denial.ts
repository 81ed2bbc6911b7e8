import type { Assessment, Denial, RefusedRequest } from '../core/plan/attempts.ts';
import { type PlanId, shortDigest } from '../core/text/digest.ts';
import { code, cutTable, pathCode } from './markdown.ts';

/** Together they leave room for the rest of a comment. */
const maxTableLength = { files: 28_000, requests: 12_000, assessments: 12_000, warnings: 8_000 };
const maxPathLength = 1000;
const maxTextLength = 500;

/** What reviewers are told of an editing besides its change. */
interface ReviewNotes {
  readonly refusedRequests: readonly RefusedRequest[];
  readonly assessments: readonly Assessment[];
  readonly warnings: readonly string[];
}

/** The first line of the comment that reports on carrying out a plan. */
export function editMarker(planId: PlanId): string {
  return `<!-- codex-edit ${planId} -->`;
}

/** No page says that a label was removed unless GitHub was seen to say so. */
export function describeRemoval(removed: boolean): string {
  return removed
    ? 'The label was removed.'
    : 'The label could not be removed: remove it by hand. It approves nothing.';
}

/** What was tried and refused, grouped by file and reason, and what a person can do about it. */
export function renderDenial(
  planId: PlanId,
  denials: readonly Denial[],
  edit: ReviewNotes,
  labelRemoved: boolean,
): string {
  return [
    `## Codex went outside the plan ${code(shortDigest(planId))}`,
    `Codex tried to change more than was approved. Nothing was changed in the repository. ${describeRemoval(labelRemoved)}`,
    groupedTable(
      ['File', 'Tried', 'Why not'],
      denials.map((denial) => [
        pathCode(denial.path, maxPathLength),
        denial.operation,
        `${denial.reason}: ${code(denial.detail, maxTextLength)}`,
      ]),
      maxTableLength.files,
      ', in the output denied-files',
    ),
    ...renderReviewNotes(edit),
    'To go on, ask for a plan that names these files, or reject the change.',
  ].join('\n\n');
}

/**
 * What reviewers of an approved change should know all the same; undefined where that is nothing.
 * @param untouched planned files that were left as they were
 */
export function renderNotes(
  planId: PlanId,
  untouched: readonly string[],
  edit: ReviewNotes,
): string | undefined {
  const parts = [
    ...(untouched.length === 0
      ? []
      : [
          '### Planned, but left as it was',
          cutTable(
            ['File'],
            untouched.map((path) => [pathCode(path)]),
            maxTableLength.files,
            (rest) => `… and ${rest} more.`,
          ),
        ]),
    ...renderReviewNotes(edit),
  ];
  return parts.length === 0
    ? undefined
    : [`## Notes on carrying out plan ${code(shortDigest(planId))}`, ...parts].join('\n\n');
}

function renderReviewNotes({ refusedRequests, assessments, warnings }: ReviewNotes): string[] {
  return [
    ...(refusedRequests.length === 0
      ? []
      : [
          '### Requests that were refused',
          groupedTable(
            ['What', 'Asked for', 'Why not'],
            refusedRequests.map((refused) => [
              refused.kind,
              code(refused.request, maxTextLength),
              code(refused.why, maxTextLength),
            ]),
            maxTableLength.requests,
          ),
        ]),
    ...(assessments.length === 0
      ? []
      : [
          '### What the guardian decided',
          groupedTable(
            ['Action', 'Outcome', 'Why'],
            assessments.map((one) => [
              code(one.action, maxTextLength),
              `${one.outcome}${one.risk === null ? '' : `, risk ${one.risk}`}`,
              code(one.rationale, maxTextLength),
            ]),
            maxTableLength.assessments,
          ),
        ]),
    ...(warnings.length === 0
      ? []
      : [
          '### Configuration',
          groupedTable(
            ['Warning'],
            warnings.map((warning) => [code(warning, maxTextLength)]),
            maxTableLength.warnings,
          ),
        ]),
  ];
}

/** Equal rows become one with a count. */
function groupedTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  maxLength: number,
  where = '',
): string {
  const counts = new Map<string, { row: readonly string[]; times: number }>();
  for (const row of rows) {
    const key = JSON.stringify(row);
    counts.set(key, { row, times: (counts.get(key)?.times ?? 0) + 1 });
  }
  return cutTable(
    [...head, 'Times'],
    [...counts.values()].map(({ row, times }) => [...row, String(times)]),
    maxLength,
    (rest) => `… and ${rest} more${where}.`,
  );
}
