/** The query of a look: everything that a run needs to know about a pull request, in one call. */

import { z } from 'zod';
import { objectIdField } from '../core/records/fields.ts';
import { actorFields, actorSchema, labelSchema, pageInfoSchema } from './graphql-fields.ts';
import { headFields, headShape } from './head-facts.ts';
import { time } from './time.ts';
import { timelineFields, timelineShape } from './timeline-fields.ts';

const blob = z
  .object({ oid: objectIdField, text: z.string().nullish(), isTruncated: z.boolean().nullish() })
  .nullish();

const comment = z.object({
  id: z.string().min(1),
  databaseId: z.int().positive().nullish(),
  url: z.string(),
  body: z.string(),
  author: actorSchema,
  createdAt: time,
  updatedAt: time,
});

const pullShape = z.object({
  number: z.int().positive(),
  state: z.enum(['OPEN', 'CLOSED', 'MERGED']),
  isDraft: z.boolean(),
  locked: z.boolean(),
  author: actorSchema,
  headRefName: z.string().min(1),
  headRepository: z.object({ databaseId: z.int() }).nullable(),
  baseRef: z.object({ target: z.object({ oid: objectIdField }).nullable() }).nullable(),
  comments: z.object({ nodes: z.array(comment), pageInfo: pageInfoSchema }),
  ...timelineShape,
  ...headShape,
});

const repositoryShape = {
  id: z.string().min(1),
  databaseId: z.int(),
  isArchived: z.boolean(),
  defaultBranchRef: z
    .object({
      target: z
        .object({
          oid: objectIdField,
          file: z.object({ oid: objectIdField }).nullish(),
          instructions: z
            .object({ oid: objectIdField, mode: z.int(), size: z.int().nonnegative() })
            .nullish(),
        })
        .nullable(),
    })
    .nullable(),
  policy: blob,
  instructions: blob,
  ran: blob,
};

const viewer = z.object({ login: z.string(), databaseId: z.int() });

export const policyAnswer = z.object({ viewer, repository: z.object(repositoryShape) });

export const lookAnswer = z.object({
  viewer,
  repository: z.object({
    ...repositoryShape,
    label: labelSchema.nullable(),
    // Null for a pull request that does not exist.
    pullRequest: pullShape.nullable(),
  }),
});

export type LookAnswer = z.infer<typeof lookAnswer>;
export type PulledPullRequest = NonNullable<LookAnswer['repository']['pullRequest']>;

/**
 * The policy file and the file of instructions are asked for in two ways, so that one wrong answer is not taken for a
 * missing file.
 */
const repositoryFields = `id databaseId isArchived
    defaultBranchRef { target { oid ... on Commit { file(path: $policyPath) { oid }
      instructions: file(path: $instructionsPath) { oid mode size } } } }
    policy: object(expression: $policy) { ... on Blob { oid text isTruncated } }
    instructions: object(expression: $instructions) { oid ... on Blob { text isTruncated } }
    ran: object(expression: $ran) { ... on Blob { oid text isTruncated } }`;

const variables =
  '$owner: String!, $name: String!, $policyPath: String!, $policy: String!, $instructionsPath: String!, $instructions: String!, $ran: String!';

export const policyQuery = `query(${variables}) {
  viewer { login databaseId }
  repository(owner: $owner, name: $name) {
    ${repositoryFields}
  }
}`;

export const lookQuery = `query(${variables}, $number: Int!, $label: String!, $context: String!, $after: String) {
  viewer { login databaseId }
  repository(owner: $owner, name: $name) {
    ${repositoryFields}
    label(name: $label) { id name }
    pullRequest(number: $number) {
      number state isDraft locked author { ${actorFields} }
      headRefName headRepository { databaseId }
      baseRef { target { oid } }
      comments(first: 100) {
        nodes { id databaseId url body author { ${actorFields} } createdAt updatedAt }
        pageInfo { hasNextPage endCursor }
      }
      ${timelineFields}
      ${headFields}
    }
  }
}`;
