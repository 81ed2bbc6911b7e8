import { mergeable, pullRange } from '../pulls.ts';
import { authorAssociation } from '../render/issues.ts';
import { WEB } from '../render/web.ts';
import type { Issue } from '../state.ts';
import { actorNode } from './accounts.ts';
import { commentNode } from './comments.ts';
import { connection, type Slice } from './connection.ts';
import { type Context, forbidden, type Node } from './context.ts';
import { commitNode, refNode } from './git.ts';
import { labelNode } from './labels.ts';
import { pullState, repositoryNode } from './repositories.ts';
import { type TimelineSlice, timelineConnection } from './timeline.ts';

/** A pull request. */
export function pullNode(issue: Issue): Node {
  const { pull, repository } = issue;
  if (!pull) throw new Error(`#${issue.number} is no pull request`);
  const { head, base } = pull;
  const path = `/${repository.fullName}/pull/${issue.number}`;
  return {
    __typename: 'PullRequest',
    id: pull.nodeId,
    databaseId: pull.id,
    fullDatabaseId: String(pull.id),
    number: issue.number,
    title: issue.title,
    body: issue.body ?? '',
    state: pullState(issue),
    closed: issue.state === 'closed',
    merged: pull.merged,
    mergeable: () => {
      const can = mergeable(issue, true);
      return can === null ? 'UNKNOWN' : can ? 'MERGEABLE' : 'CONFLICTING';
    },
    isDraft: pull.draft,
    locked: issue.locked,
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    author: () => actorNode(issue.user),
    authorAssociation: () => authorAssociation(repository, issue.user),
    repository: () => repositoryNode(repository),
    headRefName: head.ref,
    headRefOid: head.sha,
    headRef: () => head.repository && refNode(head.repository, `refs/heads/${head.ref}`),
    headRepository: () => head.repository && repositoryNode(head.repository),
    headRepositoryOwner: () => actorNode(head.owner),
    isCrossRepository: head.repository !== repository,
    baseRefName: base.ref,
    baseRefOid: base.sha,
    baseRef: () => refNode(repository, `refs/heads/${base.ref}`),
    baseRepository: () => repositoryNode(repository),
    resourcePath: path,
    url: `${WEB}${path}`,
    labels: (args: Slice) =>
      connection(issue.labels, args, (label) => labelNode(repository, label)),
    comments: (args: Slice, context: Context) =>
      connection(repository.commentsOf(issue.number), args, commentNode, {
        most: context.github.pageLimit,
      }),
    commits: (args: Slice) =>
      connection(repository.git.log([pullRange(issue)]).reverse(), args, (commit) => ({
        __typename: 'PullRequestCommit',
        id: `PRC_${pull.id}_${commit.sha}`,
        commit: commitNode(repository, commit),
        pullRequest: () => pullNode(issue),
      })),
    timelineItems: (args: TimelineSlice, context: Context) =>
      timelineConnection(issue, args, context),
    isInMergeQueue: (_: object, { token, github }: Context) => {
      if (token.kind === 'actions' && !github.jobsSeeQueued) throw forbidden();
      const queue = repository.mergeQueues.get(base.ref) ?? [];
      return queue.some((entry) => entry.issue === issue);
    },
    // A job's token has no permission `administration`, and GitHub asks for one here.
    mergeQueueEntry: (_: object, { token, github }: Context) => {
      if (token.kind === 'actions' && !github.jobsReadMergeQueues) throw forbidden();
      return null;
    },
  };
}
