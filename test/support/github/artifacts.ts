import { createHash } from 'node:crypto';
import { iso } from './clock.ts';
import { nodeId } from './ids.ts';
import type { Repository } from './repository.ts';
import type { Artifact, Run } from './state.ts';

/** `sha256:…` of bytes, as GitHub writes an artifact's digest. */
export function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** The artifacts of a repository, and what can happen to them. */
export class ArtifactHooks {
  readonly #repository: Repository;

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  /** Finalised artifacts of a name (all if none is given), newest first. */
  list(name?: string): Artifact[] {
    return this.#repository.uploads
      .filter((each) => each.finalized && (name === undefined || each.name === name))
      .sort((a, b) => b.id - a.id);
  }

  /** The newest artifact of a name. */
  newest(name: string): Artifact {
    const [newest] = this.list(name);
    if (!newest) throw new Error(`no artifact ${name}`);
    return newest;
  }

  /** Uploads an artifact from a run as its workflow could have. */
  add(options: { name: string; run: Run; content: Buffer; digest?: string | null }): Artifact {
    const { github, retentionDays } = this.#repository;
    const id = github.ids.next('artifact');
    const artifact: Artifact = {
      id,
      nodeId: nodeId('ART', id),
      repository: this.#repository,
      run: options.run,
      attempt: options.run.attempt,
      name: options.name,
      content: options.content,
      digest: options.digest === undefined ? digestOf(options.content) : options.digest,
      size: options.content.length,
      createdAt: github.clock.iso,
      expiresAt: iso(new Date(github.clock.now.getTime() + retentionDays * 86_400_000)),
      finalized: true,
    };
    this.#repository.uploads.push(artifact);
    return artifact;
  }

  /** Makes an artifact expire: it is still listed, as `expired`, and its download is 410. */
  expire(artifact: Artifact): void {
    artifact.expiresAt = this.#repository.github.clock.iso;
  }

  /** Deletes an artifact as somebody with `actions: write` can. */
  delete(artifact: Artifact): void {
    this.#repository.uploads.splice(this.#repository.uploads.indexOf(artifact), 1);
  }

  /** Changes the stored bytes without GitHub's knowledge: the digest stays that of the upload. */
  corrupt(artifact: Artifact, content: Buffer): void {
    artifact.content = content;
  }

  /** Replaces an artifact by another upload of the same run: new id, new bytes, new digest. */
  replace(artifact: Artifact, content: Buffer): Artifact {
    this.delete(artifact);
    return this.add({ name: artifact.name, run: artifact.run, content });
  }
}
