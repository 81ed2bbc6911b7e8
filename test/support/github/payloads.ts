import type { Account } from './accounts.ts';
import { webhookProblem } from './description.ts';
import { mergeable, pullFiles, pullRange } from './pulls.ts';
import * as render from './render/index.ts';
import type { Repository } from './repository.ts';
import type { Comment, Issue, Label, Workflow } from './state.ts';

/** Something that happened and that a workflow can run on. */
export interface WebhookEvent {
  /** The trigger: `issue_comment`, `pull_request_target`, `workflow_dispatch`, `schedule`, `push`, `merge_group`. */
  name: string;
  repository: Repository;
  /** Who caused it; for `schedule` the account GitHub runs it as. */
  sender: Account;
  /** The pull request it is about; null if it is about none. */
  issue: Issue | null;
  /** The ref that `workflow_dispatch` was sent to, or that `push` or `merge_group` is about. */
  ref: string | null;
  /** The JSON of `GITHUB_EVENT_PATH`. */
  payload: Record<string, unknown>;
}

/** What every payload has. */
export function common(repository: Repository, sender: Account): Record<string, unknown> {
  const { apiUrl } = repository.github;
  const { owner } = repository;
  return {
    repository: { ...render.repository(repository), custom_properties: {} },
    ...(owner.type === 'Organization' ? { organization: organization(apiUrl, owner) } : {}),
    sender: render.user(apiUrl, sender),
  };
}

function organization(apiUrl: string, owner: Account) {
  const url = `${apiUrl}/orgs/${owner.login}`;
  return {
    login: owner.login,
    id: owner.id,
    node_id: owner.nodeId,
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `https://avatars.githubusercontent.com/u/${owner.id}?v=4`,
    description: '',
  };
}

/** Refuses a payload that GitHub's description of the webhook does not allow. */
export function checked(webhook: string, event: WebhookEvent): WebhookEvent {
  const problem = webhookProblem(webhook, event.payload);
  if (problem) throw new Error(`embedded GitHub: webhook ${webhook}: ${problem}`);
  event.payload = JSON.parse(JSON.stringify(event.payload)) as Record<string, unknown>;
  return event;
}

/** `issue_comment`: created, edited (with the body before) or deleted. */
export function issueCommentEvent(
  comment: Comment,
  sender: Account,
  action: 'created' | 'edited' | 'deleted',
  before?: string,
): WebhookEvent {
  const { issue } = comment;
  const { repository } = issue;
  return checked(`issue-comment-${action}`, {
    name: 'issue_comment',
    repository,
    sender,
    issue,
    ref: null,
    payload: {
      action,
      ...(action === 'edited' ? { changes: { body: { from: before ?? '' } } } : {}),
      issue: render.issue(issue),
      comment: render.comment(comment),
      ...common(repository, sender),
    },
  });
}

/** `pull_request_target` (and `pull_request`, whose payload is the same). */
export function pullRequestEvent(
  issue: Issue,
  sender: Account,
  action: string,
  details: { label?: Label; changes?: unknown; before?: string; after?: string } = {},
): WebhookEvent {
  const { repository } = issue;
  const { label, ...rest } = details;
  return checked(`pull-request-${action.replaceAll('_', '-')}`, {
    name: 'pull_request_target',
    repository,
    sender,
    issue,
    ref: null,
    payload: {
      action,
      number: issue.number,
      pull_request: webhookPull(issue),
      ...(label ? { label: render.label(repository, label) } : {}),
      ...rest,
      ...common(repository, sender),
    },
  });
}

function webhookPull(issue: Issue): Record<string, unknown> {
  const count = issue.repository.git.count(pullRange(issue));
  const merge = {
    allow_auto_merge: false,
    allow_merge_commit: true,
    delete_branch_on_merge: false,
    custom_properties: {},
  };
  const pull = render.pull(issue, mergeable(issue, false), pullFiles(issue), count);
  const base = { ...pull.base, repo: { ...pull.base.repo, ...merge } };
  const head = { ...pull.head, repo: pull.head.repo && { ...pull.head.repo, ...merge } };
  return { ...pull, base, head };
}

/** `workflow_dispatch` to a branch; `inputs` is null if the workflow declares none. */
export function dispatchEvent(
  repository: Repository,
  sender: Account,
  workflow: Workflow,
  ref: string,
  inputs: Record<string, string> | null,
): WebhookEvent {
  return checked('workflow-dispatch', {
    name: 'workflow_dispatch',
    repository,
    sender,
    issue: null,
    ref,
    payload: { inputs, ref, workflow: workflow.path, ...common(repository, sender) },
  });
}

/** `schedule`: GitHub runs it as who last changed the schedule, and names no sender. */
export function scheduleEvent(
  repository: Repository,
  actor: Account,
  workflow: Workflow,
  schedule: string,
): WebhookEvent {
  const { sender: _, ...rest } = common(repository, actor);
  return {
    name: 'schedule',
    repository,
    sender: actor,
    issue: null,
    ref: null,
    payload: JSON.parse(JSON.stringify({ schedule, workflow: workflow.path, ...rest })),
  };
}
