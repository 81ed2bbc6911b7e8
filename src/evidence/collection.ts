/** Everything that trusted runs left about a pull request, for an audit. */

import type { Absent, AbsentArtifact } from '../core/audit/absent.ts';
import type { FoundArtifact } from '../core/audit/artifact.ts';
import { Stopped, type StopReason } from '../decision.ts';
import type { ArtifactStore, NamedArtifact } from '../ports/artifacts.ts';
import type { RunFacts } from '../ports/repository.ts';
import type { Clock } from '../ports/runner.ts';
import { artifactName, type EvidenceName, kinds } from './kinds.ts';
import { readUntil } from './lag.ts';
import type { Provenance } from './provenance.ts';
import { findForgotten } from './retention.ts';

/** An audit of more artifacts than this stops. */
const mostArtifacts = 500;

/** How reading an archive ends that cannot be relied on. */
const aboutContent = new Set<StopReason>(['digest-mismatch', 'artifact-invalid', 'limit-exceeded']);

/** What was found, and what was not. */
export interface Collected {
  readonly artifacts: readonly FoundArtifact[];
  /** Trusted artifacts whose archive cannot be read or has another digest, one sentence for each. */
  readonly broken: readonly string[];
  /** Trusted artifacts that are no longer stored. */
  readonly absent: Absent;
  /** What counts for nothing, because GitHub names no trusted run for it, in sentences. */
  readonly left: readonly string[];
}

interface Listing extends Collected {
  /** Whether GitHub lists an artifact that has not expired, and does not have it. */
  readonly gone: boolean;
}

export class EvidenceCollection {
  readonly #artifacts: Pick<ArtifactStore, 'find' | 'read'>;
  readonly #provenance: Provenance;
  readonly #prefix: string;
  readonly #clock: Clock;

  /**
   * @param prefix the first part of each artifact's name
   * @param clock GitHub's
   */
  constructor(
    artifacts: Pick<ArtifactStore, 'find' | 'read'>,
    provenance: Provenance,
    prefix: string,
    clock: Clock,
  ) {
    this.#artifacts = artifacts;
    this.#provenance = provenance;
    this.#prefix = prefix;
    this.#clock = clock;
  }

  /**
   * GitHub's list can lag: it may still have an artifact that somebody deleted by hand, or that a repeated run replaced a
   * moment ago. So it is read again for some seconds. After that, an artifact that is gone excuses nothing unless its
   * retention has ended.
   * @throws Stopped limit-exceeded, api-unavailable
   */
  async collect(pullRequest: number): Promise<Collected> {
    return readUntil(
      () => this.#collectListed(pullRequest),
      ({ gone }) => !gone,
    );
  }

  async #collectListed(pullRequest: number): Promise<Listing> {
    const names = new Map(
      (Object.keys(kinds) as EvidenceName[]).map((kind) => [
        artifactName(this.#prefix, kind, pullRequest),
        kind,
      ]),
    );
    const artifacts: FoundArtifact[] = [];
    const absent: AbsentArtifact[] = [];
    const [broken, left]: [string[], string[]] = [[], []];
    const trusted: NamedArtifact[] = [];
    let untrusted = 0;
    let gone = false;
    const listed = await this.#artifacts.find([...names.keys()], 'all');
    if (listed.length > mostArtifacts) {
      throw new Stopped('limit-exceeded', `There are more than ${mostArtifacts} artifacts.`);
    }
    for (const artifact of listed.toReversed()) {
      const kind = names.get(artifact.name);
      const run = await this.#trust(artifact);
      const name = `${artifact.name} (artifact ${artifact.id})`;
      if (run === 'unknown') left.push(`${name}: GitHub no longer tells of the run that made it.`);
      else if (run === 'untrusted' || kind === undefined) untrusted++;
      else {
        trusted.push(artifact);
        const read = artifact.expired ? 'gone' : await this.#read(artifact, name, run);
        gone ||= read === 'gone' && !artifact.expired;
        if (read === 'gone' && this.#isOver(artifact)) {
          absent.push(toAbsent(artifact, name, kind, run));
        } else if (read === 'gone') {
          left.push(
            `${name}: GitHub lists it and does not have it, and its retention has not ended.`,
          );
        } else if (typeof read === 'string') broken.push(read);
        else artifacts.push(read);
      }
    }
    if (untrusted > 0) {
      left.push(
        `${untrusted} artifacts of these names that no trusted run made: they are ignored.`,
      );
    }
    const forgottenBefore = findForgotten(trusted, this.#clock);
    return { artifacts, broken, absent: { artifacts: absent, forgottenBefore }, left, gone };
  }

  /**
   * Whether the retention of an artifact has ended, by its time if GitHub does not list it as expired yet. Before that
   * time somebody deleted it by hand, and the list only does not know it yet.
   */
  #isOver({ expired, expiresAt }: NamedArtifact): boolean {
    return expired || Date.parse(expiresAt ?? '') <= this.#clock.now().getTime();
  }

  /** GitHub deletes runs, too. An artifact of a run that it no longer has is trusted no more. */
  async #trust(artifact: NamedArtifact): Promise<RunFacts | 'untrusted' | 'unknown'> {
    const traced = await this.#provenance.traceOrigin(artifact);
    if (!('origin' in traced)) return 'untrusted';
    if (artifact.expired && !(await this.#provenance.hasRun(traced.origin.id))) return 'unknown';
    const trusted = await this.#provenance.trustRun(traced.origin);
    return 'run' in trusted ? trusted.run : 'untrusted';
  }

  /** @returns `gone` if it is not stored; a sentence if the archive cannot be relied on */
  async #read(
    artifact: NamedArtifact,
    name: string,
    run: RunFacts,
  ): Promise<FoundArtifact | string> {
    const { id, digest } = artifact;
    try {
      const members = await this.#artifacts.read(artifact);
      const { id: of, createdAt: runBegan } = run;
      return { name, members, stored: { id, digest: digest ?? '', run: of, runBegan } };
    } catch (error) {
      const reason = error instanceof Stopped ? error.reason : 'internal';
      if (reason === 'plan-expired') return 'gone';
      // Whatever else keeps us from reading it says nothing about what it holds.
      if (!aboutContent.has(reason)) throw error;
      return `${name}: ${(error as Stopped).message}`;
    }
  }
}

function toAbsent(
  { id, digest, createdAt }: NamedArtifact,
  name: string,
  kind: EvidenceName,
  run: RunFacts,
): AbsentArtifact {
  const { attempt, createdAt: began } = run;
  return { name, kind, id, digest, run: { id: run.id, attempt, createdAt: began }, createdAt };
}
