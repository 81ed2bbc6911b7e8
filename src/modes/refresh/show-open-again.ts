/** A plan can be open again after the page said that it had ended: the base took its change back, or the branch did. */

import type { PlanLife } from '../../checks/plan-life.ts';
import { showsPassingEnd } from '../../report/plan-comment.ts';
import type { Uses } from '../tools.ts';

/**
 * Takes back an end that can pass, if only the comment shows it and no record does. Otherwise the page would contradict the
 * state, and the next approver's label would be lost to it: approve takes such a comment for altered. An end that stays is
 * never taken back by the page, whatever became of its record, and a comment that shows what the records say is left
 * alone: to edit it would end the votes for it.
 * @returns whether it took one back
 */
export async function showOpenAgain({ page }: Uses<'page'>, life: PlanLife): Promise<boolean> {
  const { plan, pull, records, state } = life;
  if (state.is !== 'awaiting') return false;
  let written = false;
  const drifted = records.verifications.some(
    ({ verification }) => verification.result === 'drifted',
  );
  for (const comment of await page.findPlanComments(pull.number, plan.planId)) {
    const end = showsPassingEnd(comment.body);
    if (end === undefined || (end === 'drifted' && drifted)) continue;
    written = (await page.updateState(comment, plan, { is: 'awaiting' })) || written;
  }
  return written;
}
