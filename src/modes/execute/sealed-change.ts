/** The change that was sealed with the approval, back as files, and as a tree that GitHub has. */

import type { StandingApproval } from '../../checks/approval.ts';
import { sameState } from '../../checks/pull-request.ts';
import { checkParity, type FileChange } from '../../core/plan/scope.ts';
import { Stopped } from '../../decision.ts';
import type { Commits } from '../../ports/commits.ts';
import type { Workspace } from '../../ports/workspaces.ts';

/**
 * The sealed change, by object id what the approval lists: before it as the head has it, after it as it was sealed.
 * @throws Stopped digest-mismatch, base-moved, and what parity refuses
 */
export async function unseal(
  workspace: Workspace,
  { plan: { plan }, approval: { approval, change } }: StandingApproval,
): Promise<readonly FileChange[]> {
  const changes = await workspace.replay(change);
  const [denial] = checkParity(plan.files, changes).denials;
  if (denial !== undefined) {
    throw new Stopped(
      denial.reason,
      `The sealed change of ${JSON.stringify(denial.path)} is not in the plan.`,
    );
  }
  const sealed = new Map(approval.files.map((file) => [file.path as string, file]));
  const head = await workspace.files(approval.head.sha);
  for (const { path, before, after } of changes) {
    const file = sealed.get(path);
    if (file === undefined || !sameState(before, file.before) || !sameState(after, file.after)) {
      throw new Stopped(
        'digest-mismatch',
        `The sealed change of ${JSON.stringify(path)} is not the approved one.`,
      );
    }
    if (!sameState(before, head.get(path) ?? null)) {
      throw new Stopped(
        'base-moved',
        `${JSON.stringify(path)} is not what it was when it was approved.`,
      );
    }
  }
  if (changes.length !== sealed.size) {
    throw new Stopped('digest-mismatch', 'The sealed change lacks a file of the approval.');
  }
  return changes;
}

/**
 * Uploads the content, and the head's tree with exactly these entries.
 * @returns a tree with the object id that git itself gave it here
 */
export async function writeTree(
  commits: Commits,
  workspace: Workspace,
  head: string,
  changes: readonly FileChange[],
): Promise<string> {
  const expected = await workspace.treeWith(head, changes);
  for (const { path, after } of changes) {
    if (after === null) continue;
    const stored = await commits.createBlob(await workspace.blob(after.blob));
    expectId(`the content of ${JSON.stringify(path)}`, after.blob, stored);
  }
  const tree = await commits.createTree(await workspace.treeOf(head), changes);
  expectId('the tree', expected, tree);
  return tree;
}

function expectId(what: string, expected: string, actual: string): void {
  if (expected === actual) return;
  throw new Stopped('digest-mismatch', `GitHub stored ${what} as ${actual}, expected ${expected}.`);
}
