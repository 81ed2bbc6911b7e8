/** Refuses a plan that nobody could approve or execute, before anybody reads it. */

import type { PlannedFile } from '../../core/plan/plan.ts';
import { statesInHead } from '../../core/plan/states-in-head.ts';
import { codexSettings } from '../../core/policy/codex-settings.ts';
import { checkRules } from '../../core/policy/rules.ts';
import type { Manifest } from '../../core/records/manifest.ts';
import type { ObjectId } from '../../core/text/object-id.ts';
import { Stopped } from '../../decision.ts';
import type { PolicySource } from '../../evidence/policy.ts';
import type { UnsupportedFile, Workspace } from '../../ports/workspaces.ts';

/**
 * @param workspace the merge that the plan is about
 * @param head the commit that the change will be committed on
 * @returns the state of each file before the change
 * @throws Stopped base-moved, plan-invalid, path-invalid, path-protected, path-unsupported
 */
export async function checkPossible(
  { policy }: { readonly policy: Pick<PolicySource, 'path' | 'read'> },
  planned: readonly PlannedFile[],
  workspace: Pick<Workspace, 'commit' | 'files' | 'findUnsupported'>,
  head: ObjectId,
): Promise<Manifest['files']> {
  const [merged, onHead] = await Promise.all([
    workspace.files(workspace.commit),
    workspace.files(head),
  ]);
  const rules = await policy.read();
  const patchesOnly = codexSettings(rules).enforcement === 'before-write';
  // Codex sees a file below a link, and git knows none there: only this says why it cannot be changed.
  const lost = planned.filter(({ path, operation }) => operation !== 'create' && !merged.has(path));
  if (lost.length > 0) {
    const unsupported = await workspace.findUnsupported(planned, patchesOnly);
    if (unsupported.some(({ path }) => lost.some((one) => one.path === path))) refuse(unsupported);
  }
  const files = statesInHead(planned, merged, onHead);
  checkRules('plan', { files, policyFile: policy.path }, rules);
  refuse(await workspace.findUnsupported(files, patchesOnly));
  return files;
}

/** @throws Stopped path-unsupported, if there is any */
function refuse(unsupported: readonly UnsupportedFile[]): void {
  if (unsupported.length === 0) return;
  const reasons = unsupported.map(({ path, why }) => `${JSON.stringify(path)}: ${why}`);
  throw new Stopped('path-unsupported', reasons.join(' '));
}
