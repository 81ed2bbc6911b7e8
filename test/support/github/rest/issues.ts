import { type Access, holds, type Token } from '../access.ts';
import { includesRole } from '../accounts.ts';
import { seen } from '../faults.ts';
import { HttpError, invalid, notFound } from '../http-error.ts';
import { nodeId } from '../ids.ts';
import * as render from '../render/index.ts';
import type { Answer, Call, Route } from '../router.ts';
import type { Comment, Issue } from '../state.ts';
import { listed } from './page.ts';

const READ: Access = { needs: ['issues:read', 'pull-requests:read'], publicRead: true };
const WRITE: Access = { needs: ['issues:write', 'pull-requests:write'], role: 'read' };
/** Issues themselves and reactions are documented under the permission for issues alone. */
const READ_ISSUES: Access = { needs: ['issues:read'], publicRead: true };
const REACT: Access = { needs: ['issues:write'], role: 'read' };

/** GitHub's limit for the body of a comment. */
const MAX_BODY = 65_536;

/** Issues, comments, reactions and events. */
export const issueRoutes: readonly Route[] = [
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/issues/{issue_number}',
    access: READ_ISSUES,
    handle: getIssue,
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/issues/{issue_number}/comments',
    access: READ,
    handle: listComments,
  },
  {
    method: 'POST',
    template: '/repos/{owner}/{repo}/issues/{issue_number}/comments',
    access: WRITE,
    handle: createComment,
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/issues/comments/{comment_id}',
    access: READ,
    handle: getComment,
  },
  {
    method: 'PATCH',
    template: '/repos/{owner}/{repo}/issues/comments/{comment_id}',
    access: WRITE,
    handle: updateComment,
  },
  {
    method: 'DELETE',
    template: '/repos/{owner}/{repo}/issues/comments/{comment_id}',
    access: WRITE,
    handle: deleteComment,
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions',
    access: READ_ISSUES,
    handle: listReactions,
  },
  {
    method: 'POST',
    template: '/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions',
    access: REACT,
    handle: createReaction,
  },
  {
    method: 'DELETE',
    template: '/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions/{reaction_id}',
    access: REACT,
    handle: deleteReaction,
  },
  {
    method: 'GET',
    template: '/repos/{owner}/{repo}/issues/{issue_number}/events',
    access: READ,
    handle: listEvents,
  },
];

/** The issue of a route, with the permission for its kind. */
export function demandIssue(call: Call, level: 'read' | 'write'): Issue {
  const issue = call.repository.issues.get(Number(call.params.issue_number));
  if (!issue) throw notFound();
  demandKind(call, issue, level);
  return issue;
}

/**
 * With one of the two permissions an app reaches only what that permission names: `issues` no pull
 * request, `pull-requests` no other issue.
 */
function demandKind(call: Call, issue: Issue, level: 'read' | 'write'): void {
  const { token, repository } = call;
  if (!token || token.kind === 'user') return;
  if (level === 'read' && !repository.private) return;
  if (!holds(token, `${issue.pull ? 'pull-requests' : 'issues'}:${level}`)) {
    throw new HttpError(403, 'Resource not accessible by integration');
  }
}

function demandToken(call: Call): Token {
  if (!call.token) throw new HttpError(401, 'Requires authentication');
  return call.token;
}

function findComment(call: Call): Comment {
  const comment = call.repository.comments.get(Number(call.params.comment_id));
  if (!comment) throw notFound();
  return comment;
}

function demandComment(call: Call, level: 'read' | 'write'): Comment {
  const comment = findComment(call);
  demandKind(call, comment.issue, level);
  return comment;
}

/** A person may change their own comments, and others' only with the right to write. */
function demandOwnComment(call: Call): Comment {
  const comment = demandComment(call, 'write');
  const { token, repository } = call;
  if (token?.kind !== 'user' || comment.user === token.account) return comment;
  if (includesRole(repository.roleOf(token.account.login), 'write')) return comment;
  throw new HttpError(403, 'Must have admin rights to Repository.');
}

