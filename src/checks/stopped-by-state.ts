/** How a step stops if the plan does not have the state that the step needs. */

import { type PlanState, rulingOn } from '../core/life/state.ts';
import { newestLabelling } from '../core/life/timeline.ts';
import type { Verification } from '../core/records/verification.ts';
import type { PlanId } from '../core/text/digest.ts';
import { Stopped } from '../decision.ts';
import type { StoredRecords } from '../evidence/records.ts';
import type { PullRequest } from '../ports/pull-requests.ts';
import type { LabelLog } from './label.ts';
import type { PlanLife } from './plan-life.ts';

/** A label that has no answer yet stays. */
interface AboutLabel {
  readonly keepsLabel: boolean;
}

/** The state of a plan with which a step could not go on, for the code that publishes it. */
export interface StoppingState {
  readonly pull: PullRequest;
  readonly planId: PlanId;
  readonly state: PlanState;
  /** Set if nobody has looked up whether a trusted run made the plan. */
  readonly untrusted?: true;
}

const stoppingStates = new WeakMap<Stopped, StoppingState>();

/** The state that made a step stop; undefined if the step stopped for another reason. */
export function stateThatStopped(stopped: Stopped): StoppingState | undefined {
  return stoppingStates.get(stopped);
}

/**
 * How a step stops if it needs another state than this one.
 * @param life a plan with a state with which the step cannot go on
 */
export function stoppedByState(life: PlanLife): Stopped {
  const stopped = explainStop(life);
  const { pull, plan, state } = life;
  stoppingStates.set(stopped, { pull, planId: plan.planId, state });
  return stopped;
}

/**
 * The same for a plan whose head has moved. Nothing else is known of it, and nobody has looked up whether a trusted run
 * made it.
 */
export function stoppedByHead(pull: PullRequest, planId: PlanId): Stopped {
  const stopped = stoppedBecauseOutdated['head-moved']();
  const state = { is: 'outdated', by: 'head-moved' } as const;
  stoppingStates.set(stopped, { pull, planId, state, untrusted: true });
  return stopped;
}

/**
 * Whether no record answers the event that set the label. Mode approve may be working on it, or its artifact may not
 * be listed yet. The result of an earlier label says nothing about it.
 */
export function hasUnansweredLabel({ log, now }: PlanLife): boolean {
  const labelling = log.label === undefined ? undefined : newestLabelling(log, log.label.id);
  return labelling !== undefined && rulingOn(now.records, labelling.id) === null;
}

function explainStop(life: PlanLife): Stopped {
  const { state, log, records } = life;
  const about = { keepsLabel: hasUnansweredLabel(life) };
  switch (state.is) {
    case 'none':
      return new Stopped('plan-missing', 'No plan of this pull request is stored.');
    case 'withdrawn':
      return new Stopped('plan-withdrawn', 'The plan was withdrawn.');
    case 'executed':
      return new Stopped(
        'approval-consumed',
        `Commit ${state.commit} has executed the plan already.`,
      );
    case 'outdated':
      return stoppedBecauseOutdated[state.by]();
    case 'drifted':
      return state.by === 'base'
        ? new Stopped('base-moved', 'The base has changed a planned file since the plan was made.')
        : stoppedByDrift(records, about);
    case 'denied':
      return new Stopped(
        state.reason,
        `The plan was denied for ${about.keepsLabel ? 'an earlier' : 'this'} label before.`,
        about,
      );
    case 'expired':
      return state.what === 'plan'
        ? new Stopped('plan-expired', 'The evidence of the plan is no longer stored.')
        : new Stopped('approval-expired', 'The approval has expired.', about);
    case 'approved':
      return new Stopped('approval-missing', 'The approval is about another label.');
    case 'awaiting':
      return stoppedWhileAwaiting(state.ended, log, about);
  }
}

const stoppedBecauseOutdated = {
  'head-moved': () =>
    new Stopped('head-moved', 'The head is not the commit that the plan is about.'),
  'base-changed': () =>
    new Stopped('base-moved', 'The pull request has another base branch than the plan.'),
  'request-edited': () =>
    new Stopped('plan-altered', 'The comment with the request was edited or deleted.'),
} as const;

/** A recorded drift is final, and is reported with the same reason as then. */
function stoppedByDrift({ verifications }: StoredRecords, about: AboutLabel): Stopped {
  const drifted = verifications.findLast(({ verification }) => verification.result === 'drifted');
  const reason = drifted === undefined ? 'plan-drift' : driftReason(drifted.verification);
  return new Stopped(reason, 'A verification of this approval has found a drift before.', {
    decision: 'drifted',
    ...about,
  });
}

function driftReason({
  regenerated,
  scope,
}: Verification): 'base-moved' | 'scope-drift' | 'plan-drift' {
  if (regenerated === null) return 'base-moved';
  const files = [...scope.added, ...scope.removed, ...scope.retyped];
  return files.length > 0 ? 'scope-drift' : 'plan-drift';
}

function stoppedWhileAwaiting(
  ended: Extract<PlanState, { is: 'awaiting' }>['ended'],
  { label }: LabelLog,
  about: AboutLabel,
): Stopped {
  if (label !== undefined && (ended === null || ended === 'removed')) {
    return new Stopped(
      'approval-missing',
      'The label is set, and no approval by it is recorded. Remove it before you set it again.',
    );
  }
  if (ended === null) return new Stopped('approval-missing', 'Nobody has approved the plan.');
  if (ended === 'exchanged') {
    return new Stopped(
      'head-moved',
      'The branch was force-pushed, or its base changed, after the label was set.',
      about,
    );
  }
  if (ended === 'edited') {
    return new Stopped('plan-altered', 'The request was edited after the label was set.', about);
  }
  if (ended === 'unknown') {
    // A log that lags says nothing about the label that is set now.
    return new Stopped(
      'label-missing',
      "GitHub's log does not have the label event that the approval names.",
      {
        keepsLabel: true,
      },
    );
  }
  return new Stopped('label-missing', 'The label that approved the plan is no longer set.');
}
