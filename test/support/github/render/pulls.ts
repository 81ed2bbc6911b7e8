import type { DiffFile } from '../git-diff.ts';
import type { Issue } from '../state.ts';
import { user } from './accounts.ts';
import { authorAssociation, label } from './issues.ts';
import { addresses, repository } from './repositories.ts';

/** A pull request as lists give it (`pull-request-simple`). */
export function simplePull(value: Issue) {
  const { repository: base, pull } = value;
  if (!pull) throw new Error(`#${value.number} is no pull request`);
  const { apiUrl } = base.github;
  const { api, web } = addresses(base);
  const self = `${api}/pulls/${value.number}`;
  const page = `${web}/pull/${value.number}`;
  const issueUrl = `${api}/issues/${value.number}`;
  const statuses = `${api}/statuses/${pull.head.sha}`;
  return {
    url: self,
    id: pull.id,
    node_id: pull.nodeId,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issueUrl,
    number: value.number,
    state: value.state,
    locked: value.locked,
    title: value.title,
    user: user(apiUrl, value.user),
    body: value.body,
    created_at: value.createdAt,
    updated_at: value.updatedAt,
    closed_at: value.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommit,
    assignee: value.assignees[0] ? user(apiUrl, value.assignees[0]) : null,
    assignees: value.assignees.map((one) => user(apiUrl, one)),
    requested_reviewers: value.reviewers.map((one) => user(apiUrl, one)),
    requested_teams: [],
    labels: value.labels.map((each) => label(base, each)),
    milestone: null,
    draft: pull.draft,
    commits_url: `${self}/commits`,
    review_comments_url: `${self}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: `${issueUrl}/comments`,
    statuses_url: statuses,
    head: {
      label: `${pull.head.owner.login}:${pull.head.ref}`,
      ref: pull.head.ref,
      sha: pull.head.sha,
      user: user(apiUrl, pull.head.owner),
      repo: pull.head.repository ? repository(pull.head.repository) : null,
    },
    base: {
      label: `${base.owner.login}:${pull.base.ref}`,
      ref: pull.base.ref,
      sha: pull.base.sha,
      user: user(apiUrl, base.owner),
      repo: repository(base),
    },
    _links: {
      self: { href: self },
      html: { href: page },
      issue: { href: issueUrl },
      comments: { href: `${issueUrl}/comments` },
      review_comments: { href: `${self}/comments` },
      review_comment: { href: `${api}/pulls/comments{/number}` },
      commits: { href: `${self}/commits` },
      statuses: { href: statuses },
    },
    author_association: authorAssociation(base, value.user),
    auto_merge: null,
    active_lock_reason: null,
  };
}

/** A pull request as `GET …/pulls/{pull_number}` and webhooks give it. */
export function pull(
  value: Issue,
  mergeable: boolean | null,
  files: readonly DiffFile[],
  commits: number,
) {
  const { repository: base, pull } = value;
  const state = value.state === 'closed' ? 'unknown' : mergeable ? 'clean' : 'dirty';
  return {
    ...simplePull(value),
    merged: pull?.merged ?? false,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: mergeable === null ? 'unknown' : state,
    merged_by: pull?.mergedBy ? user(base.github.apiUrl, pull.mergedBy) : null,
    comments: [...base.comments.values()].filter((each) => each.issue === value).length,
    review_comments: 0,
    maintainer_can_modify: pull?.maintainerCanModify ?? false,
    commits,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changed_files: files.length,
  };
}