function demandBody(body: unknown): string {
  const text = String(body ?? '');
  if (text.trim() === '') {
    throw invalid('IssueComment', 'data', 'Body cannot be blank', 'unprocessable');
  }
  if (text.length > MAX_BODY) {
    throw invalid('IssueComment', 'body', `body is too long (maximum is ${MAX_BODY} characters)`);
  }
  return text;
}

function getIssue(call: Call): Answer {
  const issue = call.repository.issues.get(Number(call.params.issue_number));
  if (!issue) throw notFound();
  return { status: 200, body: render.fullIssue(issue) };
}

function listComments(call: Call): Answer {
  const issue = demandIssue(call, 'read');
  const since = call.query.get('since');
  const from = since === null ? 0 : Date.parse(since);
  const comments = call.repository
    .commentsOf(issue.number)
    .filter((comment) => Date.parse(comment.updatedAt) >= from);
  return listed(call, seen(comments, call.view), render.comment);
}

function createComment(call: Call): Answer {
  const token = demandToken(call);
  const issue = demandIssue(call, 'write');
  demandUnlocked(call, issue, 'comment');
  const body = demandBody(call.body.body);
  const comment = call.repository.addComment(issue, token.account, body, token.app);
  return {
    status: 201,
    headers: { location: render.comment(comment).url },
    body: render.comment(comment),
  };
}

/** In a locked conversation people who can write may still comment; apps are refused, as public reports show. */
function demandUnlocked(call: Call, issue: Issue, what: 'comment' | 'reaction'): void {
  const { kind, account } = demandToken(call);
  if (!issue.locked) return;
  const writer =
    kind === 'user'
      ? includesRole(call.repository.roleOf(account.login), 'write')
      : call.github.appsCommentOnLocked;
  if (!writer) throw new HttpError(403, `Unable to create ${what} because issue is locked.`);
}

function getComment(call: Call): Answer {
  return { status: 200, body: render.comment(demandComment(call, 'read')) };
}

function updateComment(call: Call): Answer {
  const comment = demandOwnComment(call);
  const body = demandBody(call.body.body);
  if (body !== comment.body) {
    comment.updatedAt = call.github.clock.iso;
    comment.editor = demandToken(call).account;
  }
  comment.body = body;
  return { status: 200, body: render.comment(comment) };
}

function deleteComment(call: Call): Answer {
  const comment = demandOwnComment(call);
  call.repository.dropComment(comment);
  const { account, app } = demandToken(call);
  call.repository.record(comment.issue, 'comment_deleted', account, { app });
  return { status: 204 };
}

function listReactions(call: Call): Answer {
  const comment = findComment(call);
  const wanted = call.query.get('content');
  const reactions = comment.reactions.filter((each) => !wanted || each.content === wanted);
  return listed(call, reactions, (each) => render.reaction(call.github.apiUrl, each));
}

/** Reacting the same way twice answers 200 with the first reaction. */
function createReaction(call: Call): Answer {
  const { account } = demandToken(call);
  const comment = findComment(call);
  demandUnlocked(call, comment.issue, 'reaction');
  const content = String(call.body.content);
  const known = comment.reactions.find((each) => each.user === account && each.content === content);
  if (known) return { status: 200, body: render.reaction(call.github.apiUrl, known) };
  const id = call.github.ids.next('reaction');
  const reaction = {
    id,
    nodeId: nodeId('REA', id),
    content,
    user: account,
    createdAt: call.github.clock.iso,
  };
  comment.reactions.push(reaction);
  return { status: 201, body: render.reaction(call.github.apiUrl, reaction) };
}

function deleteReaction(call: Call): Answer {
  const comment = findComment(call);
  const id = Number(call.params.reaction_id);
  const reaction = comment.reactions.find((each) => each.id === id);
  if (!reaction) throw notFound();
  if (reaction.user !== demandToken(call).account) {
    throw new HttpError(403, 'Resource not accessible by integration');
  }
  comment.reactions = comment.reactions.filter((each) => each !== reaction);
  return { status: 204 };
}

function listEvents(call: Call): Answer {
  const issue = demandIssue(call, 'read');
  const events = call.repository.events.filter((event) => event.issue === issue);
  return listed(call, seen(events, call.view), render.issueEvent);
}
