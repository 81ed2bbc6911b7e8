import { z } from 'zod';
import type { FileState } from '../core/plan/scope.ts';
import { objectIdField } from '../core/records/fields.ts';
import type { ObjectId } from '../core/text/object-id.ts';
import { Stopped } from '../decision.ts';
import type { BaseCommit, HeadFacts, PullRequest, PullRequests } from '../ports/pull-requests.ts';
import type { GitHubClient } from './client.ts';
import { readFileStates } from './file-states.ts';
import { readHeadFacts } from './head-facts.ts';
import type { Looks } from './looks.ts';
import { encodePath } from './repository.ts';

const side = z.object({
  ref: z.string().min(1),
  sha: objectIdField,
  repo: z.object({ id: z.int(), archived: z.boolean().nullish() }).nullable(),
});

const pullRequestSchema = z.object({
  number: z.int().positive(),
  state: z.enum(['open', 'closed']),
  user: z.object({ id: z.int(), login: z.string() }).nullable(),
  draft: z.boolean().nullish(),
  locked: z.boolean().nullish(),
  head: side,
  base: side,
});

const refSchema = z.object({ object: z.object({ type: z.literal('commit'), sha: objectIdField }) });
const commits = z.array(z.object({ sha: objectIdField }));

/** How many commits that changed a file are searched; no decision depends on them. */
const namedPaths = 10;
const namedCommits = 20;

export class GitHubPullRequests implements PullRequests {
  readonly #client: GitHubClient;
  readonly #looks: Looks | undefined;

  /** @param looks with which a pull request is read; by REST without them */
  constructor(client: GitHubClient, looks?: Looks) {
    this.#client = client;
    this.#looks = looks;
  }

  async read(number: number): Promise<PullRequest> {
    if (this.#looks !== undefined) return this.#looks.readPull(number);
    const pull = await this.#client.find(
      'GET /repos/{owner}/{repo}/pulls/{pull_number}',
      { pull_number: number },
      pullRequestSchema,
    );
    if (pull === undefined || pull.number !== number) {
      throw new Stopped('config-invalid', `There is no pull request ${number} in this repository.`);
    }
    return {
      number,
      open: pull.state === 'open',
      draft: pull.draft ?? false,
      author: pull.user,
      locked: pull.locked ?? false,
      archived: pull.base.repo?.archived ?? false,
      head: { ref: pull.head.ref, sha: pull.head.sha },
      headRepository: pull.head.repo?.id ?? null,
      baseRef: pull.base.ref,
    };
  }

  /** The ref itself: a pull request's own `base.sha` can be hours old since February 2026. */
  async baseTip(ref: string): Promise<ObjectId> {
    const told = this.#looks?.takeTip(ref);
    if (told !== undefined) return told;
    const found = await this.#client.request(
      `GET /repos/{owner}/{repo}/git/ref/${encodePath(`heads/${ref}`)}`,
      {},
      refSchema,
    );
    return found.object.sha;
  }

  async mergeBase(base: ObjectId, head: ObjectId): Promise<ObjectId> {
    const found = await this.#client.request(
      'GET /repos/{owner}/{repo}/compare/{basehead}',
      { basehead: `${base}...${head}`, per_page: 1 },
      z.object({ merge_base_commit: z.object({ sha: objectIdField }) }),
    );
    return found.merge_base_commit.sha;
  }

  async readHead(number: number, context: string): Promise<HeadFacts> {
    const told = context === this.#looks?.context ? this.#looks.take(number, 'head') : undefined;
    return told ?? readHeadFacts(this.#client, number, context);
  }

  fileStates(
    commits: readonly [ObjectId, ObjectId],
    paths: readonly string[],
  ): Promise<ReadonlyMap<string, readonly [FileState | null, FileState | null]>> {
    return readFileStates(this.#client, commits, paths);
  }

  /** Names the commits that caused a drift, for its readers: the newest ones on `tip` that touch the paths. */
  async commitsTouching(
    paths: readonly string[],
    since: ObjectId,
    tip: ObjectId,
  ): Promise<readonly BaseCommit[]> {
    const range = await this.#client.request(
      'GET /repos/{owner}/{repo}/compare/{basehead}',
      { basehead: `${since}...${tip}` },
      z.object({ commits }),
    );
    const between = new Set(range.commits.map(({ sha }) => sha));
    const touched = new Map<ObjectId, string[]>();
    for (const path of paths.slice(0, namedPaths)) {
      const found = await this.#client.request(
        'GET /repos/{owner}/{repo}/commits',
        { sha: tip, path, per_page: namedCommits },
        commits,
      );
      for (const { sha } of found) {
        if (between.has(sha)) touched.set(sha, [...(touched.get(sha) ?? []), path]);
      }
    }
    return [...touched].map(([sha, paths]) => ({ sha, paths }));
  }
}
