/**
 * Mode approve: a person who may approve has set the label on the newest trusted plan, which is shown unaltered. Codex
 * implements the plan in a temporary workspace. What Codex changed is compared with the approved files before any of it
 * can reach the repository.
 */

import { readTarget } from '../../checks/after-approval.ts';
import { findParticipants } from '../../checks/authority.ts';
import { readLife } from '../../checks/plan-life.ts';
import { type StepResult, tellingState } from '../../checks/stated-pull.ts';
import { checkUnlocked } from '../../checks/targets.ts';
import { type StopProgress, tellingStop } from '../../checks/telling-stop.ts';
import { checkTimeToRead, type ReadingTimes } from '../../core/life/reading-time.ts';
import { statesInHead } from '../../core/plan/states-in-head.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { checkRules, findRefusal } from '../../core/policy/rules.ts';
import type { PlanEvidence } from '../../core/records/archive-contents.ts';
import { Stopped } from '../../decision.ts';
import { toPlanFacts } from '../../evidence/facts.ts';
import type { WithArtifact } from '../../evidence/genuine.ts';
import { codexInputs, commonInputs, inputSchema, optional, positiveNumber } from '../../inputs.ts';
import { approvedState } from '../../page/comment-state.ts';
import { buildPlanView } from '../../page/plan-view.ts';
import type { Comment } from '../../ports/comments.ts';
import { renderPlanComment } from '../../report/plan-comment.ts';
import { defineMode } from '../mode.ts';
import type { Uses } from '../tools.ts';
import { askForVotes } from './ask-for-votes.ts';
import { carryOut } from './carry-out.ts';
import {
  authorise,
  checkStands,
  findLabelledPull,
  findLabelling,
  readLabelLog,
} from './labelled.ts';
import {
  findEarlierAttempt,
  repeatEarlierAttempt,
  repeatRuling,
  requireOpenPlan,
} from './ruling.ts';
import { showAgain } from './show-again.ts';
import { shownStates } from './shown-states.ts';
import { collectVotes, readVote } from './votes.ts';

export const approve = defineMode({
  inputs: inputSchema({
    ...commonInputs,
    ...codexInputs,
    profile: optional,
    'approval-hours': positiveNumber,
  }),
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
    'requests',
    'label',
    'page',
    'rotation',
    'planView',
    'merges',
    'pullRequests',
    'people',
    'editor',
    'warmUp',
    'log',
    'report',
    'keepForLaterSteps',
    'refuseSecrets',
    'findSecret',
    'status',
  ],
  run: async (tools, inputs) => {
    const number = findLabelledPull(tools, inputs.pullRequest);
    tools.report.note({ pullRequest: number });
    const { trigger } = tools.run;
    if (trigger.kind === 'label') tools.label.rememberStart(trigger.sender, trigger.at);
    await tools.provenance.checkTrustedRun();
    return tellingStop(tools, number, 'approve', (progress) =>
      tellingState(
        tools,
        number,
        () =>
          tools.label.removingIfVoid(number, 'approve', () =>
            decide(tools, inputs, number, progress),
          ),
        (state) => {
          progress.state = state;
        },
      ),
    );
  },
});

