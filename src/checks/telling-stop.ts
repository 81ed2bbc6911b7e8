/** Tells on the pull request why a step stopped, once, so that nobody is left to guess. */

import { followingUp } from '../core/first-error.ts';
import { finalStates, type PlanState } from '../core/life/state.ts';
import type { PlanId } from '../core/text/digest.ts';
import { type Stopped, type StopReason, toStopped, voidsApproval } from '../decision.ts';
import { runUrl } from '../evidence/addresses.ts';
import type { Page } from '../page/page.ts';
import type { WorkflowRun } from '../ports/run.ts';
import type { Log } from '../ports/runner.ts';
import { pullReportMarker, reportMarker } from '../report/markers.ts';
import { renderStop, sameStop } from '../report/stopped.ts';
import type { ApprovalLabel } from './label.ts';
import { stateThatStopped } from './stopped-by-state.ts';

export interface TellStopTools {
  readonly page: Page;
  readonly run: WorkflowRun;
  readonly label: Pick<ApprovalLabel, 'hasRemoved'>;
  readonly log: Pick<Log, 'warn'>;
}

/** What is known of a run before it ends. */
export interface StopProgress {
  /** The plan, once it is found. */
  planId?: PlanId;
  /** What the plan is after the run, once that is read. */
  state?: PlanState;
}

/** Stops that the page tells of: by this run, or by the run that decided it first. */
const told = new WeakMap<Stopped, 'by this run' | 'by an earlier run'>();

/** @returns the same, for a step whose own report says more about it than a sentence */
export function asTold(stopped: Stopped): Stopped {
  told.set(stopped, 'by this run');
  return stopped;
}

/** Whether a report of this run says already why it stops. */
export function isTold(stopped: Stopped): boolean {
  return told.get(stopped) === 'by this run';
}

/** @returns the same, for a step that repeats what an earlier run decided */
export function asToldBefore(stopped: Stopped): Stopped {
  told.set(stopped, 'by an earlier run');
  return stopped;
}

/** Stops after the step's record was stored. */
const afterRecord = new WeakSet<Stopped>();

/** @returns the same, for a step that has stored its record, and could only not show it */
export function asRecorded(stopped: Stopped): Stopped {
  afterRecord.add(stopped);
  return stopped;
}

/**
 * Runs a step. If it stops, a comment has the reason, the next step and the run. The comment is written in place, and left
 * alone if it gives that reason already: however often a step is repeated, the pull request gets one comment.
 * @param step what did not come about
 * @throws what the step throws, and nothing else
 */
export async function tellingStop<T>(
  tools: TellStopTools,
  number: number,
  step: 'approve' | 'verify' | 'execute',
  run: (progress: StopProgress) => Promise<T>,
): Promise<T> {
  const progress: StopProgress = {};
  const failed = 'The pull request could not be told why the run stopped.';
  return followingUp(
    { failed, log: tools.log },
    () => run(progress),
    (error) => tell(tools, number, step, progress, toStopped(error)),
  );
}

/**
 * These are about whoever set the label, and say nothing about the plan. They do not take the place of what the plan's
 * report tells, such as the files of a denial: otherwise somebody who may approve nothing could hide that.
 */
const aboutSomebody: ReadonlySet<StopReason> = new Set([
  'actor-denied',
  'bot-denied',
  'self-approval',
]);

/** What a plan is by a record that a repeated run of approve does not change. */
const settled: ReadonlySet<PlanState['is']> = new Set(['approved', 'executed', 'withdrawn']);

async function tell(
  { page, run, label }: TellStopTools,
  number: number,
  step: 'approve' | 'verify' | 'execute',
  { planId, state: now }: StopProgress,
  stopped: Stopped,
): Promise<void> {
  if (stopped.decision === 'ignored' || isTold(stopped)) return;
  const { trigger } = run;
  // A number that somebody typed in may be that of an issue.
  const mayBeNone = trigger.pullRequest === null && stopped.reason === 'config-invalid';
  if (mayBeNone && planId === undefined) return;
  const state = stateThatStopped(stopped)?.state;
  // Refresh, and the step that led to such a state, see to it that the plan comment shows it.
  if (step !== 'approve' && state !== undefined && finalStates.has(state.is)) return;
  const isDone = afterRecord.has(stopped);
  // Whoever sets a label learns what became of it. Whoever repeats an old run sees that in its log.
  const isRepeated = step === 'approve' && run.attempt > 1;
  if (isRepeated && !isDone && now !== undefined && settled.has(now.is)) return;
  const body = renderStop(step, planId ?? null, {
    reason: stopped.reason,
    detail: stopped.message,
    runUrl: runUrl(run),
    labelledBy: trigger.kind === 'label' ? trigger.sender.login : null,
    isDone,
    labelStays:
      !label.hasRemoved && !voidsApproval(stopped, step === 'approve' ? 'approve' : 'later'),
  });
  const isAboutPlan = planId !== undefined && !aboutSomebody.has(stopped.reason);
  const marker = isAboutPlan ? reportMarker(planId) : pullReportMarker;
  // What a record says has been told by the run that made it, and in more words.
  const isRecorded = state !== undefined || told.has(stopped);
  await page.writeReports(number, [
    { marker, body, leaves: (earlier) => isRecorded || sameStop(earlier, `${marker}\n\n${body}`) },
  ]);
}
