/** What every step that relies on a recorded approval does around its own work. */

import { Stopped } from '../decision.ts';
import type { Provenance } from '../evidence/provenance.ts';
import type { EvidenceStore } from '../evidence/store.ts';
import type { Page } from '../page/page.ts';
import type { ModeResult, Report } from '../ports/outcome.ts';
import type { PullRequest } from '../ports/pull-requests.ts';
import type { WorkflowRun } from '../ports/run.ts';
import type { Authority } from './authority.ts';
import type { Brakes } from './brakes.ts';
import type { ApprovalLabel } from './label.ts';
import { type StepResult, type TellTools, tellingState } from './stated-pull.ts';
import type { Targets } from './targets.ts';
import { type StopProgress, tellingStop } from './telling-stop.ts';

interface FrameTools extends TellTools {
  readonly provenance: Provenance;
  readonly authority: Authority;
  readonly targets: Targets;
  readonly evidence: EvidenceStore;
  readonly page: Page;
  readonly label: ApprovalLabel;
  readonly report: Report;
  readonly brakes: Brakes;
  readonly run: WorkflowRun;
}

export interface TargetInputs {
  readonly pullRequest?: number | undefined;
  readonly whenMissing?: 'fail' | 'pass' | undefined;
}

/**
 * Runs a step on the open pull request that the run is about, if this run is allowed to act. If the step stops for a
 * reason that ends the approval, the label is removed.
 * @throws Stopped what the step throws; plan-missing, as ignored, if there is no plan and the inputs allow that
 */
export async function runAfterApproval(
  tools: FrameTools,
  inputs: TargetInputs,
  name: 'verify' | 'execute',
  step: (pull: PullRequest, progress: StopProgress) => Promise<StepResult>,
): Promise<ModeResult> {
  await tools.provenance.checkTrustedRun();
  await tools.authority.authoriseCommenter();
  const number = tools.targets.findNumber(inputs.pullRequest);
  tools.report.note({ pullRequest: number });
  return tellingStop(tools, number, name, (progress) =>
    tellingState(tools, number, () =>
      tools.label.removingIfVoid(number, 'later', async () => {
        await tools.brakes.checkNotPaused();
        if (inputs.whenMissing === 'pass') await checkPlanned(tools, number);
        return step(await readTarget(tools, number), progress);
      }),
    ),
  );
}

/** The open pull request as it is now, with its head in the report. */
export async function readTarget(
  { targets, report }: { readonly targets: Targets; readonly report: Report },
  number: number,
): Promise<PullRequest> {
  const pull = await targets.readOpen(number);
  report.note({ headSha: pull.head.sha });
  return pull;
}

/**
 * Artifacts of forks do not count as a plan; a plan whose evidence has expired does, as long as its comment exists.
 * @throws Stopped plan-missing, as ignored
 */
async function checkPlanned(
  { evidence, page, report }: Pick<FrameTools, 'evidence' | 'page' | 'report'>,
  number: number,
): Promise<void> {
  if (await evidence.mayHavePlan(number)) return;
  if (await page.showsAnyPlan(number)) return;
  report.note({ state: 'none' });
  throw new Stopped('plan-missing', 'No plan was ever published for this pull request.', {
    decision: 'ignored',
  });
}