async function decide(
  tools: Parameters<typeof carryOut>[0] &
    Uses<'brakes' | 'planView' | 'merges' | 'people' | 'warmUp'>,
  inputs: Parameters<typeof carryOut>[1],
  number: number,
  progress: StopProgress,
): Promise<StepResult> {
  const { authority, evidence, page, report, run } = tools;
  const { labeller, startedBy } = await authorise(tools);
  await tools.brakes.checkNotPaused();
  const pull = await readTarget(tools, number);
  const noteFound = (plan: WithArtifact<PlanEvidence>) => {
    report.note(toPlanFacts(plan, run));
    progress.planId = plan.planId;
  };
  const earlier = await findEarlierAttempt(tools, pull);
  if (earlier !== undefined) {
    noteFound(earlier.life.plan);
    tools.label.remember(earlier.event.label);
    tools.label.rememberDecided(earlier.event);
    const same = await repeatEarlierAttempt(tools, earlier);
    if (same !== undefined) {
      await showAgain(tools, earlier.life);
      return same;
    }
  }
  if (run.trigger.kind === 'label' && run.trigger.headSha !== pull.head.sha) {
    throw new Stopped('head-moved', 'The branch moved after the label was set.');
  }
  checkUnlocked(pull);
  const plan = await evidence.findPlan(number);
  if (plan === undefined) throw new Stopped('plan-missing', 'No plan was ever published here.');
  noteFound(plan);

  const log = await readLabelLog(tools, number, labeller);
  const labelling = findLabelling(tools, log);
  tools.label.rememberDecided(labelling);
  const life = await readLife(tools, pull, plan, log);
  const repeated = await repeatRuling(tools, life, labelling);
  if (repeated !== undefined) {
    await showAgain(tools, life);
    return repeated;
  }
  requireOpenPlan(life);
  checkStands(log, labelling);
  const participants = findParticipants(plan, pull);
  const vote = await readVote(authority, labelling, participants);
  report.note({ approver: vote.person.login });
  tools.log.step('Approval');
  tools.log.progress(`${vote.person.login} (${vote.role}) set the label at ${labelling.at}`);
  for (const person of startedBy) await authority.requireApprover(person, participants);

  const policy = await tools.policy.read();
  if (pull.draft && !policy.plans.drafts) {
    throw new Stopped('draft-denied', 'The pull request is a draft (plans.drafts: false).');
  }
  const { files } = plan.plan;
  checkRules('plan', { files, policyFile: tools.policy.path }, policy);
  tools.warmUp('codex');
  const workspace = await tools.merges.rebuild(plan, pull);
  const merged = await workspace.files(workspace.commit);
  // Only for what it throws: the merge and the head must still have the same at each planned path.
  statesInHead(files, merged, await workspace.files(plan.manifest.head.sha));
  const view = await buildPlanView(plan, workspace, policy, tools.planView);
  const comment = await page.requireShown(number, view, shownStates(life));
  // Before Codex runs: the comment will have to show the approval, and must not be refused then.
  tools.refuseSecrets('the plan comment', renderPlanComment(view, { is: 'awaiting' }));
  report.note({ commentUrl: comment.url });
  const times = readingTimes(comment, life.request.editedAt, policy.approvers['review-seconds']);
  checkTimeToRead(labelling.at, times);
  tools.log.progress(`Plan ${plan.planId} is shown on the pull request exactly as it was recorded`);

  const rules = withHours(policy, inputs.approvalHours);
  const votes = await collectVotes(tools, life, vote, participants, rules, times);
  const refusal = findRefusal('approval', { files, approvers: votes }, policy);
  if (refusal?.reason === 'votes-missing') {
    return askForVotes(tools, plan, votes, policy.approvers.count);
  }
  if (refusal !== undefined) throw new Stopped(refusal.reason, refusal.detail);

  await tools.brakes.checkRunsLeft(number);
  const approved = { life, plan, pull, votes, workspace, comment };
  const { result, approval } = await carryOut(tools, inputs, approved);
  if (approval !== null) {
    const state = approvedState({ approval });
    await page.updateState(comment, plan, state);
    tools.log.summarise(renderPlanComment(view, state));
  }
  return result;
}

function readingTimes(
  { createdAt, updatedAt }: Pick<Comment, 'createdAt' | 'updatedAt'>,
  requestEditedAt: string | null,
  seconds: number,
): ReadingTimes {
  return {
    publishedAt: createdAt,
    shownSince: updatedAt,
    requestEditedAt: requestEditedAt ?? undefined,
    seconds,
  };
}

/** The input has priority over the policy. A vote is valid for as many hours as the approval that it leads to. */
function withHours(policy: Policy, hours: number | undefined): Policy {
  if (hours === undefined) return policy;
  return { ...policy, approvers: { ...policy.approvers, hours } };
}
