import type { Assessment, Denial, RefusedRequest } from '../plan/attempts.ts';
import { type PlanId, shortDigest } from '../plan/digest.ts';
import { code, pathCode, table } from './markdown.ts';

const shownRows = 200;

/** What reviewers are told of an editing besides its change. */
interface Told {
  readonly refusedRequests: readonly RefusedRequest[];
  readonly assessments: readonly Assessment[];
  readonly warnings: readonly string[];
}

/** The first line of the comment that reports on carrying out a plan. */
export function editMarker(planId: PlanId): string {
  return `<!-- codex-edit ${planId} -->`;
}

/** What was tried and refused, grouped by file and reason, and what a person can do about it. */
export function renderDenial(planId: PlanId, denials: readonly Denial[], edit: Told): string {
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
    ...renderTold(edit),
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
  edit: Told,
): string | undefined {
  const parts = [
    ...(untouched.length === 0
      ? []
      : [
          '### Planned, but left as it was',
          untouched.map((path) => `- ${pathCode(path)}`).join('\n'),
        ]),
    ...renderTold(edit),
  ];
  return parts.length === 0
    ? undefined
    : [`## Notes on carrying out plan ${code(shortDigest(planId))}`, ...parts].join('\n\n');
}

function renderTold({ refusedRequests, assessments, warnings }: Told): string[] {
  return [
    ...(refusedRequests.length === 0
      ? []
      : [
          '### Requests that were refused',
          groupedTable(
            ['What', 'Asked for', 'Why not', 'Times'],
            refusedRequests.map((refused) => [
              refused.kind,
              code(refused.request.slice(0, 300)),
              code(refused.why),
            ]),
          ),
        ]),
    ...(assessments.length === 0
      ? []
      : [
          '### What the guardian decided',
          groupedTable(
            ['Action', 'Outcome', 'Why', 'Times'],
            assessments.map((one) => [
              code(one.action.slice(0, 300)),
              `${one.outcome}${one.risk === null ? '' : `, risk ${one.risk}`}`,
              code(one.rationale.slice(0, 500)),
            ]),
          ),
        ]),
    ...(warnings.length === 0
      ? []
      : ['### Configuration', warnings.map((warning) => `- ${code(warning)}`).join('\n')]),
  ];
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
