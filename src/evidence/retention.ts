/** What GitHub may have deleted without a trace. */

import { timestamp } from '../core/text/timestamp.ts';
import type { StoredArtifact } from '../ports/artifacts.ts';
import type { Clock } from '../ports/runner.ts';

/**
 * GitHub deletes a workflow run after the retention of the repository, and then lists nothing of what the run stored. It
 * deletes the oldest first. So this can have happened to what is older than everything that is still listed, and older
 * than the longest retention of that: in this time it would have expired also if nobody had deleted it by hand.
 * Source: https://github.blog/changelog/2026-08-27-actions-retention-will-cover-checks-workflow-runs-and-statuses/
 * @param listed what trusted runs stored, as far as GitHub lists it, expired or not
 * @returns RFC 3339; null if GitHub does not say when something was stored, or how long it keeps it
 */
export function findForgotten(
  listed: readonly Pick<StoredArtifact, 'createdAt' | 'expiresAt'>[],
  clock: Clock,
): string | null {
  if (listed.length === 0) return null;
  const created = listed.map(({ createdAt }) => Date.parse(createdAt ?? ''));
  const kept = listed.map(
    ({ expiresAt }, index) => Date.parse(expiresAt ?? '') - (created[index] ?? Number.NaN),
  );
  // NaN if one of the times is missing.
  const before = Math.min(...created, clock.now().getTime() - Math.max(...kept));
  return Number.isNaN(before) ? null : timestamp(new Date(before));
}
