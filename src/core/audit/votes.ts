/** Compares the plans of a pull request: a label event is about one plan only. */

import type { Artifact } from './artifact.ts';
import type { PlanStory } from './known-plan.ts';
import type { Ledger } from './ledger.ts';

/** No two plans count the same label event: the label was set for the plan that was the newest then. */
export function checkVotesOfPlans(stories: readonly PlanStory[], ledger: Ledger): void {
  const counted = new Map<string, { readonly name: string; readonly planId: string | null }>();
  for (const { records } of stories) {
    for (const record of records) {
      for (const { id } of listLabelEvents(record)) {
        const first = counted.get(id);
        counted.set(id, first ?? record);
        ledger.check(
          'votes',
          first === undefined || first.planId === record.planId,
          `${record.name} counts the label event ${id}, which ${first?.name} counts for another plan.`,
        );
      }
    }
  }
}

/** The label events that a decision counted. */
export function listLabelEvents(artifact: Artifact) {
  if (artifact.kind === 'approval') return artifact.evidence.approval.label_events;
  return artifact.kind === 'denial' ? artifact.evidence.denial.label_events : [];
}
