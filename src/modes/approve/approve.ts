/**
 * Mode approve: the label of a person who may approve, on the newest trusted plan, shown unaltered. Codex carries the
 * plan out in a throw-away workspace, and what it changed is compared with the approved files before anything of it
 * can reach the repository.
 */

import { readTarget } from '../../checks/after-approval.ts';
import { findParticipants } from '../../checks/authority.ts';
import type { LabelLog } from '../../checks/label.ts';
import { readLife } from '../../checks/plan-life.ts';
import { type StepResult, tellingState } from '../../checks/stated-pull.ts';
import { checkUnlocked } from '../../checks/targets.ts';
import { checkTimeToRead, type ReadingTimes } from '../../core/life/reading-time.ts';
import { type Labelling, labellingEnd, newestLabelling } from '../../core/life/timeline.ts';
import { statesInHead } from '../../core/plan/states-in-head.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { checkRules, findRefusal } from '../../core/policy/rules.ts';
import type { PlanEvidence } from '../../core/records/archive-contents.ts';
import type { Person } from '../../core/records/fields.ts';
import { Stopped } from '../../decision.ts';
import { toPlanFacts } from '../../evidence/facts.ts';
import { codexInputs, commonInputs, inputSchema, optional, positiveNumber } from '../../inputs.ts';
import { approvedState } from '../../page/comment-state.ts';
import { buildPlanView } from '../../page/plan-view.ts';
import type { Comment } from '../../ports/comments.ts';
import { reportMarker } from '../../report/markers.ts';
import { renderPlanComment } from '../../report/plan-comment.ts';
import { renderVotes } from '../../report/votes.ts';
import { defineMode } from '../mode.ts';
import type { Uses } from '../tools.ts';
import { carryOut } from './carry-out.ts';
import { repeatRuling, requireOpenPlan } from './ruling.ts';
import { shownStates } from './shown-states.ts';
import { type Progress, tellingTrouble } from './trouble.ts';
import { collectVotes, readVote, type Votes } from './votes.ts';

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
    const number = findLabelled(tools, inputs.pullRequest);
    tools.report.note({ pullRequest: number });
    await tools.provenance.checkTrustedRun();
    return tellingState(tools, number, () =>
      tools.label.removedIfVoid(number, 'approve', () =>
        tellingTrouble(tools, number, (progress) => decide(tools, inputs, number, progress)),
      ),
    );
  },
});

/**
 * The pull request that was labelled.
 * @throws Stopped as ignored if there is nothing to do; unsupported-event, config-invalid
 */
function findLabelled(
  { run: { trigger }, label }: Uses<'run' | 'label'>,
  input: number | undefined,
): number {
  switch (trigger.kind) {
    case 'label':
      if (trigger.action !== 'labeled') {
        throw new Stopped('unsupported-event', 'A label was removed.', { decision: 'ignored' });
      }
      if (label.isNamed(trigger.label.name)) return trigger.pullRequest;
      throw new Stopped('other-label', `The label is not ${label.name}.`);
    case 'pull-request':
      throw new Stopped('unsupported-event', 'No label was set.', { decision: 'ignored' });
    case 'dispatch':
      if (input !== undefined) return input;
      throw new Stopped('config-invalid', 'A dispatched run needs pull-request.');
    default:
      throw new Stopped('unsupported-event', 'Mode approve runs on pull_request_target: labeled.');
  }
}

