/** What a step that stopped leaves on the pull request: the reason, what happened, and the next step. */

import { type PlanId, shortDigest } from '../core/text/digest.ts';
import { explain, type StopReason } from '../decision.ts';
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
 * One line for a request that nothing came of: a run on a comment is not among the checks of the pull request.
 * @param requestUrl the comment with the request
 */
export function renderNoPlan(view: StoppedView, requestUrl: string): string {
  return `Nothing came of ${link('this request', requestUrl)}. ${describeStop(view)}`;
}

/** The report of an approval that stopped before it was decided: the label stays. */
export function renderTrouble(planId: PlanId, view: StoppedView): string {
  return [
    `### Plan ${code(shortDigest(planId))} is not approved yet`,
    describeStop(view),
    'This says nothing about the plan: the label stays, and running the job again goes on.',
  ].join('\n\n');
}

/** `**code**: what happened, in which case. **Next:** what to do (run).` */
export function describeStop({ reason, detail, runUrl }: StoppedView): string {
  const { what, next } = explain(reason);
  const sentences = [what, ...(detail === '' ? [] : [`Details: ${line(detail, maxDetail)}`])];
  return `${code(reason)}: ${sentences.join(' ')} **Next:** ${next} (${link('run', runUrl)})`;
}
