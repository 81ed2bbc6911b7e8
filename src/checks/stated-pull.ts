/** What has become of a pull request's newest plan, read now; and the frame that tells it at the end of a step. */

import { Stopped } from '../decision.ts';
import type { ModeResult, Report } from '../ports/outcome.ts';
import type { PullRequest, PullRequests } from '../ports/pull-requests.ts';
import type { Log } from '../ports/runner.ts';
import { findTouchedByBase, type TouchedByBase } from './base-touched.ts';
import { type LifeRooms, type PlanLife, readLife, withBaseTouched } from './plan-life.ts';
import { type PlanStatus, type StatedPull, statedPull } from './plan-status.ts';
import { lifeThatStopped } from './stopped-by-state.ts';

export interface LookRooms extends LifeRooms {
  readonly pullRequests: Pick<PullRequests, 'read' | 'baseTip' | 'fileStates' | 'mergeBase'>;
}

/** The pull request, and what its newest plan has become. */
export interface Look {
  readonly pull: PullRequest;
  /** Undefined if there is no plan. */
  readonly life: PlanLife | undefined;
  readonly stated: StatedPull;
  /** What the base did to planned files; undefined if that would not change the state. */
  readonly touched?: TouchedByBase;
}

/** @throws Stopped what reading evidence throws; plan-expired is a state and is not thrown */
export async function look(rooms: LookRooms, number: number): Promise<Look> {
  const pull = await rooms.pullRequests.read(number);
  const plan = await findPlan(rooms, number);
  if (plan === 'expired') {
    return { pull, life: undefined, stated: statedPull(pull, null, expiredPlan) };
  }
  if (plan === undefined) {
    return { pull, life: undefined, stated: statedPull(pull, null, { is: 'none' }) };
  }
  return withBase(rooms, await readLife(rooms, pull, plan));
}

/** What a life says, with what the base of now did to it. */
async function withBase(rooms: LookRooms, life: PlanLife): Promise<Look> {
  const { pull, plan, state } = life;
  // A merged pull request has itself changed the planned files at the base.
  if (!pull.open || !canBeTouched.has(state.is)) {
    return { pull, life, stated: statedPull(pull, plan.planId, state) };
  }
  const touched = await findTouchedByBase(rooms.pullRequests, plan, pull);
  const now = touched.paths.length > 0 ? withBaseTouched(life) : life;
  return { pull, life: now, stated: statedPull(pull, plan.planId, now.state), touched };
}

/** The states that come after a base that touched a planned file. */
const canBeTouched = new Set(['awaiting', 'approved', 'denied', 'expired']);

const expiredPlan = { is: 'expired', what: 'plan' } as const;

async function findPlan({ evidence }: LookRooms, number: number) {
  try {
    return await evidence.findPlan(number);
  } catch (error) {
    if (error instanceof Stopped && error.reason === 'plan-expired') return 'expired';
    throw error;
  }
}

export interface TellRooms extends LookRooms {
  readonly status: Pick<PlanStatus, 'tell'>;
  readonly report: Report;
  readonly log: Pick<Log, 'warn'>;
}

/** Somebody who may not do what they tried has changed nothing. */
const nothingChanged = new Set(['actor-denied', 'bot-denied']);

/** The good end of a step. */
export interface StepResult extends ModeResult {
  /**
   * The life of its last look at the plan, with what it has recorded since, if nothing else can have changed it: then
   * it is not read again.
   */
  readonly life?: PlanLife;
}

/** Runs a step, and tells by status and output what has become of the plan, however the step ends. */
export async function tellingState(
  rooms: TellRooms,
  number: number,
  step: () => Promise<StepResult>,
): Promise<ModeResult> {
  try {
    const { life, ...result } = await step();
    await tell(rooms, number, life);
    return result;
  } catch (error) {
    if (error instanceof Stopped && isTold(error)) await tell(rooms, number, finalLife(error));
    throw error;
  }
}

/** States that neither labels nor time take back. */
const final = new Set(['withdrawn', 'executed', 'outdated']);

/** The life that stopped a step, if it is told as it was read, although the label may have been removed since. */
function finalLife(stopped: Stopped): PlanLife | undefined {
  const life = lifeThatStopped(stopped);
  return life !== undefined && final.has(life.state.is) ? life : undefined;
}

function isTold({ decision, reason }: Stopped): boolean {
  return decision !== 'ignored' && !nothingChanged.has(reason);
}

async function tell(rooms: TellRooms, number: number, known?: PlanLife): Promise<void> {
  try {
    const { pull, stated } = await (known ? withBase(rooms, known) : look(rooms, number));
    rooms.report.note({ state: stated.state.is });
    const readOther = async (other: number) => (await look(rooms, other)).stated;
    if (pull.open) await rooms.status.tell(stated, readOther);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    rooms.log.warn(`What has become of the plan could not be told. ${error.message}`);
  }
}
