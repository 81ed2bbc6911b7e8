/** What is on the head of a pull request, in one call: its commits, who shares it, and its status. */

import { z } from 'zod';
import { objectIdField } from '../core/records/fields.ts';
import { Stopped } from '../decision.ts';
import type { HeadFacts, PullCommit } from '../ports/pull-requests.ts';
import type { GitHubClient } from './client.ts';
import { pageInfoSchema, readAllPages, statusFields, statusSchema } from './graphql-fields.ts';
import { readStatus } from './statuses.ts';
import { time } from './time.ts';

/** On its page GitHub lists at most 250 commits of a pull request; these are 1,000. */
const maxPages = 10;

/** The parts of a pull request that the fields below ask for. */
export const headShape = {
  baseRefName: z.string(),
  headRefOid: objectIdField,
  commits: z.object({
    nodes: z.array(
      z.object({
        commit: z.object({
          oid: objectIdField,
          message: z.string(),
          tree: z.object({ oid: objectIdField }),
          committedDate: time,
          signature: z.object({ isValid: z.boolean(), wasSignedByGitHub: z.boolean() }).nullish(),
        }),
      }),
    ),
    pageInfo: pageInfoSchema,
  }),
  newest: z.object({
    nodes: z.array(
      z.object({
        commit: z.object({
          oid: objectIdField,
          status: z.object({ context: statusSchema.nullable() }).nullish(),
          associatedPullRequests: z
            .object({
              nodes: z.array(
                z.object({
                  number: z.int(),
                  state: z.string(),
                  baseRefName: z.string(),
                  headRefOid: objectIdField,
                  headRepository: z.object({ databaseId: z.int() }).nullable(),
                }),
              ),
            })
            .nullish(),
        }),
      }),
    ),
  }),
};

const headPart = z.object(headShape);
const schema = z.object({
  repository: z.object({ databaseId: z.int(), pullRequest: headPart }),
});

export const headFields = `baseRefName headRefOid
      commits(first: 100, after: $after) {
        nodes {
          commit {
            oid message tree { oid } committedDate
            signature { isValid wasSignedByGitHub }
          }
        }
        pageInfo { hasNextPage endCursor }
      }
      newest: commits(last: 1) {
        nodes {
          commit {
            oid
            status { context(name: $context) { ${statusFields} } }
            associatedPullRequests(first: 50) {
              nodes { number state baseRefName headRefOid headRepository { databaseId } }
            }
          }
        }
      }`;

const query = `query($owner: String!, $name: String!, $number: Int!, $context: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    databaseId
    pullRequest(number: $number) {
      ${headFields}
    }
  }
}`;

export async function readHeadFacts(
  client: GitHubClient,
  number: number,
  context: string,
): Promise<HeadFacts> {
  let facts: Omit<HeadFacts, 'commits'> | undefined;
  const commits = await readAllPages(maxPages, async (after) => {
    const { repository } = await client.graphql(
      'the head of the pull request',
      query,
      { ...client.repository, number, context, after },
      schema,
      { needs: 'pull-requests: read' },
    );
    const { commits, ...rest } = toHeadFacts(repository, repository.pullRequest, number, context);
    facts = rest;
    return { nodes: commits, pageInfo: repository.pullRequest.commits.pageInfo };
  });
  if (facts === undefined) throw new Stopped('internal', 'No page of commits was read.');
  return { ...facts, commits };
}

/** One page of commits, with what is told of the head beside it. */
export function toHeadFacts(
  repository: { readonly databaseId: number },
  pull: z.infer<typeof headPart>,
  number: number,
  context: string,
): HeadFacts {
  // The statuses of the commit in this repository: the same commit in a fork has the statuses of the fork.
  const found = pull.newest.nodes.find(({ commit }) => commit.oid === pull.headRefOid)?.commit;
  const sharing = (found?.associatedPullRequests?.nodes ?? []).filter(
    (one) => one.number !== number && one.state === 'OPEN' && one.headRefOid === pull.headRefOid,
  );
  const siblings = sharing.filter(
    (one) =>
      one.baseRefName === pull.baseRefName &&
      one.headRepository?.databaseId === repository.databaseId,
  );
  const status = found?.status?.context;
  return {
    head: pull.headRefOid,
    commits: pull.commits.nodes.map(
      ({ commit }): PullCommit => ({
        sha: commit.oid,
        tree: commit.tree.oid,
        message: commit.message,
        signedAt:
          commit.signature?.isValid && commit.signature.wasSignedByGitHub
            ? commit.committedDate
            : null,
      }),
    ),
    siblings: siblings.map((one) => one.number),
    sharedElsewhere: siblings.length < sharing.length,
    status: status ? readStatus(context, status) : null,
  };
}
