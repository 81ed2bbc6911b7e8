/** The comment that names who is asked to approve. */

import { type PlanId, shortDigest } from '../core/text/digest.ts';
import { code, table } from './markdown.ts';

/** Why people are asked. */
export type AskReason = 'awaiting' | 'denied' | 'drifted';

export interface AskedView {
  readonly planId: PlanId;
  readonly why: AskReason;
  readonly logins: readonly string[];
  /** Those of them whom GitHub did not let the action ask, so GitHub does not notify them. */
  readonly untold: readonly string[];
  readonly label: string;
}

/** The first line of the comment. */
export function askedMarker(planId: PlanId): string {
  return `<!-- codex-asked ${planId} -->`;
}

const reasons: Readonly<Record<AskReason, string>> = {
  awaiting: 'The plan awaits an approval.',
  denied: 'A change for the plan was denied; the report says why. These people are next.',
  drifted: 'The plan has drifted; the report says why. These people are next, for a new plan.',
};

/** GitHub itself notifies people whom it lets the action ask, so the comment mentions nobody. */
export function renderAsked({ planId, why, logins, untold, label }: AskedView): string {
  return [
    `## Asked about plan ${code(shortDigest(planId))}`,
    reasons[why],
    table(
      ['who', 'approves with the label'],
      logins.map((login) => [code(login), code(label)]),
    ),
    ...(untold.length === 0
      ? []
      : [
          `GitHub did not let the action ask ${untold.map((login) => code(login)).join(', ')}: tell them yourself. The log of the run says why.`,
        ]),
    'A review does not approve the plan; only the label does. Everybody else who may approve can still do so.',
  ].join('\n\n');
}
