/**
 * Whether an approval is valid now: its state by the records and the event log, and then everything that GitHub and
 * the policy say at the moment of use. This needs no model, so it comes before every step that does. Verify and
 * execute check the same.
 */

import { canBeApproved } from '../core/life/state.ts';
import { isLabelling, newestLabelling } from '../core/life/timeline.ts';
import { last, mapAll, type NonEmpty } from '../core/lists.ts';
import type { RepositoryRole } from '../core/policy/roles.ts';
import { checkRules } from '../core/policy/rules.ts';
import type { ApprovalEvidence, PlanEvidence } from '../core/records/archive-contents.ts';
import type { ApproverNow, Person } from '../core/records/fields.ts';
import { Stopped } from '../decision.ts';
import { toPlanFacts } from '../evidence/facts.ts';
import type { WithArtifact } from '../evidence/genuine.ts';
import { readUntil } from '../evidence/lag.ts';
import { OutdatedPlan } from '../evidence/outdated-plan.ts';
import type { PolicySource } from '../evidence/policy.ts';
import type { Report } from '../ports/outcome.ts';
import type { PullRequest } from '../ports/pull-requests.ts';
import type { WorkflowRun } from '../ports/run.ts';
import { type Authority, findParticipants } from './authority.ts';
import type { ApprovalLabel } from './label.ts';
import { type LifeTools, type PlanLife, readLife, readLifeUnlessMoved } from './plan-life.ts';
import { hasUnansweredLabel, stoppedByHead, stoppedByState } from './stopped-by-state.ts';

/** A plan whose state is approved, with that approval. Today's people and policy have not been checked yet. */
export interface ApprovedPlan {
  readonly life: PlanLife;
  readonly pull: PullRequest;
  readonly plan: WithArtifact<PlanEvidence>;
  readonly approval: WithArtifact<ApprovalEvidence>;
}

declare const checked: unique symbol;

/** An approval that was valid a moment ago; only `checkStillValid` makes one. */
export type ValidApproval = ApprovedPlan & {
  /** The approvers with the login and the role that GitHub gave for each of them. */
  readonly approvers: NonEmpty<ApproverNow>;
  readonly [checked]: 'valid';
};

interface FindTools extends LifeTools {
  readonly report: Report;
  readonly run: WorkflowRun;
}

/**
 * What happened to the newest plan; the facts go into the report. If a label is set that no record answers, the
 * records are read again for some seconds, because an artifact list can lag. The result of an earlier label says
 * nothing about this one.
 * @param onUnmoved called before the records are read if the head has not moved since: what will be needed can be started
 * @throws Stopped plan-missing, head-moved, and what reading evidence throws
 */
export async function findPlanLife(
  tools: FindTools,
  pull: PullRequest,
  onUnmoved: () => void = () => {},
): Promise<PlanLife> {
  const plan = await tools.evidence.findPlanOfHead(pull.number, pull.head.sha);
  if (plan === undefined) {
    throw new Stopped('plan-missing', 'No plan of this pull request is stored.');
  }
  if (plan instanceof OutdatedPlan) {
    tools.report.note(plan.facts);
    throw stoppedByHead(pull, plan.planId);
  }
  if (plan.manifest.head.sha === pull.head.sha) onUnmoved();
  tools.report.note(toPlanFacts(plan, tools.run));
  return readUntil(
    () => readLifeUnlessMoved(tools, pull, plan),
    (life) => !awaitsAnswer(life),
  );
}

/**
 * Whether the artifacts or the event log may lag: the label that is set has no answer yet although the plan can still
 * be approved, or a record names an event that the log does not have.
 */
function awaitsAnswer(life: PlanLife): boolean {
  const { state, log } = life;
  if (log.label !== undefined && state.is === 'awaiting' && state.ended === 'unknown') return true;
  return canBeApproved(state) && hasUnansweredLabel(life);
}

/**
 * @throws Stopped with the code of the state if it is not approved
 */
export async function requireApproved(
  tools: Pick<FindTools, 'evidence' | 'report'>,
  life: PlanLife,
): Promise<ApprovedPlan> {
  const { state, plan, records, pull } = life;
  if (state.is !== 'approved') {
    const never =
      state.is === 'awaiting' && records.approvals.length === 0 && !isLabelledSince(life);
    if (never && (await tools.evidence.hasEarlierApproval(plan))) {
      throw new Stopped('plan-superseded', 'The approval is about an earlier plan.');
    }
    throw stoppedByState(life);
  }
  const approval = records.approvals.find(({ digest }) => digest === state.approval.digest);
  if (approval === undefined) throw new Stopped('internal', 'The approval has no record.');
  checkSamePlan(plan, approval);
  tools.report.note({ approver: last(approval.approval.approvers).login });
  return { life, pull, plan, approval };
}

/** Whether the label was set for this plan: mode approve may be working on it, whatever was approved before. */
function isLabelledSince({ log, plan }: PlanLife): boolean {
  const labelling = log.label && newestLabelling(log, log.label.id);
  const made = Date.parse(plan.manifest.created_at);
  return labelling !== undefined && Date.parse(labelling.at) >= made;
}

