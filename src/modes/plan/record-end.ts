/** Records what Codex did if there is no plan. */

import { CodexStopped, type Stopped } from '../../decision.ts';
import { type DenialTools, noEdit, recordDenial } from '../../evidence/record-denial.ts';
import type { Proposal } from '../../ports/agent.ts';
import type { PlanningJob } from './request.ts';

/** What Codex gave before the run stopped. */
export interface Progress {
  proposal?: Proposal;
  /** The plan is stored, together with the log. */
  stored?: true;
}

export async function recordEnd(
  tools: DenialTools,
  { pull, startedBy }: PlanningJob,
  { proposal }: Progress,
  stopped: Stopped,
): Promise<void> {
  const ended = {
    mode: 'plan',
    pullRequest: pull.number,
    plan: null,
    actor: startedBy,
    labelEvents: [],
    refused: [],
    edit: noEdit,
    log: stopped instanceof CodexStopped ? stopped.log : (proposal?.log ?? ''),
    journal: '',
  } as const;
  await recordDenial(tools, ended, stopped);
}
