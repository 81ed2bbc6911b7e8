/** The label, and who set and removed it when. */

/** One time that a label was set or taken off. */
export interface LabelEvent {
  readonly id: number;
  readonly set: boolean;
  readonly actor: { readonly id: number; readonly login: string; readonly type: string } | null;
  /** RFC 3339, GitHub's clock, to the second. */
  readonly at: string;
  readonly viaApp: boolean;
  /** False where the branch was force-pushed or the base exchanged since: it was set on something else. */
  readonly current: boolean;
}

export interface Labels {
  remove(pullRequest: number, label: string): Promise<void>;
  /** Creates the label where the repository lacks it. */
  ensure(label: string): Promise<void>;
  history(pullRequest: number, label: string): Promise<readonly LabelEvent[]>;
}
