/**
 * The closed vocabulary of outcomes: every run of the action ends in one decision and one reason code, each with a
 * sentence that says what happened and one that says what to do next.
 */

/** The good ends of a mode. */
const successes = [
  'planned',
  'approved',
  'verified',
  'executed',
  'refreshed',
  'healthy',
  'audited',
  'consistent',
] as const;
export type Success = (typeof successes)[number];

/** How a run ended. */
export type Decision = Success | 'ignored' | 'denied' | 'drifted' | 'failed';

/** How a run ends that was stopped. */
export type StopDecision = Exclude<Decision, Success>;

interface Explanation {
  /** How a run ends that stops with this code, unless it says otherwise. */
  readonly decision: StopDecision;
  /** How it may end as well, if the step says so. */
  readonly or?: StopDecision;
  /**
   * Whether the approval is over, so that the label is removed. `never`: the code says nothing about the approval, and
   * running the job again goes on with it. `in approve`: it says something about what this approval would lead to, and
   * nothing about one that is recorded. A new code has to choose.
   */
  readonly voids: 'never' | 'in approve' | 'always';
  /** One sentence: what happened. */
  readonly what: string;
  /** One sentence: what to do next. */
  readonly next: string;
}

const explanations = {
  'not-a-command': {
    decision: 'ignored',
    voids: 'never',
    what: 'The comment is not the slash command this action listens to.',
    next: 'Start a new comment with the command, followed by what you want done.',
  },
  'other-label': {
    decision: 'ignored',
    voids: 'never',
    what: 'The label is not the one that approves plans.',
    next: 'Set the approval label to approve the plan.',
  },
  'unsupported-event': {
    decision: 'failed',
    or: 'ignored',
    voids: 'never',
    what: 'This mode does not act on the event that started the workflow.',
    next: 'Use the events of the example workflows, and give pull-request if the event names none.',
  },
  'workflow-untrusted': {
    decision: 'failed',
    voids: 'never',
    what: 'The workflow file that runs is not one that the default branch owns.',
    next: 'Trigger it by issue_comment, pull_request_target, schedule, or workflow_dispatch on the default branch.',
  },
  'actor-denied': {
    decision: 'denied',
    voids: 'always',
    what: 'The person who started this run does not have the permission that this step asks for.',
    next: 'Ask somebody with that permission, or lower requesters or approvers in the policy file.',
  },
  'bot-denied': {
    decision: 'denied',
    voids: 'always',
    what: 'A bot or an app asked for this step, and only people may.',
    next: 'Have a person write the comment or set the label.',
  },
  'self-approval': {
    decision: 'denied',
    voids: 'always',
    what: 'The approver is also the one who asked for the plan, or the author of the pull request.',
    next: 'Have somebody else approve, or set approvers.self or approvers.author in the policy file.',
  },
  'fork-denied': {
    decision: 'denied',
    voids: 'always',
    what: 'The pull request comes from a fork, or its source repository is gone.',
    next: 'Push the branch to this repository, or set forks: true in the policy file.',
  },
  'pull-request-closed': {
    decision: 'denied',
    voids: 'always',
    what: 'The pull request is closed or merged.',
    next: 'Reopen it, or ask for a plan on an open pull request.',
  },
  'merge-conflict': {
    decision: 'denied',
    voids: 'always',
    what: 'The pull request does not merge cleanly into its base.',
    next: 'Resolve the conflict on the branch, then ask for a new plan.',
  },
  'prompt-rejected': {
    decision: 'denied',
    voids: 'always',
    what: 'The request cannot be frozen as a prompt.',
    next: 'Write a new comment: the command, then a request in plain text.',
  },
  'config-invalid': {
    decision: 'failed',
    voids: 'never',
    what: 'An input or the policy file is not valid.',
    next: 'Correct what the message names, then run again.',
  },
  'plan-missing': {
    decision: 'failed',
    or: 'ignored',
    voids: 'in approve',
    what: 'There is no plan for this pull request.',
    next: 'Ask for one with the slash command.',
  },
  'plan-expired': {
    decision: 'denied',
    voids: 'always',
    what: 'The evidence of the plan is no longer stored.',
    next: 'Ask for a new plan, and raise retention-days if that happens often.',
  },
  'plan-superseded': {
    decision: 'denied',
    voids: 'always',
    what: 'A newer plan exists for this pull request.',
    next: 'Review and approve the newest plan.',
  },
  'plan-altered': {
    decision: 'denied',
    voids: 'always',
    what: 'The pull request page does not show what was hashed.',
    next: 'Review the plan as it is posted again, or ask for a new one, and set the label once more.',
  },
  'plan-too-fresh': {
    decision: 'denied',
    voids: 'always',
    what: 'The label was set too soon after the plan was published for anybody to have read it.',
    next: 'Read the plan, then set the label again.',
  },
  'approval-precedes-plan': {
    decision: 'denied',
    voids: 'always',
    what: 'The label was set before the plan was published.',
    next: 'Read the plan, then set the label again.',
  },
  'votes-missing': {
    decision: 'denied',
    voids: 'always',
    what: 'The vote is recorded, and the policy asks for more approvers.',
    next: 'Have the remaining approvers set the label too.',
  },
  'approval-missing': {
    decision: 'failed',
    voids: 'in approve',
    what: 'There is no approval of this plan.',
    next: 'Review the plan and set the approval label.',
  },
  'approval-expired': {
    decision: 'denied',
    voids: 'always',
    what: 'The approval has expired.',
    next: 'Set the label again, or raise approval-hours.',
  },
  'approval-consumed': {
    decision: 'denied',
    voids: 'always',
    what: 'The approval has been used: its change is already committed.',
    next: 'Ask for a new plan for further changes.',
  },
  'label-missing': {
    decision: 'denied',
    voids: 'always',
    what: 'The label that approved the plan is no longer set.',
    next: 'Review the plan and set the label again.',
  },
  'verification-missing': {
    decision: 'failed',
    voids: 'in approve',
    what: 'There is no verification of this approval that is fresh enough.',
    next: 'Run mode verify right before mode execute.',
  },
  'head-moved': {
    decision: 'denied',
    voids: 'always',
    what: 'The head of the pull request is not the commit that was planned on.',
    next: 'Ask for a new plan on the new head.',
  },
  'base-moved': {
    decision: 'denied',
    or: 'drifted',
    voids: 'always',
    what: 'The base changed files that the plan is about.',
    next: 'Update the branch with its base, then ask for a new plan.',
  },
  'provenance-mismatch': {
    decision: 'failed',
    voids: 'always',
    what: 'The evidence was not made by a trusted run.',
    next: 'Ask for a new plan with the workflow of the default branch, or list its file under workflows in the policy file.',
  },
  'digest-mismatch': {
    decision: 'failed',
    voids: 'always',
    what: 'The evidence is not the content that its digests name.',
    next: 'Ask for a new plan, and find out who changed the artifact.',
  },
  'artifact-invalid': {
    decision: 'failed',
    voids: 'always',
    what: 'The evidence archive is missing a part, has one too many, or cannot be read.',
    next: 'Ask for a new plan.',
  },
  'path-invalid': {
    decision: 'denied',
    voids: 'in approve',
    what: 'A path is not one that a plan may name.',
    next: 'Ask for a plan on ordinary files inside the repository.',
  },
  'path-protected': {
    decision: 'denied',
    voids: 'always',
    what: 'The plan touches a protected path.',
    next: 'Ask for a plan without it, have an approver with the needed role approve it, or change paths in the policy file.',
  },
  'outside-plan': {
    decision: 'denied',
    voids: 'always',
    what: 'The change touches files that were not approved.',
    next: 'Ask for a plan that names these files, or reject the change.',
  },
  'operation-mismatch': {
    decision: 'denied',
    voids: 'always',
    what: 'The change does something else to a file than was approved.',
    next: 'Ask for a plan that names the operation, or reject the change.',
  },
  'nothing-changed': {
    decision: 'failed',
    voids: 'always',
    what: 'Codex changed nothing.',
    next: 'Ask for a more specific plan; under before-write Codex changes text files only.',
  },
  'scope-drift': {
    decision: 'drifted',
    voids: 'always',
    what: "Today's plan names other files than the approved one.",
    next: 'Review what changed, ask for a new plan, and approve that.',
  },
  'plan-drift': {
    decision: 'drifted',
    voids: 'always',
    what: "Today's plan differs from the approved one.",
    next: 'Review what changed, ask for a new plan, and approve that.',
  },
  'platform-unsupported': {
    decision: 'failed',
    voids: 'never',
    what: 'The action runs on github.com and GHE.com, on Linux runners with user namespaces and git 2.38 or newer.',
    next: 'Run the job on such a runner: ubuntu-latest is one.',
  },
  'codex-unavailable': {
    decision: 'failed',
    voids: 'never',
    what: 'The Codex CLI cannot be installed or started.',
    next: 'Check codex-version and codex-path, and that the runner reaches the npm registry.',
  },
  'sandbox-unavailable': {
    decision: 'failed',
    voids: 'never',
    what: 'The sandbox cannot be started, and without it Codex is not run.',
    next: 'Use a runner that allows unprivileged user namespaces.',
  },
  'codex-failed': {
    decision: 'failed',
    voids: 'never',
    what: 'Codex ended without a result.',
    next: 'Check the key, the endpoint and the model, then run again.',
  },
  'codex-timeout': {
    decision: 'failed',
    voids: 'never',
    what: 'Codex did not finish in time and was stopped.',
    next: 'Ask for something smaller, or raise timeout-minutes.',
  },
  'plan-invalid': {
    decision: 'failed',
    voids: 'in approve',
    what: 'What the model answered is not a valid plan.',
    next: 'Ask again, with a more specific request.',
  },
  'secret-detected': {
    decision: 'failed',
    voids: 'in approve',
    what: 'The output contains a secret of this run and was withheld.',
    next: 'Rotate the secret, and find out how it came into reach.',
  },
  'limit-exceeded': {
    decision: 'failed',
    voids: 'in approve',
    what: 'Something is larger than the limit for it.',
    next: 'Ask for something smaller, or raise limits in the policy file.',
  },
  'permission-missing': {
    decision: 'failed',
    voids: 'never',
    what: 'The token lacks a permission that this step needs.',
    next: 'Add the permission that the message names to the job.',
  },
  'api-unavailable': {
    decision: 'failed',
    voids: 'never',
    what: 'GitHub did not answer as it should.',
    next: 'Run the job again.',
  },
  'github-refused': {
    decision: 'denied',
    voids: 'never',
    what: 'GitHub refused this for a reason that no permission of the job changes.',
    next: 'Read what GitHub says in the message: a rule of the branch, a lock or an access policy needs to change first.',
  },
  paused: {
    decision: 'denied',
    voids: 'never',
    what: 'The policy file pauses this action.',
    next: 'Remove paused from the policy file, then run the job again.',
  },
  'runs-spent': {
    decision: 'denied',
    voids: 'never',
    what: 'Codex ran as often for this pull request as the policy allows within 24 hours.',
    next: 'Wait, or raise limits.runs in the policy file, then run the job again.',
  },
  'plan-withdrawn': {
    decision: 'denied',
    or: 'ignored',
    voids: 'always',
    what: 'The plan was withdrawn.',
    next: 'Ask for a new plan.',
  },
  'evidence-inconsistent': {
    decision: 'failed',
    voids: 'never',
    what: 'The evidence does not hold: something in it was changed, is missing, or does not follow from the rest.',
    next: 'Read the findings in the report. Rely on nothing of this plan before somebody has explained them.',
  },
  'commit-unproven': {
    decision: 'denied',
    voids: 'never',
    what: 'A commit of the pull request claims an approval that it does not have.',
    next: 'Remove the Codex-Plan trailers from the commit that the message names, or undo the rebase.',
  },
  'draft-denied': {
    decision: 'denied',
    voids: 'in approve',
    what: 'The pull request is a draft.',
    next: 'Mark it as ready for review, or set plans.drafts: true in the policy file.',
  },
  'untouched-denied': {
    decision: 'denied',
    voids: 'always',
    what: 'Codex left a planned file as it was.',
    next: 'Take the file out of the plan, or set plans.untouched: warn in the policy file.',
  },
  'path-unsupported': {
    decision: 'denied',
    voids: 'in approve',
    what: 'The plan names a file that this action cannot change safely.',
    next: 'Ask for a plan without that file, and change it by hand.',
  },
  unhealthy: {
    decision: 'failed',
    voids: 'never',
    what: 'Doctor found something in the set-up that does not work.',
    next: 'Paste what the table of this run names for each line with a cross, then run doctor again.',
  },
  internal: {
    decision: 'failed',
    voids: 'in approve',
    what: 'Something went wrong inside the action.',
    next: 'Run the job again. If it happens again, report it with the log.',
  },
} as const satisfies Record<string, Explanation>;

