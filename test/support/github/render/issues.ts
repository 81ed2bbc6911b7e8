import type { Account } from '../accounts.ts';
import type { Repository } from '../repository.ts';
import type { Comment, Issue, IssueEvent, Label, Reaction } from '../state.ts';
import { app, user } from './accounts.ts';
import { addresses } from './repositories.ts';

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
    assignee: value.assignees[0] ? user(apiUrl, value.assignees[0]) : null,
    assignees: value.assignees.map((one) => user(apiUrl, one)),
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

/** Without an id, and with its name at that time or of today. */
function eventLabel(repository: Repository, then: Label) {
  const live = repository.labels.find((each) => each.id === then.id);
  const { name, color } = repository.github.eventsNameLabels === 'today' ? (live ?? then) : then;
  return { name, color };
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
    ...(value.label ? { label: eventLabel(repository, value.label) } : {}),
    ...(value.rename ? { rename: value.rename } : {}),
    performed_via_github_app: value.app ? app(apiUrl, value.app) : null,
  };
}
