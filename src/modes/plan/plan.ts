/**
 * Mode plan: authorise the requester, freeze the prompt, let Codex plan read-only on the merge, and publish the plan
 * as evidence and on the pull request. A plan can also be revised, narrowed and withdrawn.
 */

import { readNewLife } from '../../checks/plan-life.ts';
import { tellingState } from '../../checks/stated-pull.ts';
import { checkUnlocked } from '../../checks/targets.ts';
import { planJson } from '../../core/plan/plan.ts';
import { freezeRequest, type Prompt, PromptError } from '../../core/plan/prompt.ts';
import type { Person } from '../../core/records/fields.ts';
import { sha256 } from '../../core/text/digest.ts';
import { CodexStopped, Stopped } from '../../decision.ts';
import type { DenialRooms } from '../../evidence/record-denial.ts';
import { codexInputs, commonInputs, inputSchema } from '../../inputs.ts';
import { checkPromptFits } from '../../page/plan-view.ts';
import type { ModeResult } from '../../ports/outcome.ts';
import type { PullRequest } from '../../ports/pull-requests.ts';
import { defineMode } from '../mode.ts';
import type { Uses } from '../tools.ts';
import { describeRequest, describeScope } from './describe.ts';
import { addRequest, checkSaidAfter, readEarlierPlan, readRequests } from './earlier-plan.ts';
import { refuseUnknownVerb, showHelp } from './help.ts';
import { type Begin, narrow } from './narrow.ts';
import { checkPossible } from './possible.ts';
import { prepareMerge } from './prepare-merge.ts';
import { askCodex } from './propose.ts';
import { type PublishedPlan, type PublishTools, publishPlan } from './publish.ts';
import { type Progress, recordEnd } from './record-end.ts';
import { type FrozenRequest, type PlanningJob, type Request, readRequest } from './request.ts';
import { type Asked, tellFailure } from './tell-failure.ts';
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
    const asked: Asked = {};
    try {
      const request = readRequest(tools, inputs);
      switch (request.verb) {
        case 'help':
          return await showHelp(tools, request, inputs.command);
        case 'unknown':
          return await refuseUnknownVerb(tools, request, inputs.command);
        case 'withdraw':
          return await withdrawPlan(tools, request, asked);
        default:
          return await planRequest(tools, request, asked);
      }
    } catch (error) {
      if (error instanceof Stopped) await tellFailure(tools, error, asked);
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

async function planRequest(tools: PlanTools, request: Request, asked: Asked): Promise<ModeResult> {
  const { authority, brakes, label, log, provenance, report } = tools;
  report.note({ pullRequest: request.pullRequest });
  await provenance.checkTrustedRun();
  const startedBy = await authority.authoriseRequester(request.requester);
  asked.byEntitled = true;
  log.step('Request');
  log.progress(describeRequest(request, startedBy));
  if (request.commentId !== null) await tools.page.react(request.commentId, 'eyes');
  await brakes.checkNotPaused();
  const make =
    request.verb === 'without'
      ? (pull: PullRequest, begin: Begin) => narrow(tools, request, pull, begin)
      : await preparePlanning(tools, request, startedBy);

  const pull = await tools.targets.readOpen(request.pullRequest);
  await checkDraft(tools, pull);
  let begun = false;
  const begin = async () => {
    begun = true;
    // A label that approved an earlier plan can have been renamed; only its removal is remembered by GitHub for good.
    await label.remove(pull.number, () => tools.evidence.findApprovalLabels(pull.number));
  };
  return tellingState(tools, pull.number, async () => {
    try {
      const { published, ...result } = await make(pull, begin);
      const now = await tools.pullRequests.read(pull.number);
      // A label that was set while Codex planned approved something else.
      await label.remove(pull.number);
      return { ...result, life: await readNewLife(tools, now, published) };
    } catch (error) {
      if (begun) await label.tryRemove(pull.number);
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
): Promise<(pull: PullRequest, begin: Begin) => Promise<PublishedPlan>> {
  const text = await freeze(tools, request.text);
  return async (pull, begin) => {
    const job = await readJob(tools, request, text, startedBy, pull);
    await begin();
    return propose(tools, job);
  };
}

/** What Codex is to plan: the request alone, or the newest plan's requests and this one. */
async function readJob(
  tools: Uses<'evidence' | 'pullRequests' | 'label' | 'requests' | 'clock'>,
  request: Request,
  text: Prompt,
  startedBy: Person,
  pull: PullRequest,
): Promise<PlanningJob> {
  const { commentId, requester } = request;
  const added: FrozenRequest = { commentId, requester, text };
  if (request.verb !== 'revise') {
    return { requests: [added], startedBy, pull, prompt: text, revises: null, struck: [] };
  }
  const { plan: earlier, request: asked } = await readEarlierPlan(tools, pull);
  checkSaidAfter(earlier, request);
  if (asked.edited) {
    throw new Stopped(
      'plan-altered',
      'A request of the plan was edited or deleted, and a revision would repeat it: ask for a new plan.',
    );
  }
  const { requests, prompt } = addRequest(readRequests(earlier), added);
  const struck = earlier.manifest.narrows?.paths ?? [];
  return { requests, startedBy, pull, prompt, revises: planJson(earlier.plan), struck };
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
  checkPromptFits(prompt);
  tools.warmUp('codex');
  const instructions = await tools.instructions.read();
  report.note({ headSha: pull.head.sha, promptSha256: sha256(prompt) });
  const { directory } = await merges.reserve();
  // Codex starts meanwhile, and is asked once all of this is done.
  const ready = prepareMerge(tools, pull, { directory });
  const { plan: proposed, proposal } = await askCodex(
    tools,
    job,
    { directory, ready },
    instructions,
    progress,
  );
  const { pins, workspace } = await ready;
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
