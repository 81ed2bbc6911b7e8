import type { Repository } from '../repository.ts';
import { user } from './accounts.ts';
import { WEB } from './web.ts';

/** Addresses of one repository: `api` below the API root, `web` on github.com. */
export function addresses(repository: Repository) {
  return {
    api: `${repository.github.apiUrl}/repos/${repository.fullName}`,
    web: `${WEB}/${repository.fullName}`,
  };
}

/** The repository as other objects embed it. */
export function minimalRepository(repository: Repository) {
  const { api, web } = addresses(repository);
  return {
    id: repository.id,
    node_id: repository.nodeId,
    name: repository.name,
    full_name: repository.fullName,
    private: repository.private,
    owner: user(repository.github.apiUrl, repository.owner),
    html_url: web,
    description: null,
    fork: repository.parent !== null,
    url: api,
    forks_url: `${api}/forks`,
    keys_url: `${api}/keys{/key_id}`,
    collaborators_url: `${api}/collaborators{/collaborator}`,
    teams_url: `${api}/teams`,
    hooks_url: `${api}/hooks`,
    issue_events_url: `${api}/issues/events{/number}`,
    events_url: `${api}/events`,
    assignees_url: `${api}/assignees{/user}`,
    branches_url: `${api}/branches{/branch}`,
    tags_url: `${api}/tags`,
    blobs_url: `${api}/git/blobs{/sha}`,
    git_tags_url: `${api}/git/tags{/sha}`,
    git_refs_url: `${api}/git/refs{/sha}`,
    trees_url: `${api}/git/trees{/sha}`,
    statuses_url: `${api}/statuses/{sha}`,
    languages_url: `${api}/languages`,
    stargazers_url: `${api}/stargazers`,
    contributors_url: `${api}/contributors`,
    subscribers_url: `${api}/subscribers`,
    subscription_url: `${api}/subscription`,
    commits_url: `${api}/commits{/sha}`,
    git_commits_url: `${api}/git/commits{/sha}`,
    comments_url: `${api}/comments{/number}`,
    issue_comment_url: `${api}/issues/comments{/number}`,
    contents_url: `${api}/contents/{+path}`,
    compare_url: `${api}/compare/{base}...{head}`,
    merges_url: `${api}/merges`,
    archive_url: `${api}/{archive_format}{/ref}`,
    downloads_url: `${api}/downloads`,
    issues_url: `${api}/issues{/number}`,
    pulls_url: `${api}/pulls{/number}`,
    milestones_url: `${api}/milestones{/number}`,
    notifications_url: `${api}/notifications{?since,all,participating}`,
    labels_url: `${api}/labels{/name}`,
    releases_url: `${api}/releases{/id}`,
    deployments_url: `${api}/deployments`,
  };
}

/** The repository as pull requests and webhooks carry it. */
export function repository(value: Repository) {
  const { web } = addresses(value);
  const open = [...value.issues.values()].filter((issue) => issue.state === 'open').length;
  return {
    ...minimalRepository(value),
    created_at: value.createdAt,
    updated_at: value.updatedAt,
    pushed_at: value.pushedAt,
    git_url: `git://github.com/${value.fullName}.git`,
    ssh_url: `git@github.com:${value.fullName}.git`,
    clone_url: `${web}.git`,
    svn_url: web,
    homepage: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: value.forks.length,
    mirror_url: null,
    archived: value.archived,
    disabled: false,
    open_issues_count: open,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: value.private ? 'private' : 'public',
    forks: value.forks.length,
    open_issues: open,
    watchers: 0,
    default_branch: value.defaultBranch,
  };
}

/** The answer of `GET /repos/{owner}/{repo}`. */
export function fullRepository(
  value: Repository,
  permissions: Record<string, boolean>,
): Record<string, unknown> {
  return {
    ...repository(value),
    permissions,
    temp_clone_token: null,
    ...(value.owner.type === 'Organization'
      ? { organization: user(value.github.apiUrl, value.owner) }
      : {}),
    ...(value.parent ? { parent: repository(value.parent), source: repository(value.parent) } : {}),
    network_count: value.forks.length,
    subscribers_count: 0,
  };
}

/** A path for a URL: each segment encoded. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
