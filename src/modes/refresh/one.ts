/** Makes one pull request true again. */

import type { PlanLife } from '../../checks/plan-life.ts';
import type { StatedPull } from '../../checks/plan-status.ts';
import { type Look, look } from '../../checks/stated-pull.ts';
import { rulingOn } from '../../core/life/state.ts';
import { newestLabelling } from '../../core/life/timeline.ts';
import { planCommentState } from '../../page/comment-state.ts';
import type { Uses } from '../tools.ts';

type RefreshTools = Uses<
  | 'run'
  | 'clock'
  | 'policy'
  | 'evidence'
  | 'requests'
  | 'label'
  | 'page'
  | 'pullRequests'
  | 'status'
  | 'log'
>;

/** How often it looks again while people go on changing things. */
const attempts = 3;

/**
 * Reads everything again right before it writes, and looks once more afterwards: a push or a label in between makes
 * what was written wrong.
 * @throws Stopped permission-missing, api-unavailable, and what reading evidence throws
 */
export async function refreshOne(tools: RefreshTools, number: number): Promise<StatedPull> {
  let before = await look(tools, number);
  for (let attempt = 1; ; attempt++) {
    await write(tools, before);
    if (before.life === undefined) return before.stated;
    const after = await look(tools, number);
    if (sameLook(before, after) || attempt === attempts) return after.stated;
    before = after;
  }
}

function sameLook(one: Look, other: Look): boolean {
  return (
    JSON.stringify(one.stated) === JSON.stringify(other.stated) &&
    one.life?.log.label?.id === other.life?.log.label?.id
  );
}

/** Only what differs is written. */
async function write(tools: RefreshTools, { pull, life, stated }: Look): Promise<void> {
  if (life !== undefined) {
    if (isVoid(life)) await tools.label.remove(pull.number);
    await showState(tools, life);
  }
  if (!pull.open) return;
  await tools.status.update(stated, async (number) => (await look(tools, number)).stated);
}

/**
 * Whether the label that is set is one that a record answered, and its approval is over. A label that nothing answers
 * yet is left alone: approve may be at work on it.
 */
function isVoid({ log, now, state }: PlanLife): boolean {
  const labelling = log.label === undefined ? undefined : newestLabelling(log, log.label.id);
  if (labelling === undefined || rulingOn(now.records, labelling.id) === null) return false;
  return state.is !== 'approved';
}

/** The comment of an open plan is left alone: to edit it would end the votes for it. */
async function showState({ page }: Uses<'page'>, { plan, pull, state }: PlanLife): Promise<void> {
  const shown = planCommentState(state);
  if (shown === undefined) return;
  for (const comment of await page.findPlanComments(pull.number, plan.planId)) {
    await page.updateState(comment, shown);
  }
}