async function decide(
  tools: Parameters<typeof carryOut>[0] &
    Uses<'brakes' | 'planView' | 'merges' | 'people' | 'warmUp'>,
  inputs: Parameters<typeof carryOut>[1],
  number: number,
  progress: Progress,
): Promise<StepResult> {
  const { authority, evidence, page, report, run } = tools;
  const { labeller, startedBy } = await authorise(tools);
  await tools.brakes.checkNotPaused();
  const pull = await readTarget(tools, number);
  if (run.trigger.kind === 'label' && run.trigger.headSha !== pull.head.sha) {
    throw new Stopped('head-moved', 'The branch moved after the label was set.');
  }
  checkUnlocked(pull);
  const plan = await evidence.findPlan(number);
  if (plan === undefined) throw new Stopped('plan-missing', 'No plan was ever published here.');
  report.note(toPlanFacts(plan, run));
  progress.planId = plan.planId;

  const log = await readLabelLog(tools, number, labeller);
  const labelling = findLabelling(tools, log);
  tools.label.decidesOn(labelling);
  const life = await readLife(tools, pull, plan, log);
  const repeated = await repeatRuling(tools, life, labelling);
  if (repeated !== undefined) return repeated;
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
  statesInHead(files, merged, await workspace.files(plan.manifest.head.sha));
  const view = await buildPlanView(plan, workspace, policy, tools.planView);
  const comment = await page.requireShown(number, view, shownStates(life));
  report.note({ commentUrl: comment.url });
  const times = readingTimes(comment, life.request.editedAt, policy.approvers['review-seconds']);
  checkTimeToRead(labelling.at, times);
  tools.log.progress(`Plan ${plan.planId} is shown on the pull request as it was hashed`);

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

/** The people who make an approval happen. */
interface Actors {
  /** Who set the label by the event of this run; undefined if the run was dispatched. */
  readonly labeller: Person | undefined;
  /** Who dispatched or re-ran this run; they count because each run gives Codex another try. */
  readonly startedBy: readonly Person[];
}

/** First, because it is cheap: whoever may approve nothing here costs nothing more. */
async function authorise({ authority, run }: Uses<'authority' | 'run'>): Promise<Actors> {
  const { kind, sender } = run.trigger;
  const person = sender === null ? undefined : authority.requirePerson(sender);
  if (person !== undefined) await authority.requireApproverRole(person);
  const repeater = await authority.authoriseRepeatedApproval();
  const labelled = kind === 'label';
  return {
    labeller: labelled ? person : undefined,
    startedBy: [labelled ? undefined : person, repeater].filter((one) => one !== undefined),
  };
}

function readLabelLog(
  { label, run: { trigger } }: Uses<'label' | 'run'>,
  number: number,
  labeller: Person | undefined,
): Promise<LabelLog> {
  return trigger.kind === 'label' && labeller !== undefined
    ? label.readLogWith(number, trigger.label, labeller)
    : label.readLog(number);
}

/**
 * The last time that the label was set: the one of this run's event, or the one that the pull request carries.
 * @throws Stopped label-missing
 */
function findLabelling({ run: { trigger } }: Uses<'run'>, log: LabelLog): Labelling {
  const label = trigger.kind === 'label' ? trigger.label : log.label;
  const labelling = label === undefined ? undefined : newestLabelling(log, label.id);
  if (labelling === undefined) throw new Stopped('label-missing', 'The label is not set.');
  return labelling;
}

/**
 * The label must still be set, by that event and under its name.
 * @throws Stopped label-missing, head-moved
 */
function checkStands(log: LabelLog, labelling: Labelling): void {
  const ended = labellingEnd(log, labelling.id);
  if (ended === 'exchanged') {
    throw new Stopped(
      'head-moved',
      'The branch was force-pushed, or its base changed, after the label was set.',
    );
  }
  if (ended !== null || log.label?.id !== labelling.label.id) {
    throw new Stopped('label-missing', 'The label was removed again.');
  }
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

/** The input goes before the policy: a vote lasts as long as the approval that it leads to. */
function withHours(policy: Policy, hours: number | undefined): Policy {
  if (hours === undefined) return policy;
  return { ...policy, approvers: { ...policy.approvers, hours } };
}

/** The label is removed for the next approver to set, before the page says so. */
async function askForVotes(
  { label, page }: Uses<'label' | 'page'>,
  { planId, manifest }: PlanEvidence,
  votes: Votes,
  needed: number,
): Promise<never> {
  const removed = await label.tryRemove(manifest.pull_request);
  const voters = votes.map(({ person }) => person.login);
  const text = renderVotes(planId, voters, needed, removed);
  await page.writeReport(manifest.pull_request, reportMarker(planId), text);
  throw new Stopped(
    'votes-missing',
    `${votes.length} of ${needed} approvers (approvers.count) have set the label.`,
  );
}
