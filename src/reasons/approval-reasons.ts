/** Why a plan or its approval does not hold: it is missing, over, or about something else by now. */

import type { Explanation } from './explanation.ts';

export const approvalReasons = {
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
    what: 'The pull request does not show exactly what was recorded or asked.',
    next: 'If the plan is posted again, review it and set the label once more. Otherwise ask for a new plan.',
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
    what: 'Fewer people have approved than the policy asks for.',
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
    next: 'Set the label again, or raise approvers.hours in the policy file or the input approval-hours.',
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
    what: 'There is no verification of this approval that is recent enough.',
    next: 'Run mode verify right before mode execute.',
  },
  'head-moved': {
    decision: 'denied',
    voids: 'always',
    what: 'The head of the pull request is not the commit that the plan was made on.',
    next: 'Ask for a new plan on the new head.',
  },
  'base-moved': {
    decision: 'denied',
    or: 'drifted',
    voids: 'always',
    what: 'The base changed files that the plan is about.',
    next: 'Update the branch with its base, then ask for a new plan.',
  },
  'plan-withdrawn': {
    decision: 'denied',
    or: 'ignored',
    voids: 'always',
    what: 'The plan was withdrawn.',
    next: 'Ask for a new plan.',
  },
} as const satisfies Record<string, Explanation>;
