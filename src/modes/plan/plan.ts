/**
 * Mode plan: authorise the requester, freeze the prompt, let Codex plan read-only on the merge, and publish the plan
 * as evidence and on the page.
 */

import { type Plan, parsePlan } from '../../core/plan/plan.ts';
import { freezePrompt, type Prompt, PromptError } from '../../core/plan/prompt.ts';
import { statesInHead } from '../../core/plan/states-in-head.ts';
import { impactedTests } from '../../core/policy/policy.ts';
import {
  type Members,
  type PlanEvidence,
  readPlanEvidence,
} from '../../core/records/archive-contents.ts';
import { sha256 } from '../../core/text/digest.ts';
import { Stopped } from '../../decision.ts';
import type { DenialRooms } from '../../evidence/record-denial.ts';
import { codexInputs, commonInputs, inputSchema } from '../../inputs.ts';
import { bestEffort } from '../../page/best-effort.ts';
import { buildPlanView, planCommentBody } from '../../page/plan-view.ts';
import { CodexStopped, type Proposal } from '../../ports/agent.ts';
import type { PublishedArtifact } from '../../ports/artifacts.ts';
import type { ModeResult } from '../../ports/outcome.ts';
import type { PullRequest } from '../../ports/pull-requests.ts';
import { defineMode } from '../mode.ts';
import type { Uses } from '../tools.ts';
import { packDraft } from './draft.ts';
import { type Progress, recordEnd } from './record-end.ts';
import { type PlanningJob, type Request, readRequest } from './request.ts';

export const plan = defineMode({
  inputs: inputSchema({ ...commonInputs, ...codexInputs }),
  needs: [
    'run',
    'clock',
    'policy',
    'brakes',
    'authority',
    'provenance',
    'evidence',
    'records',
    'targets',
    'label',
    'page',
    'planView',
    'merges',
    'planner',
    'warmUp',
    'log',
    'report',
    'keepForLaterSteps',
    'findSecret',
  ],
  run: async (tools, inputs) => {
    try {
      return await planRequest(tools, readRequest(tools, inputs));
    } catch (error) {
      if (error instanceof Stopped) await showFailure(tools, error);
      throw error;
    }
  },
});

type PlanTools = Parameters<typeof proposePlan>[0] & Uses<'authority' | 'brakes' | 'provenance'>;

async function planRequest(tools: PlanTools, request: Request): Promise<ModeResult> {
  const { authority, brakes, label, policy, provenance, report } = tools;
  report.note({ pullRequest: request.pullRequest });
  await provenance.checkTrustedRun();
  const startedBy = await authority.authoriseRequester(request.requester);
  if (request.commentId !== null) await tools.page.react(request.commentId, 'eyes');
  await brakes.checkNotPaused();
  const prompt = freeze(request.text, (await policy.read()).limits['prompt-kib']);
  report.note({ promptSha256: sha256(prompt) });

  const pull = await tools.targets.readOpen(request.pullRequest);
  // A label that approved an earlier plan can have been renamed; only its removal is remembered by GitHub for good.
  await label.remove(pull.number, () => tools.evidence.findApprovalLabels(pull.number));
  try {
    const result = await proposePlan(tools, { request, startedBy, pull, prompt });
    // A label that was set while Codex planned approved something else.
    await label.remove(pull.number);
    return result;
  } catch (error) {
    await label.tryRemove(pull.number);
    throw error;
  }
}

/** Plans on the merge of this moment, and publishes what came of it. If nothing did, what Codex did is recorded. */
async function proposePlan(tools: ProposeTools, job: PlanningJob): Promise<ModeResult> {
  const progress: Progress = {};
  try {
    return await planAndPublish(tools, job, progress);
  } catch (error) {
    const codexRan = progress.proposal !== undefined || error instanceof CodexStopped;
    if (codexRan && progress.stored === undefined && error instanceof Stopped) {
      await recordEnd(tools, job, progress, error);
    }
    throw error;
  }
}

type ProposeTools = DenialRooms &
  Uses<
    | 'run'
    | 'clock'
    | 'policy'
    | 'brakes'
    | 'evidence'
    | 'records'
    | 'targets'
    | 'label'
    | 'page'
    | 'planView'
    | 'merges'
    | 'planner'
    | 'warmUp'
    | 'log'
    | 'report'
    | 'keepForLaterSteps'
  >;

