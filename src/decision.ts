/**
 * The closed vocabulary of outcomes: every run of the action ends in one decision and one reason code, each with a
 * sentence that says what happened and one that says what to do next.
 */

/** How a run ended; the exit status is 0 for the good ones and for `ignored`, 1 for the others. */
export type Decision =
  | 'planned'
  | 'approved'
  | 'verified'
  | 'executed'
  | 'ignored'
  | 'denied'
  | 'drifted'
  | 'failed';

interface Explanation {
  /** What a run that ends with this code decides, unless its mode says otherwise. */
  readonly decision: Exclude<Decision, 'planned' | 'approved' | 'verified' | 'executed'>;
  /** One sentence: what happened. */
  readonly what: string;
  /** One sentence: what to do next. */
  readonly next: string;
}

const explanations = {
  'not-a-command': {
    decision: 'ignored',
    what: 'The comment is not the slash command this action listens to.',
    next: 'Start a new comment with the command, followed by what you want done.',
  },
  'other-label': {
    decision: 'ignored',
    what: 'The label is not the one that approves plans.',
    next: 'Set the approval label to approve the plan.',
  },
  'unsupported-event': {
    decision: 'failed',
    what: 'This mode does not act on the event that started the workflow.',
    next: 'Use the events of the example workflows, and give pull-request where the event names none.',
  },
  'workflow-untrusted': {
    decision: 'failed',
    what: 'The workflow file that runs is not one that the default branch owns.',
    next: 'Trigger it by issue_comment, pull_request_target, schedule, or workflow_dispatch on the default branch.',
  },
  'actor-denied': {
    decision: 'denied',
    what: 'The person behind this event does not have the permission that this step asks for.',
    next: 'Ask somebody with that permission, or lower requesters or approvers in the policy file.',
  },
  'bot-denied': {
    decision: 'denied',
    what: 'A bot or an app asked for this step, and only people may.',
    next: 'Have a person write the comment or set the label.',
  },
  'self-approval': {
    decision: 'denied',
    what: 'The approver is also the one who asked for the plan, or the author of the pull request.',
    next: 'Have somebody else approve, or set approvers.self or approvers.author in the policy file.',
  },
  'fork-denied': {
    decision: 'denied',
    what: 'The pull request comes from a fork, or its source repository is gone.',
    next: 'Push the branch to this repository, or set forks: true in the policy file.',
  },
  'pull-request-closed': {
    decision: 'denied',
    what: 'The pull request is closed or merged.',
    next: 'Reopen it, or ask for a plan on an open pull request.',
  },
  'merge-conflict': {
    decision: 'denied',
    what: 'The pull request does not merge cleanly into its base.',
    next: 'Resolve the conflict on the branch, then ask for a new plan.',
  },
  'prompt-rejected': {
    decision: 'denied',
    what: 'The request cannot be frozen as a prompt.',
    next: 'Write a new comment: the command, then a request in plain text.',
  },
  'config-invalid': {
    decision: 'failed',
    what: 'An input or the policy file is not valid.',
    next: 'Correct what the message names, then run again.',
  },
  'plan-missing': {
    decision: 'failed',
    what: 'There is no plan for this pull request.',
    next: 'Ask for one with the slash command.',
  },
  'plan-expired': {
    decision: 'denied',
    what: 'The evidence of the plan is no longer stored.',
    next: 'Ask for a new plan, and raise retention-days if that happens often.',
  },
  'plan-superseded': {
    decision: 'denied',
    what: 'A newer plan exists for this pull request.',
    next: 'Review and approve the newest plan.',
  },
  'plan-altered': {
    decision: 'denied',
    what: 'What stands on the page is not what was hashed.',
    next: 'Review the plan as it is posted again, or ask for a new one, and set the label once more.',
  },
  'plan-too-fresh': {
    decision: 'denied',
    what: 'The label was set too soon after the plan was published for anybody to have read it.',
    next: 'Read the plan, then set the label again.',
  },
  'approval-precedes-plan': {
    decision: 'denied',
    what: 'The label was set before the plan was published.',
    next: 'Read the plan, then set the label again.',
  },
  'votes-missing': {
    decision: 'denied',
    what: 'The vote is recorded, and the policy asks for more approvers.',
    next: 'Have the remaining approvers set the label too.',
  },
  'approval-missing': {
    decision: 'failed',
    what: 'There is no approval of this plan.',
    next: 'Review the plan and set the approval label.',
  },
  'approval-expired': {
    decision: 'denied',
    what: 'The approval has expired.',
    next: 'Set the label again, or raise approval-hours.',
  },
  'approval-consumed': {
    decision: 'denied',
    what: 'The approval has been used: its change is already committed.',
    next: 'Ask for a new plan for further changes.',
  },
  'label-missing': {
    decision: 'denied',
    what: 'The label that approved the plan is no longer set.',
    next: 'Review the plan and set the label again.',
  },
  'verification-missing': {
    decision: 'failed',
    what: 'There is no verification of this approval that is fresh enough.',
    next: 'Run mode verify right before mode execute.',
  },
  'head-moved': {
    decision: 'denied',
    what: 'The head of the pull request is not the commit that was planned on.',
    next: 'Ask for a new plan on the new head.',
  },
  'base-moved': {
    decision: 'denied',
    what: 'The base changed files that the plan is about.',
    next: 'Update the branch with its base, then ask for a new plan.',
  },
  'provenance-mismatch': {
    decision: 'failed',
    what: 'The evidence was not made by a run that is believed.',
    next: 'Ask for a new plan with the workflow of the default branch, or list its file under workflows in the policy file.',
  },
  'digest-mismatch': {
    decision: 'failed',
    what: 'The evidence is not the content that its digests name.',
    next: 'Ask for a new plan, and find out who changed the artifact.',
  },
  'artifact-invalid': {
    decision: 'failed',
    what: 'The evidence archive is missing a part, has one too many, or cannot be read.',
    next: 'Ask for a new plan.',
  },
  'path-invalid': {
    decision: 'denied',
    what: 'A path is not one that a plan may name.',
    next: 'Ask for a plan on ordinary files inside the repository.',
  },
  'path-protected': {
    decision: 'denied',
    what: 'The plan touches a protected path.',
    next: 'Ask for a plan without it, have an approver with the needed role approve it, or change paths in the policy file.',
  },
  'outside-plan': {
    decision: 'denied',
    what: 'Carrying out the plan changes files that were not approved.',
    next: 'Ask for a plan that names these files, or reject the change.',
  },
  'operation-mismatch': {
    decision: 'denied',
    what: 'Carrying out the plan does something else to a file than was approved.',
    next: 'Ask for a plan that names the operation, or reject the change.',
  },
  'nothing-changed': {
    decision: 'failed',
    what: 'Carrying out the plan changed nothing.',
    next: 'Ask for a more specific plan; under before-write Codex changes text files only.',
  },
  'scope-drift': {
    decision: 'drifted',
    what: 'The plan that the repository implies now names other files than the approved one.',
    next: 'Review what changed, ask for a new plan, and approve that.',
  },
  'plan-drift': {
    decision: 'drifted',
    what: 'The plan that the repository implies now differs from the approved one.',
    next: 'Review what changed, ask for a new plan, and approve that.',
  },
  'platform-unsupported': {
    decision: 'failed',
    what: 'The action runs on github.com and GHE.com with Linux runners only.',
    next: 'Run the job on a Linux runner.',
  },
  'codex-unavailable': {
    decision: 'failed',
    what: 'The Codex CLI cannot be installed or started.',
    next: 'Check codex-version and codex-path, and that the runner reaches the npm registry.',
  },
  'sandbox-unavailable': {
    decision: 'failed',
    what: 'The sandbox cannot be started, and without it Codex is not run.',
    next: 'Use a runner that allows unprivileged user namespaces.',
  },
  'codex-failed': {
    decision: 'failed',
    what: 'Codex ended without a result.',
    next: 'Check the key, the endpoint and the model, then run again.',
  },
  'codex-timeout': {
    decision: 'failed',
    what: 'Codex did not finish in time and was ended.',
    next: 'Ask for something smaller, or raise timeout-minutes.',
  },
  'plan-invalid': {
    decision: 'failed',
    what: 'What the model answered is not a valid plan.',
    next: 'Ask again, with a more specific request.',
  },
  'secret-detected': {
    decision: 'failed',
    what: 'The output contains a secret of this run and was withheld.',
    next: 'Rotate the secret, and find out how it came into reach.',
  },
  'limit-exceeded': {
    decision: 'failed',
    what: 'Something is larger than the limit for it.',
    next: 'Ask for something smaller, or raise limits in the policy file.',
  },
  'permission-missing': {
    decision: 'failed',
    what: 'The token lacks a permission that this step needs.',
    next: 'Add the permission that the message names to the job.',
  },
  'api-unavailable': {
    decision: 'failed',
    what: 'GitHub did not answer as it should.',
    next: 'Run the job again.',
  },
  internal: {
    decision: 'failed',
    what: 'Something went wrong inside the action.',
    next: 'Run the job again; if it stays, report it with the log.',
  },
} as const satisfies Record<string, Explanation>;

/** Why a run ended as it did, where that is not simply well. */
export type StopReason = keyof typeof explanations;

/** The closed set that `reason-code` is taken from. */
export type ReasonCode = 'ok' | StopReason;

export const stopReasons = Object.keys(explanations) as StopReason[];

export function explain(reason: StopReason): Explanation {
  return explanations[reason];
}

/**
 * A run that cannot go on, with the reason code it ends with. `detail` is one sentence about this case; it may hold
 * foreign text, which is escaped where it is shown.
 */
export class Stopped extends Error {
  readonly reason: StopReason;

  constructor(reason: StopReason, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'Stopped';
    this.reason = reason;
  }
}
