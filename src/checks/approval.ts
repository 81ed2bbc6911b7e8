/**
 * Whether an approval still stands: everything that time can have changed since it was recorded. Needs no model, so
 * it comes before anything that does. Verify and execute ask the same.
 */

import type { ApprovalEvidence, PlanEvidence } from '../core/records/archive-contents.ts';
import type { Person } from '../core/records/fields.ts';
import { type ReasonCode, Stopped } from '../decision.ts';
import { type Found, findApproval, findPlan } from '../evidence/find.ts';
import { originOf } from '../evidence/provenance.ts';
import { showsAnyPlan } from '../page/page.ts';
import type { LabelEvent } from '../ports/labels.ts';
import { ignore, type Outcome } from '../ports/outcome.ts';
import type { PullRequest } from '../ports/pull-requests.ts';
import { approverStanding, peopleOf } from './authority.ts';
import { checkCurrent, checkLabelShown, lastLabelling, takeOff } from './label.ts';
import { checkDenied, checkElevated } from './protected-paths.ts';
import { checkOpen } from './pull-request.ts';
import { checkRequestUnedited } from './request-comment.ts';
import type { World } from './world.ts';

/** An approval that stands, with the plan it is about. */
export interface StandingApproval {
  readonly pull: PullRequest;
  readonly plan: Found<PlanEvidence>;
  readonly approval: Found<ApprovalEvidence>;
}

interface Asked {
  readonly 'artifact-prefix': string;
  readonly 'pull-request'?: number | undefined;
  readonly 'when-missing'?: 'fail' | 'pass' | undefined;
  readonly label: string;
  readonly command: string;
  /** Without a token that can read teams, they are as verify found them. */
  readonly teams?: 'as verified';
}

/** @throws Stopped config-invalid where neither the event nor an input names a pull request */
export function targetOf({ run }: World, inputs: Asked): number {
  const named = 'pullRequest' in run.trigger ? run.trigger.pullRequest : null;
  const number = named ?? inputs['pull-request'];
  if (number !== undefined) return number;
  throw new Stopped('config-invalid', 'Neither the event nor the input pull-request names one.');
}

/**
 * Where there is no plan at all and the inputs let that pass: what a fork uploads under the name is none, and a plan
 * whose evidence is gone is not nothing while its comment stands.
 */
export async function nothingPlanned(world: World, inputs: Asked): Promise<Outcome | undefined> {
  if (inputs['when-missing'] !== 'pass') return undefined;
  const number = targetOf(world, inputs);
  world.findings.pullRequest = number;
  for (const artifact of await world.artifacts.find(
    `${inputs['artifact-prefix']}-plan-${number}`,
  )) {
    if ('origin' in (await originOf(world, artifact))) return undefined;
  }
  if (await showsAnyPlan(world, number)) return undefined;
  return ignore('plan-missing', 'No plan was ever published for this pull request.');
}

/**
 * The plan and the approval of a pull request, with the approval about this very plan.
 * @throws Stopped plan-missing, approval-missing, plan-superseded, and what reading evidence throws
 */
export async function findApproved(
  world: World,
  inputs: Asked,
  pull: PullRequest,
): Promise<StandingApproval> {
  const prefix = inputs['artifact-prefix'];
  const plan = await findPlan(world, prefix, pull.number);
  if (plan === undefined)
    throw new Stopped('plan-missing', 'No plan of this pull request is stored.');
  const approval = await findApproval(world, prefix, pull.number);
  if (approval === undefined) {
    throw new Stopped('approval-missing', 'Nobody has approved the plan.');
  }
  checkSamePlan(plan, approval);
  world.findings.approver = approval.approval.approvers.at(-1)?.login ?? '';
  return { pull, plan, approval };
}

/**
 * @throws Stopped approval-expired, head-moved, base-moved, plan-altered, label-missing, votes-missing, path-protected,
 *   actor-denied, self-approval
 */
export async function checkStanding(
  world: World,
  inputs: Asked,
  approved: StandingApproval,
): Promise<void> {
  const {
    pull,
    plan,
    approval: { approval },
  } = approved;
  checkPins(plan, pull);
  if (world.now().getTime() >= Date.parse(approval.expires_at)) {
    throw new Stopped('approval-expired', `The approval expired at ${approval.expires_at}.`);
  }
  await checkRequestUnedited(world, plan, inputs.command);
  checkLabelShown(pull, inputs.label);
  const history = await world.labels.history(pull.number, inputs.label);
  const labelling = lastLabelling(history);
  const latest = approval.approvers.at(-1);
  if (labelling.id !== latest?.label_event.id) {
    throw new Stopped(
      'label-missing',
      'The label that is set is not the one that was approved with.',
    );
  }
  checkCurrent(labelling);
  await checkApprovers(world, inputs, approved, history);
}

