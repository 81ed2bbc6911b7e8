/** The artifacts with the names of this action that a trusted run made, and their content. */

import type { Members } from '../core/records/members.ts';
import { Stopped } from '../decision.ts';
import type {
  ArtifactOrigin,
  ArtifactStore,
  NamedArtifact,
  PublishedArtifact,
  SearchReach,
  StoredArtifact,
} from '../ports/artifacts.ts';
import type { RunFacts } from '../ports/repository.ts';
import type { WorkflowRun } from '../ports/run.ts';
import { artifactName, type Context, type EvidenceName, type Kind } from './kinds.ts';
import type { Provenance } from './provenance.ts';

/** The artifact that evidence was read from. */
interface Source {
  readonly id: number;
  readonly digest: string;
}

/** Evidence with the artifact that it was read from. */
export type WithArtifact<T> = T & {
  readonly artifact: Source;
  /** The files of the artifact, byte for byte. */
  readonly members: Members;
};

/**
 * Look up at most this many runs for artifacts of one name. Artifacts of forks are recognised without a lookup,
 * unless the policy allows forks. A list of runs cannot replace the lookup: lists lag, and a trusted run that is not
 * listed yet would count as untrusted, and so would the denial that it recorded.
 */
const maxRuns = 50;

/** An artifact, and the trusted run that made it. */
export interface Genuine {
  readonly artifact: StoredArtifact;
  readonly run: RunFacts;
}

export class GenuineArtifacts {
  readonly #artifacts: ArtifactStore;
  readonly #provenance: Provenance;
  readonly #prefix: string;
  readonly #run: WorkflowRun;
  /** Ids of what this run has stored, by name. A list without them lags, so nothing may be decided on it. */
  readonly #stored = new Map<string, number>();
  /** What this run has read, by the ids of the artifacts. */
  readonly #known = new Map<
    number,
    { readonly kind: unknown; readonly found: WithArtifact<unknown> }
  >();

  /** @param prefix the first part of each artifact's name */
  constructor(artifacts: ArtifactStore, provenance: Provenance, prefix: string, run: WorkflowRun) {
    this.#artifacts = artifacts;
    this.#provenance = provenance;
    this.#prefix = prefix;
    this.#run = run;
  }

  /**
   * The artifacts among these that a trusted run made, newest first.
   * @param most the search stops after this many
   * @returns also why the first of the others is not trusted, if a run of this repository made it
   * @throws Stopped limit-exceeded if more runs made them than can be looked up: an artifact that is left out could
   *   be one that ends an approval
   */
  async trust(
    candidates: readonly NamedArtifact[],
    most = Number.POSITIVE_INFINITY,
  ): Promise<{ readonly trusted: readonly Genuine[]; readonly doubt: string | undefined }> {
    const trusted: Genuine[] = [];
    let doubt: string | undefined;
    // A job can upload hundreds of artifacts; its run is looked up only once.
    const asked = new Map<number, ReturnType<Provenance['trustRun']>>();
    const lookUp = (origin: ArtifactOrigin, name: string) => {
      const known = asked.get(origin.id);
      if (known === undefined && asked.size === maxRuns) {
        throw new Stopped(
          'limit-exceeded',
          `More than ${maxRuns} runs left an artifact with the name ${name}. Ask for a new plan, or delete those that are not of the action.`,
        );
      }
      const found = known ?? this.#provenance.trustRun(origin);
      asked.set(origin.id, found);
      return found;
    };
    for (const artifact of candidates) {
      if (trusted.length >= most) break;
      const traced = await this.#provenance.traceOrigin(artifact);
      const found = 'origin' in traced ? await lookUp(traced.origin, artifact.name) : traced;
      if ('run' in found) trusted.push({ artifact, run: found.run });
      else if (!found.foreign) doubt ??= `Artifact ${artifact.id} is not trusted. ${found.why}`;
    }
    return { trusted, doubt };
  }

  read<E>(
    kind: Kind<E>,
    pullRequest: number,
    { artifact, run }: Genuine,
  ): Promise<WithArtifact<E>> {
    return this.#read(kind, pullRequest, artifact, run.id);
  }

  /**
   * What an artifact holds that a run of this repository made, and not for a fork. Nobody has looked up whether that
   * run is trusted.
   * @returns undefined if such a run did not make it, if it cannot be read, or if it is about something else
   */
  async readUntrusted<E>(
    kind: Kind<E>,
    pullRequest: number,
    artifact: StoredArtifact,
  ): Promise<WithArtifact<E> | undefined> {
    if (artifact.run === null || !this.#provenance.isLocal(artifact.run)) return undefined;
    try {
      return await this.#read(kind, pullRequest, artifact, artifact.run.id);
    } catch (error) {
      if (error instanceof Stopped) return undefined;
      throw error;
    }
  }

  async #read<E>(
    kind: Kind<E>,
    pullRequest: number,
    artifact: StoredArtifact,
    runId: number,
  ): Promise<WithArtifact<E>> {
    const { id, digest, expired } = artifact;
    if (expired) throw new Stopped('plan-expired', `Artifact ${id} (${kind.name}) has expired.`);
    if (digest === null) {
      throw new Stopped('digest-mismatch', `The store names no digest of artifact ${id}.`);
    }
    const known = this.#known.get(id);
    // The digest says that it is the same. A step asks for each record at least twice.
    const found =
      known?.kind === kind && known.found.artifact.digest === digest
        ? (known.found as WithArtifact<E>)
        : await this.#load(kind, artifact, { id, digest });
    this.#checkContext(pullRequest, kind.contextOf(found), runId);
    return found;
  }

  async #load<E>(
    kind: Kind<E>,
    stored: StoredArtifact,
    artifact: Source,
  ): Promise<WithArtifact<E>> {
    const members = await this.#artifacts.read(stored);
    const found = { ...kind.read(members), artifact, members };
    this.#known.set(artifact.id, { kind, found });
    return found;
  }

  /** Genuine evidence of one pull request must not be used for another one. */
  #checkContext(pullRequest: number, context: Context, runId: number): void {
    if (context.repository.id !== this.#run.repository.id || context.pull_request !== pullRequest) {
      throw new Stopped('provenance-mismatch', 'The evidence is about another pull request.');
    }
    if (context.run.id !== runId) {
      throw new Stopped(
        'provenance-mismatch',
        'The evidence names another run than the one that made it.',
      );
    }
  }

  /** Artifacts of these kinds, newest first. GitHub's list may not have yet what this run stored a moment ago. */
  find(
    kinds: readonly EvidenceName[],
    pullRequest: number,
    reach: SearchReach,
  ): Promise<readonly NamedArtifact[]> {
    const names = kinds.map((name) => this.nameOf(name, pullRequest));
    const own = names.map((name) => this.#stored.get(name)).filter((id) => id !== undefined);
    return this.#artifacts.find(names, reach, (listed) =>
      own.every((stored) => listed.some(({ id }) => id === stored)),
    );
  }

  /** Stores an artifact under the name of its kind; what an earlier attempt of this run stored there is replaced. */
  async publish(
    name: EvidenceName,
    pullRequest: number,
    members: Members,
  ): Promise<PublishedArtifact> {
    const artifactName = this.nameOf(name, pullRequest);
    const artifact = await this.#artifacts.publish(artifactName, members);
    this.#stored.set(artifactName, artifact.id);
    return artifact;
  }

  /** The name of the artifact of a kind. */
  nameOf(name: EvidenceName, pullRequest: number): string {
    return artifactName(this.#prefix, name, pullRequest);
  }
}
