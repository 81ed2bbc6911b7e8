/** Makes one pull request true again. */

import type { PlanLife } from '../../checks/plan-life.ts';
import type { StatedPull } from '../../checks/plan-status.ts';
import { type Look, look } from '../../checks/stated-pull.ts';
import { hasUnansweredLabel } from '../../checks/stopped-by-state.ts';
import { rulingOn } from '../../core/life/state.ts';
import { type Labelling, newestLabelling } from '../../core/life/timeline.ts';
import { planCommentState } from '../../page/comment-state.ts';
import type { Uses } from '../tools.ts';
import { reportBaseDrift } from './report-base-drift.ts';
import { showOpenAgain } from './show-open-again.ts';

type RefreshTools = Parameters<typeof reportBaseDrift>[0] &
  Uses<
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

/** What a pull request was found in, and whether somebody should be told of it. */
export interface Refreshed extends StatedPull {
  readonly notify: 'drifted' | 'none';
}

/**
 * Reads everything again right before it writes, and looks once more afterwards: a push or a label in between makes
 * what was written wrong.
 * @param first a look from a moment ago, if there was one
 * @throws Stopped permission-missing, api-unavailable, and what reading evidence throws
 */
export async function refreshOne(
  tools: RefreshTools,
  number: number,
  first?: Look,
): Promise<Refreshed> {
  let before = first ?? (await look(tools, number));
  let toldDrift = false;
  const as = ({ stated }: Look): Refreshed => ({
    ...stated,
    notify: toldDrift ? 'drifted' : 'none',
  });
  for (let attempt = 1; ; attempt++) {
    const written = await write(tools, before);
    toldDrift ||= written.drift;
    if (before.life === undefined && !(written.status && (await hasPlan(tools, number)))) {
      return as(before);
    }
    const after = await look(tools, number);
    if (sameLook(before, after) || attempt === attempts) return as(after);
    before = after;
  }
}

/**
 * Without a plan only what was written can be wrong, if a plan was published in between. GitHub answers a list that has
 * not changed since with 304, which costs nothing of the hour's allowance.
 */
async function hasPlan({ evidence }: Uses<'evidence'>, number: number): Promise<boolean> {
  return (await evidence.findPlan(number)) !== undefined;
}

function sameLook(one: Look, other: Look): boolean {
  return (
    one.pull.open === other.pull.open &&
    JSON.stringify(one.stated) === JSON.stringify(other.stated) &&
    findVoid(one)?.id === findVoid(other)?.id
  );
}

/**
 * Only what differs is written: first what opens the gate, then the page.
 * @returns whether the status was, and whether a drift was told
 */
async function write(
  tools: RefreshTools,
  current: Look,
): Promise<{ readonly status: boolean; readonly drift: boolean }> {
  const { pull, life, stated } = current;
  const ended = findVoid(current) ?? (await findSuperseded(tools, current));
  if (ended !== undefined) await tools.label.removeSetBy(pull.number, ended);
  if (!pull.open) return { status: false, drift: false };
  const readOther = async (number: number) => (await look(tools, number)).stated;
  const status = await tools.status.update(stated, readOther);
  if (life === undefined) return { status, drift: false };
  await showState(tools, life);
  await showOpenAgain(tools, life);
  return { status, drift: await reportBaseDrift(tools, current) };
}

/**
 * The labelling whose label is to be removed: one that a record answered, and whose approval is over. One that nothing
 * answers yet is left alone: approve may be at work on it. On a closed pull request nothing can come of an approval.
 */
function findVoid({ pull, life }: Look): Labelling | undefined {
  if (life === undefined) return undefined;
  const { label } = life.log;
  const labelling = label && newestLabelling(life.log, label.id);
  if (labelling === undefined || rulingOn(life.now.records, labelling.id) === null)
    return undefined;
  return pull.open && life.state.is === 'approved' ? undefined : labelling;
}

/**
 * The labelling that approved an earlier plan, if its label is still set: a label that could not be removed when the newer
 * plan was made looks like an approval of that.
 */
async function findSuperseded(
  { evidence }: Uses<'evidence'>,
  { pull, life }: Look,
): Promise<Labelling | undefined> {
  if (life === undefined || !hasUnansweredLabel(life)) return undefined;
  const { label } = life.log;
  const labelling = label && newestLabelling(life.log, label.id);
  if (labelling === undefined) return undefined;
  const counted = await evidence.findCountedEvents(pull.number);
  return counted.some(({ id }) => id === labelling.id) ? labelling : undefined;
}

/** The comment of an open plan is left alone: to edit it would end the votes for it. */
async function showState({ page }: Uses<'page'>, life: PlanLife): Promise<void> {
  const shown = planCommentState(life);
  if (shown === undefined) return;
  // What an earlier label led to: to say it now would end the vote of the one that waits for its answer.
  if (life.state.is === 'denied' && hasUnansweredLabel(life)) return;
  const { plan, pull } = life;
  for (const comment of await page.findPlanComments(pull.number, plan.planId)) {
    await page.updateState(comment, plan, shown);
  }
}
