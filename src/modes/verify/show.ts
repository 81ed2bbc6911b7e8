/** What people see of a verification, and how a drift is made final. */

import { findParticipants } from '../../checks/authority.ts';
import { asTold } from '../../checks/telling-stop.ts';
import type { Stopped } from '../../decision.ts';
import { newestJournal } from '../../evidence/records.ts';
import { bestEffort } from '../../page/best-effort.ts';
import { driftedState } from '../../page/comment-state.ts';
import { renderDrift } from '../../report/drift.ts';
import { reportMarker } from '../../report/markers.ts';
import { renderVerified } from '../../report/verified.ts';
import type { Uses } from '../tools.ts';
import { type Finding, recordDrifted } from './record.ts';

/** Removes the label first, because the label opens the gate. Then it stores the evidence and writes the page. */
export async function stopDrifted(
  tools: Parameters<typeof recordDrifted>[0] &
    Uses<'label' | 'log' | 'page' | 'pullRequests' | 'rotation'>,
  finding: Finding,
  stopped: Stopped,
  progress: { recorded?: true },
): Promise<never> {
  const { label, log, page, report, run } = tools;
  const { approved, way, comparison, causes } = finding;
  const { pull, plan } = approved;
  report.note({ drift: true });
  const removed = await label.tryRemove(pull.number);
  const turn = await tools.rotation.choose({
    pullRequest: pull.number,
    paths: plan.plan.files.map(({ path }) => path),
    participants: findParticipants(plan, pull),
    readJournals: async () => [newestJournal(plan, approved.life.records)],
  });
  const { verification, artifact } = await recordDrifted(tools, finding, turn);
  progress.recorded = true;
  const text = renderDrift({
    planId: plan.planId,
    way,
    comparison,
    ...causes,
    labelRemoved: removed,
    repositoryUrl: `${run.serverUrl}/${plan.manifest.repository.full_name}`,
    approved: {
      sha256: plan.manifest.plan_sha256,
      run: plan.manifest.run.id,
      artifact: plan.artifact.id,
    },
    regenerated: verification.regenerated?.plan_sha256 ?? null,
    found: { run: verification.run.id, artifact: artifact.id },
  });
  const address = await page.writeReport(pull.number, reportMarker(plan.planId), text);
  if (address !== undefined) report.note({ commentUrl: address });
  log.summarise(text);
  await bestEffort(log, async () => {
    const [comment] = await page.findPlanComments(pull.number, plan.planId);
    if (comment !== undefined) {
      await page.updateState(comment, plan, driftedState({ verification }));
    }
  });
  await tools.rotation.ask(turn, { pullRequest: pull.number, planId: plan.planId, why: 'drifted' });
  throw asTold(stopped);
}

/** Writes the summary, with the differences that were accepted, and notes the address of the plan comment. */
export async function showVerified(
  { log, page, report }: Uses<'log' | 'page' | 'report'>,
  { approved, way, basis, pins, comparison }: Finding,
): Promise<void> {
  const { pull, plan } = approved;
  const base = { ref: pull.baseRef, sha: pins.base };
  log.summarise(renderVerified({ planId: plan.planId, way, basis, base, diff: comparison.diff }));
  await bestEffort(log, async () => {
    const [comment] = await page.findPlanComments(pull.number, plan.planId);
    if (comment !== undefined) report.note({ commentUrl: comment.url });
  });
}
