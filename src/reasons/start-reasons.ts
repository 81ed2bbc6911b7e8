/** Why a run does not begin: its event, its workflow file, the person, the pull request or the request. */

import type { Explanation } from './explanation.ts';

export const startReasons = {
  'not-a-command': {
    decision: 'ignored',
    voids: 'never',
    what: 'The comment asks for no plan.',
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
    what: 'The workflow file that runs is not the one of the default branch.',
    next: 'Trigger it by issue_comment, pull_request_target, schedule, or workflow_dispatch on the default branch.',
  },
  'actor-denied': {
    decision: 'denied',
    voids: 'always',
    what: 'Somebody does not have the permission that their part in this step needs.',
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
    what: 'The request is empty or too long, or it has characters that no reader can see.',
    next: 'Write a new comment: the command, then a request in plain text.',
  },
  'config-invalid': {
    decision: 'failed',
    voids: 'never',
    what: 'An input or the policy file is not valid.',
    next: 'Correct what the message names, then run again.',
  },
  'draft-denied': {
    decision: 'denied',
    voids: 'in approve',
    what: 'The pull request is a draft.',
    next: 'Mark it as ready for review, or set plans.drafts: true in the policy file.',
  },
} as const satisfies Record<string, Explanation>;
