import { nodeId } from '../ids.ts';
import type { Repository } from '../repository.ts';
import type { Artifact, Run, Workflow } from '../state.ts';
import { user } from './accounts.ts';
import { utc } from './commits.ts';
import { addresses, minimalRepository } from './repositories.ts';

/** A workflow file. */
export function workflow(repository: Repository, value: Workflow) {
  const { api, web } = addresses(repository);
  return {
    id: value.id,
    node_id: value.nodeId,
    name: value.name,
    path: value.path,
    state: value.state ?? 'active',
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
