/** What GitHub's own event log says about a pull request, as far as it can begin or end an approval. */

/**
 * A label of the repository. The id is GitHub's global one: it stays when the label is renamed, and a new label of the
 * same name has another.
 */
export interface Label {
  readonly id: string;
  readonly name: string;
}

/**
 * Who did something. GitHub vouches for the id. A login can pass to somebody else, and in GraphQL the login of a bot
 * has no `[bot]`.
 */
export interface EventActor {
  readonly id: number;
  readonly login: string;
  /** `User` for a person; `Bot`, `Mannequin` or `Organization`. */
  readonly type: string;
}

interface Entry {
  /** GitHub's global id of the event, which REST calls `node_id`. */
  readonly id: string;
  /** Null if the account is gone. */
  readonly actor: EventActor | null;
  /** RFC 3339, GitHub's clock, to the second. */
  readonly at: string;
}

/** One time that a label was set or removed. */
export interface LabelChange extends Entry {
  readonly kind: 'set' | 'removed';
  /**
   * With the name that the label has today. Null if GitHub no longer says which label it was, because it was deleted:
   * then a `set` is about no label that still exists, and a `removed` may be about any label.
   */
  readonly label: Label | null;
}

/** One time that the commits under review were replaced: a force-push, or a change of the base. */
export interface CommitReplacement extends Entry {
  readonly kind: 'force-pushed' | 'base-changed';
}

export type TimelineEvent = LabelChange | CommitReplacement;

/** One time that a person set a label that still exists. */
export interface Labelling extends LabelChange {
  readonly kind: 'set';
  readonly label: Label;
  readonly actor: EventActor;
}

/** The timeline, and the labels that the pull request carries now. */
export interface LabelHistory {
  /** In any order. They are sorted by time here; events of the same second keep their order. */
  readonly events: readonly TimelineEvent[];
  /** Ids of the labels that are on the pull request. */
  readonly carried: ReadonlySet<string>;
}

/** Oldest first. GitHub's list can arrive out of order; events of the same second keep their order. */
export function inOrder(events: readonly TimelineEvent[]): readonly TimelineEvent[] {
  return [...events].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

export function isLabelling(event: TimelineEvent): event is Labelling {
  return event.kind === 'set' && event.label !== null && event.actor !== null;
}

/** The label event that started a run, as its payload tells it: neither by its id nor with its own time. */
export interface StartingEvent {
  /** Account id of who set the label. */
  readonly by: number;
  /** When the pull request last changed before GitHub sent the event: the same moment, give or take seconds. */
  readonly at: string;
}

/** How far the time of a payload and that of its own event may lie apart. */
const apart = 60_000;

/**
 * The labellings that are surely later than the event that started a run. One by the same person within a minute can be
 * that event itself.
 * @returns nothing if the log has no labelling by that person within a minute: the log lags, or the payload had an older
 *   state of the pull request. Then the event itself could look like a later one, and its label would stay
 */
export function surelyLater(
  events: readonly TimelineEvent[],
  { by, at }: StartingEvent,
): readonly Labelling[] {
  const start = Date.parse(at);
  const labellings = events
    .filter(isLabelling)
    .map((one) => ({ one, own: one.actor.id === by, after: Date.parse(one.at) - start }));
  if (!labellings.some(({ own, after }) => own && Math.abs(after) <= apart)) return [];
  return labellings.flatMap(({ one, own, after }) => (after > (own ? apart : 0) ? one : []));
}

export function replacesCommits(event: TimelineEvent): event is CommitReplacement {
  return event.kind === 'force-pushed' || event.kind === 'base-changed';
}

/**
 * Whether the event changed this label, or may have: once a label is deleted, GitHub does not say that a removal was
 * about it.
 */
export function mayConcern(event: TimelineEvent, label: string): event is LabelChange {
  if (replacesCommits(event)) return false;
  return event.label === null ? event.kind === 'removed' : event.label.id === label;
}

/** Why a labelling no longer counts. */
export type LabellingEnd =
  /** GitHub has no such event. */
  | 'unknown'
  /** The label was removed or set again, or it is no longer on the pull request. */
  | 'removed'
  /** The commits were replaced by a force-push or a change of the base: the person looked at others. */
  | 'exchanged'
  /** The request was edited since, even if it reads as before by now. */
  | 'edited';

/**
 * Why the labelling with this event id has ended; null as long as it holds.
 * @param id id of the event by which the label was set
 */
export function labellingEnd(history: LabelHistory, id: string): LabellingEnd | null {
  const events = inOrder(history.events);
  const at = events.findIndex((event) => event.id === id);
  const event = events[at];
  if (event?.kind !== 'set' || event.actor === null) return 'unknown';
  // A label that was deleted is on no pull request any more.
  if (event.label === null) return 'removed';
  const later = events.slice(at + 1);
  const { id: label } = event.label;
  if (later.some((one) => mayConcern(one, label)) || !history.carried.has(label)) return 'removed';
  return later.some(replacesCommits) ? 'exchanged' : null;
}

/**
 * The last time that this label was set; undefined if nobody ever set it.
 * @param label its id
 */
export function newestLabelling(
  { events }: Pick<LabelHistory, 'events'>,
  label: string,
): Labelling | undefined {
  return inOrder(events)
    .filter(isLabelling)
    .findLast((event) => event.label.id === label);
}
