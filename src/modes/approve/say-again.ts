/** Answers a label as an earlier run did, and shows what that run could not show. */

import type { PlanLife } from '../../checks/plan-life.ts';
import { artifactUrl } from '../../evidence/addresses.ts';
import { noEdit } from '../../evidence/record-denial.ts';
import { bestEffort } from '../../page/best-effort.ts';
import { approvedState } from '../../page/comment-state.ts';
import type { ModeResult } from '../../ports/outcome.ts';
import { renderNotes } from '../../report/denial.ts';
import { changeMarker } from '../../report/markers.ts';
import type { Uses } from '../tools.ts';
import { repeatRuling } from './ruling.ts';
import { showChange } from './show.ts';

/**
 * @returns the recorded approval, if it still holds; undefined if nothing is recorded about the label event
 * @throws Stopped as `repeatRuling`
 */
export async function sayAgain(
  tools: Parameters<typeof repeatRuling>[0] & Parameters<typeof showAgain>[0],
  life: PlanLife,
  event: { readonly id: string },
): Promise<ModeResult | undefined> {
  const repeated = await repeatRuling(tools, life, event);
  if (repeated !== undefined) await showAgain(tools, life);
  return repeated;
}

/**
 * Without this, nobody would see the change of an approval whose run could write no comment. A comment that shows the
 * change stays as it is: it says more, since no record of an approval has what Codex was refused.
 */
export async function showAgain(
  { log, page, run }: Uses<'log' | 'page' | 'run'>,
  { state, plan, records }: PlanLife,
): Promise<void> {
  if (state.is !== 'approved') return;
  const recorded = records.approvals.find(({ digest }) => digest === state.approval.digest);
  if (recorded === undefined) return;
  const { approval, change: patch, artifact } = recorded;
  const number = plan.manifest.pull_request;
  await bestEffort(log, async () => {
    const changes = await page.find(number, changeMarker(plan.planId));
    if (changes.some(({ body }) => body.includes(approval.change_sha256))) return;
    const changed = new Set<string>(approval.files.map(({ path }) => path));
    const untouched = plan.plan.files.map(({ path }) => path).filter((path) => !changed.has(path));
    await showChange({ log, page }, plan, approval, {
      patch,
      changes: approval.files,
      notes: renderNotes(untouched, { ...noEdit, warnings: [] }),
      artifactUrl: artifactUrl(run, artifact.id, approval.run.id),
    });
    for (const comment of await page.findPlanComments(number, plan.planId)) {
      await page.updateState(comment, plan, approvedState({ approval }));
    }
  });
}
