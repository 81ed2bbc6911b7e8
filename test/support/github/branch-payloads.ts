import type { Account } from './accounts.ts';
import { emailOf } from './files.ts';
import type { Commit } from './git-objects.ts';
import { checked, common, type WebhookEvent } from './payloads.ts';
import { WEB } from './render/web.ts';
import type { Repository } from './repository.ts';
import type { QueueEntry } from './state.ts';

const NOWHERE = '0'.repeat(40);
/** GitHub lists at most this many commits of a push. */
const MAX_COMMITS = 2048;

/** `push` to a branch; `before` or `after` is null if the branch is new or deleted. */
export function pushEvent(
  repository: Repository,
  sender: Account,
  ref: string,
  before: string | null,
  after: string | null,
): WebhookEvent {
  const { git } = repository;
  const commits =
    after === null ? [] : git.log([before === null ? after : `${before}..${after}`]).reverse();
  const head = after === null ? null : git.readCommit(after);
  const web = `${WEB}/${repository.fullName}`;
  return checked('push', {
    name: 'push',
    repository,
    sender,
    issue: null,
    ref,
    payload: {
      ref,
      before: before ?? NOWHERE,
      after: after ?? NOWHERE,
      created: before === null,
      deleted: after === null,
      forced: before !== null && after !== null && !git.isAncestor(before, after),
      base_ref: null,
      compare: `${web}/compare/${(before ?? NOWHERE).slice(0, 12)}...${(after ?? NOWHERE).slice(0, 12)}`,
      commits: commits.slice(-MAX_COMMITS).map((commit) => pushedCommit(repository, commit)),
      head_commit: head && pushedCommit(repository, head),
      pusher: { name: sender.login, email: emailOf(sender) },
      ...common(repository, sender),
    },
  });
}

function pushedCommit(repository: Repository, commit: Commit) {
  const { git } = repository;
  const [parent] = commit.parents;
  const files = parent === undefined ? [] : git.diff(parent, commit.sha);
  const named = (status: string) =>
    files.filter((file) => file.status === status).map(({ path }) => path);
  const person = ({ name, email, date }: Commit['author']) => ({ name, email, date });
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: `${WEB}/${repository.fullName}/commit/${commit.sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    added: named('added'),
    removed: named('removed'),
    modified: named('modified'),
  };
}

/** The branch of a merge group: it names the last of its pull requests, and no other. */
export function groupRef(entry: QueueEntry): string {
  const base = entry.issue.pull?.base.ref;
  return `refs/heads/gh-readonly-queue/${base}/pr-${entry.issue.number}-${entry.base}`;
}

/** `merge_group` `checks_requested`, which names no pull request. */
export function mergeGroupEvent(repository: Repository, entry: QueueEntry): WebhookEvent {
  const commit = repository.git.readCommit(entry.head);
  if (!commit) throw new Error(`no commit ${entry.head}`);
  const person = ({ name, email }: Commit['author']) => ({ name, email });
  return checked('merge-group-checks-requested', {
    name: 'merge_group',
    repository,
    sender: entry.by,
    issue: null,
    ref: groupRef(entry),
    payload: {
      action: 'checks_requested',
      merge_group: {
        head_sha: entry.head,
        head_ref: groupRef(entry),
        base_sha: entry.base,
        base_ref: `refs/heads/${entry.issue.pull?.base.ref}`,
        head_commit: {
          id: commit.sha,
          tree_id: commit.tree,
          message: commit.message,
          timestamp: commit.committer.date,
          author: person(commit.author),
          committer: person(commit.committer),
        },
      },
      ...common(repository, entry.by),
    },
  });
}
