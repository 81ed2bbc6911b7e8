/** The label's history on a pull request: who set it, when, and whether it still stands. */

import type { Person } from '../core/records/fields.ts';
import { sameLabel } from '../core/text/label-name.ts';
import { Stopped } from '../decision.ts';
import type { Comment } from '../ports/comments.ts';
import type { LabelEvent } from '../ports/labels.ts';
import type { PullRequest } from '../ports/pull-requests.ts';
import type { World } from './world.ts';

export interface Labelling extends LabelEvent {
  readonly actor: NonNullable<LabelEvent['actor']>;
}

/**
 * The last time that the label was set. The label on the page says nothing: a renamed label, or one set when the
 * pull request was opened, has no such event.
 * @throws Stopped label-missing where it was taken off again, or was never set by anybody
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
 * The page must show the label, too: GitHub lists no event where a label is renamed, or deleted from the repository.
 * @throws Stopped label-missing
 */
export function checkLabelShown({ labels }: PullRequest, label: string): void {
  if (labels.some((name) => sameLabel(name, label))) return;
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
 * @param comment shows the plan since its last update
 * @throws Stopped approval-precedes-plan, plan-too-fresh
 */
export function checkReadFirst(
  labelling: LabelEvent,
  { createdAt, updatedAt }: Comment,
  reviewSeconds: number,
): void {
  if (!isReadFirst(labelling, createdAt, 0)) {
    throw new Stopped(
      'approval-precedes-plan',
      `The label was set at ${labelling.at}, before the plan was published at ${createdAt}.`,
    );
  }
  if (!isReadFirst(labelling, updatedAt, reviewSeconds)) {
    throw new Stopped(
      'plan-too-fresh',
      `The label was set at ${labelling.at}, within ${reviewSeconds} seconds (approvers.review-seconds) of ${updatedAt}.`,
    );
  }
}

/** Times are GitHub's own, to the second; a commit's dates are whatever its author likes. */
export function isReadFirst(
  labelling: LabelEvent,
  shownSince: string,
  reviewSeconds: number,
): boolean {
  return Date.parse(labelling.at) >= Date.parse(shownSince) + reviewSeconds * 1000;
}

/**
 * Everybody's latest vote: labellings count until a person takes the label off, which takes back all of them. Taken
 * off by the action, as it is between two votes, they stand.
 * @param self the action's own account
 * @param readable whether a labelling came late enough for the plan
 */
export function votesIn(
  history: readonly LabelEvent[],
  self: number,
  readable: (event: LabelEvent) => boolean,
): readonly Labelling[] {
  const votes = new Map<number, Labelling>();
  for (const event of history) {
    if (!event.set) {
      if (event.actor?.id !== self) votes.clear();
    } else if (event.actor !== null) {
      votes.delete(event.actor.id);
      if (readable(event)) votes.set(event.actor.id, { ...event, actor: event.actor });
    }
  }
  return [...votes.values()];
}

/**
 * Takes the label off behind a refusal. The refusal is what is reported even where that fails: it makes the job red,
 * which keeps the gate shut as well.
 */
export async function takeOff(world: World, pullRequest: number, label: string): Promise<void> {
  try {
    await world.labels.remove(pullRequest, label);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    world.warn(`The label ${label} is still on, take it off by hand. ${error.message}`);
  }
}

/** The label as it must still be right before an irreversible step. */
export async function checkStillLabelled(
  world: World,
  pullRequest: number,
  label: string,
  event: { readonly id: number },
): Promise<void> {
  const last = lastLabelling(await world.labels.history(pullRequest, label));
  if (last.id !== event.id) throw new Stopped('label-missing', 'The label was set anew meanwhile.');
}

const lagPauseMs = 1000;
const lagAttempts = 4;

/** The events list can lag behind the event that started this run. */
export async function labelHistory(
  world: World,
  number: number,
  label: string,
  setter: Person | undefined,
): Promise<readonly LabelEvent[]> {
  for (let attempt = 1; ; attempt++) {
    const history = await world.labels.history(number, label);
    const last = history.at(-1);
    const listed = setter === undefined || (last?.set && last.actor?.id === setter.id);
    if (listed || attempt === lagAttempts) return history;
    await new Promise((resolve) => setTimeout(resolve, lagPauseMs));
  }
}

/** Else a list that lags behind would let somebody else's label of earlier stand for this one. */
export function checkSetBy(labelling: Labelling, setter: Person | undefined): void {
  if (setter !== undefined && labelling.actor.id !== setter.id) {
    throw new Stopped('label-missing', `${labelling.actor.login} has set the label since.`);
  }
}
