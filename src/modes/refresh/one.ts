/** Corrects what label, status and comments say about one pull request. */

import type { PlanLife } from '../../checks/plan-life.ts';
import type { StatedPull, StatusReason, UpdatedStatus } from '../../checks/plan-status.ts';
import { findPlan, type Look, look } from '../../checks/stated-pull.ts';
import { hasUnansweredLabel } from '../../checks/stopped-by-state.ts';
import { rulingOn } from '../../core/life/state.ts';
import { statusOfPlan } from '../../core/life/status.ts';
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

/** How often it reads everything again if people change things at the same time. */
const attempts = 3;

/** The state of a pull request, and whether somebody should be notified. */
export interface Refreshed extends StatedPull {
  readonly notify: 'drifted' | 'none';
  /** What the status says beside the state. */
  readonly reason: StatusReason;
  /** Undefined if there is none, or its evidence is gone. */
  readonly plan: PlanLife['plan'] | undefined;
}

/**
 * Reads everything again right before it writes, and once more afterwards: after a push or a label in between, what was
 * written would be wrong.
 * @param first what was read a moment ago, if it was
 * @throws Stopped permission-missing, api-unavailable, and what reading evidence throws
 */
export async function refreshOne(
  tools: RefreshTools,
  number: number,
  first?: Look,
): Promise<Refreshed> {
  const { log } = tools;
  log.step(`Pull request #${number}`);
  let before = first ?? (await look(tools, number));
  log.progress(describe(before));
  let toldDrift = false;
  let reason: StatusReason = 'ok';
  const as = ({ stated, life }: Look): Refreshed => ({
    ...stated,
    notify: toldDrift ? 'drifted' : 'none',
    reason,
    plan: life?.plan,
  });
  for (let attempt = 1; ; attempt++) {
    const written = await write(tools, before);
    for (const line of written.done) log.progress(line);
    if (written.done.length === 0) log.progress('Label, status and comments are right already.');
    toldDrift ||= written.drift;
    reason = written.status?.reason ?? 'ok';
    if (before.life === undefined && !(written.status?.written && (await hasPlan(tools, number)))) {
      return as(before);
    }
    const after = await look(tools, number);
    if (sameLook(before, after) || attempt === attempts) return as(after);
    log.progress(`Looked again. ${describe(after)}`);
    before = after;
  }
}

function describe({ pull, stated }: Look): string {
  const { description } = statusOfPlan(stated.state, stated.planId, 'pending');
  return `Head ${pull.head.sha}, base ${pull.baseRef}: ${description}`;
}

/**
 * If there was no plan, the result can only be wrong if one was published in between. If the list has not changed since,
 * GitHub answers with 304, which does not count against the calls of the hour.
 */
async function hasPlan({ evidence }: Uses<'evidence'>, number: number): Promise<boolean> {
  const found = await findPlan({ evidence }, number);
  return found !== undefined && found !== 'expired';
}

function sameLook(one: Look, other: Look): boolean {
  return (
    one.pull.open === other.pull.open &&
    JSON.stringify(one.stated) === JSON.stringify(other.stated) &&
    findVoid(one)?.id === findVoid(other)?.id
  );
}

/**
 * Writes only what differs: first the label, which opens the gate, then the status and the page.
 * @returns what became of the status (null on a closed pull request), whether a drift was reported, and each thing that
 *   was done, for the log
 */
async function write(
  tools: RefreshTools,
  current: Look,
): Promise<{
  readonly status: UpdatedStatus | null;
  readonly drift: boolean;
  readonly done: readonly string[];
}> {
  const { pull, life, stated } = current;
  const ended = findVoid(current) ?? (await findSuperseded(tools, current));
  const done: string[] = [];
  if (ended !== undefined && (await tools.label.removeSetBy(pull.number, ended))) {
    done.push(
      `The label that ${ended.actor.login} set at ${ended.at} approves nothing now: removed.`,
    );
  }
  if (!pull.open) return { status: null, drift: false, done };
  const readOther = async (number: number) => (await look(tools, number)).stated;
  const status = await tools.status.update(stated, readOther);
  if (status.written) done.push(`The status ${tools.status.context} was set.`);
  if (life === undefined) return { status, drift: false, done };
  const shown = (await showState(tools, life)) || (await showOpenAgain(tools, life));
  if (shown) done.push(`The plan comment shows the state now: ${life.state.is}.`);
  const drift = await reportBaseDrift(tools, current);
  if (drift) done.push('The report names the files that the base has changed.');
  return { status, drift, done };
}

/**
 * The labelling whose label must be removed: a record answers it, and its approval has ended. If no record answers a
 * labelling yet, its label stays, because mode approve may be working on it. On a closed pull request no approval can be
 * used.
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
 * The labelling that approved an earlier plan, if its label is still set. The label could not be removed when the newer
 * plan was made, and now it looks like an approval of the newer plan.
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

/**
 * Does not edit the comment of an open plan, because an edit would end the votes for it.
 * @returns whether a comment said something else before
 */
async function showState({ page, run }: Uses<'page' | 'run'>, life: PlanLife): Promise<boolean> {
  const { trigger } = run;
  const pushed = trigger.kind === 'pull-request' ? trigger.pushed : null;
  const shown = planCommentState(life, pushed);
  if (shown === undefined) return false;
  // This state is about an earlier label. To write it now would end the vote of the newer label, which has no answer yet.
  if (life.state.is === 'denied' && hasUnansweredLabel(life)) return false;
  let written = false;
  const { plan, pull } = life;
  for (const comment of await page.findPlanComments(pull.number, plan.planId)) {
    written = (await page.updateState(comment, plan, shown)) || written;
  }
  return written;
}