type Explanations = typeof explanations;

/** Why a run was stopped. */
export type StopReason = keyof Explanations;

/** The closed set that `reason-code` is taken from. */
export type ReasonCode = 'ok' | StopReason;

/** The codes that a run may end with under this decision. */
type ReasonFor<D extends StopDecision> = {
  [R in StopReason]: D extends Explanations[R]['decision']
    ? R
    : D extends OtherDecision<R>
      ? R
      : never;
}[StopReason];
type OtherDecision<R extends StopReason> = Explanations[R] extends { readonly or: infer D }
  ? D
  : never;

export const stopReasons = Object.keys(explanations) as StopReason[];

export function explain(reason: StopReason): Explanation {
  return explanations[reason];
}

/** The exit status is 0 for these, and 1 for all others. */
export function isGood(decision: Decision): boolean {
  return decision === 'ignored' || successes.some((success) => success === decision);
}

/**
 * A run that cannot go on: the one way to stop it, whoever's fault it is. `detail` is one sentence about this case; it
 * may hold foreign text, which is escaped where it is shown.
 */
export class Stopped extends Error {
  readonly reason: StopReason;
  readonly decision: StopDecision;
  /** What was decided is about an earlier label event, or about none that is known: the present one is left alone. */
  readonly keepsLabel: boolean;

