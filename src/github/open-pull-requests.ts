import { z } from 'zod';
import { objectIdField } from '../core/records/fields.ts';
import { Stopped } from '../decision.ts';
import type {
  OpenPullRequest,
  OpenPullRequests,
  QueuedPullRequest,
} from '../ports/open-pull-requests.ts';
import type { GitHubClient } from './client.ts';
import {
  labelSchema,
  pageInfoSchema,
  readAllPages,
  statusFields,
  statusSchema,
} from './graphql-fields.ts';
import { readStatus } from './statuses.ts';

/** 2,000 open pull requests, or as many in one queue. */
const maxPages = 20;

const pullSchema = z.object({
  number: z.int().positive(),
  isDraft: z.boolean(),
  headRefName: z.string(),
  headRefOid: objectIdField,
  headRepository: z.object({ databaseId: z.int() }).nullable(),
  baseRefName: z.string(),
  labels: z.object({ totalCount: z.int(), nodes: z.array(labelSchema) }).nullable(),
  commits: z.object({
    nodes: z.array(
      z.object({
        commit: z.object({
          oid: objectIdField,
          status: z.object({ context: statusSchema.nullable() }).nullable(),
        }),
      }),
    ),
  }),
});

const pullsQuery = `query($owner: String!, $name: String!, $context: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequests(first: 100, after: $after, states: [OPEN], orderBy: { field: CREATED_AT, direction: ASC }) {
      nodes {
        number isDraft headRefName headRefOid headRepository { databaseId } baseRefName
        labels(first: 100) { totalCount nodes { id name } }
        commits(last: 1) { nodes { commit { oid status { context(name: $context) { ${statusFields} } } } } }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

const pullsSchema = z.object({
  repository: z.object({
    pullRequests: z.object({ nodes: z.array(pullSchema), pageInfo: pageInfoSchema }),
  }),
});

const queuedQuery = `query($owner: String!, $name: String!, $branch: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequests(first: 100, after: $after, states: [OPEN], baseRefName: $branch) {
      nodes { number isInMergeQueue }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

const queuedSchema = z.object({
  repository: z.object({
    pullRequests: z.object({
      nodes: z.array(z.object({ number: z.int().positive(), isInMergeQueue: z.boolean() })),
      pageInfo: pageInfoSchema,
    }),
  }),
});

const queueQuery = `query($owner: String!, $name: String!, $branch: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    mergeQueue(branch: $branch) {
      entries(first: 100, after: $after) {
        nodes { position pullRequest { number } headCommit { oid } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`;

const queueSchema = z.object({
  repository: z.object({
    mergeQueue: z
      .object({
        entries: z.object({
          nodes: z.array(
            z.object({
              position: z.int(),
              pullRequest: z.object({ number: z.int().positive() }),
              headCommit: z.object({ oid: objectIdField }).nullable(),
            }),
          ),
          pageInfo: pageInfoSchema,
        }),
      })
      .nullable(),
  }),
});

export class GitHubOpenPullRequests implements OpenPullRequests {
  readonly #client: GitHubClient;

  constructor(client: GitHubClient) {
    this.#client = client;
  }

  async list(context: string): Promise<readonly OpenPullRequest[]> {
    const pulls = await readAllPages(maxPages, async (after) => {
      const { repository } = await this.#client.graphql(
        'the open pull requests',
        pullsQuery,
        { ...this.#client.repository, context, after },
        pullsSchema,
        { needs: 'pull-requests: read' },
      );
      return repository.pullRequests;
    });
    return pulls.map((pull) => readPull(pull, context));
  }

  async queue(branch: string): Promise<readonly QueuedPullRequest[]> {
    const entries = await readAllPages(maxPages, async (after) => {
      const { repository } = await this.#client.graphql(
        'the merge queue',
        queueQuery,
        { ...this.#client.repository, branch, after },
        queueSchema,
        { needs: 'pull-requests: read' },
      );
      const nothing = { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };
      return repository.mergeQueue?.entries ?? nothing;
    });
    return entries
      .toSorted((a, b) => a.position - b.position)
      .map(({ pullRequest, headCommit }) => ({
        number: pullRequest.number,
        groupHead: headCommit?.oid ?? null,
      }));
  }

  async queued(branch: string): Promise<readonly number[]> {
    const pulls = await readAllPages(maxPages, async (after) => {
      const { repository } = await this.#client.graphql(
        'the queued pull requests',
        queuedQuery,
        { ...this.#client.repository, branch, after },
        queuedSchema,
        { needs: 'pull-requests: read' },
      );
      return repository.pullRequests;
    });
    return pulls.filter(({ isInMergeQueue }) => isInMergeQueue).map(({ number }) => number);
  }
}

function readPull(pull: z.infer<typeof pullSchema>, context: string): OpenPullRequest {
  const { labels } = pull;
  if (labels !== null && labels.nodes.length < labels.totalCount) {
    const detail = `GitHub does not tell all labels of pull request ${pull.number}.`;
    throw new Stopped('api-unavailable', detail);
  }
  // The list of commits can lag behind the head: then nothing is known of the head's status.
  const newest = pull.commits.nodes.find(({ commit }) => commit.oid === pull.headRefOid);
  const status = newest?.commit.status?.context;
  return {
    number: pull.number,
    draft: pull.isDraft,
    head: { ref: pull.headRefName, sha: pull.headRefOid },
    headRepository: pull.headRepository?.databaseId ?? null,
    baseRef: pull.baseRefName,
    labels: labels?.nodes ?? [],
    status: status ? readStatus(context, status) : null,
  };
}
