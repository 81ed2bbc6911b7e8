/** Lets Codex work on a plan, and holds what it wrote against the plan, however it ended. */

import { warnOf } from '../../core/first-error.ts';
import { type Denial, StoppedAfterRefusal } from '../../core/plan/attempts.ts';
import { planJson } from '../../core/plan/plan.ts';
import { checkParity, type FileChange, judgeBy, type Parity } from '../../core/plan/scope.ts';
import type { PlanEvidence } from '../../core/records/archive-contents.ts';
import { CodexStopped, voidsApproval } from '../../decision.ts';
import { toCost } from '../../evidence/facts.ts';
import { noEdit } from '../../evidence/record-denial.ts';
import type { EditReport } from '../../ports/agent.ts';
import type { CountedFiles, Workspace } from '../../ports/workspaces.ts';
import type { Uses } from '../tools.ts';
import { afterCodex } from './after-codex.ts';
import type { Progress } from './end.ts';
import { deny } from './show.ts';

/** A plan, and the merge that it was made on, written out. */
interface PlanToCarryOut {
  readonly plan: PlanEvidence;
  readonly workspace: Pick<Workspace, 'directory' | 'changes' | 'discardFiles'>;
}

/** What Codex did inside of the plan. */
export interface Work extends Pick<Parity, 'untouched'> {
  readonly edit: EditReport;
  /** None of them is outside of the plan; there may be none at all. */
  readonly changes: readonly FileChange[];
}

/**
 * A change outside of the plan ends the approval, however Codex ends. Otherwise whoever steers Codex could let it fail or
 * stall after such a change. A stop is temporary trouble and keeps the label, so Codex could try as often as it likes.
 *
 * So the files are read after a stop, too, and judged as after a good end. A build that was cut off can leave a file that it
 * would have removed. It looks the same as a file that a command wrote before it waited for the time limit, so it ends the
 * approval as well. This is rare: temporary folders lie outside of the workspace, and under after-run ignored files do not
 * count. People see the file, and that Codex had not finished, and can set the label again.
 *
 * Files that cannot be looked at end the approval if they would after a good end. Otherwise Codex could hide a change by
 * filling the disk, or by too many files, before it stalls.
 * @param counted which files count: by the enforcement of the policy
 * @param progress gets what is known of the work, for the record of a run that ends here
 * @throws Stopped outside-plan, operation-mismatch, path-invalid, and what the editor and the workspace throw
 */
export async function workInsidePlan(
  tools: Uses<'editor' | 'label' | 'log' | 'page' | 'report' | 'run'>,
  { plan: evidence, workspace }: PlanToCarryOut,
  counted: CountedFiles,
  progress: Progress,
): Promise<Work> {
  const { edit, stopped, declined } = await askCodex(tools, { plan: evidence, workspace });
  if (edit !== undefined) progress.edit = edit;
  progress.log = (edit ?? stopped).log;
  progress.refused = declined;
  // People must learn of a secret, and it ends the approval, too.
  if (stopped?.reason === 'secret-detected') throw stopped;
  if (edit !== undefined) tools.report.note(toCost(edit.usage));

  tools.log.step('Change');
  // What is decided already does not wait: the job may have been cancelled, and then there are seconds left.
  const isDecided = stopped !== undefined && declined.length > 0;
  const { changes, error } = isDecided ? nothing : await findChanges(workspace, counted);
  // After a failure nothing is done that could fail, too. Everything is removed at the end.
  if (edit !== undefined && error === undefined) workspace.discardFiles();
  const { denials, untouched } = checkParity(evidence.plan.files, changes);
  tools.log.progress(
    `Changes: ${changes.length}, outside of the plan: ${denials.length}, refused before: ${declined.length}`,
  );
  progress.refused = [...declined, ...denials];
  const [first, ...others] = progress.refused;
  if (first !== undefined) {
    if (error !== undefined) warnOf(error, { failed: unseen, log: tools.log });
    return deny(tools, evidence, [first, ...others], edit ?? notesOn(stopped, denials));
  }
  if (error !== undefined && voidsApproval(afterCodex(error), 'approve')) throw error;
  if (edit === undefined) {
    // The first error counts.
    if (error !== undefined) warnOf(error, { failed: unseen, log: tools.log });
    throw stopped;
  }
  if (error !== undefined) throw error;
  return { edit, changes, untouched };
}

const unseen = 'What Codex wrote could not be compared with the plan.';

/** How Codex ended, and which file changes were refused to it before it wrote them. */
type End = { readonly declined: readonly Denial[] } & (
  | { readonly edit: EditReport; readonly stopped?: never }
  | { readonly edit?: never; readonly stopped: CodexStopped }
);

/** @throws what kept Codex from being started */
async function askCodex(
  { editor }: Uses<'editor'>,
  { plan: evidence, workspace }: PlanToCarryOut,
): Promise<End> {
  try {
    const edit = await editor.carryOut({
      workspace: workspace.directory,
      prompt: evidence.prompt,
      plan: planJson(evidence.plan),
      instructions: evidence.instructions,
      struck: evidence.manifest.narrows?.paths ?? [],
      judge: judgeBy(evidence.plan.files),
    });
    return { edit, declined: edit.declined };
  } catch (error) {
    if (!(error instanceof CodexStopped)) throw error;
    return {
      stopped: error,
      declined: error instanceof StoppedAfterRefusal ? error.declined : [],
    };
  }
}

const nothing: Found = { changes: [] };

interface Found {
  readonly changes: readonly FileChange[];
  readonly error?: unknown;
}

/** @returns no changes, and the error, if the files could not be looked at */
async function findChanges(
  workspace: Pick<Workspace, 'changes'>,
  counted: CountedFiles,
): Promise<Found> {
  try {
    return { changes: await workspace.changes(counted) };
  } catch (error) {
    return { changes: [], error };
  }
}

/** Codex reported nothing. */
function notesOn({ message }: CodexStopped, found: readonly Denial[]) {
  const left =
    'It had not finished, so a file that was found may be one that it would have removed.';
  return { ...noEdit, warnings: found.length === 0 ? [message] : [message, left] };
}
