/** What people see of a verification, and how a drift is made final. */

import type { ValidApproval } from '../../checks/approval.ts';
import { findParticipants } from '../../checks/authority.ts';
import { asTold } from '../../checks/telling-stop.ts';
import { tryTo } from '../../core/first-error.ts';
import { Stopped } from '../../decision.ts';
import type { PlanningProgress } from '../../evidence/record-planning.ts';
import { newestJournal } from '../../evidence/records.ts';
import { bestEffort } from '../../page/best-effort.ts';
import { driftedState } from '../../page/comment-state.ts';
import { renderDrift } from '../../report/drift.ts';
import { reportMarker } from '../../report/markers.ts';
import { renderVerified } from '../../report/verified.ts';
import type { Uses } from '../tools.ts';
import { type Finding, recordDrifted } from './record.ts';

type DriftTools = Parameters<typeof recordDrifted>[0] &
  Uses<'label' | 'log' | 'page' | 'pullRequests' | 'rotation'>;

/**
 * Removes the label first, because the label opens the gate. Then it stores the evidence and writes the page.
 * @param find looks up what else the evidence and the page say of the drift
 * @throws Stopped `stopped`, or secret-detected: whatever fails here, the approval is over
 */
export async function stopDrifted(
  tools: DriftTools,
  { pull }: Pick<ValidApproval, 'pull'>,
  stopped: Stopped,
  progress: Pick<PlanningProgress, 'stored'>,
  find: () => Promise<Finding>,
): Promise<never> {
  const { label, log, report } = tools;
  report.note({ drift: true });
  let failure: unknown;
  let removed = false;
  const remove = async () => {
    removed = await label.tryRemove(pull.number);
  };
  await tryTo({ failed: 'The drift could not be recorded or shown.', log }, async () => {
    await remove();
    const telling = find().then((found) => recordAndShow(tools, found, stopped, progress, removed));
    await telling.catch((error: unknown) => {
      failure = error;
      throw error;
    });
  });
  if (!isSecret(failure)) throw stopped;
  // By itself it would not end a recorded approval, so nobody would try again.
  if (!removed) await tryTo({ failed: 'The label could not be removed.', log }, remove);
  throw failure;
}

/** People must learn of a secret in the evidence or on the page. It ends the approval, as the drift does. */
function isSecret(error: unknown): error is Stopped {
  return error instanceof Stopped && error.reason === 'secret-detected';
}

async function recordAndShow(
  tools: DriftTools,
  finding: Finding,
  stopped: Stopped,
  progress: Pick<PlanningProgress, 'stored'>,
  removed: boolean,
): Promise<void> {
  const { log, page, report, run } = tools;
  const { approved, way, comparison, causes } = finding;
  const { pull, plan } = approved;
  const turn = await tools.rotation.choose({
    pullRequest: pull.number,
    paths: plan.plan.files.map(({ path }) => path),
    participants: findParticipants(plan, pull),
    readJournals: async () => [newestJournal(plan, approved.life.records)],
  });
  const { verification, artifact } = await recordDrifted(tools, finding, turn);
  progress.stored = true;
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
  asTold(stopped);
  if (address !== undefined) report.note({ commentUrl: address });
  log.summarise(text);
  await bestEffort(log, async () => {
    const [comment] = await page.findPlanComments(pull.number, plan.planId);
    if (comment !== undefined) {
      await page.updateState(comment, plan, driftedState({ verification }));
    }
  });
  await tools.rotation.ask(turn, { pullRequest: pull.number, planId: plan.planId, why: 'drifted' });
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
