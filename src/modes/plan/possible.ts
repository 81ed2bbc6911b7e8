/** Refuses a plan that nobody could approve or execute, before anybody reads it. */

import type { PlannedFile } from '../../core/plan/plan.ts';
import { statesInHead } from '../../core/plan/states-in-head.ts';
import { codexSettings } from '../../core/policy/codex-settings.ts';
import { checkRules } from '../../core/policy/rules.ts';
import type { Manifest } from '../../core/records/manifest.ts';
import type { ObjectId } from '../../core/text/object-id.ts';
import { Stopped } from '../../decision.ts';
import type { Workspace } from '../../ports/workspaces.ts';
import type { Uses } from '../tools.ts';

/**
 * @param workspace the merge that the plan is about
 * @param head the commit that the change will be committed on
 * @returns the state of each file before the change
 * @throws Stopped base-moved, plan-invalid, path-invalid, path-protected, path-unsupported
 */
export async function checkPossible(
  { policy }: Uses<'policy'>,
  planned: readonly PlannedFile[],
  workspace: Pick<Workspace, 'commit' | 'files' | 'findUnsupported'>,
  head: ObjectId,
): Promise<Manifest['files']> {
  const [merged, onHead] = await Promise.all([
    workspace.files(workspace.commit),
    workspace.files(head),
  ]);
  const files = statesInHead(planned, merged, onHead);
  const rules = await policy.read();
  checkRules('plan', { files, policyFile: policy.path }, rules);
  const patchesOnly = codexSettings(rules).enforcement === 'before-write';
  const unsupported = await workspace.findUnsupported(files, patchesOnly);
  if (unsupported.length === 0) return files;
  const reasons = unsupported.map(({ path, why }) => `${JSON.stringify(path)}: ${why}`);
  throw new Stopped('path-unsupported', reasons.join(' '));
}
