import type { Assessment, Denial, RefusedRequest } from '../core/plan/attempts.ts';
import { type PlanId, shortDigest } from '../core/text/digest.ts';
import { line } from './foreign-text.ts';
import { code, cutTable, link, pathCode } from './markdown.ts';
import { describeStop, type StoppedView } from './stopped.ts';

/** Together they leave room for the rest of a comment. */
const maxTableLength = {
  files: 28_000,
  requests: 12_000,
  assessments: 12_000,
  warnings: 8_000,
  untouched: 4_000,
};
const maxPathLength = 1000;
const maxTextLength = 500;

/** What reviewers learn about Codex's work in addition to the change itself. */
export interface ReviewNotes {
  readonly refusedRequests: readonly RefusedRequest[];
  readonly assessments: readonly Assessment[];
  readonly warnings: readonly string[];
}

/** Says that the label was removed only if GitHub confirmed it. */
export function describeRemoval(removed: boolean): string {
  return removed
    ? 'The label was removed.'
    : 'The label could not be removed: remove it by hand. It approves nothing.';
}

/**
 * What was tried and refused, grouped by file and reason, and what a person can do about it.
 * @param runUrl the run that has the evidence
 */
export function renderDenial(
  planId: PlanId,
  denials: readonly Denial[],
  edit: ReviewNotes,
  labelRemoved: boolean,
  runUrl: string,
): string {
  return [
    `### Codex went outside plan ${code(shortDigest(planId))}`,
    `Codex tried to change more than was approved. Nothing was changed in the repository. ${describeRemoval(labelRemoved)}`,
    groupedTable(
      ['File', 'Tried', 'Why not'],
      denials.map((denial) => [
        pathCode(denial.path, maxPathLength),
        denial.operation,
        `${denial.reason}: ${line(denial.detail, maxTextLength)}`,
      ]),
      maxTableLength.files,
      ', in denial.json of the evidence',
    ),
    ...renderReviewNotes(edit),
    `**Next:** ask for a plan that names these files, or reject the change. Evidence: ${link('run', runUrl)}.`,
  ].join('\n\n');
}

/** Says why an approval ended for another reason after Codex had worked, and what Codex was refused. */
export function renderEnded(
  planId: PlanId,
  stopped: StoppedView,
  edit: ReviewNotes,
  labelRemoved: boolean,
): string {
  return [
    `### Plan ${code(shortDigest(planId))} was not approved`,
    describeStop(stopped),
    `Nothing was changed in the repository. ${describeRemoval(labelRemoved)}`,
    ...renderReviewNotes(edit),
  ].join('\n\n');
}

/**
 * What reviewers of an approved change should know in addition; empty if there is nothing.
 * @param untouched planned files that Codex did not change
 */
export function renderNotes(untouched: readonly string[], edit: ReviewNotes): string[] {
  return [
    ...(untouched.length === 0
      ? []
      : [
          '### Planned, but not changed',
          cutTable(
            ['File'],
            untouched.map((path) => [pathCode(path, maxPathLength)]),
            maxTableLength.untouched,
            (rest) => `… and ${rest} more.`,
          ),
        ]),
    ...renderReviewNotes(edit, 0.3),
  ];
}

/** @param share of the usual room that the tables may take, from 0 to 1 */
function renderReviewNotes(
  { refusedRequests, assessments, warnings }: ReviewNotes,
  share = 1,
): string[] {
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
              line(refused.why, maxTextLength),
            ]),
            maxTableLength.requests * share,
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
              line(one.rationale, maxTextLength),
            ]),
            maxTableLength.assessments * share,
          ),
        ]),
    ...(warnings.length === 0
      ? []
      : [
          '### Configuration',
          groupedTable(
            ['Warning'],
            warnings.map((warning) => [`Codex: ${line(warning, maxTextLength)}`]),
            maxTableLength.warnings * share,
          ),
        ]),
  ];
}

/** Equal rows become one row with a count. */
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
