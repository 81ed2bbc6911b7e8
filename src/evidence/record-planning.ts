/** For a step in which Codex writes a plan: what Codex did is recorded, however the step ends. */

import { followingUp } from '../core/first-error.ts';
import { CodexStopped, toStopped } from '../decision.ts';
import type { Proposal } from '../ports/agent.ts';
import { type DenialTools, type EndedRun, noEdit, recordDenial } from './record-denial.ts';

/** What Codex gave so far, and whether a record has it. */
export interface PlanningProgress {
  proposal?: Proposal;
  /** The plan or the verification is stored, together with the log of Codex. */
  stored?: true;
}

/** The step, and where its record belongs. */
export type PlanningStep = Pick<EndedRun, 'mode' | 'pullRequest' | 'plan' | 'actor' | 'journal'>;

/**
 * Runs a step. If Codex was asked, and the step fails before it has stored anything, what Codex did is stored as a denial.
 * It counts no label event, so it says nothing about an approval.
 * @param run notes in `progress` what Codex gives, and that a record has it
 * @throws what the step throws, and nothing else
 */
export async function recordingPlanning<T>(
  tools: DenialTools,
  step: PlanningStep,
  run: (progress: PlanningProgress) => Promise<T>,
): Promise<T> {
  const progress: PlanningProgress = {};
  const failed = 'How the run ended could not be recorded.';
  return followingUp(
    { failed, log: tools.log },
    () => run(progress),
    async (error) => {
      // Without a log, Codex was not asked.
      const log = error instanceof CodexStopped ? error.log : progress.proposal?.log;
      if (log === undefined || progress.stored) return;
      const ended = { ...step, labelEvents: [], refused: [], edit: noEdit, log };
      await recordDenial(tools, ended, toStopped(error));
    },
  );
}
