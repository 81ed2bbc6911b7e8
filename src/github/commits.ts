import { z } from 'zod';
import { objectIdField } from '../core/records/fields.ts';
import type { ObjectId } from '../core/text/object-id.ts';
import type { Commits, ListedCommit, TreeEntry } from '../ports/commits.ts';
import { type GitHubClient, Unprocessable } from './client.ts';

const object = z.object({ sha: objectIdField });

/** The Git data interface. A commit without an author of its own is the token's, and GitHub signs it. */
export class GitHubCommits implements Commits {
  readonly #client: GitHubClient;

  constructor(client: GitHubClient) {
    this.#client = client;
  }

  async createBlob(content: Uint8Array): Promise<ObjectId> {
    const { sha } = await this.#client.request(
      'POST /repos/{owner}/{repo}/git/blobs',
      { content: Buffer.from(content).toString('base64'), encoding: 'base64' },
      object,
    );
    return sha;
  }

  async createTree(base: ObjectId, entries: readonly TreeEntry[]): Promise<ObjectId> {
    const { sha } = await this.#client.request(
      'POST /repos/{owner}/{repo}/git/trees',
      {
        base_tree: base,
        tree: entries.map(({ path, after }) => ({
          path,
          mode: after?.mode ?? '100644',
          type: 'blob',
          sha: after?.blob ?? null,
        })),
      },
      object,
    );
    return sha;
  }

  async createCommit(message: string, tree: ObjectId, parent: ObjectId): Promise<ObjectId> {
    const { sha } = await this.#client.request(
      'POST /repos/{owner}/{repo}/git/commits',
      { message, tree, parents: [parent] },
      object,
    );
    return sha;
  }

  async fastForward(branch: string, commit: ObjectId): Promise<boolean> {
    try {
      await this.#client.request(
        `PATCH /repos/{owner}/{repo}/git/refs/heads/${branch.split('/').map(encodeURIComponent).join('/')}`,
        { sha: commit, force: false },
        z.object({ object }),
      );
      return true;
    } catch (error) {
      if (error instanceof Unprocessable) return false;
      throw error;
    }
  }

  async between(from: ObjectId, to: ObjectId): Promise<readonly ListedCommit[]> {
    const { commits } = await this.#client.request(
      'GET /repos/{owner}/{repo}/compare/{basehead}',
      { basehead: `${from}...${to}`, per_page: 100 },
      z.object({
        commits: z.array(
          z.object({
            sha: objectIdField,
            commit: z.object({ message: z.string() }),
            parents: z.array(object),
          }),
        ),
      }),
    );
    return commits.map(({ sha, commit, parents }) => ({
      sha,
      message: commit.message,
      parents: parents.map((parent) => parent.sha),
    }));
  }
}
