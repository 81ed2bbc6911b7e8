/** Turns the change that was sealed with the approval into files again, and into a tree on GitHub. */

import type { Plan } from '../../core/plan/plan.ts';
import { checkParity, type FileChange, sameState } from '../../core/plan/scope.ts';
import type { ApprovalEvidence } from '../../core/records/archive-contents.ts';
import type { ObjectId } from '../../core/text/object-id.ts';
import { Stopped } from '../../decision.ts';
import type { Commits, FileEntry } from '../../ports/commits.ts';
import type { Workspace } from '../../ports/workspaces.ts';

/**
 * Replays the sealed patch and checks by object id that each file starts from the head's version and ends at the
 * approved one.
 * @throws Stopped digest-mismatch, base-moved, and what parity refuses
 */
export async function unseal(
  workspace: Pick<Workspace, 'replay' | 'files'>,
  plan: Plan,
  { approval, change }: Pick<ApprovalEvidence, 'approval' | 'change'>,
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
 * Uploads the content, and a tree: that of the head, with exactly these entries changed.
 * @returns the id of the tree, which is the same as the id that git computed here
 * @throws Stopped digest-mismatch if GitHub gives it another id
 */
export async function writeTree(
  commits: Pick<Commits, 'writeTree'>,
  workspace: Pick<Workspace, 'treeWith' | 'treeOf' | 'blobs'>,
  head: ObjectId,
  changes: readonly FileChange[],
): Promise<ObjectId> {
  const expected = await workspace.treeWith(head, changes);
  const contents = await workspace.blobs(changes.flatMap(({ after }) => after?.blob ?? []));
  const entries = changes.map(
    ({ path, after }): FileEntry => ({
      path,
      after,
      content: after && (contents.get(after.blob) as Uint8Array),
    }),
  );
  const tree = await commits.writeTree(await workspace.treeOf(head), entries);
  if (tree === expected) return tree;
  throw new Stopped('digest-mismatch', `GitHub stored the tree as ${tree}, expected ${expected}.`);
}
