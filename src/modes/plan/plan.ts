/**
 * Mode plan: authorise the requester, freeze the prompt, let Codex plan read-only on the merge, and publish the plan
 * as evidence and on the pull request. A plan can also be revised, narrowed and withdrawn.
 */

import { readNewLife } from '../../checks/plan-life.ts';
import { tellingState } from '../../checks/stated-pull.ts';
import { checkUnlocked } from '../../checks/targets.ts';
import { planJson } from '../../core/plan/plan.ts';
import { freezeRequest, type Prompt, PromptError } from '../../core/plan/prompt.ts';
import { statesInHead } from '../../core/plan/states-in-head.ts';
import { codexSettings } from '../../core/policy/codex-settings.ts';
import { checkRules } from '../../core/policy/rules.ts';
import type { Person } from '../../core/records/fields.ts';
import { sha256 } from '../../core/text/digest.ts';
import { CodexStopped, Stopped } from '../../decision.ts';
import type { DenialRooms } from '../../evidence/record-denial.ts';
import { codexInputs, commonInputs, inputSchema } from '../../inputs.ts';
import type { ModeResult } from '../../ports/outcome.ts';
import type { PullRequest } from '../../ports/pull-requests.ts';
import type { Workspace } from '../../ports/workspaces.ts';
import { defineMode } from '../mode.ts';
import type { Uses } from '../tools.ts';
import { addRequest, readEarlierPlan, readRequests } from './earlier-plan.ts';
import { refuseUnknownVerb, showHelp } from './help.ts';
import { narrow } from './narrow.ts';
import { askCodex } from './propose.ts';
import { type PublishedPlan, type PublishTools, publishPlan } from './publish.ts';
import { type Progress, recordEnd } from './record-end.ts';
import { type FrozenRequest, type PlanningJob, type Request, readRequest } from './request.ts';
import { withdrawPlan } from './withdraw.ts';

export const plan = defineMode({
  inputs: inputSchema({ ...commonInputs, ...codexInputs }),
  needs: [
    'run',
    'clock',
    'policy',
    'instructions',
    'brakes',
    'authority',
    'provenance',
    'evidence',
    'records',
    'targets',
    'label',
    'page',
    'rotation',
    'planView',
    'merges',
    'planner',
    'warmUp',
    'log',
    'report',
    'keepForLaterSteps',
    'findSecret',
    'pullRequests',
    'requests',
    'status',
  ],
  run: async (tools, inputs) => {
    try {
      const request = readRequest(tools, inputs);
      switch (request.verb) {
        case 'help':
          return await showHelp(tools, request, inputs.command);
        case 'unknown':
          return await refuseUnknownVerb(tools, request, inputs.command);
        case 'withdraw':
          return await withdrawPlan(tools, request);
        default:
          return await planRequest(tools, request);
      }
    } catch (error) {
      if (error instanceof Stopped) await showFailure(tools, error);
      throw error;
    }
  },
});

type PlanTools = PublishTools &
  DenialRooms &
  Uses<
    | 'authority'
    | 'brakes'
    | 'instructions'
    | 'merges'
    | 'planner'
    | 'provenance'
    | 'pullRequests'
    | 'requests'
    | 'status'
    | 'warmUp'
  >;

async function planRequest(tools: PlanTools, request: Request): Promise<ModeResult> {
  const { authority, brakes, label, provenance, report } = tools;
  report.note({ pullRequest: request.pullRequest });
  await provenance.checkTrustedRun();
  const startedBy = await authority.authoriseRequester(request.requester);
  if (request.commentId !== null) await tools.page.react(request.commentId, 'eyes');
  await brakes.checkNotPaused();
  const make =
    request.verb === 'without'
      ? (pull: PullRequest) => narrow(tools, request, pull)
      : await preparePlanning(tools, request, startedBy);

  const pull = await tools.targets.readOpen(request.pullRequest);
  await checkDraft(tools, pull);
  // A label that approved an earlier plan can have been renamed; only its removal is remembered by GitHub for good.
  await label.remove(pull.number, () => tools.evidence.findApprovalLabels(pull.number));
  return tellingState(tools, pull.number, async () => {
    try {
      const { published, ...result } = await make(pull);
      const now = await tools.pullRequests.read(pull.number);
      // A label that was set while Codex planned approved something else.
      await label.remove(pull.number);
      return { ...result, life: await readNewLife(tools, now, published) };
    } catch (error) {
      await label.tryRemove(pull.number);
      throw error;
    }
  });
}

