import { ArtifactHooks, digestOf } from './artifacts.ts';
import { iso } from './clock.ts';
import type { GitHub } from './github.ts';
import { nodeId } from './ids.ts';
import type { Repository } from './repository.ts';
import { backendIds, jobToken } from './results-token.ts';
import { json, type Reply, type Request } from './server.ts';
import type { Artifact, Run } from './state.ts';

const SERVICE = '/twirp/github.actions.results.api.v1.ArtifactService/';

type Body = Record<string, unknown>;

/** A refusal of the results service, in Twirp's form. */
class TwirpError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Names that GitHub refuses for an artifact. */
const FORBIDDEN = /["<>|*?:\r\n\\/]/;

/** Actions' results service: artifacts of the run whose token asks. */
export class Results {
  readonly #github: GitHub;
  /** Uploads under way: artifact → name in the storage. */
  readonly #pending = new Map<Artifact, string>();

  constructor(github: GitHub) {
    this.#github = github;
  }

  /** Serves one Twirp call (JSON). */
  serve(request: Request): Reply {
    try {
      const run = this.#runOf(request.authorization);
      const method = request.url.pathname.startsWith(SERVICE)
        ? request.url.pathname.slice(SERVICE.length)
        : '';
      return json(200, this.#call(method, run, (request.record.body ?? {}) as Body));
    } catch (error) {
      if (!(error instanceof TwirpError)) throw error;
      return json(error.status, { code: error.code, msg: error.message, meta: {} });
    }
  }

  #runOf(authorization: string | null): Run {
    const token = authorization?.replace(/^bearer /i, '');
    for (const repository of this.#github.repositories) {
      for (const run of repository.runs) {
        if (run.status === 'in_progress' && jobToken(run) === token) return run;
      }
    }
    throw new TwirpError(401, 'unauthenticated', 'token is not of a running job');
  }

  #call(method: string, run: Run, body: Body): unknown {
    switch (method) {
      case 'CreateArtifact':
        return this.#create(run, body);
      case 'FinalizeArtifact':
        return this.#finalize(run, body);
      case 'ListArtifacts':
        return { artifacts: this.#list(run, body).map(monolith) };
      case 'GetSignedArtifactURL':
        return { signed_url: this.signedUrl(this.#named(run, body)) };
      case 'DeleteArtifact':
        return this.#delete(run, body);
      default:
        throw new TwirpError(404, 'bad_route', `no handler for ${method}`);
    }
  }

  /** An address from which an artifact's bytes can be downloaded for a minute. */
  signedUrl(artifact: Artifact): string {
    return this.#github.blobs.sign(
      this.#github.blobs.expose(() => artifact.content),
      'r',
    );
  }

  /** The ids in the body must be those of the token. */
  #demandOwn(run: Run, body: Body): void {
    const { run: backendRun, job } = backendIds(run);
    if (body.workflow_run_backend_id !== backendRun || body.workflow_job_run_backend_id !== job) {
      throw new TwirpError(403, 'permission_denied', 'token is for another run');
    }
  }

  #create(run: Run, body: Body): unknown {
    this.#demandOwn(run, body);
    const name = String(body.name ?? '');
    if (name === '' || FORBIDDEN.test(name)) {
      throw new TwirpError(400, 'invalid_argument', 'invalid artifact name');
    }
    const clash = run.repository.uploads.some(
      (each) =>
        each.run.id === run.id &&
        each.name === name &&
        (this.#github.artifactsConflictAcrossAttempts || each.attempt === run.attempt),
    );
    if (clash) {
      throw new TwirpError(
        409,
        'already_exists',
        '(409) Conflict: an artifact with this name already exists on the workflow run',
      );
    }
    const id = this.#github.ids.next('artifact');
    const artifact: Artifact = {
      id,
      nodeId: nodeId('ART', id),
      repository: run.repository,
      run,
      attempt: run.attempt,
      name,
      content: Buffer.alloc(0),
      digest: null,
      size: 0,
      createdAt: this.#github.clock.iso,
      expiresAt: this.#expiry(run.repository, body.expires_at),
      finalized: false,
    };
    run.repository.uploads.push(artifact);
    const blob = this.#github.blobs.reserve();
    this.#pending.set(artifact, blob);
    return { ok: true, signed_upload_url: this.#github.blobs.sign(blob, 'w') };
  }

  /** The client starts from the machine's clock: take the span, and count it from the clock here. */
  #expiry(repository: Repository, wanted: unknown): string {
    const day = 86_400_000;
    const most = repository.retentionDays * day;
    const span = typeof wanted === 'string' ? Date.parse(wanted) - Date.now() : most;
    const days = Math.max(1, Math.round(Math.min(span, most) / day));
    return iso(new Date(this.#github.clock.now.getTime() + days * day));
  }

  #finalize(run: Run, body: Body): unknown {
    this.#demandOwn(run, body);
    const artifact = run.repository.uploads.find(
      (each) => !each.finalized && each.run === run && each.name === body.name,
    );
    const content = artifact && this.#github.blobs.content(this.#pending.get(artifact) ?? '');
    if (!artifact || !content) throw new TwirpError(404, 'not_found', 'no such upload');
    if (Number(body.size) !== content.length) {
      throw new TwirpError(400, 'invalid_argument', 'size does not match the upload');
    }
    const digest = digestOf(content);
    if (body.hash !== undefined && body.hash !== digest) {
      throw new TwirpError(400, 'invalid_argument', 'hash does not match the upload');
    }
    artifact.content = content;
    artifact.size = content.length;
    artifact.digest = digest;
    artifact.finalized = true;
    this.#pending.delete(artifact);
    return { ok: true, artifact_id: String(artifact.id) };
  }

  /** Artifacts of the run, earlier attempts included: a later job may need them. */
  #list(run: Run, body: Body): Artifact[] {
    this.#demandOwn(run, body);
    return new ArtifactHooks(run.repository)
      .list(typeof body.name_filter === 'string' ? body.name_filter : undefined)
      .filter((each) => each.run.id === run.id && !run.repository.isExpired(each))
      .filter((each) => body.id_filter === undefined || String(each.id) === String(body.id_filter))
      .reverse();
  }

  #named(run: Run, body: Body): Artifact {
    const artifact = new ArtifactHooks(run.repository)
      .list(String(body.name ?? ''))
      .find(
        (each) =>
          each.run.id === run.id && backendIds(each.run).run === body.workflow_run_backend_id,
      );
    if (!artifact) throw new TwirpError(404, 'not_found', 'no such artifact');
    return artifact;
  }

  #delete(run: Run, body: Body): unknown {
    const artifact = this.#named(run, body);
    new ArtifactHooks(run.repository).delete(artifact);
    return { ok: true, artifact_id: String(artifact.id) };
  }
}

function monolith(artifact: Artifact): unknown {
  const ids = backendIds(artifact.run);
  return {
    workflow_run_backend_id: ids.run,
    workflow_job_run_backend_id: ids.job,
    database_id: String(artifact.id),
    name: artifact.name,
    size: String(artifact.size),
    created_at: artifact.createdAt,
    ...(artifact.digest ? { digest: artifact.digest } : {}),
  };
}
