import type { Assessment, Denial, RefusedRequest } from '../plan/attempts.ts';
import { type PlanId, shortDigest } from '../plan/digest.ts';
import { code, pathCode, table } from './markdown.ts';

const shownRows = 200;

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
        pathCode(denial.path),
        denial.operation,
        `${denial.reason}: ${code(denial.detail)}`,
      ]),
    ),
    ...(edit.refusedRequests.length === 0
      ? []
      : [
          '### Also refused',
          groupedTable(
            ['What', 'Asked for', 'Why not', 'Times'],
            edit.refusedRequests.map((refused) => [
              refused.kind,
              code(refused.request.slice(0, 300)),
              code(refused.why),
            ]),
          ),
        ]),
    ...(edit.assessments.length === 0
      ? []
      : [
          '### What the guardian decided',
          groupedTable(
            ['Action', 'Outcome', 'Why', 'Times'],
            edit.assessments.map((one) => [
              code(one.action.slice(0, 300)),
              `${one.outcome}${one.risk === null ? '' : `, risk ${one.risk}`}`,
              code(one.rationale.slice(0, 500)),
            ]),
          ),
        ]),
    'To go on, ask for a plan that names these files, or reject the change.',
  ].join('\n\n');
}

/** Equal rows become one with a count. */
function groupedTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const counts = new Map<string, { row: readonly string[]; times: number }>();
  for (const row of rows) {
    const key = row.join('\u0000');
    counts.set(key, { row, times: (counts.get(key)?.times ?? 0) + 1 });
  }
  const shown = [...counts.values()].slice(0, shownRows);
  const rest = counts.size - shown.length;
  return [
    table(
      head,
      shown.map(({ row, times }) => [...row, String(times)]),
    ),
    ...(rest > 0 ? [`… and ${rest} more, in the output denied-files.`] : []),
  ].join('\n\n');
}
