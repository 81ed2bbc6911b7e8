/** Lets Codex plan on the merge of the current head and base, and publishes the plan. */

import { checkUnlocked } from '../../checks/targets.ts';
import { sha256 } from '../../core/text/digest.ts';
import type { DenialTools } from '../../evidence/record-denial.ts';
import { type PlanningProgress, recordingPlanning } from '../../evidence/record-planning.ts';
import { checkPromptFits } from '../../page/plan-view.ts';
import type { Uses } from '../tools.ts';
import { askCodex } from './ask-codex.ts';
import { describeScope, describeToolchain } from './describe.ts';
import { checkPossible } from './possible.ts';
import { prepareMerge } from './prepare-merge.ts';
import { type PublishedPlan, type PublishTools, publishPlan } from './publish.ts';
import type { PlanningJob } from './request.ts';

export type MakeTools = PublishTools &
  DenialTools &
  Uses<'brakes' | 'instructions' | 'log' | 'merges' | 'planner' | 'policy' | 'report' | 'warmUp'>;

/** Plans, and publishes the plan. If there is no plan, what Codex did is recorded. */
export async function makePlan(tools: MakeTools, job: PlanningJob): Promise<PublishedPlan> {
  const { pull, startedBy: actor } = job;
  const step = { mode: 'plan', pullRequest: pull.number, plan: null, actor, journal: '' } as const;
  return recordingPlanning(tools, step, (progress) => planAndPublish(tools, job, progress));
}

async function planAndPublish(
  tools: MakeTools,
  job: PlanningJob,
  progress: PlanningProgress,
): Promise<PublishedPlan> {
  const { log, merges, report } = tools;
  const { pull, prompt, requests, startedBy } = job;
  checkUnlocked(pull);
  checkPromptFits(prompt);
  tools.warmUp('codex');
  const instructions = await tools.instructions.read();
  report.note({ headSha: pull.head.sha, promptSha256: sha256(prompt) });
  const { directory } = await merges.reserve();
  // Codex starts at the same time, but gets its prompt only after all of this is done.
  const ready = prepareMerge(tools, pull, { directory });
  const ground = { directory, ready };
  const { plan: proposed, proposal } = await askCodex(tools, job, ground, instructions, progress);
  const { pins, workspace } = await ready;
  workspace.discardFiles();
  log.progress(describeToolchain(proposal.toolchain));
  log.step('Plan');
  log.progress(describeScope(proposed));
  const files = await checkPossible(tools, proposed.files, workspace, pins.head);

  const draft = {
    pull,
    requests,
    prompt,
    narrows: null,
    head: pull.head,
    base: { ref: pull.baseRef, sha: pins.base },
    workspace: { commit: workspace.commit, tree: workspace.tree },
    mergeBase: workspace.mergeBases[0],
    plan: proposed,
    files,
    toolchain: proposal.toolchain,
    usage: proposal.usage,
    log: proposal.log,
    instructions,
    journalBefore: '',
    madeBy: { person: startedBy, event: 'planned' },
    returned: proposed.files.map(({ path }) => path).filter((path) => job.struck.includes(path)),
  } as const;
  return publishPlan(tools, draft, pull, workspace, progress);
}
