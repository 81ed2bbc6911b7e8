/** The store of the evidence. */

import type { Members } from '../core/records/members.ts';

export interface PublishedArtifact {
  readonly id: number;
  /** `sha256:` and 64 hexadecimal digits, over the archive. */
  readonly digest: string;
}

export interface StoredArtifact {
  readonly id: number;
  /** From the store; null for an artifact from before GitHub kept digests. */
  readonly digest: string | null;
  readonly expired: boolean;
  /** GitHub's clock, RFC 3339; null if the store does not say it. */
  readonly createdAt: string | null;
  /** When GitHub deletes it, or has deleted it, likewise. */
  readonly expiresAt: string | null;
  readonly run: ArtifactOrigin | null;
}

/**
 * The run that made an artifact, as the store says it. Null for facts that the store does not say; then the run has
 * to be looked up.
 */
export interface ArtifactOrigin {
  readonly id: number;
  readonly repositoryId: number | null;
  readonly headRepositoryId: number | null;
}

export type NamedArtifact = StoredArtifact & { readonly name: string };

/**
 * How far back a search has to go. `newest`: to the newest artifact of one of the names, and perhaps no further;
 * otherwise all of the names that are newer than an artifact, were stored since a time, or ever.
 */
export type SearchReach =
  | 'all'
  | 'newest'
  | { readonly newerThan: number }
  | { readonly since: Date };

export interface ArtifactStore {
  publish(name: string, members: Members): Promise<PublishedArtifact>;
  /**
   * Artifacts of these names, from any run: a name proves nothing. Newest first; there can be more than the reach
   * asks for. GitHub's list can lag a few seconds behind an upload.
   * @param isComplete whether everything is listed that the caller knows must be there. Until then the list is read
   *   again, for some seconds; after that it is returned as it is
   */
  find(
    names: readonly string[],
    reach: SearchReach,
    isComplete?: (listed: readonly NamedArtifact[]) => boolean,
  ): Promise<readonly NamedArtifact[]>;
  /** The artifacts that one run left, with their names. */
  findOfRun(runId: number): Promise<readonly NamedArtifact[]>;
  read(artifact: StoredArtifact): Promise<Members>;
}
