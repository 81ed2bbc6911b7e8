/** What a step that stopped leaves on the pull request: the reason, what happened, and the next step. */

import { type PlanId, shortDigest } from '../core/text/digest.ts';
import { explain, isTemporary, type StopReason } from '../decision.ts';
import { line } from './foreign-text.ts';
import { code, link } from './markdown.ts';

/** How a step ended. */
export interface StoppedView {
  readonly reason: StopReason;
  /** One sentence about this case; it may hold text of a model or of GitHub. */
  readonly detail: string;
  readonly runUrl: string;
}

const maxDetail = 1000;

/**
 * One line for a request that did not succeed. People would not see it otherwise: GitHub lists neither a run on a comment
 * nor a dispatched run among the checks of the pull request.
 * @param request the address of the comment with the request, or the login of the person who dispatched it
 */
export function renderNoPlan(
  view: StoppedView,
  request: { readonly url: string } | { readonly dispatchedBy: string },
): string {
  const asked =
    'url' in request
      ? link('This request', request.url)
      : `The request that ${code(request.dispatchedBy)} dispatched`;
  return `${asked} did not succeed. ${describeStop(view)}`;
}

/** How a step after the plan ended. */
export interface StepStoppedView extends StoppedView {
  /** Who set the label that started the run; null if something else did. */
  readonly labelledBy: string | null;
  /** Whether the record of the step was stored before it stopped. */
  readonly isDone: boolean;
  /** Whether the reason ends no approval in this step, so that the label stays. */
  readonly labelStays: boolean;
}

const participles = { approve: 'approved', verify: 'verified', execute: 'executed' } as const;

/**
 * The report of a step that stopped.
 * @param planId null if the run stopped before it knew the plan
 */
export function renderStop(
  step: keyof typeof participles,
  planId: PlanId | null,
  view: StepStoppedView,
): string {
  const done = participles[step];
  const plan = planId === null ? 'The plan' : `Plan ${code(shortDigest(planId))}`;
  const setter = view.labelledBy === null ? '' : `${code(view.labelledBy)} set the label. `;
  return [
    `### ${plan} ${describeResult(done, view)}`,
    `${setter}${describeStop(view)}`,
    ...(view.labelStays
      ? [
          'This ends no approval: a label that is set stays, and you can run the job again once the cause is gone.',
        ]
      : []),
  ].join('\n\n');
}

const notShown = 'but the run could not show that';

/** Whether a report is that of a step whose record was stored before it stopped. */
export function saysNotShown(report: string): boolean {
  return report
    .split(/\r?\n/)
    .some((line) => line.startsWith('### ') && line.endsWith(`, ${notShown}`));
}

function describeResult(done: string, { isDone, reason }: StepStoppedView): string {
  if (isDone) return `is ${done}, ${notShown}`;
  return isTemporary(reason) ? `is not ${done} yet` : `was not ${done}`;
}

/** Whether two reports of stops are the same but for the run that they name. */
export function sameStop(one: string, other: string): boolean {
  const withoutRun = (report: string) =>
    report.replaceAll('\r\n', '\n').replace(/ \(\[run\]\([^()\s]*\)\)/, '');
  return withoutRun(one) === withoutRun(other);
}

/** `**code**: what happened, in which case. **Next:** what to do (run).` */
export function describeStop({ reason, detail, runUrl }: StoppedView): string {
  const { what, next } = explain(reason);
  const sentences = [what, ...(detail === '' ? [] : [`Details: ${line(detail, maxDetail)}`])];
  return `${code(reason)}: ${sentences.join(' ')} **Next:** ${next} (${link('run', runUrl)})`;
}
