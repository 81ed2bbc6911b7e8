import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FormData } from 'undici';
import type { Members } from '../core/records/members.ts';
import { sha256 } from '../core/text/digest.ts';
import { Stopped, stoppedByMachine } from '../decision.ts';
import type {
  ArtifactStore,
  NamedArtifact,
  PublishedArtifact,
  SearchReach,
  StoredArtifact,
} from '../ports/artifacts.ts';
import { removeSoon } from '../system/begin-removal.ts';
import { checkSizes, maxArchiveBytes, readArchive } from './archive.ts';
import { listArtifacts, listArtifactsOfRun } from './artifact-list.ts';
import type { GitHubClient } from './client.ts';
import { download } from './download.ts';
import { NotFound } from './refusals.ts';

/** The run that publishes artifacts. */
interface ThisRun {
  readonly id: number;
  readonly attempt: number;
}

/** How long a list is read again if something is missing in it. */
interface Lag {
  /** Milliseconds between two readings. */
  readonly pause: number;
  readonly attempts: number;
}

const usualLag: Lag = { pause: 1000, attempts: 10 };

const readAttempts = 3;

/** GitHub's artifact store: written through the runner's own service, read through the REST interface. */
export class GitHubArtifacts implements ArtifactStore {
  readonly #client: GitHubClient;
  readonly #temporary: string;
  readonly #run: ThisRun;
  readonly #retentionDays: number | undefined;
  readonly #lag: Lag;
  /** What this run has read or published, by id. */
  readonly #known = new Map<number, { readonly digest: string; readonly members: Members }>();

  constructor(
    client: GitHubClient,
    temporary: string,
    run: ThisRun,
    retentionDays?: number,
    lag: Lag = usualLag,
  ) {
    this.#client = client;
    this.#temporary = temporary;
    this.#run = run;
    this.#retentionDays = retentionDays;
    this.#lag = lag;
  }

