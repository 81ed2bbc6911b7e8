import type { Assessment, Denial, RefusedRequest } from '../plan/attempts.ts';
import { type PlanId, shortDigest } from '../plan/digest.ts';
import { code, cutTable, pathCode } from './markdown.ts';

/** Together they leave room for the rest of a comment. */
const maxTableLength = { denials: 32_000, requests: 14_000, assessments: 14_000 };
const maxPathLength = 1000;
const maxTextLength = 500;

/** The first line of the comment that reports a denial. */
export function denialMarker(planId: PlanId): string {
  return `<!-- codex-denial ${planId} -->`;
}

/** What was tried and refused, grouped by file and reason, and what a person can do about it. */
export function renderDenial(
  planId: PlanId,
  denials: readonly Denial[],
  edit: {
    readonly refusedRequests: readonly RefusedRequest[];
    readonly assessments: readonly Assessment[];
  },
): string {
  return [
    `## Codex left the plan ${code(shortDigest(planId))}`,
    'Carrying out the plan took more than was approved. Nothing was changed in the repository, and the label is off.',
    groupedTable(
      ['File', 'Tried', 'Why not', 'Times'],
      denials.map((denial) => [
        pathCode(denial.path, maxPathLength),
        denial.operation,
        `${denial.reason}: ${code(denial.detail, maxTextLength)}`,
      ]),
      maxTableLength.denials,
      ', in the output denied-files',
    ),
    ...(edit.refusedRequests.length === 0
      ? []
      : [
          '### Also refused',
          groupedTable(
            ['What', 'Asked for', 'Why not', 'Times'],
            edit.refusedRequests.map((refused) => [
              refused.kind,
              code(refused.request, maxTextLength),
              code(refused.why, maxTextLength),
            ]),
            maxTableLength.requests,
          ),
        ]),
    ...(edit.assessments.length === 0
      ? []
      : [
          '### What the guardian decided',
          groupedTable(
            ['Action', 'Outcome', 'Why', 'Times'],
            edit.assessments.map((one) => [
              code(one.action, maxTextLength),
              `${one.outcome}${one.risk === null ? '' : `, risk ${one.risk}`}`,
              code(one.rationale, maxTextLength),
            ]),
            maxTableLength.assessments,
          ),
        ]),
    'To go on, ask for a plan that names these files, or reject the change.',
  ].join('\n\n');
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
    head,
    [...counts.values()].map(({ row, times }) => [...row, String(times)]),
    maxLength,
    (rest) => `… and ${rest} more${where}.`,
  );
}
