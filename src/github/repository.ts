import { z } from 'zod';
import { isOrdinaryFile } from '../core/plan/scope.ts';
import { instructionsFile } from '../core/policy/instructions.ts';
import { objectIdField } from '../core/records/fields.ts';
import { blobId } from '../core/text/blob-id.ts';
import type { ObjectId } from '../core/text/object-id.ts';
import { Stopped } from '../decision.ts';
import type {
  DefaultBranchFile,
  GoverningFiles,
  Repository,
  RootFile,
  RunFacts,
} from '../ports/repository.ts';
import type { GitHubClient } from './client.ts';
import type { Looks } from './looks.ts';
import { time } from './time.ts';

const fileSchema = z.object({
  type: z.literal('file'),
  sha: objectIdField,
  encoding: z.string(),
  content: z.string(),
});

const runSchema = z.object({
  id: z.int().positive(),
  event: z.string(),
  path: z.string(),
  head_branch: z.string().nullable(),
  head_sha: objectIdField,
  repository: z.object({ id: z.int() }),
  head_repository: z.object({ id: z.int() }).nullable(),
  run_attempt: z.int().positive().nullish(),
  created_at: time.nullish(),
  referenced_workflows: z
    .array(z.object({ path: z.string().min(1), sha: objectIdField, ref: z.string().nullish() }))
    .nullish(),
});

const treeSchema = z.object({
  truncated: z.boolean(),
  tree: z.array(
    z.object({
      path: z.string(),
      mode: z.string(),
      sha: objectIdField,
      // Folders and submodules have none.
      size: z.int().nonnegative().nullish(),
    }),
  ),
});

const blobSchema = z.object({ encoding: z.literal('base64'), content: z.string() });

/** What the repository itself says: its default branch, its files at a ref, its workflow runs. */
export class GitHubRepository implements Repository, GoverningFiles {
  readonly #client: GitHubClient;
  readonly #looks: Looks | undefined;

  /** @param looks that tell the policy file and the workflow file */
  constructor(client: GitHubClient, looks?: Looks) {
    this.#client = client;
    this.#looks = looks;
  }

  async defaultBranch(): Promise<string> {
    const { default_branch } = await this.#client.request(
      'GET /repos/{owner}/{repo}',
      {},
      z.object({ default_branch: z.string().min(1) }),
    );
    return default_branch;
  }

  async readFile(
    path: string,
    commit: ObjectId,
  ): Promise<{ blob: ObjectId; text: string } | undefined> {
    const ask = () => this.#client.find(contentsOf(path), { ref: commit }, fileSchema);
    // A missing file is confirmed by a second call: one wrong answer must not hide an existing policy.
    const found = (await ask()) ?? (await ask());
    if (found === undefined) return undefined;
    if (found.encoding !== 'base64') {
      throw new Stopped('limit-exceeded', `${path} is too large to be read.`);
    }
    return { blob: found.sha, text: Buffer.from(found.content, 'base64').toString('utf8') };
  }

  async readPolicy(path: string, branch: () => Promise<string>): Promise<DefaultBranchFile> {
    const told = (await this.#looks?.readPolicy()) ?? 'untold';
    if (told !== 'untold') return told;
    const ref = `heads/${await branch()}`;
    const { object } = await this.#client.request(
      `GET /repos/{owner}/{repo}/git/ref/${encodePath(ref)}`,
      {},
      z.object({ object: z.object({ type: z.literal('commit'), sha: objectIdField }) }),
    );
    return { commit: object.sha, file: await this.readFile(path, object.sha) };
  }

  async readInstructions(commit: ObjectId, maxBytes: number): Promise<RootFile | undefined> {
    const told = this.#looks?.readInstructions(commit) ?? 'untold';
    if (told === 'untold') return this.#readRootFile(instructionsFile, commit, maxBytes);
    const { file } = told;
    if (file === undefined || file.content !== null || !isOrdinaryFile(file.mode)) return file;
    return file.size > maxBytes ? file : { ...file, content: await this.#readBlob(file.blob) };
  }

  /**
   * Read from the tree, which tells what kind of entry a name is: `contents` silently follows symbolic links.
   * https://docs.github.com/en/rest/repos/contents#get-repository-content
   */
  async #readRootFile(
    name: string,
    commit: ObjectId,
    maxBytes: number,
  ): Promise<RootFile | undefined> {
    const { truncated, tree } = await this.#client.request(
      'GET /repos/{owner}/{repo}/git/trees/{tree_sha}',
      { tree_sha: commit },
      treeSchema,
    );
    const entry = tree.find(({ path }) => path === name);
    if (entry === undefined && truncated) {
      throw new Stopped('limit-exceeded', 'The root of the repository has too many files to list.');
    }
    if (entry === undefined) return undefined;
    const { mode, sha: blob, size } = entry;
    if (!isOrdinaryFile(mode) || typeof size !== 'number' || size > maxBytes) {
      return { mode, blob, size: size ?? 0, content: null };
    }
    return { mode, blob, size, content: await this.#readBlob(blob) };
  }

  /** @throws Stopped api-unavailable if the answer is not the bytes of this blob */
  async #readBlob(id: ObjectId): Promise<Uint8Array> {
    const { content } = await this.#client.request(
      'GET /repos/{owner}/{repo}/git/blobs/{file_sha}',
      { file_sha: id },
      blobSchema,
    );
    const bytes = Buffer.from(content, 'base64');
    if (blobId(bytes, id.length) === id) return bytes;
    throw new Stopped('api-unavailable', `GitHub answered with other bytes than those of ${id}.`);
  }

  ranWorkflow(): string | undefined {
    return this.#looks?.ranWorkflow;
  }

  async run(id: number): Promise<RunFacts | undefined> {
    const run = await this.#client.find(
      'GET /repos/{owner}/{repo}/actions/runs/{run_id}',
      { run_id: id },
      runSchema,
    );
    return (
      run && {
        id: run.id,
        event: run.event,
        path: run.path,
        headBranch: run.head_branch,
        headSha: run.head_sha,
        repositoryId: run.repository.id,
        headRepositoryId: run.head_repository?.id ?? null,
        attempt: run.run_attempt ?? 1,
        createdAt: run.created_at ?? null,
        called: (run.referenced_workflows ?? []).map(({ path, sha, ref }) => ({
          path,
          sha,
          ref: ref ?? null,
        })),
      }
    );
  }
}

function contentsOf(path: string): string {
  return `GET /repos/{owner}/{repo}/contents/${encodePath(path)}`;
}

/** For a path or a ref: its slashes are part of the address, and everything else in it is data. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