async function planAndPublish(
  tools: ProposeTools,
  job: PlanningJob,
  progress: Progress,
): Promise<ModeResult> {
  const { evidence, label, log, merges, page, report } = tools;
  const { pull } = job;
  tools.warmUp();
  report.note({ headSha: pull.head.sha });
  const pins = await merges.pin(pull);
  log.progress(`Planning on head ${pins.head} and base ${pins.base}`);
  const workspace = await merges.build(pins);
  await tools.brakes.checkRunsLeft(pull.number);
  const { prompt } = job;
  const { directory } = workspace;
  const proposal = await tools.planner.propose({ workspace: directory, prompt, anchor: null });
  progress.proposal = proposal;
  const policy = await tools.policy.read();
  const proposed = readProposal(proposal, policy.limits.files);
  const [merged, head] = await Promise.all([
    workspace.files(workspace.commit),
    workspace.files(pins.head),
  ]);
  const files = statesInHead(proposed.files, merged, head);

  const createdAt = tools.clock.now();
  const journal = await evidence.planJournalOfEarlierAttempt(pull.number);
  const { commit, tree } = workspace;
  const packed = packDraft(
    { ...job, pins, workspace: { commit, tree }, plan: proposed, files, proposal },
    {
      ...(await tools.records.describe()),
      repository: tools.run.repository,
      effectivePolicy: await tools.policy.effective(),
      instructions: '',
      createdAt,
      journal,
    },
  );
  const draft = readPlanEvidence(packed);
  const withPlaceholder = { ...draft, artifact: longestArtifact };
  const view = await buildPlanView(withPlaceholder, workspace, policy, tools.planView);
  // Before it is stored: a plan that nobody could approve must not get in the way of an older one.
  planCommentBody(view);
  const artifact = await storePlan(tools, packed, draft);
  progress.stored = true;
  const body = planCommentBody({ ...view, artifact });
  await checkUnmoved(tools, pull);
  // If the token may not create it, somebody does by hand.
  await bestEffort(log, () => label.ensureExists());
  const comment = await page.publishPlan(pull.number, body);
  report.note({ commentUrl: comment.url });
  await page.supersedeOthers(pull.number, draft.planId);
  log.summarise(body);
  return { decision: 'planned', detail: `The plan ${draft.planId} awaits approval.` };
}

/** @throws Stopped plan-invalid, path-invalid, limit-exceeded */
function readProposal({ answer }: Proposal, maxFiles: number): Plan {
  const plan = parsePlan(answer, maxFiles);
  if (plan.files.length > 0) return plan;
  throw new Stopped('plan-invalid', 'The plan names no file, so there is nothing to approve.');
}

function freeze(text: string, maxKib: number): Prompt {
  try {
    return freezePrompt(text, maxKib);
  } catch (error) {
    if (error instanceof PromptError) throw new Stopped('prompt-rejected', error.message);
    throw error;
  }
}

/** A placeholder as long as any real artifact reference, to measure the comment before the artifact exists. */
const longestArtifact: PublishedArtifact = {
  id: Number.MAX_SAFE_INTEGER,
  digest: `sha256:${'0'.repeat(64)}`,
};

async function storePlan(
  {
    evidence,
    keepForLaterSteps,
    policy,
    report,
  }: Uses<'evidence' | 'keepForLaterSteps' | 'policy' | 'report'>,
  members: Members,
  { planId, manifest, plan: { files } }: PlanEvidence,
): Promise<PublishedArtifact> {
  const artifact = await evidence.publish('plan', manifest.pull_request, members);
  const paths = files.map((file) => file.path);
  report.note({
    planId,
    planSha256: manifest.plan_sha256,
    files: paths,
    artifactId: artifact.id,
    artifactUrl: artifact.url,
    impactedTests: impactedTests(await policy.read(), paths),
    evidencePath: await keepForLaterSteps('plan', members),
  });
  return artifact;
}

/** The last look before the plan is shown: a push while Codex planned makes it about something that is gone. */
async function checkUnmoved({ targets }: Uses<'targets'>, planned: PullRequest): Promise<void> {
  const now = await targets.readOpen(planned.number);
  if (now.head.sha !== planned.head.sha || now.baseRef !== planned.baseRef) {
    throw new Stopped('head-moved', 'The pull request changed while Codex planned.');
  }
}

/** Says on the request itself that no plan will come of it; nothing to people who may not ask. */
async function showFailure(
  { page, run: { trigger } }: Uses<'page' | 'run'>,
  { decision, reason }: Stopped,
): Promise<void> {
  const mayAsk = reason !== 'actor-denied' && reason !== 'bot-denied';
  if (trigger.kind === 'comment' && mayAsk && decision !== 'ignored') {
    await page.react(trigger.commentId, 'confused');
  }
}
