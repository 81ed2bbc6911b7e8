/** How often Codex ran for a pull request, counted by what the runs left in the artifact store. */

import type { Members } from '../core/records/members.ts';
import { Stopped } from '../decision.ts';
import type { ArtifactStore, NamedArtifact, StoredArtifact } from '../ports/artifacts.ts';
import { artifactName, type EvidenceName, kinds } from './kinds.ts';
import type { Provenance } from './provenance.ts';

/** How evidence of each kind shows that no model was asked. */
const readable = [
  ['verification', (members) => kinds.verification.read(members).verification.basis !== 'model'],
  ['plan', (members) => kinds.plan.read(members).manifest.narrows !== null],
] as const satisfies readonly (readonly [EvidenceName, (members: Members) => boolean])[];

export class CodexRuns {
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

  /**
   * How many runs of Codex in this repository have left evidence about this pull request since then. A verification
   * counts only if it asked a model, and a plan only if nobody made it by striking files from another plan. Only
   * their content tells this.
   * @param enough if no more artifacts than this are listed, none is read, and all of them count
   */
  async count(pullRequest: number, since: Date, enough: number): Promise<number> {
    const found = await this.#findSince(
      ['plan', 'approval', 'denial', 'verification'],
      pullRequest,
      since,
    );
    let runs = found.length;
    for (const [kind, askedNoModel] of readable) {
      const own = artifactName(this.#prefix, kind, pullRequest);
      for (const artifact of found.filter(({ name }) => name === own)) {
        if (runs <= enough) return runs;
        if (await this.#says(artifact, askedNoModel)) runs--;
      }
    }
    return runs;
  }

  async #findSince(
    names: readonly EvidenceName[],
    pullRequest: number,
    since: Date,
  ): Promise<readonly NamedArtifact[]> {
    const found: NamedArtifact[] = [];
    const wanted = names.map((name) => artifactName(this.#prefix, name, pullRequest));
    for (const artifact of await this.#artifacts.find(wanted, { since })) {
      const recent =
        artifact.createdAt !== null && Date.parse(artifact.createdAt) > since.getTime();
      if (recent && (await this.#provenance.isOwn(artifact))) found.push(artifact);
    }
    return found;
  }

  /** False if the artifact is not trusted or cannot be read: then nobody knows. */
  async #says(artifact: StoredArtifact, fact: (members: Members) => boolean): Promise<boolean> {
    if (artifact.expired || artifact.run === null) return false;
    try {
      if (!('run' in (await this.#provenance.trustRun(artifact.run)))) return false;
      return fact(await this.#artifacts.read(artifact));
    } catch (error) {
      if (error instanceof Stopped) return false;
      throw error;
    }
  }
}
