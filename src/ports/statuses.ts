/** Commit statuses. They protect nothing: everybody who can write to the repository can set any of them. */

export interface CommitStatus {
  readonly context: string;
  readonly state: 'error' | 'failure' | 'pending' | 'success';
  /** Cut to the 140 characters that GitHub takes. */
  readonly description: string;
  /** The address that it links to; null for none. */
  readonly url: string | null;
}

export interface Statuses {
  /** The newest status of that context on a commit; undefined if it has none. */
  read(commit: string, context: string): Promise<CommitStatus | undefined>;
  set(commit: string, status: CommitStatus): Promise<void>;
}