/**
 * Freezes the request before anything else is asked about it.
 * @returns plans it
 * @throws Stopped prompt-rejected
 */
async function preparePlanning(
  tools: PlanTools,
  request: Request,
  startedBy: Person,
): Promise<(pull: PullRequest) => Promise<PublishedPlan>> {
  const text = await freeze(tools, request.text);
  return async (pull) => propose(tools, await readJob(tools, request, text, startedBy, pull));
}

/** What Codex is to plan: the request alone, or the newest plan's requests and this one. */
async function readJob(
  tools: Uses<'evidence' | 'pullRequests' | 'label' | 'requests' | 'clock'>,
  { verb, commentId, requester }: Request,
  text: Prompt,
  startedBy: Person,
  pull: PullRequest,
): Promise<PlanningJob> {
  const added: FrozenRequest = { commentId, requester, text };
  if (verb !== 'revise') {
    return { requests: [added], startedBy, pull, prompt: text, revises: null };
  }
  const { plan: earlier } = await readEarlierPlan(tools, pull);
  const { requests, prompt } = addRequest(readRequests(earlier), added);
  return { requests, startedBy, pull, prompt, revises: planJson(earlier.plan) };
}

/** Plans on the merge of this moment, and publishes what came of it. If nothing did, what Codex did is recorded. */
async function propose(tools: PlanTools, job: PlanningJob): Promise<PublishedPlan> {
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

async function planAndPublish(
  tools: PlanTools,
  job: PlanningJob,
  progress: Progress,
): Promise<PublishedPlan> {
  const { log, merges, report } = tools;
  const { pull, prompt, requests, startedBy } = job;
  checkUnlocked(pull);
  tools.warmUp();
  const instructions = await tools.instructions.read();
  report.note({ headSha: pull.head.sha, promptSha256: sha256(prompt) });
  const pins = await merges.pin(pull);
  log.progress(`Planning on head ${pins.head} and base ${pins.base}`);
  const workspace = await merges.build(pins);
  await tools.brakes.checkRunsLeft(pull.number);
  const { plan: proposed, proposal } = await askCodex(
    tools,
    job,
    workspace,
    instructions,
    progress,
  );
  const [merged, head] = await Promise.all([
    workspace.files(workspace.commit),
    workspace.files(pins.head),
  ]);
  const files = statesInHead(proposed.files, merged, head);
  await checkPossible(tools, proposed.files, workspace);

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
  } as const;
  return publishPlan(tools, draft, pull, workspace, progress);
}

/**
 * A plan that could never be approved or carried out is refused before anybody reads it.
 * @throws Stopped path-protected, path-unsupported
 */
async function checkPossible(
  { policy }: Uses<'policy'>,
  files: Parameters<Workspace['findUnsupported']>[0],
  workspace: Workspace,
): Promise<void> {
  const rules = await policy.read();
  checkRules('plan', { files, policyFile: policy.path }, rules);
  const patchesOnly = codexSettings(rules).enforcement === 'before-write';
  const unsupported = await workspace.findUnsupported(files, patchesOnly);
  if (unsupported.length === 0) return;
  const reasons = unsupported.map(({ path, why }) => `${JSON.stringify(path)}: ${why}`);
  throw new Stopped('path-unsupported', reasons.join(' '));
}

/** @throws Stopped draft-denied */
async function checkDraft({ policy }: Uses<'policy'>, pull: PullRequest): Promise<void> {
  if (!pull.draft || (await policy.read()).plans.drafts) return;
  throw new Stopped('draft-denied', 'The pull request is a draft (plans.drafts: false).');
}

/** @throws Stopped prompt-rejected */
async function freeze({ log, policy }: Uses<'log' | 'policy'>, text: string): Promise<Prompt> {
  try {
    const { prompt, dropped } = freezeRequest(text, (await policy.read()).limits['prompt-kib']);
    if (dropped.length > 0) {
      log.progress(`Characters that nobody sees were dropped: ${dropped.join(', ')}.`);
    }
    return prompt;
  } catch (error) {
    if (error instanceof PromptError) throw new Stopped('prompt-rejected', error.message);
    throw error;
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
