/**
 * Decides whether Codex must plan again. Execute commits the sealed change; Codex is asked only to find out whether the
 * repository still implies the plan.
 */

import type { Today } from '../../checks/merges.ts';
import type { Regenerate } from '../../core/policy/policy.ts';
import type { PlanEvidence } from '../../core/records/archive-contents.ts';
import type { VerificationBasis } from '../../core/records/verification.ts';
import { sha256 } from '../../core/text/digest.ts';
import type { Workspace } from '../../ports/workspaces.ts';
import type { Uses } from '../tools.ts';

/** The merge of today's head and base. Its trees show what has changed. */
interface MergedTrees extends Pick<Today, 'pins' | 'isAsPlanned'> {
  build(): Promise<Pick<Workspace, 'tree' | 'treeOf'>>;
}

/**
 * @param when the value of `regenerate`, from the input or the policy
 * @param today is built only if its commits are not the planned ones
 */
export async function chooseBasis(
  tools: Uses<'planner' | 'instructions'>,
  when: Regenerate,
  plan: PlanEvidence,
  today: MergedTrees,
): Promise<VerificationBasis> {
  if (when === 'always') return 'model';
  if (when === 'never') return 'deterministic';
  return (await isUnchanged(tools, plan, today)) ? 'same-tree' : 'model';
}

/**
 * Whether everything that the plan was made from is the same. If so, the repository still implies exactly what it
 * implied when the plan was made.
 */
async function isUnchanged(
  { planner, instructions }: Uses<'planner' | 'instructions'>,
  { manifest }: PlanEvidence,
  today: MergedTrees,
): Promise<boolean> {
  if (!today.isAsPlanned && !(await hasPlannedTrees(manifest, today))) return false;
  if (manifest.instructions_sha256 !== sha256(await instructions.read())) return false;
  const { version, model, effort, tools } = await planner.describe();
  const { codex } = manifest;
  return (
    version === codex.version &&
    model === codex.model &&
    effort === codex.effort &&
    tools.join('\n') === codex.tools.join('\n')
  );
}

/** Other commits of the base can have the same files. */
async function hasPlannedTrees(
  { workspace: planned, head, base }: PlanEvidence['manifest'],
  { pins, build }: MergedTrees,
): Promise<boolean> {
  const workspace = await build();
  if (workspace.tree !== planned.tree || pins.head !== head.sha) return false;
  const [now, then] = await Promise.all([workspace.treeOf(pins.base), workspace.treeOf(base.sha)]);
  return now === then;
}