/** The approvers as they are now, under the policy as it is now. */
async function checkApprovers(
  world: World,
  inputs: Asked,
  { pull, plan, approval: { approval } }: StandingApproval,
  history: readonly LabelEvent[],
): Promise<void> {
  const policy = await world.policy();
  const people = peopleOf(plan, pull);
  const asksTeams = inputs.teams !== 'as verified';
  checkDenied(plan, policy, world.policyFile);
  const approvers = [];
  for (const approver of approval.approvers) {
    // An account that has another login by now is listed under that.
    const actor = history.find(({ id }) => id === approver.label_event.id)?.actor;
    const person = actor?.id === approver.id ? actor : approver;
    const standing = await approverStanding(world, person, people, asksTeams);
    if ('why' in standing) throw new Stopped(standing.reason, standing.why);
    approvers.push(standing);
  }
  const { count } = policy.approvers;
  if (approvers.length < count) {
    throw new Stopped(
      'votes-missing',
      `${approvers.length} approved, and ${count} (approvers.count) are needed by now.`,
    );
  }
  checkElevated(plan, approvers, policy);
}

/** @throws Stopped head-moved, base-moved */
export function checkPins({ manifest }: PlanEvidence, pull: PullRequest): void {
  if (manifest.head.sha !== pull.head.sha) {
    throw new Stopped(
      'head-moved',
      `The plan is about ${manifest.head.sha}, and the head is ${pull.head.sha}.`,
    );
  }
  if (manifest.base.ref !== pull.baseRef) {
    throw new Stopped(
      'base-moved',
      'The pull request goes to another base than the plan is about.',
    );
  }
}

/** What says nothing about the approval: it may stand when the step is tried again. */
const passing: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'api-unavailable',
  'permission-missing',
  'config-invalid',
  'platform-unsupported',
  'sandbox-unavailable',
  'codex-unavailable',
  'codex-failed',
  'codex-timeout',
  'plan-invalid',
  'path-invalid',
  'limit-exceeded',
  'secret-detected',
  'plan-missing',
  'approval-missing',
  'verification-missing',
  'internal',
]);

/** Takes the label off wherever the approval turns out to be void; on a passing trouble the red job is the gate. */
export async function closingTheGate(
  world: World,
  inputs: Asked,
  step: () => Promise<Outcome>,
): Promise<Outcome> {
  const close = async () => {
    const { pullRequest } = world.findings;
    if (pullRequest !== undefined) await takeOff(world, pullRequest, inputs.label);
  };
  try {
    const outcome = await step();
    if (outcome.reason !== 'ok' && !passing.has(outcome.reason)) await close();
    return outcome;
  } catch (error) {
    if (error instanceof Stopped && !passing.has(error.reason)) await close();
    throw error;
  }
}

/** The pull request as it is, open. */
export async function readTarget(world: World, inputs: Asked): Promise<PullRequest> {
  const number = targetOf(world, inputs);
  world.findings.pullRequest = number;
  const pull = await checkOpen(world, number);
  world.findings.headSha = pull.head.sha;
  return pull;
}

/** @throws Stopped plan-superseded, digest-mismatch */
export function checkSamePlan(
  plan: Found<PlanEvidence>,
  { approval, journal }: Found<ApprovalEvidence>,
): void {
  const { manifest } = plan;
  if (approval.plan_id !== plan.planId) {
    throw new Stopped('plan-superseded', 'The approval is about another plan than the newest one.');
  }
  if (
    approval.plan_artifact.id !== plan.artifact.id ||
    approval.plan_artifact.digest !== plan.artifact.digest ||
    approval.plan_sha256 !== manifest.plan_sha256 ||
    approval.prompt_sha256 !== manifest.prompt_sha256 ||
    approval.head.sha !== manifest.head.sha ||
    approval.base.sha !== manifest.base.sha ||
    !journal.startsWith(plan.journal)
  ) {
    throw new Stopped('digest-mismatch', 'The approval names other content than the plan has.');
  }
}

/** Whoever started the run; on a schedule nobody did, and the approver stands for the approval. */
export function actorOf({ run }: World, { approval }: StandingApproval): Person {
  if ('sender' in run.trigger) {
    const { id, login } = run.trigger.sender;
    return { id, login };
  }
  const { id, login } = approval.approval.approvers[0] as Person;
  return { id, login };
}
