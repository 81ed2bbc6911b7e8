/** Why a run cannot do its work, or must not: the runner, Codex, GitHub, limits and brakes. */

import type { Explanation } from './explanation.ts';

export const runReasons = {
  'platform-unsupported': {
    decision: 'failed',
    voids: 'never',
    what: 'The action lacks something: it needs github.com or GHE.com, and a Linux runner with user namespaces, git 2.38 or newer, and room on the disk.',
    next: 'Correct what the message names and run the job again, or use another runner, such as ubuntu-latest.',
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
    what: 'There is no valid plan: the model answered with none, or the command would leave none.',
    next: 'Read the details, then write the request or the command again.',
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
