import { type Account, type App, includesRole, legacyPermission } from './accounts.ts';
import type { Commit, DiffFile, TreeEntry } from './git.ts';
import { nodeId } from './ids.ts';
import type { Repository } from './repository.ts';
import type {
  Artifact,
  Comment,
  Issue,
  IssueEvent,
  Label,
  Reaction,
  Run,
  Status,
  Workflow,
} from './state.ts';

const WEB = 'https://github.com';

/** Addresses of one repository: `api` below the API root, `web` on github.com. */
function addresses(repository: Repository) {
  return {
    api: `${repository.github.apiUrl}/repos/${repository.fullName}`,
    web: `${WEB}/${repository.fullName}`,
  };
}

/** GitHub's "simple user". */
export function user(apiUrl: string, account: Account) {
  const api = `${apiUrl}/users/${encodeURIComponent(account.login)}`;
  const web = account.app ? `${WEB}/apps/${account.app.slug}` : `${WEB}/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: account.nodeId,
    avatar_url: `https://avatars.githubusercontent.com/u/${account.id}?v=4`,
    gravatar_id: '',
    url: api,
    html_url: web,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type: account.type,
    site_admin: false,
  };
}

/** A public user profile, as `GET /users/{username}` answers it. */
export function profile(apiUrl: string, account: Account, createdAt: string) {
  return {
    ...user(apiUrl, account),
    name: null,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: 1,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: createdAt,
    updated_at: createdAt,
  };
}

