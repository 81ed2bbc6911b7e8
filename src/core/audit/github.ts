/** What GitHub says today about facts that the records only repeat. */

import { inOrder, type TimelineEvent } from '../life/timeline.ts';
import { sameLabel } from '../text/label-name.ts';
import type { Artifact } from './artifact.ts';
import type { Ledger } from './ledger.ts';
import { longestExecutionMs, time } from './rules.ts';
import { listLabelEvents } from './votes.ts';

/** Each artifact is about this pull request, and names the run that made it. */
export function checkOrigins(
  artifacts: readonly Artifact[],
  target: { readonly repository: number; readonly pullRequest: number },
  ledger: Ledger,
): void {
  for (const { name, making, stored } of artifacts) {
    ledger.check(
      'links',
      making.repository.id === target.repository && making.pull_request === target.pullRequest,
      `${name} is about another pull request.`,
    );
    if (stored === null) continue;
    ledger.check(
      'links',
      making.run.id === stored.run,
      `${name} names run ${making.run.id}, and run ${stored.run} made it.`,
    );
  }
}

/**
 * Each label event that a decision counted is by the recorded person, at the recorded time.
 * @param label the name of the label that approves
 */
export function checkLabelEvents(
  artifacts: readonly Artifact[],
  events: readonly TimelineEvent[],
  label: string,
  ledger: Ledger,
): void {
  for (const artifact of artifacts) {
    for (const { id, actor, created_at: at } of listLabelEvents(artifact)) {
      const event = events.find((one) => one.id === id);
      if (event === undefined) {
        ledger.unproven(`Who set the label by the event ${id}: GitHub no longer tells of it.`);
        continue;
      }
      ledger.check(
        'votes',
        event.kind === 'set' && event.actor?.id === actor.id && time(event.at) === time(at),
        `${artifact.name} says that ${actor.login} set the label by the event ${id}, and GitHub says otherwise.`,
      );
      // GitHub has the name of today: a label that was renamed since, and one that never approved anything, look alike.
      if (event.kind !== 'set' || (event.label !== null && sameLabel(event.label.name, label))) {
        continue;
      }
      const today = event.label === null ? 'deleted' : `called ${event.label.name}`;
      ledger.unproven(`That the event ${id} set the label ${label}: its label is ${today} today.`);
    }
  }
}

/**
 * The label that decided was still set when its approval was made, verified and carried out: GitHub's log has each
 * removal by the label's id.
 */
export function checkStillLabelled(
  artifacts: readonly Artifact[],
  events: readonly TimelineEvent[],
  ledger: Ledger,
): void {
  const log = inOrder(events);
  const approvals = new Map<string, Artifact<'approval'>>(
    artifacts.flatMap((one) => (one.kind === 'approval' ? [[one.evidence.digest, one]] : [])),
  );
  for (const artifact of artifacts) {
    const approval = approvals.get(approvalOf(artifact) ?? '');
    const decided = approval?.evidence.approval.label_events.at(-1);
    const at = log.findIndex(({ id }) => id === decided?.id);
    const set = log[at];
    if (set?.kind !== 'set' || set.label === null) continue;
    const removal = log
      .slice(at + 1)
      .find((one) => one.kind === 'removed' && one.label?.id === set.label?.id);
    ledger.check(
      'votes',
      removal === undefined ||
        time(removal.at) + longestExecutionMs >= time(artifact.making.created_at),
      `${artifact.name} rests on a label that was removed before, at ${removal?.at}.`,
    );
  }
}

/** The digest of the approval that a record is, or that it found still valid. */
function approvalOf(one: Artifact): string | undefined {
  if (one.kind === 'approval') return one.evidence.digest;
  if (one.kind === 'execution') {
    const { stopped, approval_sha256 } = one.evidence.execution;
    return stopped === undefined ? approval_sha256 : undefined;
  }
  if (one.kind !== 'verification') return undefined;
  const { result, approval_sha256 } = one.evidence.verification;
  return result === 'verified' ? approval_sha256 : undefined;
}
