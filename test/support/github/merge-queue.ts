import type { Account } from './accounts.ts';
import { groupRef } from './branch-payloads.ts';
import type { Issue, QueueEntry } from './state.ts';

/** Adds a pull request to the queue of its base: its group also contains everything before it. */
export function enqueue(issue: Issue, by: Account): QueueEntry {
  const { pull, repository } = issue;
  if (!pull) throw new Error(`#${issue.number} is no pull request`);
  const { git, github, mergeQueues } = repository;
  const queue = mergeQueues.get(pull.base.ref) ?? [];
  const base = queue.at(-1)?.head ?? repository.tip(pull.base.ref);
  const tree = git.mergeTree(base, pull.head.sha);
  if (!tree) throw new Error(`#${issue.number} conflicts with the queue`);
  const signature = { name: 'GitHub', email: 'noreply@github.com', date: github.clock.iso };
  const head = git.commit({
    tree,
    parents: [base, pull.head.sha],
    author: signature,
    committer: signature,
    message: `Merge pull request #${issue.number}`,
  });
  const entry = { issue, by, at: github.clock.iso, base, head };
  mergeQueues.set(pull.base.ref, [...queue, entry]);
  git.setRef(groupRef(entry), head);
  return entry;
}
