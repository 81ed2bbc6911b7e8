/** Whether Codex ran more often for a pull request than the policy allows in a day. */

import type { Artifact, Making } from './artifact.ts';
import type { Ledger } from './ledger.ts';
import { longestExecutionMs, longestStepMs, time } from './rules.ts';

const dayMs = 24 * 3_600_000;

/** What a record tells of a run of Codex. */
interface Ended {
  readonly name: string;
  readonly making: Pick<Making, 'repository' | 'pull_request' | 'created_at'>;
  readonly policy: { readonly limits: { readonly runs: number } };
}

/** A record, with what says whether Codex ran. */
export type EndedRun = Ended &
  (
    | {
        readonly kind: 'plan';
        readonly evidence: { readonly manifest: { readonly narrows: object | null } };
      }
    | {
        readonly kind: 'verification';
        readonly evidence: { readonly verification: { readonly basis: string } };
      }
    | { readonly kind: Exclude<Artifact['kind'], 'plan' | 'verification'> }
  );

/**
 * A step counts the runs before it starts Codex, and only the end of a step is recorded. So a run counts here only if it
 * had surely ended before the step began, and was less than a day old when that ended.
 */
export function checkRuns(records: readonly EndedRun[], ledger: Ledger): void {
  const runs = records.filter(askedCodex);
  for (const { name, making, policy } of runs) {
    const at = time(making.created_at);
    const before = runs.filter((one) => {
      const ended = time(one.making.created_at);
      return (
        one.making.repository.id === making.repository.id &&
        one.making.pull_request === making.pull_request &&
        ended > at - dayMs &&
        ended < at - longestStepMs - longestExecutionMs
      );
    });
    ledger.check(
      'policy',
      before.length < policy.limits.runs,
      `${name} asked Codex, although ${before.length} runs had in the 24 hours before, and its policy allows ${policy.limits.runs} (limits.runs).`,
    );
  }
}

/** As the step itself counts them: a denial is recorded only if Codex ran. */
function askedCodex(record: EndedRun): boolean {
  if (record.kind === 'plan') return record.evidence.manifest.narrows === null;
  if (record.kind === 'verification') return record.evidence.verification.basis === 'model';
  return record.kind === 'approval' || record.kind === 'denial';
}
