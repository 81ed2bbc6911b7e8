/**
 * Mode approve: the label of a person who may approve, on the newest genuine plan, shown unaltered. Codex carries the
 * plan out in a throw-away workspace, and what it changed is held against the approved files before anything of it
 * can reach the repository.
 */

import { readTarget } from '../../checks/after-approval.ts';
import { checkPins } from '../../checks/approval.ts';
import { findParticipants } from '../../checks/authority.ts';
import { checkUnlocked } from '../../checks/targets.ts';
import {
  checkCurrent,
  checkSetBy,
  checkTimeToRead,
  hadTimeToRead,
  type Labelling,
  lastLabelling,
} from '../../core/life/labelling.ts';
import { last } from '../../core/lists.ts';
import { statesInHead } from '../../core/plan/states-in-head.ts';
import { checkRules, findRefusal } from '../../core/policy/rules.ts';
import type { Approval } from '../../core/records/approval.ts';
import type { PlanEvidence } from '../../core/records/archive-contents.ts';
import type { Person } from '../../core/records/fields.ts';
import { Stopped } from '../../decision.ts';
import { toPlanFacts } from '../../evidence/facts.ts';
import { codexInputs, commonInputs, inputSchema, optional, positiveNumber } from '../../inputs.ts';
import { buildPlanView } from '../../page/plan-view.ts';
import type { ModeResult } from '../../ports/outcome.ts';
import { renderPlanComment } from '../../report/plan-comment.ts';
import { renderVotes, votesMarker } from '../../report/votes.ts';
import { defineMode } from '../mode.ts';
import type { Uses } from '../tools.ts';
import { carryOut } from './carry-out.ts';
import { checkUnexpired } from './seal.ts';
import { collectVotes, isValidVote, readVote, type Votes } from './votes.ts';

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
    'authority',
    'provenance',
    'evidence',
    'targets',
    'requests',
    'label',
    'page',
    'planView',
    'merges',
    'people',
    'editor',
    'warmUp',
    'log',
    'report',
    'keepForLaterSteps',
    'refuseSecrets',
  ],
  run: async (tools, inputs) => {
    const number = findLabelled(tools, inputs.pullRequest);
    tools.report.note({ pullRequest: number });
    await tools.provenance.checkTrustedRun();
    return tools.label.removedIfVoid(number, 'approve', () => decide(tools, inputs, number));
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
        throw new Stopped('unsupported-event', 'A label was taken off.', { decision: 'ignored' });
      }
      if (label.isNamed(trigger.label)) return trigger.pullRequest;
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
    Uses<'authority' | 'requests' | 'page' | 'planView' | 'merges' | 'people' | 'warmUp'>,
  inputs: Parameters<typeof carryOut>[1],
  number: number,
): Promise<ModeResult> {
  const { authority, evidence, label, page, report, run } = tools;
  const { labeller, startedBy } = await authorise(tools);
  const pull = await readTarget(tools, number);
  if (run.trigger.kind === 'label' && run.trigger.headSha !== pull.head.sha) {
    throw new Stopped('head-moved', 'The branch moved after the label was set.');
  }
  checkUnlocked(pull);
  const plan = await evidence.findPlan(number);
  if (plan === undefined) throw new Stopped('plan-missing', 'No plan was ever published here.');
  report.note(toPlanFacts(plan, run));
  checkPins(plan, pull);
  const editedAt = await tools.requests.requireUnedited(plan);

  const history = await label.historyWith(number, labeller);
  const labelling = lastLabelling(history);
  checkSetBy(labelling, labeller);
  checkCurrent(labelling);
  const participants = findParticipants(plan, pull);
  const vote = await readVote(authority, labelling, participants);
  report.note({ approver: vote.person.login });
  for (const person of startedBy) await authority.requireApprover(person, participants);

  const policy = await tools.policy.read();
  const { files } = plan.plan;
  checkRules('plan', { files, policyFile: tools.policy.path }, policy);
  tools.warmUp();
  const workspace = await tools.merges.rebuild(plan, pull);
  const merged = await workspace.files(workspace.commit);
  statesInHead(files, merged, await workspace.files(plan.manifest.head.sha));
  const view = await buildPlanView(plan, workspace, policy, tools.planView);
  const comment = await page.requireShown(number, view);
  report.note({ commentUrl: comment.url });
  const seconds = policy.approvers['review-seconds'];
  const earlier = await findEarlierApproval(tools, plan, labelling);
  if (earlier === undefined) checkTimeToRead(labelling, comment, seconds);
  // Within one second nobody can tell which came first.
  if (editedAt !== undefined && !hadTimeToRead(labelling, editedAt, 1)) {
    throw new Stopped('plan-altered', 'The request was edited after the label was set.');
  }
  checkUnexpired(tools.clock.now(), earlier);

  const times = { shownSince: comment.updatedAt, editedAt, seconds, earlier };
  const votes = await collectVotes(tools, history, vote, participants, (event) =>
    isValidVote(event, times),
  );
  const refusal = findRefusal('approval', { files, approvers: votes }, policy);
  if (refusal?.reason === 'votes-missing') {
    return askForVotes(tools, plan, votes, policy.approvers.count);
  }
  if (refusal !== undefined) throw new Stopped(refusal.reason, refusal.detail);

  const approved = { plan, pull, votes, workspace, earlier };
  const result = await carryOut(tools, inputs, approved);
  const state = { is: 'approved', by: votes.map(({ person }) => person.login) } as const;
  await page.updateState(comment, state);
  tools.log.summarise(renderPlanComment(view, state));
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

/**
 * The approval that an earlier attempt already recorded for this label event, if any. We edited the plan comment then,
 * so its edit time must not count against the label.
 */
async function findEarlierApproval(
  { evidence, run }: Uses<'evidence' | 'run'>,
  { planId, manifest }: PlanEvidence,
  labelling: Labelling,
): Promise<Approval | undefined> {
  if (run.attempt === 1 && run.trigger.kind === 'label') return undefined;
  const approval = (await evidence.findApproval(manifest.pull_request))?.approval;
  if (approval?.plan_id !== planId) return undefined;
  return last(approval.approvers).label_event.id === labelling.id ? approval : undefined;
}

async function askForVotes(
  { page }: Uses<'page'>,
  { planId, manifest }: PlanEvidence,
  votes: Votes,
  needed: number,
): Promise<never> {
  const voters = votes.map(({ person }) => person.login);
  const text = renderVotes(planId, voters, needed);
  await page.writeReport(manifest.pull_request, votesMarker(planId), text);
  throw new Stopped(
    'votes-missing',
    `${votes.length} of ${needed} approvers (approvers.count) have set the label.`,
  );
}
