/** Shows an approval that an earlier run has recorded, if that run could not show it. */

import { type LifeTools, type PlanLife, readLife } from '../../checks/plan-life.ts';
import type { ApprovalEvidence } from '../../core/records/archive-contents.ts';
import { artifactUrl } from '../../evidence/addresses.ts';
import type { WithArtifact } from '../../evidence/genuine.ts';
import { noEdit } from '../../evidence/record-denial.ts';
import { bestEffort } from '../../page/best-effort.ts';
import { approvedState } from '../../page/comment-state.ts';
import { renderNotes } from '../../report/denial.ts';
import { changeMarker, reportMarker } from '../../report/markers.ts';
import { saysNotShown } from '../../report/stopped.ts';
import { renderApproved } from '../../report/votes.ts';
import type { Uses } from '../tools.ts';
import { showChange } from './show.ts';

/**
 * Without this, nobody would see the change of an approval whose run could write no comment. A comment that shows the
 * change stays as it is: it says more, since no record of an approval has what Codex was refused.
 */
export async function showAgain(
  tools: LifeTools & Uses<'log' | 'page' | 'run'>,
  { plan, pull }: PlanLife,
): Promise<void> {
  const { log, page } = tools;
  const number = plan.manifest.pull_request;
  await bestEffort(log, async () => {
    // Right before the plan comment is edited: if the label was set again in the meantime, an edit would end that vote.
    const { state, records } = await readLife(tools, pull, plan);
    if (state.is !== 'approved') return;
    const recorded = records.approvals.find(({ digest }) => digest === state.approval.digest);
    if (recorded === undefined) return;
    for (const comment of await page.findPlanComments(number, plan.planId)) {
      await page.updateState(comment, plan, approvedState(recorded));
    }
    const digest = recorded.approval.change_sha256;
    const changes = await page.find(number, changeMarker(plan.planId));
    if (changes.some(({ body }) => body.includes(digest))) await replaceNotShown(tools, recorded);
    else await showRecorded(tools, plan, recorded);
  });
}

async function showRecorded(
  tools: Uses<'log' | 'page' | 'run'>,
  plan: PlanLife['plan'],
  { approval, change: patch, artifact }: WithArtifact<ApprovalEvidence>,
): Promise<void> {
  const changed = new Set<string>(approval.files.map(({ path }) => path));
  const untouched = plan.plan.files.map(({ path }) => path).filter((path) => !changed.has(path));
  await showChange(tools, plan, approval, {
    patch,
    changes: approval.files,
    notes: renderNotes(untouched, { ...noEdit, warnings: [] }),
    artifactUrl: artifactUrl(tools.run, artifact.id, approval.run.id),
  });
}

/** The report of a run that could not show the approval is over, and a report of anything else stays. */
async function replaceNotShown(
  { page }: Uses<'page'>,
  { approval }: WithArtifact<ApprovalEvidence>,
): Promise<void> {
  const logins = approval.approvers.map(({ login }) => login);
  await page.writeReports(approval.pull_request, [
    {
      marker: reportMarker(approval.plan_id),
      body: renderApproved(approval.plan_id, logins),
      ifThere: true,
      leaves: (earlier) => !saysNotShown(earlier),
    },
  ]);
}
