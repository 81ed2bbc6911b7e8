/** What Codex did is recorded, too, if no plan came of it. */

import { CodexStopped, type Stopped } from '../../decision.ts';
import { type DenialRooms, noEdit, recordDenial } from '../../evidence/record-denial.ts';
import type { Proposal } from '../../ports/agent.ts';
import type { PlanningJob } from './request.ts';

/** What Codex gave before the run stopped, as far as it is known. */
export interface Progress {
  proposal?: Proposal;
  /** The plan is stored, and the log with it. */
  stored?: true;
}

export async function recordEnd(
  tools: DenialRooms,
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
