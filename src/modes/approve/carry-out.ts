/** Lets Codex carry out a plan, and seals what it changed. */

import type { PlanLife } from '../../checks/plan-life.ts';
import type { StepResult } from '../../checks/stated-pull.ts';
import { asRecorded } from '../../checks/telling-stop.ts';
import { followingUp } from '../../core/first-error.ts';
import { last } from '../../core/lists.ts';
import { type FileChange, type FileState, sameState } from '../../core/plan/scope.ts';
import { codexSettings } from '../../core/policy/codex-settings.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { Approval } from '../../core/records/approval.ts';
import type { PlanEvidence } from '../../core/records/archive-contents.ts';
import { Stopped, toStopped, voidsApproval } from '../../decision.ts';
import type { DenialTools } from '../../evidence/record-denial.ts';
import type { RefuseSecrets } from '../../ports/runner.ts';
import type { CountedFiles, Workspace } from '../../ports/workspaces.ts';
import { renderNotes } from '../../report/denial.ts';
import type { Uses } from '../tools.ts';
import { afterCodex } from './after-codex.ts';
import { type Progress, recordWork, tellEnd } from './end.ts';
import { nothingChanged } from './nothing-changed.ts';
import { repeatRuling } from './ruling.ts';
import { type Sealed, type SealInputs, seal, type VotedPlan } from './seal.ts';
import { type ChangeToShow, refuseShownSecrets, type ShownPlan, showChange } from './show.ts';
import { type Work, workInsidePlan } from './work.ts';

/** A plan that Codex is to implement, in the merge that the plan was made on. */
interface PlanInWorkspace extends VotedPlan, ShownPlan {
  readonly plan: VotedPlan['plan'];
  readonly workspace: Pick<
    Workspace,
    'directory' | 'changes' | 'discardFiles' | 'treeWith' | 'blobs' | 'patch'
  >;
}

/** The good end: the approval is recorded. */
interface CarriedOut {
  readonly result: StepResult;
  /** Null if another run had recorded the approval before. */
  readonly approval: Approval | null;
}

type CarryOutTools = Parameters<typeof seal>[0] &
  Parameters<typeof repeatRuling>[0] &
  DenialTools &
  Uses<'editor' | 'label' | 'log' | 'page' | 'refuseSecrets' | 'rotation'>;

/**
 * A run that does not end in an approval is recorded, whatever Codex did: this is the final answer to the label event.
 * @throws Stopped outside-plan, operation-mismatch, path-invalid, nothing-changed, base-moved, and what the editor and
 *   the sealing throw
 */
export async function carryOut(
  tools: CarryOutTools,
  inputs: SealInputs & { readonly profile?: string | undefined },
  approved: PlanInWorkspace,
): Promise<CarriedOut> {
  const progress: Progress = { refused: [] };
  const stop = async (stopped: Stopped): Promise<never> => {
    await tellEnd(tools, approved, progress, stopped);
    throw stopped;
  };
  let outcome: Outcome;
  try {
    outcome = await editAndSeal(tools, inputs, approved, progress);
  } catch (caught) {
    if (progress.log === undefined) throw caught;
    return stop(afterCodex(caught));
  }
  if ('answeredBefore' in outcome) {
    const { answeredBefore } = outcome;
    const failed = 'What Codex did could not be recorded.';
    const result = await followingUp(
      { failed, log: tools.log },
      () => repeat(tools, answeredBefore, approved),
      // After the records that answered: the journal goes on with theirs.
      (error) =>
        recordWork(tools, { ...approved, life: answeredBefore }, progress, toStopped(error)),
    );
    return { result, approval: null };
  }
  try {
    await showSealed(tools, approved.plan, outcome);
  } catch (caught) {
    // The approval is recorded, and only a record can end it. After temporary trouble it stays valid.
    const stopped = toStopped(caught);
    if (voidsApproval(stopped, 'approve')) return stop(stopped);
    throw asRecorded(stopped);
  }
  return { result: outcome.sealed, approval: outcome.approval };
}

/** The change is sealed, or another run had answered the label before: then the change of this run is dropped. */
type Outcome = SealedChange | Extract<Sealed, { readonly answeredBefore: PlanLife }>;

