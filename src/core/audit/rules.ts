/** Rules for an approval and for everything that follows it. */

import type { Artifact } from './artifact.ts';
import type { PlanStory } from './known-plan.ts';
import type { Ledger } from './ledger.ts';

/**
 * How long a step can work between its first look and its record: as long as a job on a hosted runner. An end of the
 * plan within that time may have come too late for the step to notice it.
 * Source: https://docs.github.com/en/actions/reference/limits
 */
export const longestStepMs = 6 * 3_600_000;
/** The same for a step that runs no model between the look at its approval and its record. */
export const longestExecutionMs = 600_000;

export const time = (at: string): number => Date.parse(at);

/** GitHub gives this ending to apps alone, which may decide nothing. */
export function isBot(login: string): boolean {
  return login.endsWith('[bot]');
}

/** The record names the repository, the pull request and the digests of its plan. */
export function checkSameTarget(
  { name, kind, making, policy }: Artifact,
  { known }: PlanStory,
  ledger: Ledger,
): void {
  ledger.check(
    'links',
    making.repository.id === known.repository && making.pull_request === known.pullRequest,
    `${name} is about another pull request than its plan.`,
  );
  ledger.check(
    'times',
    time(making.created_at) >= time(known.createdAt),
    `${name} is older than its plan.`,
  );
  // A plan can be withdrawn also while everything else is paused.
  ledger.check(
    'policy',
    policy.paused === null || kind === 'withdrawal',
    `${name} was made although the policy said that everything is paused.`,
  );
}

/** An archive that a record names, if the store still tells its digest. */
export function checkArchive(
  name: string,
  what: Artifact,
  named: { readonly id: number; readonly digest: string },
  ledger: Ledger,
): void {
  if (what.stored === null) return;
  ledger.check(
    'links',
    what.stored.id === named.id && what.stored.digest === named.digest,
    `${name} names another archive of ${what.name} than the store has.`,
  );
}
