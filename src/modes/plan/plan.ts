/**
 * Mode plan: authorise the requester, freeze the prompt, let Codex plan read-only on the merge, and publish the plan
 * as evidence and on the pull request. A plan can also be revised, narrowed and withdrawn.
 */

import { readNewLife } from '../../checks/plan-life.ts';
import { tellingState } from '../../checks/stated-pull.ts';
import { followingUp } from '../../core/first-error.ts';
import { Stopped, toStopped } from '../../decision.ts';
import { codexInputs, commonInputs, inputSchema } from '../../inputs.ts';
import type { ModeResult } from '../../ports/outcome.ts';
import type { PullRequest } from '../../ports/pull-requests.ts';
import { defineMode } from '../mode.ts';
import type { Uses } from '../tools.ts';
import { describeRequest } from './describe.ts';
import { refuseUnknownVerb, showHelp } from './help.ts';
import { type Begin, narrow } from './narrow.ts';
import { type PrepareTools, preparePlanning } from './prepare.ts';
import { type Request, readRequest } from './request.ts';
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
    'refuseSecrets',
    'pullRequests',
    'requests',
    'status',
  ],
  run: async (tools, inputs) => {
    const asked: Asked = {};
    const begin = async () => {
      const request = readRequest(tools, inputs);
      switch (request.verb) {
        case 'help':
          return showHelp(tools, request, inputs.command);
        case 'unknown':
          return refuseUnknownVerb(tools, request, inputs.command);
        case 'withdraw':
          return withdrawPlan(tools, request, asked);
        default:
          return planRequest(tools, request, asked);
      }
    };
    const failed = 'The pull request could not be told why there is no plan.';
    return followingUp({ failed, log: tools.log }, begin, (error) =>
      tellFailure(tools, toStopped(error), asked),
    );
  },
});

type PlanTools = PrepareTools & Uses<'authority' | 'page' | 'provenance' | 'status' | 'targets'>;

async function planRequest(tools: PlanTools, request: Request, asked: Asked): Promise<ModeResult> {
  const { authority, brakes, label, log, provenance, report } = tools;
  report.note({ pullRequest: request.pullRequest });
  await provenance.checkTrustedRun();
  const startedBy = await authority.authoriseRequester(request.requester);
  asked.byEntitled = true;
  log.step('Request');
  log.progress(describeRequest(request, startedBy));
  if (request.commentId !== null) await tools.page.react(request.commentId, 'eyes');
  return tellingState(tools, request.pullRequest, async () => {
    await brakes.checkNotPaused();
    if (request.verb !== 'without') tools.warmUp('codex if it is there');
    const make =
      request.verb === 'without'
        ? (pull: PullRequest, begin: Begin) => narrow(tools, request, pull, begin)
        : await preparePlanning(tools, request, startedBy);

    const pull = await tools.targets.readOpen(request.pullRequest);
    asked.planned = pull.number;
    await checkDraft(tools, pull);
    await checkUnedited(tools, request);
    let begun = false;
    const begin = async () => {
      begun = true;
      // A label that approved an earlier plan can have another name now. It must be removed: GitHub keeps no other proof
      // that its approval ended.
      await label.remove(pull.number, () => tools.evidence.findApprovalLabels(pull.number));
    };
    const publish = async () => {
      const { published, ...result } = await make(pull, begin);
      const now = await tools.pullRequests.read(pull.number);
      // Nobody can have seen the new plan yet: a label that was set while Codex planned was not about it.
      await label.remove(pull.number);
      return { ...result, life: await readNewLife(tools, now, published) };
    };
    const failed = `The label ${label.name} could not be removed; remove it by hand.`;
    return followingUp({ failed, log }, publish, async () => {
      if (begun) await label.tryRemove(pull.number);
    });
  });
}

/** @throws Stopped draft-denied */
async function checkDraft({ policy }: Uses<'policy'>, pull: PullRequest): Promise<void> {
  if (!pull.draft || (await policy.read()).plans.drafts) return;
  throw new Stopped('draft-denied', 'The pull request is a draft (plans.drafts: false).');
}

/**
 * A run that is repeated does what its first attempt was asked. If the comment says something else by now, nobody could
 * approve what was asked, and the new plan would replace one that somebody can approve.
 * @throws Stopped plan-altered
 */
async function checkUnedited(
  { requests, run }: Uses<'requests' | 'run'>,
  { commentId, requester, text }: Request,
): Promise<void> {
  if (run.attempt === 1 || commentId === null) return;
  if (await requests.isUnchanged(commentId, requester, text)) return;
  throw new Stopped(
    'plan-altered',
    'The request was edited or deleted, and a repeated run would plan what it said before: write a new comment.',
  );
}