interface SealedChange
  extends Extract<Sealed, { readonly sealed: StepResult }>,
    Pick<Work, 'edit' | 'untouched'> {
  readonly change: ChangeToShow;
}

async function editAndSeal(
  tools: CarryOutTools,
  inputs: SealInputs & { readonly profile?: string | undefined },
  approved: PlanInWorkspace,
  progress: Progress,
): Promise<Outcome> {
  const { plan: evidence, workspace } = approved;
  const { plan, planId } = evidence;
  tools.log.step('Codex at work');
  tools.log.progress(`Codex implements plan ${planId} in a separate workspace`);
  const policy = await tools.policy.read();
  const counted = countFiles(policy, inputs.profile, evidence);
  const { edit, changes, untouched } = await workInsidePlan(tools, approved, counted, progress);
  if (changes.length === 0) throw nothingChanged(edit);
  if (untouched.length > 0 && policy.plans.untouched === 'deny') {
    const left = untouched.map((path) => JSON.stringify(path)).join(', ');
    throw new Stopped('untouched-denied', `Codex did not change ${left} (plans.untouched: deny).`);
  }
  tools.log.progress(`${changes.length} of ${plan.files.length} planned files changed`);
  checkStart(evidence, changes);
  // A change that could not be committed must not be approved.
  await workspace.treeWith(evidence.manifest.head.sha, changes);
  await checkContents(tools.refuseSecrets, workspace, changes);
  const patch = await workspace.patch(changes);
  const change = { patch, changes, notes: renderNotes(untouched, edit) };
  refuseShownSecrets(tools.refuseSecrets, planId, change, untouched);
  const outcome = await seal(tools, inputs, { ...approved, patch, changes, edit });
  return 'answeredBefore' in outcome ? outcome : { ...outcome, edit, untouched, change };
}

async function showSealed(
  tools: Uses<'log' | 'page'>,
  plan: PlanEvidence,
  { approval, artifactUrl, edit, untouched, change }: SealedChange,
): Promise<void> {
  tools.log.step('Published');
  tools.log.progress(`Sealed change: ${artifactUrl}`);
  for (const warning of edit.warnings) tools.log.warn(warning);
  for (const path of untouched) tools.log.warn(`Planned, but not changed: ${path}`);
  await showChange(tools, plan, approval, { ...change, artifactUrl });
}

/** The answer that another run recorded about the label while Codex worked here. */
async function repeat(
  tools: Parameters<typeof repeatRuling>[0],
  life: PlanLife,
  { votes }: VotedPlan,
): Promise<StepResult> {
  const result = await repeatRuling(tools, life, last(votes).event);
  if (result !== undefined) return result;
  throw new Stopped('internal', 'The label was answered, and then it was not.');
}

/** If Codex may run builds, the ignored files that they leave are no part of the change. */
function countFiles(
  policy: Policy,
  profile: string | undefined,
  { plan }: PlanEvidence,
): CountedFiles {
  return codexSettings(policy, profile).enforcement === 'after-run'
    ? { unignoredAnd: plan.files.map((file) => file.path) }
    : 'all';
}

/** Each change must start from what the manifest says was there. */
function checkStart({ manifest }: PlanEvidence, changes: readonly FileChange[]): void {
  const planned = new Map(
    manifest.files.map(({ path, mode, blob }): [string, FileState | null] => [
      path,
      mode === null ? null : { mode, blob },
    ]),
  );
  for (const change of changes) {
    if (!sameState(change.before, planned.get(change.path) ?? null)) {
      throw new Stopped(
        'base-moved',
        `${JSON.stringify(change.path)} is not what it was when it was planned.`,
      );
    }
  }
}

/** Search the files themselves: git compresses binary files inside a patch, and a compressed secret cannot be found. */
async function checkContents(
  refuseSecrets: RefuseSecrets,
  workspace: Pick<Workspace, 'blobs'>,
  changes: readonly FileChange[],
): Promise<void> {
  const contents = await workspace.blobs(changes.flatMap(({ after }) => after?.blob ?? []));
  for (const { path, after } of changes) {
    if (after !== null) refuseSecrets(JSON.stringify(path), contents.get(after.blob) as Uint8Array);
  }
}
