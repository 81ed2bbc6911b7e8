import type { Access } from '../access.ts';
import { type Account, includesRole } from '../accounts.ts';
import { HttpError, notFound } from '../http-error.ts';
import * as render from '../render/index.ts';
import type { Answer, Call, Route } from '../router.ts';
import type { Issue } from '../state.ts';

const ASSIGN: Access = { needs: ['issues:write', 'pull-requests:write'], role: 'triage' };
const REVIEW: Access = { needs: ['pull-requests:write'], role: 'triage' };

/** Assignees and requested reviewers. */
export const askingRoutes: readonly Route[] = [
  {
    method: 'POST',
    template: '/repos/{owner}/{repo}/issues/{issue_number}/assignees',
    access: ASSIGN,
    handle: assign,
  },
  {
    method: 'DELETE',
    template: '/repos/{owner}/{repo}/issues/{issue_number}/assignees',
    access: ASSIGN,
    handle: unassign,
  },
  {
    method: 'POST',
    template: '/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers',
    access: REVIEW,
    handle: requestReview,
  },
  {
    method: 'DELETE',
    template: '/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers',
    access: REVIEW,
    handle: dropRequest,
  },
];

function demandNumber(call: Call, name: string): Issue {
  const issue = call.repository.issues.get(Number(call.params[name]));
  if (!issue) throw notFound();
  return issue;
}

function named(call: Call, key: string): Account[] {
  const logins = (call.body[key] ?? []) as string[];
  return logins.flatMap((login) => call.github.findAccount(login) ?? []);
}

/** Whoever cannot be assigned is left out silently, and ten people are the limit. */
function assign(call: Call): Answer {
  const issue = demandNumber(call, 'issue_number');
  for (const account of named(call, 'assignees')) {
    const may = includesRole(call.repository.roleOf(account.login), 'triage');
    if (may && !issue.assignees.includes(account) && issue.assignees.length < 10) {
      issue.assignees.push(account);
    }
  }
  return { status: 201, body: render.issue(issue) };
}

function unassign(call: Call): Answer {
  const issue = demandNumber(call, 'issue_number');
  const gone = named(call, 'assignees');
  issue.assignees = issue.assignees.filter((one) => !gone.includes(one));
  return { status: 200, body: render.issue(issue) };
}

/** Neither the author nor somebody without access can be asked. */
function requestReview(call: Call): Answer {
  const issue = demandNumber(call, 'pull_number');
  for (const account of named(call, 'reviewers')) {
    if (account === issue.user) {
      throw new HttpError(422, 'Review cannot be requested from pull request author.');
    }
    if (!includesRole(call.repository.roleOf(account.login), 'triage')) {
      throw new HttpError(
        422,
        'Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator.',
      );
    }
    if (!issue.reviewers.includes(account)) issue.reviewers.push(account);
  }
  return { status: 201, body: render.simplePull(issue) };
}

function dropRequest(call: Call): Answer {
  const issue = demandNumber(call, 'pull_number');
  const gone = named(call, 'reviewers');
  issue.reviewers = issue.reviewers.filter((one) => !gone.includes(one));
  return { status: 200, body: render.simplePull(issue) };
}
