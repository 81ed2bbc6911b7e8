/** What was decided before about the label of this run, or about the plan: a ruling is final for its label event. */

import { type PlanLife, stoppedByState } from '../../checks/plan-life.ts';
import { canBeApproved, rulingOn } from '../../core/life/state.ts';
import type { Labelling } from '../../core/life/timeline.ts';
import { Stopped } from '../../decision.ts';
import { artifactUrl } from '../../evidence/addresses.ts';
import type { ModeResult } from '../../ports/outcome.ts';
import type { Uses } from '../tools.ts';

/**
 * Says again what a record says about this label event, without Codex: otherwise whoever can start a run again could
 * have Codex try until it pleases.
 * @returns the recorded approval, if it still holds; undefined if nothing is recorded about the event
 * @throws Stopped with the recorded denial, or with what ended the approval
 */
export async function repeatRuling(
  { report, run, keepForLaterSteps }: Uses<'report' | 'run' | 'keepForLaterSteps'>,
  life: PlanLife,
  labelling: Labelling,
): Promise<ModeResult | undefined> {
  const ruling = rulingOn(life.now.records, labelling.id);
  if (ruling === null) return undefined;
  if (ruling.is === 'denied') {
    const denied = life.records.denials.find(({ denial }) =>
      denial.label_events.some(({ id }) => id === labelling.id),
    );
    const paths = denied?.denial.refused.map(({ path }) => path) ?? [];
    report.note({ deniedFiles: [...new Set(paths)].sort() });
    throw new Stopped(ruling.denial.reason, 'The run for this label ended so before.');
  }
  const { state, records, plan } = life;
  const approval = records.approvals.find(({ digest }) => digest === ruling.approval.digest);
  if (state.is !== 'approved' || state.approval.digest !== approval?.digest) {
    throw stoppedByState(life);
  }
  report.note({
    artifactId: approval.artifact.id,
    artifactUrl: artifactUrl(run, approval.artifact.id, approval.approval.run.id),
    evidencePath: await keepForLaterSteps('approval', approval.members),
  });
  const people = approval.approval.approvers.map(({ login }) => login).join(', ');
  return {
    decision: 'approved',
    detail: `${people} approved plan ${plan.planId} until ${approval.approval.expires_at}; it was recorded before.`,
  };
}

/**
 * A plan that has ended is refused with its own code, before anything on the page is looked at. What ended by an earlier
 * label only (a drift, a denial, an expired or removed approval) can be approved again by this one.
 * @throws Stopped plan-withdrawn, approval-consumed, head-moved, base-moved, plan-altered, plan-expired
 */
export function requireOpenPlan(life: PlanLife): void {
  if (!canBeApproved(life.state)) throw stoppedByState(life);
}
