/** Reads the state of the newest plan of a pull request, and publishes it at the end of a step. */

import { followingUp } from '../core/first-error.ts';
import { finalStates, type PlanState } from '../core/life/state.ts';
import { Stopped } from '../decision.ts';
import type { ModeResult, Report } from '../ports/outcome.ts';
import type { PullRequest, PullRequests } from '../ports/pull-requests.ts';
import type { Log } from '../ports/runner.ts';
import { findTouchedByBase, type TouchedByBase } from './base-touched.ts';
import { type LifeTools, type PlanLife, readLife, withBaseTouched } from './plan-life.ts';
import { type PlanStatus, type StatedPull, statedPull } from './plan-status.ts';
import { stateThatStopped } from './stopped-by-state.ts';

export interface LookTools extends LifeTools {
  readonly pullRequests: Pick<PullRequests, 'read' | 'baseTip' | 'fileStates' | 'mergeBase'>;
}

/** The pull request, and what its newest plan has become. */
export interface Look {
  readonly pull: PullRequest;
  /** Undefined if there is no plan. */
  readonly life: PlanLife | undefined;
  readonly stated: StatedPull;
  /** The planned files that the base changed; undefined if that would not change the state. */
  readonly touched?: TouchedByBase;
}

/** @throws Stopped what reading evidence throws; plan-expired is a state and is not thrown */
export async function look(tools: LookTools, number: number): Promise<Look> {
  const pull = await tools.pullRequests.read(number);
  const plan = await findPlan(tools, number);
  if (plan === 'expired') {
    return { pull, life: undefined, stated: statedPull(pull, null, expiredPlan) };
  }
  if (plan === undefined) {
    return { pull, life: undefined, stated: statedPull(pull, null, { is: 'none' }) };
  }
  return withBase(tools, await readLife(tools, pull, plan));
}

/** The same plan, with the changes of today's base. */
async function withBase(tools: LookTools, life: PlanLife): Promise<Look> {
  const { pull, plan, state } = life;
  // After a merge, the pull request itself has changed the planned files of the base.
  if (!pull.open || !canBeTouched.has(state.is)) {
    return { pull, life, stated: statedPull(pull, plan.planId, state) };
  }
  const touched = await findTouchedByBase(tools.pullRequests, plan, pull);
  const now = touched.paths.length > 0 ? withBaseTouched(life) : life;
  return { pull, life: now, stated: statedPull(pull, plan.planId, now.state), touched };
}

/** The states that a base which touched a planned file would replace. */
const canBeTouched = new Set(['awaiting', 'approved', 'denied', 'expired']);

const expiredPlan = { is: 'expired', what: 'plan' } as const;

/** @returns `expired` if GitHub no longer has the files of the newest plan */
export async function findPlan({ evidence }: Pick<LookTools, 'evidence'>, number: number) {
  try {
    return await evidence.findPlan(number);
  } catch (error) {
    if (error instanceof Stopped && error.reason === 'plan-expired') return 'expired';
    throw error;
  }
}

export interface TellTools extends LookTools {
  readonly status: Pick<PlanStatus, 'tell'>;
  readonly report: Report;
  readonly log: Pick<Log, 'warn'>;
}

/** The successful end of a step. */
export interface StepResult extends ModeResult {
  /**
   * The plan as the step last read it, with what the step has recorded since. Given only if nothing else can have
   * changed: then it is not read again.
   */
  readonly life?: PlanLife;
}

type ToldLook = Pick<Look, 'pull' | 'stated'>;

/**
 * Runs a step. However it ends, the status and the outputs then say the state of the plan.
 * @param found gets the state that a step which stopped has left
 */
export async function tellingState(
  tools: TellTools,
  number: number,
  step: () => Promise<StepResult>,
  found?: (state: PlanState) => void,
): Promise<ModeResult> {
  const telling = { failed: notPublished, log: tools.log };
  const { life, ...result } = await followingUp(telling, step, async (error) => {
    if (error instanceof Stopped && error.decision !== 'ignored') {
      await tell(tools, async () => {
        const seen = finalLook(error) ?? (await look(tools, number));
        found?.(seen.stated.state);
        return seen;
      });
    }
  });
  await tell(tools, () => (life ? withBase(tools, life) : look(tools, number)));
  return result;
}

const notPublished = 'The state of the plan could not be published.';

/**
 * The plan as a step read it that it then stopped for. It is published as it was read, although the label may have
 * been removed since.
 */
function finalLook(stopped: Stopped): ToldLook | undefined {
  const found = stateThatStopped(stopped);
  if (found === undefined || !finalStates.has(found.state.is)) return undefined;
  const { pull, planId, state, untrusted } = found;
  const stated = statedPull(pull, planId, state);
  return { pull, stated: untrusted ? { ...stated, untrusted } : stated };
}

async function tell(tools: TellTools, see: () => Promise<ToldLook>): Promise<void> {
  try {
    const { pull, stated } = await see();
    tools.report.note({ state: stated.state.is });
    const readOther = async (other: number) => (await look(tools, other)).stated;
    if (pull.open) await tools.status.tell(stated, readOther);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    tools.log.warn(`${notPublished} ${error.message}`);
  }
}
