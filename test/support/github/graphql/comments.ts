import { WEB } from '../render/web.ts';
import type { Comment } from '../state.ts';
import { actorNode } from './accounts.ts';
import type { Context, Node } from './context.ts';
import { pullNode } from './pulls.ts';
import { repositoryNode } from './repositories.ts';

/** A comment of a conversation. */
export function commentNode(comment: Comment): Node {
  const { issue } = comment;
  const kind = issue.pull ? 'pull' : 'issues';
  const path = `/${issue.repository.fullName}/${kind}/${issue.number}#issuecomment-${comment.id}`;
  const edited = comment.updatedAt !== comment.createdAt;
  return {
    __typename: 'IssueComment',
    id: comment.nodeId,
    databaseId: comment.id,
    fullDatabaseId: String(comment.id),
    author: () => actorNode(comment.user),
    editor: () => (edited ? actorNode(comment.editor ?? comment.user) : null),
    body: comment.body,
    createdAt: comment.createdAt,
    publishedAt: comment.createdAt,
    updatedAt: comment.updatedAt,
    lastEditedAt: edited ? comment.updatedAt : null,
    includesCreatedEdit: edited,
    isMinimized: comment.minimized !== null,
    minimizedReason: comment.minimized,
    pullRequest: () => (issue.pull ? pullNode(issue) : null),
    repository: () => repositoryNode(issue.repository),
    resourcePath: path,
    url: `${WEB}${path}`,
    viewerDidAuthor: (_: object, { token }: Context) => token.account === comment.user,
    viewerCanMinimize: true,
  };
}
