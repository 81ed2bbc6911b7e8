/** A plan can be open again after the page showed its end: somebody undid the change of the base or of the branch. */

import type { PlanLife } from '../../checks/plan-life.ts';
import { showsPassingEnd } from '../../report/plan-comment.ts';
import type { Uses } from '../tools.ts';

/**
 * Shows the plan as open again if only the comment, and no record, says that it ended, and that end can be undone.
 * Otherwise the page would contradict the state, and the next approver's label would be refused: approve treats such a
 * comment as altered. A final end stays on the page, even if its record is gone. A comment that agrees with the records is
 * not edited, because an edit would end the votes for it.
 * @returns whether it changed a comment
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