  /** @param options `decision`, if it is not the usual one of this reason */
  constructor(
    reason: ReasonFor<'ignored'>,
    detail: string,
    options: ErrorOptions & { readonly decision: 'ignored' },
  );
  constructor(
    reason: ReasonFor<'drifted'>,
    detail: string,
    options: ErrorOptions & { readonly decision: 'drifted'; readonly keepsLabel?: boolean },
  );
  constructor(
    reason: StopReason,
    detail: string,
    options?: ErrorOptions & { readonly keepsLabel?: boolean },
  );
  constructor(
    reason: StopReason,
    detail: string,
    options?: ErrorOptions & { readonly decision?: StopDecision; readonly keepsLabel?: boolean },
  ) {
    super(detail, options);
    this.name = 'Stopped';
    this.reason = reason;
    this.decision = options?.decision ?? explain(reason).decision;
    this.keepsLabel = options?.keepsLabel ?? false;
  }
}

/** Codex was started, and the run ended without a result. */
export class CodexStopped extends Stopped {
  /** The text of `run.log` so far. */
  readonly log: string;

  constructor(reason: StopReason, detail: string, log: string, options?: ErrorOptions) {
    super(reason, detail, options);
    this.log = log;
  }
}

/**
 * Whether what ended a step says that the approval is over. What is no `Stopped` is a mistake of ours.
 * @param step `approve`, or one that rests on a recorded approval
 */
export function voidsApproval(error: unknown, step: 'approve' | 'later'): boolean {
  const { reason, decision, keepsLabel } = error instanceof Stopped ? error : internal;
  const { voids } = explain(reason);
  return (
    decision !== 'ignored' &&
    !keepsLabel &&
    (voids === 'always' || (voids === 'in approve' && step === 'approve'))
  );
}

const internal = { reason: 'internal', decision: 'failed', keepsLabel: false } as const;