/** GitHub's "integration": the app behind a change. */
export function app(apiUrl: string, value: App) {
  return {
    id: value.id,
    slug: value.slug,
    node_id: value.nodeId,
    owner: user(apiUrl, value.owner),
    name: value.name,
    description: '',
    external_url: `${WEB}/apps/${value.slug}`,
    html_url: `${WEB}/apps/${value.slug}`,
    created_at: '2018-07-30T09:30:17Z',
    updated_at: '2018-07-30T09:30:17Z',
    permissions: {},
    events: [],
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

/** A label of a repository. */
export function label(repository: Repository, value: Label) {
  const name = encodeURIComponent(value.name);
  return {
    id: value.id,
    node_id: value.nodeId,
    url: `${addresses(repository).api}/labels/${name}`,
    name: value.name,
    color: value.color,
    default: false,
    description: value.description,
  };
}

/** How GitHub describes the writer of an issue or comment; it proves nothing about rights. */
export function authorAssociation(repository: Repository, writer: Account): string {
  if (writer === repository.owner) return 'OWNER';
  if (repository.owner.members.has(writer.login.toLowerCase())) return 'MEMBER';
  const explicit = repository.roles.get(writer.login.toLowerCase());
  if (explicit && explicit !== 'none') return 'COLLABORATOR';
  const merged = [...repository.issues.values()].some(
    (issue) => issue.pull?.merged && issue.user === writer,
  );
  return merged ? 'CONTRIBUTOR' : 'NONE';
}

const REACTIONS = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'] as const;

function rollup(url: string, reactions: readonly Reaction[]) {
  const counts = Object.fromEntries(
    REACTIONS.map((content) => [
      content,
      reactions.filter((reaction) => reaction.content === content).length,
    ]),
  ) as Record<(typeof REACTIONS)[number], number>;
  return { url, total_count: reactions.length, ...counts };
}

/** An issue or, seen as one, a pull request. */
export function issue(value: Issue) {
  const { repository } = value;
  const { apiUrl } = repository.github;
  const { api, web } = addresses(repository);
  const self = `${api}/issues/${value.number}`;
  const page = `${web}/${value.pull ? 'pull' : 'issues'}/${value.number}`;
  const comments = [...repository.comments.values()].filter((each) => each.issue === value);
  return {
    url: self,
    repository_url: api,
    labels_url: `${self}/labels{/name}`,
    comments_url: `${self}/comments`,
    events_url: `${self}/events`,
    html_url: page,
    id: value.id,
    node_id: value.nodeId,
    number: value.number,
    title: value.title,
    user: user(apiUrl, value.user),
    labels: value.labels.map((each) => label(repository, each)),
    state: value.state,
    locked: value.locked,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: comments.length,
    created_at: value.createdAt,
    updated_at: value.updatedAt,
    closed_at: value.closedAt,
    author_association: authorAssociation(repository, value.user),
    active_lock_reason: null,
    body: value.body,
    reactions: rollup(`${self}/reactions`, []),
    timeline_url: `${self}/timeline`,
    performed_via_github_app: null,
    state_reason: null,
    ...(value.pull
      ? {
          draft: value.pull.draft,
          pull_request: {
            url: `${api}/pulls/${value.number}`,
            html_url: page,
            diff_url: `${page}.diff`,
            patch_url: `${page}.patch`,
            merged_at: value.pull.mergedAt,
          },
        }
      : {}),
  };
}

/** The answer of `GET …/issues/{issue_number}`. */
export function fullIssue(value: Issue) {
  const closer = value.closedBy;
  return {
    ...issue(value),
    closed_by: closer ? user(value.repository.github.apiUrl, closer) : null,
  };
}

/** A comment of a conversation. */
export function comment(value: Comment) {
  const { repository } = value.issue;
  const { apiUrl } = repository.github;
  const { api, web } = addresses(repository);
  const self = `${api}/issues/comments/${value.id}`;
  const kind = value.issue.pull ? 'pull' : 'issues';
  return {
    url: self,
    html_url: `${web}/${kind}/${value.issue.number}#issuecomment-${value.id}`,
    issue_url: `${api}/issues/${value.issue.number}`,
    id: value.id,
    node_id: value.nodeId,
    user: user(apiUrl, value.user),
    created_at: value.createdAt,
    updated_at: value.updatedAt,
    author_association: authorAssociation(repository, value.user),
    body: value.body,
    reactions: rollup(`${self}/reactions`, value.reactions),
    performed_via_github_app: value.app ? app(apiUrl, value.app) : null,
    pin: null,
    minimized: value.minimized === null ? null : { reason: value.minimized },
  };
}

/** A reaction. */
export function reaction(apiUrl: string, value: Reaction) {
  return {
    id: value.id,
    node_id: value.nodeId,
    user: user(apiUrl, value.user),
    content: value.content,
    created_at: value.createdAt,
  };
}

/** An event of an issue. */
export function issueEvent(value: IssueEvent) {
  const { repository } = value.issue;
  const { apiUrl } = repository.github;
  const { api } = addresses(repository);
  return {
    id: value.id,
    node_id: value.nodeId,
    url: `${api}/issues/events/${value.id}`,
    actor: value.actor ? user(apiUrl, value.actor) : null,
    event: value.event,
    commit_id: value.commitId,
    commit_url: value.commitId ? `${api}/commits/${value.commitId}` : null,
    created_at: value.createdAt,
    ...(value.label ? { label: value.label } : {}),
    ...(value.rename ? { rename: value.rename } : {}),
    performed_via_github_app: value.app ? app(apiUrl, value.app) : null,
  };
}

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
    assignee: null,
    assignees: [],
    requested_reviewers: [],
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

/** One file of a pull request, comparison or commit. */
export function diffFile(repository: Repository, commit: string, value: DiffFile) {
  const { api, web } = addresses(repository);
  const path = encodePath(value.path);
  return {
    sha: value.sha,
    filename: value.path,
    status: value.status,
    additions: value.additions,
    deletions: value.deletions,
    changes: value.additions + value.deletions,
    blob_url: `${web}/blob/${commit}/${path}`,
    raw_url: `${web}/raw/${commit}/${path}`,
    contents_url: `${api}/contents/${path}?ref=${commit}`,
    ...(value.patch === null ? {} : { patch: value.patch }),
    ...(value.previous === null ? {} : { previous_filename: value.previous }),
  };
}

function verification(repository: Repository, sha: string) {
  const signed = repository.signedCommits.has(sha);
  return {
    verified: signed,
    reason: signed ? 'valid' : 'unsigned',
    signature: signed ? '-----BEGIN PGP SIGNATURE-----\n-----END PGP SIGNATURE-----\n' : null,
    payload: signed ? `tree ${sha}\n` : null,
    verified_at: signed ? repository.createdAt : null,
  };
}

/** A commit as the Git database API gives it. */
export function gitCommit(repository: Repository, value: Commit) {
  const { api, web } = addresses(repository);
  return {
    sha: value.sha,
    node_id: nodeId('C', Number.parseInt(value.sha.slice(0, 8), 16)),
    url: `${api}/git/commits/${value.sha}`,
    html_url: `${web}/commit/${value.sha}`,
    author: utc(value.author),
    committer: utc(value.committer),
    tree: { url: `${api}/git/trees/${value.tree}`, sha: value.tree },
    message: value.message,
    parents: value.parents.map((sha) => ({
      sha,
      url: `${api}/git/commits/${sha}`,
      html_url: `${web}/commit/${sha}`,
    })),
    verification: verification(repository, value.sha),
  };
}

function utc(value: Commit['author']) {
  return {
    name: value.name,
    email: value.email,
    date: `${new Date(value.date).toISOString().slice(0, 19)}Z`,
  };
}

/** A commit as the commits API gives it; files only where GitHub sends them. */
export function commit(repository: Repository, value: Commit, files?: readonly DiffFile[]) {
  const { api, web } = addresses(repository);
  const git = gitCommit(repository, value);
  const { apiUrl } = repository.github;
  const author = repository.github.accountByEmail(value.author.email);
  const committer = repository.github.accountByEmail(value.committer.email);
  const additions = files?.reduce((sum, file) => sum + file.additions, 0) ?? 0;
  const deletions = files?.reduce((sum, file) => sum + file.deletions, 0) ?? 0;
  return {
    sha: value.sha,
    node_id: git.node_id,
    commit: {
      author: git.author,
      committer: git.committer,
      message: value.message,
      tree: { sha: value.tree, url: git.tree.url },
      url: git.url,
      comment_count: 0,
      verification: git.verification,
    },
    url: `${api}/commits/${value.sha}`,
    html_url: `${web}/commit/${value.sha}`,
    comments_url: `${api}/commits/${value.sha}/comments`,
    author: author ? user(apiUrl, author) : null,
    committer: committer ? user(apiUrl, committer) : null,
    parents: value.parents.map((sha) => ({
      sha,
      url: `${api}/commits/${sha}`,
      html_url: `${web}/commit/${sha}`,
    })),
    ...(files
      ? {
          stats: { total: additions + deletions, additions, deletions },
          files: files.map((file) => diffFile(repository, value.sha, file)),
        }
      : {}),
  };
}

/** A ref of the Git database API. */
export function gitRef(repository: Repository, ref: string, sha: string, type: string) {
  const { api } = addresses(repository);
  return {
    ref,
    node_id: nodeId('REF', repository.id),
    url: `${api}/git/${ref.split('/').map(encodeURIComponent).join('/')}`,
    object: { type, sha, url: `${api}/git/${type}s/${sha}` },
  };
}

/** An entry of a tree of the Git database API. */
export function treeEntry(repository: Repository, value: TreeEntry) {
  const { api } = addresses(repository);
  return {
    path: value.path,
    mode: value.mode,
    type: value.type,
    sha: value.sha,
    ...(value.type === 'blob' ? { size: value.size ?? 0 } : {}),
    ...(value.type === 'commit' ? {} : { url: `${api}/git/${value.type}s/${value.sha}` }),
  };
}

/** A workflow file. */
export function workflow(repository: Repository, value: Workflow) {
  const { api, web } = addresses(repository);
  return {
    id: value.id,
    node_id: value.nodeId,
    name: value.name,
    path: value.path,
    state: 'active',
    created_at: value.createdAt,
    updated_at: value.createdAt,
    url: `${api}/actions/workflows/${value.id}`,
    html_url: `${web}/blob/${repository.defaultBranch}/${value.path}`,
    badge_url: `${web}/workflows/${encodeURIComponent(value.name)}/badge.svg`,
  };
}

/** The pull request of a run, while it is open; GitHub leaves it out for forks. */
function pullReferences(value: Run) {
  const { pull, repository } = value;
  const named = value.event.startsWith('pull_request') && pull?.issue.state === 'open';
  if (!named || pull.head.repository !== repository) return [];
  const { api } = addresses(repository);
  const repo = { id: repository.id, url: api, name: repository.name };
  return [
    {
      id: pull.id,
      number: pull.issue.number,
      url: `${api}/pulls/${pull.issue.number}`,
      head: { ref: pull.head.ref, sha: pull.head.sha, repo },
      base: { ref: pull.base.ref, sha: pull.base.sha, repo },
    },
  ];
}

/** A workflow run (the latest attempt's state, or a given attempt's). */
export function run(value: Run) {
  const { repository } = value;
  const { apiUrl } = repository.github;
  const { api, web } = addresses(repository);
  const self = `${api}/actions/runs/${value.id}`;
  const head = value.headRepository.git.readCommit(value.headCommit);
  const pull = value.pull;
  return {
    id: value.id,
    name: value.workflow.name,
    node_id: value.nodeId,
    head_branch: value.headBranch,
    head_sha: value.headSha,
    path: value.workflow.path + (repository.github.runPathsNameRef ? `@${value.ref}` : ''),
    display_title: pull?.issue.title ?? value.workflow.name,
    run_number: value.number,
    event: value.event,
    status: value.status,
    conclusion: value.conclusion,
    workflow_id: value.workflow.id,
    check_suite_id: value.suite,
    check_suite_node_id: nodeId('CS', value.suite),
    url: self,
    html_url: `${web}/actions/runs/${value.id}`,
    pull_requests: pullReferences(value),
    created_at: value.createdAt,
    updated_at: value.updatedAt,
    actor: user(apiUrl, value.actor),
    run_attempt: value.attempt,
    referenced_workflows: [],
    run_started_at: value.startedAt,
    triggering_actor: user(apiUrl, value.triggeringActor),
    jobs_url: `${self}/jobs`,
    logs_url: `${self}/logs`,
    check_suite_url: `${api}/check-suites/${value.suite}`,
    artifacts_url: `${self}/artifacts`,
    cancel_url: `${self}/cancel`,
    rerun_url: `${self}/rerun`,
    previous_attempt_url: value.attempt > 1 ? `${self}/attempts/${value.attempt - 1}` : null,
    workflow_url: `${api}/actions/workflows/${value.workflow.id}`,
    head_commit: head && {
      id: head.sha,
      tree_id: head.tree,
      message: head.message,
      timestamp: utc(head.committer).date,
      author: { name: head.author.name, email: head.author.email },
      committer: { name: head.committer.name, email: head.committer.email },
    },
    repository: minimalRepository(repository),
    head_repository: minimalRepository(value.headRepository),
  };
}

/** An artifact. */
export function artifact(value: Artifact) {
  const { repository, run: source } = value;
  const self = `${addresses(repository).api}/actions/artifacts/${value.id}`;
  return {
    id: value.id,
    node_id: value.nodeId,
    name: value.name,
    size_in_bytes: value.size,
    url: self,
    archive_download_url: `${self}/zip`,
    expired: repository.isExpired(value),
    digest: value.digest,
    created_at: value.createdAt,
    updated_at: value.createdAt,
    expires_at: value.expiresAt,
    workflow_run: {
      id: source.id,
      repository_id: source.repository.id,
      head_repository_id: source.headRepository.id,
      head_branch: source.headBranch ?? '',
      head_sha: source.headSha,
    },
  };
}

/** A commit status. */
export function status(repository: Repository, value: Status) {
  const { api } = addresses(repository);
  return {
    url: `${api}/statuses/${value.sha}`,
    avatar_url: `https://avatars.githubusercontent.com/u/${value.creator.id}?v=4`,
    id: value.id,
    node_id: nodeId('SC', value.id),
    state: value.state,
    description: value.description,
    target_url: value.targetUrl,
    context: value.context,
    created_at: value.createdAt,
    updated_at: value.createdAt,
    creator: user(repository.github.apiUrl, value.creator),
  };
}

/** The answer of `GET …/collaborators/{username}/permission`. */
export function permission(repository: Repository, account: Account) {
  const role = repository.roleOf(account.login);
  const name = repository.customRoles.get(account.login.toLowerCase()) ?? role;
  return {
    permission: legacyPermission(role),
    role_name: name,
    user: {
      ...user(repository.github.apiUrl, account),
      permissions: permissionFlags(role),
      role_name: name,
    },
  };
}

/** A role as the five flags of a repository's `permissions`. */
export function permissionFlags(role: Parameters<typeof includesRole>[0]) {
  return {
    admin: includesRole(role, 'admin'),
    maintain: includesRole(role, 'maintain'),
    push: includesRole(role, 'write'),
    triage: includesRole(role, 'triage'),
    pull: includesRole(role, 'read'),
  };
}

/** A path for a URL: each segment encoded. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
