/**
 * Whether an approval is still valid: everything that time can have changed since it was recorded. Needs no model, so
 * it comes before anything that does. Verify and execute check the same.
 */

import { checkCurrent, checkLabelShown, lastLabelling } from '../core/life/labelling.ts';
import { last } from '../core/lists.ts';
import { checkRules } from '../core/policy/rules.ts';
import type { ApprovalEvidence, PlanEvidence } from '../core/records/archive-contents.ts';
import type { Person } from '../core/records/fields.ts';
import { Stopped } from '../decision.ts';
import { toPlanFacts } from '../evidence/facts.ts';
import type { PolicySource } from '../evidence/policy.ts';
import type { EvidenceStore, WithArtifact } from '../evidence/store.ts';
import type { Report } from '../ports/outcome.ts';
import type { PullRequest } from '../ports/pull-requests.ts';
import type { WorkflowRun } from '../ports/run.ts';
import type { Clock } from '../ports/runner.ts';
import { type Authority, findParticipants } from './authority.ts';
import type { ApprovalLabel } from './label.ts';
import type { Requests } from './requests.ts';

/** A plan and the recorded approval of this very plan. Nothing is said about whether the approval still holds. */
export interface ApprovedPlan {
  readonly pull: PullRequest;
  readonly plan: WithArtifact<PlanEvidence>;
  readonly approval: WithArtifact<ApprovalEvidence>;
}

declare const checked: unique symbol;

/** An approval that was valid a moment ago; only `checkStillValid` makes one. */
export type ValidApproval = ApprovedPlan & { readonly [checked]: 'valid' };

/**
 * The newest plan of a pull request with its approval; what is found goes into the report.
 * @throws Stopped plan-missing, approval-missing, plan-superseded, and what reading evidence throws
 */
export async function findApprovedPlan(
  {
    evidence,
    report,
    run,
  }: { readonly evidence: EvidenceStore; readonly report: Report; readonly run: WorkflowRun },
  pull: PullRequest,
): Promise<ApprovedPlan> {
  const plan = await evidence.findPlan(pull.number);
  if (plan === undefined) {
    throw new Stopped('plan-missing', 'No plan of this pull request is stored.');
  }
  report.note(toPlanFacts(plan, run));
  const approval = await evidence.findApproval(pull.number);
  if (approval === undefined)
    throw new Stopped('approval-missing', 'Nobody has approved the plan.');
  checkSamePlan(plan, approval);
  report.note({ approver: last(approval.approval.approvers).login });
  return { pull, plan, approval };
}

/** What the validity of an approval is asked of. */
export interface ValidityRooms {
  readonly authority: Authority;
  readonly policy: PolicySource;
  readonly label: ApprovalLabel;
  readonly requests: Requests;
  readonly clock: Clock;
}

/**
 * @throws Stopped approval-expired, head-moved, base-moved, plan-altered, label-missing, votes-missing, path-protected,
 *   actor-denied, self-approval
 */
export async function checkStillValid(
  rooms: ValidityRooms,
  approved: ApprovedPlan,
): Promise<ValidApproval> {
  const { pull, plan } = approved;
  const { approval } = approved.approval;
  checkPins(plan, pull);
  if (rooms.clock.now().getTime() >= Date.parse(approval.expires_at)) {
    throw new Stopped('approval-expired', `The approval expired at ${approval.expires_at}.`);
  }
  await rooms.requests.requireUnedited(plan);
  checkLabelShown(pull.labels, rooms.label.name);
  const history = await rooms.label.history(pull.number);
  const labelling = lastLabelling(history);
  if (labelling.id !== last(approval.approvers).label_event.id) {
    throw new Stopped(
      'label-missing',
      'The label that is set is not the one that was approved with.',
    );
  }
  checkCurrent(labelling);
  // An account that has another login by now is listed under that.
  const people = approval.approvers.map((approver) => {
    const actor = history.find(({ id }) => id === approver.label_event.id)?.actor;
    return actor?.id === approver.id ? actor : approver;
  });
  await checkApprovers(rooms, approved, people);
  return approved as ValidApproval;
}

/** The approvers as they are now, under the policy as it is now. */
async function checkApprovers(
  rooms: Pick<ValidityRooms, 'authority' | 'policy'>,
  { pull, plan }: ApprovedPlan,
  people: readonly Person[],
): Promise<void> {
  const policy = await rooms.policy.read();
  const { files } = plan.plan;
  checkRules('plan', { files, policyFile: rooms.policy.path }, policy);
  const participants = findParticipants(plan, pull);
  const approvers = [];
  for (const person of people) {
    approvers.push({ role: await rooms.authority.requireApprover(person, participants) });
  }
  checkRules('approval', { files, approvers }, policy);
}

/** @throws Stopped head-moved, base-moved */
export function checkPins(
  { manifest }: PlanEvidence,
  pull: Pick<PullRequest, 'head' | 'baseRef'>,
): void {
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

/** @throws Stopped plan-superseded, digest-mismatch */
export function checkSamePlan(
  plan: WithArtifact<PlanEvidence>,
  { approval, journal }: ApprovalEvidence,
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

/** Whoever started the run, for the journal; on a schedule nobody did, and it is the approver's approval. */
export function findActor(
  { trigger }: Pick<WorkflowRun, 'trigger'>,
  { approval }: ApprovedPlan,
): Person {
  const { id, login } = trigger.sender ?? approval.approval.approvers[0];
  return { id, login };
}
