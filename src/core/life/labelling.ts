/** What the history of the label says: who set it, when, and whether that still counts. Pure: GitHub is asked before. */

import { Stopped } from '../../decision.ts';
import type { Person } from '../records/fields.ts';
import { sameLabel } from '../text/label-name.ts';

/** One time that the label was set or removed. */
export interface LabelEvent {
  readonly id: number;
  readonly set: boolean;
  readonly actor: { readonly id: number; readonly login: string; readonly type: string } | null;
  /** RFC 3339, GitHub's clock, to the second. */
  readonly at: string;
  readonly viaApp: boolean;
  /** False if the branch was force-pushed or the base exchanged since: the label was set on something else. */
  readonly current: boolean;
}

/** One time that somebody set the label. */
export interface Labelling extends LabelEvent {
  readonly actor: NonNullable<LabelEvent['actor']>;
}

/**
 * The last time that the label was set. That the page shows the label proves nothing: a renamed label, or one set when
 * the pull request was opened, has no such event.
 * @throws Stopped label-missing if it was removed again, or was never set by anybody
 */
export function lastLabelling(history: readonly LabelEvent[]): Labelling {
  const last = history.at(-1);
  if (last === undefined) throw new Stopped('label-missing', 'Nobody set the label.');
  if (!last.set) throw new Stopped('label-missing', 'The label was taken off again.');
  if (last.actor === null)
    throw new Stopped('label-missing', 'The account that set the label is gone.');
  return { ...last, actor: last.actor };
}

/**
 * The page must show the label, too: GitHub lists no event if a label is renamed, or deleted from the repository.
 * @throws Stopped label-missing
 */
export function checkLabelShown(shown: readonly string[], label: string): void {
  if (shown.some((name) => sameLabel(name, label))) return;
  throw new Stopped('label-missing', 'The label is no longer on the pull request.');
}

/**
 * A push away and back leaves the same head, but whoever set the label in between looked at another one.
 * @throws Stopped head-moved
 */
export function checkCurrent({ current }: LabelEvent): void {
  if (current) return;
  throw new Stopped('head-moved', 'The branch or its base was exchanged after the label was set.');
}

/**
 * A label approves what its setter could read: it comes after the plan was published, and not at once.
 * @param shown when the plan was published, and when the comment was last edited
 * @throws Stopped approval-precedes-plan, plan-too-fresh
 */
export function checkTimeToRead(
  labelling: LabelEvent,
  { createdAt, updatedAt }: { readonly createdAt: string; readonly updatedAt: string },
  reviewSeconds: number,
): void {
  if (!hadTimeToRead(labelling, createdAt, 0)) {
    throw new Stopped(
      'approval-precedes-plan',
      `The label was set at ${labelling.at}, before the plan was published at ${createdAt}.`,
    );
  }
  if (!hadTimeToRead(labelling, updatedAt, reviewSeconds)) {
    throw new Stopped(
      'plan-too-fresh',
      `The label was set at ${labelling.at}, within ${reviewSeconds} seconds (approvers.review-seconds) of ${updatedAt}.`,
    );
  }
}

/** Times are GitHub's own, to the second; a commit's dates are whatever its author likes. */
export function hadTimeToRead(labelling: LabelEvent, since: string, seconds: number): boolean {
  return Date.parse(labelling.at) >= Date.parse(since) + seconds * 1000;
}

/**
 * Each person's latest vote. When a person removes the label, all votes are withdrawn; when the action removes it
 * (between two votes), they stay.
 * @param self the action's own account
 * @param isValid whether a labelling came late enough for the plan; a vote that did not takes back an earlier one
 */
export function latestVotes(
  history: readonly LabelEvent[],
  self: number,
  isValid: (event: LabelEvent) => boolean,
): readonly Labelling[] {
  const votes = new Map<number, Labelling>();
  for (const event of history) {
    if (!event.set) {
      if (event.actor?.id !== self) votes.clear();
    } else if (event.actor !== null) {
      votes.delete(event.actor.id);
      if (isValid(event)) votes.set(event.actor.id, { ...event, actor: event.actor });
    }
  }
  return [...votes.values()];
}

/**
 * The event list can lag. Without this check, an earlier label by somebody else could be taken for this one.
 * @param setter who set the label by the event of this run; undefined if no label event started it
 * @throws Stopped label-missing
 */
export function checkSetBy(labelling: Labelling, setter: Person | undefined): void {
  if (setter !== undefined && labelling.actor.id !== setter.id) {
    throw new Stopped('label-missing', `${labelling.actor.login} has set the label since.`);
  }
}
