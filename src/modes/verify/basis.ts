/**
 * Whether the model is to be asked again. What execute commits is the sealed change; the model is only asked whether the
 * repository still implies the plan.
 */

import type { Regenerate } from '../../core/policy/policy.ts';
import type { PlanEvidence } from '../../core/records/archive-contents.ts';
import type { VerificationBasis } from '../../core/records/verification.ts';
import { sha256 } from '../../core/text/digest.ts';
import type { Pins, Workspace } from '../../ports/workspaces.ts';
import type { Uses } from '../tools.ts';

/** A workspace of the merge, as far as its trees tell what has changed. */
interface MergedTrees {
  readonly pins: Pins;
  readonly workspace: Pick<Workspace, 'tree' | 'treeOf'>;
}

/**
 * @param when the policy's or the input's word
 * @param merge of today's head and base
 */
export async function chooseBasis(
  tools: Uses<'planner' | 'instructions'>,
  when: Regenerate,
  plan: PlanEvidence,
  merge: MergedTrees,
): Promise<VerificationBasis> {
  if (when === 'always') return 'model';
  if (when === 'never') return 'deterministic';
  return (await isUnchanged(tools, plan, merge)) ? 'same-tree' : 'model';
}

/**
 * Whether everything that the plan was made from is the same: then the repository says exactly what it said when the plan
 * was made.
 */
async function isUnchanged(
  { planner, instructions }: Uses<'planner' | 'instructions'>,
  { manifest }: PlanEvidence,
  { pins, workspace }: MergedTrees,
): Promise<boolean> {
  if (workspace.tree !== manifest.workspace.tree || pins.head !== manifest.head.sha) return false;
  const [now, then] = await Promise.all([
    workspace.treeOf(pins.base),
    workspace.treeOf(manifest.base.sha),
  ]);
  if (now !== then) return false;
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