  /** Replaces an artifact of that name that an earlier attempt of this run left. */
  async publish(name: string, members: Members): Promise<PublishedArtifact> {
    checkSizes(members);
    const folder = await mkdtemp(join(this.#temporary, 'upload-'));
    try {
      const stored = await this.#upload(name, await writeMembers(folder, members), folder);
      this.#known.set(stored.id, { digest: stored.digest, members });
      return stored;
    } catch (cause) {
      if (cause instanceof Stopped) throw cause;
      const lack = stoppedByMachine(cause);
      if (lack !== undefined) throw lack;
      const why = cause instanceof Error ? cause.message : 'unknown';
      throw new Stopped('api-unavailable', `The artifact ${name} could not be stored: ${why}`, {
        cause,
      });
    } finally {
      // It lies in the folder of this run: what cannot be removed now is told at the end of the run.
      removeSoon(folder);
    }
  }

  async #upload(name: string, files: string[], folder: string): Promise<PublishedArtifact> {
    const { ArtifactNotFoundError, DefaultArtifactClient } = await loadArtifactService();
    const service = new DefaultArtifactClient();
    for (let left = await this.#countEarlier(name); left > 0; left--) {
      await settled(service.deleteArtifact(name)).catch((error: unknown) => {
        // An artifact that the service does not know as one of this run does no harm: the newest counts.
        if (!(error instanceof ArtifactNotFoundError)) throw error;
      });
    }
    const upload = () =>
      settled(
        service.uploadArtifact(name, files, folder, {
          ...(this.#retentionDays === undefined ? {} : { retentionDays: this.#retentionDays }),
        }),
      );
    const stored = await upload().catch(async (error: unknown) => {
      // The toolkit has already tried again after other errors, and tells the code only in its message.
      if (!(error instanceof Error && error.message.includes('(409)'))) throw error;
      await settled(service.deleteArtifact(name));
      return upload();
    });
    if (stored.id === undefined || stored.digest === undefined) {
      throw new Stopped('api-unavailable', `The artifact store did not confirm ${name}.`);
    }
    return { id: stored.id, digest: withAlgorithm(stored.digest) };
  }

  /** The service keeps the artifacts of earlier attempts, too; it deletes the newest one of a name. */
  async #countEarlier(name: string): Promise<number> {
    if (this.#run.attempt === 1) return 0;
    const found = await this.find([name], 'all');
    return found.filter(({ run, expired }) => run?.id === this.#run.id && !expired).length;
  }

  async find(
    names: readonly string[],
    reach: SearchReach,
    isComplete: (listed: readonly NamedArtifact[]) => boolean = () => true,
  ): Promise<readonly NamedArtifact[]> {
    for (let attempt = 1; ; attempt++) {
      const listed = await listArtifacts(this.#client, names, reach);
      if (isComplete(listed) || attempt === this.#lag.attempts) return listed;
      await sleep(this.#lag.pause);
    }
  }

  findOfRun(runId: number): Promise<readonly NamedArtifact[]> {
    return listArtifactsOfRun(this.#client, runId);
  }

  /**
   * The files of an artifact, in memory. One that this run has read or published is not downloaded again: its digest
   * says that it is the same. Otherwise the digest is compared before anything is parsed.
   * @throws Stopped plan-expired, digest-mismatch, artifact-invalid, api-unavailable
   */
  async read(artifact: StoredArtifact): Promise<Members> {
    const known = this.#known.get(artifact.id);
    if (known !== undefined && known.digest === artifact.digest) return known.members;
    const { bytes, digest } = await this.#downloadExpected(artifact);
    const members = await readArchive(bytes);
    this.#known.set(artifact.id, { digest, members });
    return members;
  }

  /**
   * The answer of a proxy in place of the store must not end an approval: if the bytes differ, they are requested
   * again.
   */
  async #downloadExpected({ id, digest: expected }: StoredArtifact) {
    for (let attempt = 1; ; attempt++) {
      const bytes = await this.#download(id);
      const digest = `sha256:${sha256(bytes)}`;
      if (digest === expected) return { bytes, digest };
      if (attempt < readAttempts && expected !== null) {
        await sleep(this.#lag.pause);
        continue;
      }
      const detail = `Artifact ${id}: expected ${expected ?? 'a digest'}, got ${digest}.`;
      throw isArchive(bytes)
        ? new Stopped('digest-mismatch', detail)
        : new Stopped('api-unavailable', `What came for artifact ${id} is no archive.`);
    }
  }

  async #download(id: number): Promise<Uint8Array> {
    try {
      const location = await this.#client.redirect(
        'GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}',
        { artifact_id: id, archive_format: 'zip' },
      );
      return await download(location, `Artifact ${id}`, { maxBytes: maxArchiveBytes });
    } catch (cause) {
      if (!(cause instanceof NotFound)) throw cause;
      throw new Stopped('plan-expired', `Artifact ${id} is no longer stored.`, { cause });
    }
  }
}

/**
 * The toolkit waits for ever for the rest of an interrupted answer. If nothing else could wake the process, Node
 * would end it as if all had gone well; this notices it.
 */
async function settled<T>(work: Promise<T>): Promise<T> {
  let wake = () => {};
  const brokenOff = new Promise<never>((_, reject) => {
    wake = () => reject(new Stopped('api-unavailable', 'The artifact store broke off its answer.'));
  });
  process.once('beforeExit', wake);
  try {
    return await Promise.race([work, brokenOff]);
  } finally {
    process.off('beforeExit', wake);
  }
}

/** Loaded only when it is used: it doubles the time that the action needs to start. */
export function loadArtifactService(): Promise<typeof import('@actions/artifact')> {
  // Its client looks at the global FormData, and Node would then load a second copy of undici to define it.
  globalThis.FormData = FormData as unknown as typeof globalThis.FormData;
  return import('@actions/artifact');
}

async function writeMembers(folder: string, members: Members): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  return Promise.all(
    [...members].map(async ([name, content]) => {
      const path = join(folder, name);
      await writeFile(path, content, { flag: 'wx', mode: 0o600 });
      return path;
    }),
  );
}

function withAlgorithm(digest: string): string {
  return digest.startsWith('sha256:') ? digest : `sha256:${digest}`;
}

/** A ZIP archive begins with the header of its first file, or with its directory if it is empty. */
function isArchive(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 4)).toString('latin1');
  return start === 'PK\x03\x04' || start === 'PK\x05\x06';
}
