import type { Repository } from '../repository.ts';
import type { Comment, Issue, Label } from '../state.ts';
import { accountNode } from './accounts.ts';
import { commentNode } from './comments.ts';
import type { Context, Node } from './context.ts';
import { labelNode } from './labels.ts';
import { pullNode } from './pulls.ts';
import { mayRead } from './queries.ts';
import { repositoryNode } from './repositories.ts';
import { eventNode } from './timeline.ts';

/** Anything that has a node id, with its repository. */
export type Found =
  | { kind: 'comment'; comment: Comment }
  | { kind: 'label'; label: Label; repository: Repository }
  | { kind: 'pull'; issue: Issue };

/** What a node id names, in a repository that the token may read; null if there is none. */
export function findNode(context: Context, id: string): Node | null {
  const { github } = context;
  for (const repository of github.repositories.filter((each) => mayRead(context, each))) {
    if (repository.nodeId === id) return repositoryNode(repository);
    const event = repository.events.find((each) => each.nodeId === id);
    const node = event && eventNode(event);
    if (node) return node;
  }
  const found = find(context, id);
  if (found?.kind === 'comment') return commentNode(found.comment);
  if (found?.kind === 'label') return labelNode(found.repository, found.label);
  if (found?.kind === 'pull') return pullNode(found.issue);
  const account = github.accounts.find((each) => each.nodeId === id);
  return account ? accountNode(account) : null;
}

/** As `findNode`, but the record itself, to change it. */
export function find(context: Context, id: string): Found | null {
  for (const repository of context.github.repositories) {
    if (!mayRead(context, repository)) continue;
    for (const comment of repository.comments.values()) {
      if (comment.nodeId === id) return { kind: 'comment', comment };
    }
    const label = repository.labels.find((each) => each.nodeId === id);
    if (label) return { kind: 'label', label, repository };
    for (const issue of repository.issues.values()) {
      if (issue.pull?.nodeId === id) return { kind: 'pull', issue };
    }
  }
  return null;
}
