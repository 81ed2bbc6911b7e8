/** Whether Codex ran more often for a pull request than the policy allows in a day. */

import type { Artifact } from './artifact.ts';
import type { Ledger } from './ledger.ts';
import { longestExecutionMs, longestStepMs, time } from './rules.ts';

const dayMs = 24 * 3_600_000;

/** What tells of a run of Codex. */
interface CodexRun extends Pick<Artifact, 'name' | 'making' | 'policy'> {
  readonly at: number;
}

/**
 * A step counts the runs before it starts Codex, and only the end of a step is recorded. So a run counts here only if it
 * had surely ended before the step began, and was less than a day old when that ended.
 */
export function checkRuns(artifacts: readonly Artifact[], ledger: Ledger): void {
  const runs = artifacts.filter(askedCodex).map(
    ({ name, making, policy }): CodexRun => ({
      name,
      making,
      policy,
      at: time(making.created_at),
    }),
  );
  for (const { name, making, policy, at } of runs) {
    const before = runs.filter(
      (one) =>
        one.making.repository.id === making.repository.id &&
        one.making.pull_request === making.pull_request &&
        one.at > at - dayMs &&
        one.at < at - longestStepMs - longestExecutionMs,
    );
    ledger.check(
      'policy',
      before.length < policy.limits.runs,
      `${name} asked Codex, although ${before.length} runs had in the 24 hours before, and its policy allows ${policy.limits.runs} (limits.runs).`,
    );
  }
}

/** As the step itself counts them: a denial is recorded only if Codex ran. */
function askedCodex(artifact: Artifact): boolean {
  if (artifact.kind === 'plan') return artifact.evidence.manifest.narrows === null;
  if (artifact.kind === 'verification') return artifact.evidence.verification.basis === 'model';
  return artifact.kind === 'approval' || artifact.kind === 'denial';
}
