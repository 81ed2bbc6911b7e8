/** The facts of a pull request from the answer of a look, in the types of the ports. */

import type { Label } from '../core/life/timeline.ts';
import type { ObjectId } from '../core/text/object-id.ts';
import { Stopped } from '../decision.ts';
import type { Comment } from '../ports/comments.ts';
import type { HeadFacts, PullRequest } from '../ports/pull-requests.ts';
import type { PullRequestLog } from '../ports/timeline.ts';
import type { GraphQlProblem } from './failures.ts';
import type { PulledPullRequest } from './look-query.ts';
import { readEvents, toLog } from './timeline-fields.ts';

/**
 * The facts of a look. A list that is incomplete, or that GitHub did not send, is missing: it has to be requested
 * separately.
 */
export interface Facts {
  /** Null if there is no such pull request. */
  readonly pull: PullRequest | null;
  readonly baseTip: { readonly ref: string; readonly sha: ObjectId };
  readonly carried: readonly Label[];
  readonly log: PullRequestLog;
  readonly comments: readonly Comment[];
  readonly head: HeadFacts;
  readonly labelExists: boolean;
}

export function readPullFacts(pull: PulledPullRequest, archived: boolean): Partial<Facts> {
  const { carried, events, baseRef, baseRefName } = pull;
  const labels = carried.nodes.length >= carried.totalCount ? carried.nodes : undefined;
  // Without all of them, nobody could say whether the approval label is set.
  if (labels === undefined) {
    throw new Stopped('api-unavailable', 'GitHub does not tell all labels of the pull request.');
  }
  const sha = baseRef?.target?.oid;
  return {
    pull: {
      number: pull.number,
      open: pull.state === 'OPEN',
      author: readAuthor(pull.author),
      draft: pull.isDraft,
      locked: pull.locked,
      archived,
      head: { ref: pull.headRefName, sha: pull.headRefOid },
      headRepository: pull.headRepository?.databaseId ?? null,
      baseRef: baseRefName,
    },
    carried: labels,
    ...(sha === undefined ? {} : { baseTip: { ref: baseRefName, sha } }),
    ...(events.pageInfo.hasNextPage ? {} : { log: toLog(readEvents(pull), labels) }),
  };
}

/** REST adds a suffix to the login of an app, and GraphQL does not. */
function readAuthor(author: PulledPullRequest['author']): PullRequest['author'] {
  if (author?.databaseId == null) return null;
  const login = author.__typename === 'Bot' ? `${author.login}[bot]` : author.login;
  return { id: author.databaseId, login };
}

export function toComment(
  raw: PulledPullRequest['comments']['nodes'][number],
): Comment | undefined {
  if (raw.databaseId == null) return undefined;
  return {
    id: raw.databaseId,
    nodeId: raw.id,
    url: raw.url,
    body: raw.body,
    authorId: raw.author?.databaseId ?? null,
    createdAt: raw.createdAt,
    updatedAt: raw.updatedAt,
  };
}

/** A token that may not read statuses can still read the rest. */
export function isHead({ path }: GraphQlProblem): boolean {
  return (path ?? []).join('.').startsWith('repository.pullRequest.newest');
}

export function isNotFound({ type, path }: GraphQlProblem): boolean {
  return type === 'NOT_FOUND' && (path ?? []).join('.') === 'repository.pullRequest';
}
