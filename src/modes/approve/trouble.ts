/** What people see of an approval that temporary trouble stopped. */

import type { StepResult } from '../../checks/stated-pull.ts';
import type { PlanEvidence } from '../../core/records/archive-contents.ts';
import { explain, Stopped } from '../../decision.ts';
import { runUrl } from '../../evidence/addresses.ts';
import { reportMarker } from '../../report/markers.ts';
import { renderTrouble } from '../../report/stopped.ts';
import type { Uses } from '../tools.ts';

/** What is known of a run before it ends. */
export interface Progress {
  /** The plan, once we know that the people who started the run may approve. */
  planId?: PlanEvidence['planId'];
}

/** Temporary trouble says nothing about the plan, and the label stays: the report says so, and what to do. */
export async function tellingTrouble(
  { page, run }: Uses<'page' | 'run'>,
  number: number,
  step: (progress: Progress) => Promise<StepResult>,
): Promise<StepResult> {
  const progress: Progress = {};
  try {
    return await step(progress);
  } catch (error) {
    const { planId } = progress;
    if (planId !== undefined && error instanceof Stopped && isPassing(error)) {
      const { reason, message: detail } = error;
      const text = renderTrouble(planId, { reason, detail, runUrl: runUrl(run) });
      await page.writeReport(number, reportMarker(planId), text);
    }
    throw error;
  }
}

function isPassing({ reason, decision }: Stopped): boolean {
  return decision !== 'ignored' && explain(reason).voids === 'never';
}
