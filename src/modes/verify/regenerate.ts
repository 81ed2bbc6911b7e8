/** Codex plans again, with the frozen prompt, in the repository of today. */

import type { ApprovedPlan } from '../../checks/approval.ts';
import { narrowPlan } from '../../core/plan/narrow.ts';
import { parsePlan, planJson } from '../../core/plan/plan.ts';
import type { DriftWay } from '../../core/records/verification.ts';
import { toCost } from '../../evidence/facts.ts';
import type { PlanningProgress } from '../../evidence/record-planning.ts';
import type { Workspace } from '../../ports/workspaces.ts';
import type { Uses } from '../tools.ts';
import type { Regenerated } from './record.ts';

type RegenerateTools = Uses<'instructions' | 'log' | 'planner' | 'policy' | 'report'>;

/** Uses the frozen prompt, and everything else as it is today: the repository, Codex, and the instructions. */
export async function regenerate(
  { instructions, log, planner, policy, report }: RegenerateTools,
  { plan: { plan, planId, prompt, manifest } }: ApprovedPlan,
  workspace: Pick<Workspace, 'directory' | 'writeOut' | 'discardFiles'>,
  way: DriftWay,
  progress: PlanningProgress,
): Promise<Regenerated> {
  log.step('Codex plans again');
  await workspace.writeOut();
  log.progress(`Regenerating plan ${planId}, ${way}`);
  const proposal = await planner.propose({
    workspace: workspace.directory,
    prompt,
    anchor: way === 'anchored' ? planJson(plan) : null,
    purpose: 'verify',
    instructions: await instructions.read(),
    struck: manifest.narrows?.paths ?? [],
  });
  workspace.discardFiles();
  progress.proposal = proposal;
  report.note(toCost(proposal.usage));
  const regenerated = parsePlan(proposal.answer, (await policy.read()).limits.files);
  return { plan: narrowPlan(regenerated, manifest.narrows?.paths ?? []), proposal };
}
