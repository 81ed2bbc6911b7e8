/** The store of the evidence. */

import type { Members } from '../core/records/archive-contents.ts';

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
  readonly run: ArtifactOrigin | null;
}

/** The run that made an artifact, as the store says it; null for what it does not say, and only the run itself can. */
export interface ArtifactOrigin {
  readonly id: number;
  readonly repositoryId: number | null;
  readonly headRepositoryId: number | null;
}

export interface ArtifactStore {
  publish(name: string, members: Members): Promise<PublishedArtifact>;
  /** Newest first. */
  find(name: string): Promise<readonly StoredArtifact[]>;
  read(artifact: StoredArtifact): Promise<Members>;
}
