/** The store of the evidence. */

import type { Members } from '../core/records/members.ts';

export interface PublishedArtifact {
  readonly id: number;
  /** `sha256:` and 64 hexadecimal digits, over the archive. */
  readonly digest: string;
}

export interface StoredArtifact {
  readonly id: number;
  /** As the store says it; null for one that is older than digests. */
  readonly digest: string | null;
  readonly expired: boolean;
  /** GitHub's clock, RFC 3339; null if the store does not say it. */
  readonly createdAt: string | null;
  readonly run: ArtifactOrigin | null;
}

/** The run that made an artifact, as the store says it; null for what it does not say, and only the run itself can. */
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
export type Reach = 'all' | 'newest' | { readonly newerThan: number } | { readonly since: Date };

export interface ArtifactStore {
  publish(name: string, members: Members): Promise<PublishedArtifact>;
  /**
   * Artifacts of these names, from whichever run: a name proves nothing. Newest first; more than the reach asks for may
   * be among them. GitHub's list can lag a few seconds behind an upload.
   * @param isComplete whoever knows that something must be listed says so here: the list is read again for some
   *   seconds until it is; what is listed then is returned all the same
   */
  find(
    names: readonly string[],
    reach: Reach,
    isComplete?: (listed: readonly NamedArtifact[]) => boolean,
  ): Promise<readonly NamedArtifact[]>;
  /** Those that one run left, with their names. */
  findOfRun(runId: number): Promise<readonly NamedArtifact[]>;
  read(artifact: StoredArtifact): Promise<Members>;
}
