/** Everything that trusted runs left about a pull request, for an audit. */

import type { FoundArtifact } from '../core/audit/artifact.ts';
import { Stopped, type StopReason } from '../decision.ts';
import type { ArtifactStore, NamedArtifact } from '../ports/artifacts.ts';
import { artifactName, type EvidenceName, kinds } from './kinds.ts';
import type { Provenance } from './provenance.ts';

/** An audit of more artifacts than this stops. */
const mostArtifacts = 500;

/** How reading an archive ends that cannot be relied on. */
const aboutContent = new Set<StopReason>(['digest-mismatch', 'artifact-invalid', 'limit-exceeded']);

/** What was found. What was not is described, one sentence for each artifact. */
export interface Collected {
  readonly artifacts: readonly FoundArtifact[];
  /** Trusted artifacts whose archive cannot be read or has another digest. */
  readonly broken: readonly string[];
  /** Artifacts that are no longer stored, or that no trusted run made. */
  readonly left: readonly string[];
}

export class EvidenceCollection {
  readonly #artifacts: Pick<ArtifactStore, 'find' | 'read'>;
  readonly #provenance: Provenance;
  readonly #prefix: string;

  /** @param prefix the first part of each artifact's name */
  constructor(
    artifacts: Pick<ArtifactStore, 'find' | 'read'>,
    provenance: Provenance,
    prefix: string,
  ) {
    this.#artifacts = artifacts;
    this.#provenance = provenance;
    this.#prefix = prefix;
  }

  /** @throws Stopped limit-exceeded, api-unavailable */
  async collect(pullRequest: number): Promise<Collected> {
    const names = (Object.keys(kinds) as EvidenceName[]).map((name) =>
      artifactName(this.#prefix, name, pullRequest),
    );
    const artifacts: FoundArtifact[] = [];
    const [broken, left]: [string[], string[]] = [[], []];
    let untrusted = 0;
    const listed = await this.#artifacts.find(names, 'all');
    if (listed.length > mostArtifacts) {
      throw new Stopped('limit-exceeded', `There are more than ${mostArtifacts} artifacts.`);
    }
    for (const artifact of listed.toReversed()) {
      const run = await this.#trust(artifact);
      const name = `${artifact.name} (artifact ${artifact.id})`;
      if (run === undefined) untrusted++;
      else if (artifact.expired) left.push(`${name}: GitHub no longer stores it.`);
      else {
        const read = await this.#read(artifact, name, run);
        if (read === 'gone') left.push(`${name}: GitHub no longer stores it.`);
        else if (typeof read === 'string') broken.push(read);
        else artifacts.push(read);
      }
    }
    if (untrusted > 0) {
      left.push(
        `${untrusted} artifacts of these names that no trusted run made: they are ignored.`,
      );
    }
    return { artifacts, broken, left };
  }

  async #trust(artifact: NamedArtifact): Promise<number | undefined> {
    const traced = await this.#provenance.traceOrigin(artifact);
    if (!('origin' in traced)) return undefined;
    const trusted = await this.#provenance.trustRun(traced.origin);
    return 'run' in trusted ? trusted.run.id : undefined;
  }

  /**
   * @returns `gone` if it is listed and not stored, because a run has replaced it and the list does not know; a sentence if
   *   the archive cannot be relied on
   */
  async #read(artifact: NamedArtifact, name: string, run: number): Promise<FoundArtifact | string> {
    const { id, digest } = artifact;
    try {
      const members = await this.#artifacts.read(artifact);
      return { name, members, stored: { id, digest: digest ?? '', run } };
    } catch (error) {
      const reason = error instanceof Stopped ? error.reason : 'internal';
      if (reason === 'plan-expired') return 'gone';
      // Whatever else keeps us from reading it says nothing about what it holds.
      if (!aboutContent.has(reason)) throw error;
      return `${name}: ${(error as Stopped).message}`;
    }
  }
}
