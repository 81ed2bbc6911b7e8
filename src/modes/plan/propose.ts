/** Asks Codex for a plan; if there is none, what Codex did is recorded. */

import { type Plan, parsePlan } from '../../core/plan/plan.ts';
import { CodexStopped, Stopped } from '../../decision.ts';
import { toTokens } from '../../evidence/facts.ts';
import { type DenialRooms, noEdit, recordDenial } from '../../evidence/record-denial.ts';
import type { Proposal } from '../../ports/agent.ts';
import type { Workspace } from '../../ports/workspaces.ts';
import type { Uses } from '../tools.ts';
import type { PlanningJob } from './request.ts';

/** @throws Stopped plan-invalid, path-invalid, limit-exceeded, and what the planner throws */
export async function askCodex(
  tools: DenialRooms & Uses<'planner' | 'policy'>,
  job: PlanningJob,
  { directory }: Pick<Workspace, 'directory'>,
): Promise<{ readonly plan: Plan; readonly proposal: Proposal }> {
  let proposal: Proposal | undefined;
  try {
    const { prompt, revises } = job;
    proposal = await tools.planner.propose({
      workspace: directory,
      prompt,
      anchor: revises,
      purpose: revises === null ? 'plan' : 'revise',
      instructions: null,
    });
    tools.report.note({ tokens: toTokens(proposal.usage) });
    const plan = parsePlan(proposal.answer, (await tools.policy.read()).limits.files);
    if (plan.files.length > 0) return { plan, proposal };
    throw new Stopped('plan-invalid', 'The plan names no file, so there is nothing to approve.');
  } catch (error) {
    const codexRan = proposal !== undefined || error instanceof CodexStopped;
    if (codexRan && error instanceof Stopped) {
      await recordFailure(tools, job, proposal?.log ?? '', error);
    }
    throw error;
  }
}

async function recordFailure(
  rooms: DenialRooms,
  { pull, startedBy }: PlanningJob,
  log: string,
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
    log: stopped instanceof CodexStopped ? stopped.log : log,
    journal: '',
  } as const;
  await recordDenial(rooms, ended, stopped);
}