/** What decides whether an approval is valid. */
export interface ValidityTools {
  readonly authority: Authority;
  readonly policy: PolicySource;
  readonly label: Pick<ApprovalLabel, 'name' | 'rememberDecided'>;
}

/**
 * @throws Stopped approval-expired, label-missing, votes-missing, path-protected, actor-denied, self-approval
 */
export async function checkStillValid(
  tools: ValidityTools,
  approved: ApprovedPlan,
): Promise<ValidApproval> {
  const { life } = approved;
  const { approval } = approved.approval;
  const decided = last(approval.approvers).label_event;
  tools.label.rememberDecided(decided);
  const labelling = life.log.events.find(({ id }) => id === decided.id);
  // The pull request page must show the label, too: GitHub lists no event for a renamed label.
  if (
    labelling === undefined ||
    !isLabelling(labelling) ||
    life.log.label?.id !== labelling.label.id
  ) {
    throw new Stopped('label-missing', `The label ${tools.label.name} is not set.`);
  }
  await checkHours(tools.policy, approved);
  // If an account has been renamed since, GitHub lists the new login.
  const people = mapAll(approval.approvers, (approver) => {
    const event = life.log.events.find(({ id }) => id === approver.label_event.id);
    return event?.actor?.id === approver.id ? event.actor : approver;
  });
  const approvers = await checkApprovers(tools, approved, people);
  return { ...approved, approvers } as ValidApproval;
}

/**
 * If the policy has shortened the hours since, the shorter time counts. Hours from an input belong to the workflow,
 * so they stay.
 * @throws Stopped approval-expired
 */
async function checkHours(source: PolicySource, { life, approval }: ApprovedPlan): Promise<void> {
  const { policy, sources } = approval.policy;
  if (sources['approvers.hours'] === 'input') return;
  const { hours } = (await source.read()).approvers;
  const granted = Date.parse(approval.approval.expires_at) - policy.approvers.hours * hourMs;
  if (life.now.now.getTime() < granted + hours * hourMs) return;
  throw new Stopped(
    'approval-expired',
    `The label is older than the policy's ${hours} hours (approvers.hours).`,
  );
}

const hourMs = 3_600_000;

type Asked = ApproverNow & { readonly permission: RepositoryRole };

/** The approvers as they are now, under the policy as it is now. */
async function checkApprovers(
  tools: Pick<ValidityTools, 'authority' | 'policy'>,
  { pull, plan }: ApprovedPlan,
  people: NonEmpty<Person>,
): Promise<NonEmpty<ApproverNow>> {
  const policy = await tools.policy.read();
  const { files } = plan.plan;
  checkRules('plan', { files, policyFile: tools.policy.path }, policy);
  const participants = findParticipants(plan, pull);
  const ask = async ({ id, login }: Person) => {
    const permission = await tools.authority.requireApprover({ id, login }, participants);
    return { id, login, permission };
  };
  const [first, ...others] = people;
  const approvers: [Asked, ...Asked[]] = [await ask(first)];
  for (const person of others) approvers.push(await ask(person));
  const roles = approvers.map(({ permission: role }) => ({ role }));
  checkRules('approval', { files, approvers: roles }, policy);
  return approvers;
}

/**
 * Checks the same approval again, right before an irreversible step: everything is read again.
 * @param readPull reads the pull request as it is now
 * @throws Stopped as `requireApproved` and `checkStillValid`
 */
export async function checkAgain(
  tools: LifeTools & ValidityTools & Pick<FindTools, 'report'>,
  { plan, approval }: ApprovedPlan,
  readPull: () => Promise<PullRequest>,
): Promise<ValidApproval> {
  const now = await requireApproved(tools, await readLife(tools, readPull, plan));
  if (now.approval.digest !== approval.digest) {
    throw new Stopped('label-missing', 'The label was removed and set again while this step ran.');
  }
  return checkStillValid(tools, now);
}

/** @throws Stopped digest-mismatch */
export function checkSamePlan(
  plan: Omit<WithArtifact<PlanEvidence>, 'members'>,
  { approval, journal }: Pick<ApprovalEvidence, 'approval' | 'journal'>,
): void {
  const { manifest } = plan;
  if (
    approval.plan_id !== plan.planId ||
    approval.plan_artifact.id !== plan.artifact.id ||
    approval.plan_artifact.digest !== plan.artifact.digest ||
    approval.plan_sha256 !== manifest.plan_sha256 ||
    approval.prompt_sha256 !== manifest.prompt_sha256 ||
    approval.head.sha !== manifest.head.sha ||
    approval.base.sha !== manifest.base.sha ||
    !journal.startsWith(plan.journal)
  ) {
    throw new Stopped(
      'digest-mismatch',
      'The approval is about another content than that of the plan.',
    );
  }
}

/** Who started the run, for the journal. Nobody starts a scheduled run, so then it is the approver. */
export function findActor(
  { trigger }: Pick<WorkflowRun, 'trigger'>,
  { approval }: Pick<ApprovedPlan, 'approval'>,
): Person {
  const { id, login } = trigger.sender ?? last(approval.approval.approvers);
  return { id, login };
}
