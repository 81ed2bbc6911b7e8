/** What people see of Codex's work on a plan. Nothing here decides. */

import { asTold, isTold } from '../../checks/telling-stop.ts';
import { warnOf } from '../../core/first-error.ts';
import type { NonEmpty } from '../../core/lists.ts';
import type { Denial } from '../../core/plan/attempts.ts';
import type { Approval } from '../../core/records/approval.ts';
import type { PlanEvidence } from '../../core/records/archive-contents.ts';
import type { DenialRecord } from '../../core/records/denial.ts';
import { type PlanId, sha256 } from '../../core/text/digest.ts';
import { Stopped, voidsApproval } from '../../decision.ts';
import { runUrl } from '../../evidence/addresses.ts';
import { noEdit } from '../../evidence/record-denial.ts';
import { bestEffort } from '../../page/best-effort.ts';
import { denialState } from '../../page/comment-state.ts';
import type { Comment } from '../../ports/comments.ts';
import type { RefuseSecrets } from '../../ports/runner.ts';
import { type ChangeView, renderChange } from '../../report/change.ts';
import { type ReviewNotes, renderDenial, renderEnded } from '../../report/denial.ts';
import { changeMarker, reportMarker } from '../../report/markers.ts';
import { renderApproved } from '../../report/votes.ts';
import type { Uses } from '../tools.ts';

/** A plan and the comment that shows it. */
export interface ShownPlan {
  readonly plan: PlanEvidence;
  readonly comment: Comment;
}

/** Says why there is no approval, and what Codex was refused. After temporary trouble the comment is not changed. */
export async function showEnd(
  { label, log, page, run }: Uses<'label' | 'log' | 'page' | 'run'>,
  { plan, comment }: ShownPlan,
  { edit }: { readonly edit?: ReviewNotes },
  stopped: Stopped,
  denial: DenialRecord | undefined,
): Promise<void> {
  if (!voidsApproval(stopped, 'approve')) return;
  if (!isTold(stopped)) {
    const { pull_request: number } = plan.manifest;
    const removed = await label.tryRemove(number);
    const { reason, message: detail } = stopped;
    const view = { reason, detail, runUrl: runUrl(run) };
    const text = renderEnded(plan.planId, view, edit ?? { ...noEdit, warnings: [] }, removed);
    await page.writeReport(number, reportMarker(plan.planId), text);
    log.summarise(text);
    asTold(stopped);
  }
  if (denial === undefined) return;
  await bestEffort(log, async () => {
    // Somebody may have set the label since then, and an edit of the comment would end that vote.
    if (await label.wasSetAgain(plan.manifest.pull_request)) return;
    await page.updateState(comment, plan, denialState({ denial }));
  });
}

/**
 * Names every refused file to the reviewers. The whole change is dropped.
 * @throws Stopped with the reason of the worst file, whatever fails while it is shown; secret-detected if that would show a
 *   secret: people must learn of it, and it ends the approval, too
 */
export async function deny(
  { label, log, page, report, run }: Uses<'label' | 'log' | 'page' | 'report' | 'run'>,
  { planId, manifest }: PlanEvidence,
  denials: NonEmpty<Denial>,
  edit: ReviewNotes,
): Promise<never> {
  const deniedFiles = [...new Set(denials.map((denial) => denial.path))].sort();
  report.note({ deniedFiles });
  const worst = denials.find(({ reason }) => reason === 'outside-plan') ?? denials[0];
  const files = deniedFiles.map((path) => JSON.stringify(path)).join(', ');
  const stopped = new Stopped(worst.reason, `Not approved: ${files}.`);
  try {
    const removed = await label.tryRemove(manifest.pull_request);
    const summary = renderDenial(planId, denials, edit, removed, runUrl(run));
    const address = await page.writeReport(manifest.pull_request, reportMarker(planId), summary);
    // Not before: if nothing is told here, the end of the run is told in another way.
    asTold(stopped);
    if (address !== undefined) report.note({ commentUrl: address });
    log.summarise(summary);
  } catch (error) {
    if (error instanceof Stopped && error.reason === 'secret-detected') throw error;
    warnOf(error, { failed: 'The denial could not be shown.', log });
  }
  throw stopped;
}

/** A change, with notes for reviewers, as it is shown once it is sealed. */
export type ChangeToShow = Pick<ChangeView, 'patch' | 'changes' | 'notes'>;

/**
 * Looks for secrets in all that would show a change, before the change is sealed. Afterwards there would be an approval,
 * and nobody could see what it is about.
 * @param untouched planned files that did not change; the comment leaves some out if there are many, and the log does not
 * @throws Stopped secret-detected
 */
export function refuseShownSecrets(
  refuseSecrets: RefuseSecrets,
  planId: PlanId,
  change: ChangeToShow,
  untouched: readonly string[],
): void {
  const view = { ...change, planId, digest: sha256(change.patch), artifactUrl: '' };
  refuseSecrets('the comment that shows the change', renderChange(view));
  refuseSecrets('the log', untouched.join('\n'));
}

/** Shows the sealed change. What an earlier report said is replaced. */
export async function showChange(
  { log, page }: Uses<'log' | 'page'>,
  { planId, manifest }: PlanEvidence,
  { approvers, change_sha256: digest }: Approval,
  view: ChangeToShow & Pick<ChangeView, 'artifactUrl'>,
): Promise<void> {
  const change = renderChange({ ...view, planId, digest });
  const logins = approvers.map(({ login }) => login);
  await page.writeReports(
    manifest.pull_request,
    [
      { marker: changeMarker(planId), body: change },
      { marker: reportMarker(planId), body: renderApproved(planId, logins), ifThere: true },
    ],
    { settles: true },
  );
  log.summarise(change);
}
