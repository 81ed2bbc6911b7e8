/** What an earlier run decided about this label event or the plan. Such a ruling is final for its label event. */

import { checkStillValid, requireApproved, type ValidityTools } from '../../checks/approval.ts';
import { findTouchedByBase } from '../../checks/base-touched.ts';
import { checkUntouched } from '../../checks/merges.ts';
import { type LifeTools, type PlanLife, readLife } from '../../checks/plan-life.ts';
import { stoppedByState } from '../../checks/stopped-by-state.ts';
import { asTold, asToldBefore } from '../../checks/telling-stop.ts';
import {
  type ApprovalFact,
  canBeApproved,
  type DenialFact,
  finalStates,
  rulingOn,
} from '../../core/life/state.ts';
import { type Labelling, newestLabelling } from '../../core/life/timeline.ts';
import { last } from '../../core/lists.ts';
import type { CountedLabelEvent } from '../../core/records/fields.ts';
import { Stopped } from '../../decision.ts';
import { artifactUrl } from '../../evidence/addresses.ts';
import { bestEffort } from '../../page/best-effort.ts';
import type { ModeResult } from '../../ports/outcome.ts';
import type { PullRequest } from '../../ports/pull-requests.ts';
import type { Uses } from '../tools.ts';

type RepeatTools = ValidityTools &
  Uses<'evidence' | 'keepForLaterSteps' | 'log' | 'page' | 'pullRequests' | 'report' | 'run'>;

/** What an earlier attempt of a run decided. */
interface EarlierAttempt {
  readonly life: PlanLife;
  /** The label event that it answered. */
  readonly event: CountedLabelEvent;
}

/**
 * What an earlier attempt of this run decided about the newest plan. It is repeated before anything else is checked:
 * whatever became of the label, the branch and the approval since then, Codex gets no other try.
 * @returns undefined if it decided nothing: after temporary trouble, a repeated run goes on
 * @throws Stopped what `findPlan` and `readLife` throw
 */
export async function findEarlierAttempt(
  tools: Uses<'run' | 'evidence'> & LifeTools,
  pull: PullRequest,
): Promise<EarlierAttempt | undefined> {
  const { run, evidence } = tools;
  if (run.attempt === 1) return undefined;
  const plan = await evidence.findPlan(pull.number);
  if (plan === undefined) return undefined;
  const life = await readLife(tools, pull, plan);
  const { approvals, denials } = life.records;
  const rulings = [
    ...denials
      .filter((_, index) => life.now.records.denials[index]?.voids)
      .map(({ denial }) => denial),
    ...approvals.map(({ approval }) => approval),
  ];
  const own = rulings.find((one) => one.run.id === run.id && one.label_events.length > 0);
  const event = own?.label_events.at(-1);
  return event && { life, event };
}

/**
 * @throws Stopped with the recorded denial; if the approval is over, with what ended it, or label-missing if a label was
 *   set since: then another run answers that one, and tells it
 */
export function repeatEarlierAttempt(
  tools: RepeatTools,
  { life, event }: EarlierAttempt,
): Promise<ModeResult | undefined> {
  const ruling = rulingOn(life.now.records, event.id);
  const isOver = ruling?.is === 'approved' && !isInForce(life, ruling.approval);
  if (isOver && !finalStates.has(life.state.is) && wasSetSince(life, event)) {
    const why = 'The label that this run answered was removed, and one was set since.';
    throw asTold(new Stopped('label-missing', why));
  }
  return repeatRuling(tools, life, event);
}

/** Whether the label was set after an event, or another one that has its name now. */
function wasSetSince({ log }: PlanLife, event: EarlierAttempt['event']): boolean {
  return [event.label.id, log.label?.id].some((id) => {
    const newest = id === undefined ? undefined : newestLabelling(log, id);
    return newest !== undefined && Date.parse(newest.at) > Date.parse(event.created_at);
  });
}

function isInForce({ state }: PlanLife, { digest }: ApprovalFact): boolean {
  return state.is === 'approved' && state.approval.digest === digest;
}

/**
 * Repeats the recorded ruling about this label event, without Codex. Otherwise a person who can re-run a job could let
 * Codex try until they like the result.
 * @returns the recorded approval, if it still holds; undefined if nothing is recorded about the event
 * @throws Stopped with the recorded denial, or with what ended the approval: base-moved if the base has changed a planned
 *   file since
 */
export async function repeatRuling(
  tools: RepeatTools,
  life: PlanLife,
  labelling: Pick<Labelling, 'id'>,
): Promise<ModeResult | undefined> {
  const ruling = rulingOn(life.now.records, labelling.id);
  if (ruling === null) return undefined;
  return ruling.is === 'denied'
    ? repeatDenial(tools, life, ruling.denial)
    : repeatApproval(tools, life, ruling.approval);
}

function repeatDenial({ report }: Uses<'report'>, life: PlanLife, ruling: DenialFact): never {
  const denied = life.records.denials[life.now.records.denials.indexOf(ruling)];
  const paths = denied?.denial.refused.map(({ path }) => path) ?? [];
  report.note({ deniedFiles: [...new Set(paths)].sort() });
  throw asToldBefore(
    new Stopped(ruling.reason, 'An earlier run for this label ended in the same way.'),
  );
}

/** Checks people and policy as they are now: an approval that verify would refuse must not be called approved. */
async function repeatApproval(
  tools: RepeatTools,
  life: PlanLife,
  recorded: ApprovalFact,
): Promise<ModeResult> {
  const { plan, pull } = life;
  if (!isInForce(life, recorded)) throw stoppedByState(life);
  checkUntouched((await findTouchedByBase(tools.pullRequests, plan, pull)).paths, 'approval');
  const { approval } = await checkStillValid(tools, await requireApproved(tools, life));
  const { approvers, expires_at: expires, run } = approval.approval;
  tools.report.note({
    approver: last(approvers).login,
    artifactId: approval.artifact.id,
    artifactUrl: artifactUrl(tools.run, approval.artifact.id, run.id),
    evidencePath: await tools.keepForLaterSteps('approval', approval.members),
  });
  await bestEffort(tools.log, async () => {
    const [comment] = await tools.page.findPlanComments(pull.number, plan.planId);
    if (comment !== undefined) tools.report.note({ commentUrl: comment.url });
  });
  const people = approvers.map(({ login }) => login).join(', ');
  return {
    decision: 'approved',
    detail: `${people} approved plan ${plan.planId} until ${expires}; it was recorded before.`,
  };
}

/**
 * Refuses a plan that has ended, with the code of that end, before the page is read. If only the approval of an earlier
 * label ended (by drift, denial, its hours, or its removal), this label can approve the plan again.
 * @throws Stopped plan-withdrawn, approval-consumed, head-moved, base-moved, plan-altered, plan-expired
 */
export function requireOpenPlan(life: PlanLife): void {
  if (!canBeApproved(life.state)) throw stoppedByState(life);
}
