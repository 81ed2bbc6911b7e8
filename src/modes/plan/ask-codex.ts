/** Asks Codex for a plan. */

import { type Plan, parsePlan } from '../../core/plan/plan.ts';
import { Stopped } from '../../decision.ts';
import { toCost } from '../../evidence/facts.ts';
import type { PlanningProgress } from '../../evidence/record-planning.ts';
import type { Proposal } from '../../ports/agent.ts';
import type { Uses } from '../tools.ts';
import type { PlanningJob } from './request.ts';

/** Where Codex plans. */
interface Ground {
  readonly directory: string;
  /** The same as `ready` of a planning task. */
  readonly ready: Promise<unknown>;
}

/**
 * @param instructions of the owners of the repository
 * @param progress receives the answer of Codex
 * @throws Stopped plan-invalid, path-invalid, limit-exceeded, and what the planner throws
 */
export async function askCodex(
  tools: Uses<'planner' | 'policy' | 'report'>,
  { prompt, revises }: PlanningJob,
  { directory, ready }: Ground,
  instructions: string,
  progress: PlanningProgress,
): Promise<{ readonly plan: Plan; readonly proposal: Proposal }> {
  const proposal = await tools.planner.propose({
    workspace: directory,
    ready,
    prompt,
    anchor: revises,
    purpose: revises === null ? 'plan' : 'revise',
    instructions,
    // A revision may plan files again that were struck before.
    struck: [],
  });
  progress.proposal = proposal;
  tools.report.note(toCost(proposal.usage));
  const plan = parsePlan(proposal.answer, (await tools.policy.read()).limits.files);
  if (plan.files.length > 0) return { plan, proposal };
  throw new Stopped('plan-invalid', 'The plan names no file, so there is nothing to approve.');
}
