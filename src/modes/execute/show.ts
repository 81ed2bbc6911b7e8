/** What people see after a commit. The commit is made and recorded, so a failure here is only a warning. */

import type { PlanLife } from '../../checks/plan-life.ts';
import type { ObjectId } from '../../core/text/object-id.ts';
import { bestEffort } from '../../page/best-effort.ts';
import { executedState } from '../../page/comment-state.ts';
import { code } from '../../report/markdown.ts';
import { reportMarker } from '../../report/markers.ts';
import { renderExecuted } from '../../report/votes.ts';
import type { Uses } from '../tools.ts';

type ShownPlan = Pick<PlanLife, 'plan' | 'pull' | 'records'>;

/** Removes the label, and shows the commit on the plan comment. */
export async function showExecuted(
  tools: Uses<'label' | 'log' | 'page' | 'report'>,
  executed: ShownPlan,
  commit: ObjectId,
): Promise<void> {
  const { label, log } = tools;
  await bestEffort(log, () => label.remove(executed.pull.number));
  await showCommit(tools, executed, commit);
  log.summarise(`Commit ${code(commit)} has the change of plan ${code(executed.plan.planId)}.`);
}

/** On every comment that shows the plan. */
export async function showCommit(
  { log, page, report }: Uses<'log' | 'page' | 'report'>,
  { plan, pull, records }: ShownPlan,
  commit: ObjectId,
): Promise<void> {
  await bestEffort(log, async () => {
    const over = { marker: reportMarker(plan.planId), body: renderExecuted(plan.planId, commit) };
    const shown = await page.showEnd(pull.number, plan, executedState({ records }, commit), over);
    for (const commentUrl of shown) report.note({ commentUrl });
  });
}
