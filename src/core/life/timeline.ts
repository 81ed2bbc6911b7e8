/** What GitHub's own event log says about a pull request, as far as an approval can begin or end by it. */

/**
 * A label of the repository. The id is GitHub's global one: it stays when the label is renamed, and a new label of the
 * same name has another.
 */
export interface Label {
  readonly id: string;
  readonly name: string;
}

/** Who did something. GitHub vouches for the id; logins can change hands, and GraphQL's of a bot lack the `[bot]`. */
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
   * As the label is called today. Null if GitHub no longer says which label it was, because it was deleted: then a
   * `set` is of no label that still exists, and a `removed` may have been of any label.
   */
  readonly label: Label | null;
}

/** One time that other commits came under the pull request, or under the ones that it has. */
export interface Exchange extends Entry {
  readonly kind: 'force-pushed' | 'base-changed';
}

export type TimelineEvent = LabelChange | Exchange;
