import { z } from 'zod';
import { objectIdField } from '../core/records/fields.ts';
import type { ObjectId } from '../core/text/object-id.ts';
import { Stopped } from '../decision.ts';
import type { Commits, FileEntry } from '../ports/commits.ts';
import type { GitHubClient } from './client.ts';
import type { Looks } from './looks.ts';
import { inlineText, splitEntries } from './tree-parts.ts';

const object = z.object({ sha: objectIdField });
/** Content that is stored under its own id can be stored twice without harm. */
const repeatable = true;

const branchSchema = z.object({
  repository: z.object({
    id: z.string().min(1),
    ref: z.object({ target: z.object({ oid: objectIdField }).nullable() }).nullable(),
  }),
});

const readBranch = `query($owner: String!, $name: String!, $ref: String!) {
  repository(owner: $owner, name: $name) { id ref(qualifiedName: $ref) { target { oid } } }
}`;

const updateRefs = `mutation($repository: ID!, $ref: GitRefname!, $from: GitObjectID!, $to: GitObjectID!) {
  updateRefs(input: {
    repositoryId: $repository
    refUpdates: [{ name: $ref, beforeOid: $from, afterOid: $to, force: false }]
  }) { clientMutationId }
}`;

/** The Git data interface. A commit that names no author is the token's, and GitHub signs it. */
export class GitHubCommits implements Commits {
  readonly #client: GitHubClient;
  readonly #looks: Looks | undefined;

  /** @param looks that tell the id of the repository */
  constructor(client: GitHubClient, looks?: Looks) {
    this.#client = client;
    this.#looks = looks;
  }

  async #createBlob(content: Uint8Array): Promise<ObjectId> {
    const { sha } = await this.#client.request(
      'POST /repos/{owner}/{repo}/git/blobs',
      { content: Buffer.from(content).toString('base64'), encoding: 'base64' },
      object,
      { repeatable },
    );
    return sha;
  }

  async writeTree(base: ObjectId, entries: readonly FileEntry[]): Promise<ObjectId> {
    let tree = base;
    for (const part of splitEntries(entries)) {
      const parts = [];
      for (const { path, after, content } of part) {
        const file = { path, mode: after?.mode ?? '100644', type: 'blob' };
        if (after === null || content === null) {
          parts.push({ ...file, sha: after?.blob ?? null });
          continue;
        }
        const text = inlineText(content);
        if (text !== undefined) parts.push({ ...file, content: text });
        else parts.push({ ...file, sha: await this.#storeAs(after.blob, path, content) });
      }
      tree = await this.#createTree(tree, parts);
    }
    return tree;
  }

  async #storeAs(expected: ObjectId, path: string, content: Uint8Array): Promise<ObjectId> {
    const stored = await this.#createBlob(content);
    if (stored === expected) return stored;
    const detail = `GitHub stored ${JSON.stringify(path)} as ${stored}, expected ${expected}.`;
    throw new Stopped('digest-mismatch', detail);
  }

  async #createTree(base: string, tree: readonly object[]): Promise<ObjectId> {
    const { sha } = await this.#client.request(
      'POST /repos/{owner}/{repo}/git/trees',
      { base_tree: base, tree },
      object,
      { repeatable },
    );
    return sha;
  }

  async createCommit(message: string, tree: ObjectId, parent: ObjectId): Promise<ObjectId> {
    const { sha } = await this.#client.request(
      'POST /repos/{owner}/{repo}/git/commits',
      { message, tree, parents: [parent] },
      object,
      { repeatable },
    );
    return sha;
  }

  async moveForward(
    branch: string,
    from: ObjectId,
    to: ObjectId,
    lookAgain?: () => Promise<unknown>,
  ): Promise<'moved' | 'elsewhere'> {
    let repository = this.#looks?.repositoryId;
    if (repository === undefined) {
      const found = await this.#readBranch(branch);
      if (found.tip === to) return 'moved';
      if (found.tip !== from) return 'elsewhere';
      repository = found.repository;
    }
    // GitHub itself compares the branch with `from`.
    try {
      await this.#client.graphql(
        'the move of the branch',
        updateRefs,
        { repository, ref: `refs/heads/${branch}`, from, to },
        z.object({ updateRefs: z.object({}) }),
        // If it was done the first time, the branch is no longer at `from`, and nothing is done twice.
        { needs: 'contents: write', repeatable, ...(lookAgain && { beforeAgain: lookAgain }) },
      );
      return 'moved';
    } catch (error) {
      // After any error, or if the answer was lost, the tip of the branch tells whether it was moved.
      const now = await this.#readBranch(branch);
      if (now.tip === to) return 'moved';
      if (now.tip !== from) return 'elsewhere';
      throw error;
    }
  }

  async #readBranch(branch: string): Promise<{ repository: string; tip: ObjectId | null }> {
    const { repository } = await this.#client.graphql(
      'the branch',
      readBranch,
      { ...this.#client.repository, ref: `refs/heads/${branch}` },
      branchSchema,
      { needs: 'contents: write' },
    );
    return { repository: repository.id, tip: repository.ref?.target?.oid ?? null };
  }
}
