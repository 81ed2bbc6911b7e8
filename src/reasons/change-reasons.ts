/** Why evidence, paths or a change are refused. */

import type { Explanation } from './explanation.ts';

export const changeReasons = {
  'provenance-mismatch': {
    decision: 'failed',
    voids: 'always',
    what: 'The evidence was not made by a trusted run.',
    next: 'Ask for a new plan with the workflow of the default branch, or list its file under workflows in the policy file.',
  },
  'digest-mismatch': {
    decision: 'failed',
    voids: 'always',
    what: 'The evidence does not have the digests that were recorded for it.',
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
  'untouched-denied': {
    decision: 'denied',
    voids: 'always',
    what: 'Codex left a planned file as it was.',
    next: 'Ask for a plan without that file, or set plans.untouched: warn in the policy file.',
  },
  'path-unsupported': {
    decision: 'denied',
    voids: 'in approve',
    what: 'The plan names a file that this action cannot change safely.',
    next: 'Ask for a plan without that file, and change it by hand.',
  },
  'evidence-inconsistent': {
    decision: 'failed',
    voids: 'never',
    what: 'Something in the evidence was changed, is missing, or does not follow from the rest.',
    next: 'Read the findings in the report. Rely on nothing of this plan before somebody has explained them.',
  },
  'commit-unproven': {
    decision: 'denied',
    voids: 'never',
    what: 'A commit of the pull request claims an approval that it does not have.',
    next: 'Remove the Codex-Plan trailers from the commit that the message names, or undo the rebase.',
  },
} as const satisfies Record<string, Explanation>;
