import { seen } from '../faults.ts';
import type { GitHub } from '../github.ts';
import type { Issue, IssueEvent } from '../state.ts';
import { actorNode } from './accounts.ts';
import { commentNode } from './comments.ts';
import { connection, type Slice } from './connection.ts';
import type { Context, Node } from './context.ts';
import { objectNode, refNode } from './git.ts';
import { labelNode } from './labels.ts';
import { pullNode } from './pulls.ts';

export interface TimelineSlice extends Slice {
  itemTypes?: readonly string[] | null;
  since?: string | null;
  skip?: number | null;
}

/** GraphQL's type for an event of the REST API, and its fields in addition to id, actor and time. */
const TYPES: Record<string, readonly [type: string, details: (event: IssueEvent) => Node]> = {
  labeled: ['LabeledEvent', labelling],
  unlabeled: ['UnlabeledEvent', labelling],
  head_ref_force_pushed: [
    'HeadRefForcePushedEvent',
    (event) => ({
      pullRequest: () => pullNode(event.issue),
      beforeCommit: () => commit(event, event.from),
      afterCommit: () => commit(event, event.to),
      ref: () => {
        const head = event.issue.pull?.head;
        return head?.repository ? refNode(head.repository, `refs/heads/${head.ref}`) : null;
      },
    }),
  ],
  base_ref_changed: [
    'BaseRefChangedEvent',
    (event) => ({
      databaseId: event.id,
      pullRequest: () => pullNode(event.issue),
      previousRefName: event.from,
      currentRefName: event.to,
    }),
  ],
  automatic_base_change_succeeded: [
    'AutomaticBaseChangeSucceededEvent',
    (event) => ({
      pullRequest: () => pullNode(event.issue),
      oldBase: event.from,
      newBase: event.to,
    }),
  ],
  renamed: [
    'RenamedTitleEvent',
    ({ rename }) => ({ previousTitle: rename?.from, currentTitle: rename?.to }),
  ],
  referenced: [
    'ReferencedEvent',
    (event) => ({
      commit: () => commit(event, event.commitId),
      isCrossRepository: true,
      isDirectReference: false,
    }),
  ],
  closed: ['ClosedEvent', () => ({})],
  reopened: ['ReopenedEvent', () => ({})],
  merged: ['MergedEvent', (event) => ({ commit: () => commit(event, event.commitId) })],
  locked: ['LockedEvent', () => ({ lockReason: null })],
  unlocked: ['UnlockedEvent', () => ({})],
  convert_to_draft: ['ConvertToDraftEvent', () => ({})],
  ready_for_review: ['ReadyForReviewEvent', () => ({})],
  head_ref_deleted: [
    'HeadRefDeletedEvent',
    (event) => ({ headRefName: event.issue.pull?.head.ref }),
  ],
  comment_deleted: [
    'CommentDeletedEvent',
    () => ({ databaseId: null, deletedCommentAuthor: null }),
  ],
};

function commit({ issue }: IssueEvent, sha: string | null): Node | null {
  return sha === null ? null : objectNode(issue.repository, sha);
}

/**
 * The label has its name of today, not the one it had then. For a deleted label GitHub has only what the
 * event itself keeps. In GitHub's schema the label is never null, so a null makes the whole entry null.
 */
function labelling(event: IssueEvent): Node {
  const { repository } = event.issue;
  return {
    labelable: () => pullNode(event.issue),
    label: (_: object, { github }: { github: GitHub }) => {
      const live = repository.labels.find((each) => each.id === event.label?.id);
      if (live) return labelNode(repository, live);
      if (event.label === null || github.deletedLabels === 'untold') return null;
      return labelNode(repository, event.label);
    },
  };
}

/** An event; null for one that is not served. */
export function eventNode(event: IssueEvent): Node | null {
  const [type, details] = TYPES[event.event] ?? [];
  if (type === undefined || details === undefined) return null;
  return {
    __typename: type,
    id: event.nodeId,
    createdAt: event.createdAt,
    actor: () => actorNode(event.actor),
    ...details(event),
  };
}

/** `LabeledEvent` is `LABELED_EVENT` as an item type. */
function itemType(typename: unknown): string {
  return String(typename)
    .replace(/(?<=[a-z])(?=[A-Z])/g, '_')
    .toUpperCase();
}

/** Events, comments and pushed commits, oldest first; `itemTypes` leaves only these. */
export function timelineConnection(issue: Issue, args: TimelineSlice, context: Context): Node {
  const { github, view } = context;
  const items = seen(
    timeline(issue)
      .filter(
        (item) => args.itemTypes == null || args.itemTypes.includes(itemType(item.__typename)),
      )
      .filter((item) => args.since == null || String(item.createdAt) >= args.since),
    view,
  ).slice(args.skip ?? 0);
  const page = connection(items, args, (item) => item, { most: github.pageLimit });
  return {
    ...page,
    updatedAt: issue.updatedAt,
    pageCount: (page.nodes as () => Node[])().length,
    filteredCount:
      items.length - (args.after == null ? 0 : items.length - countAfter(items, args.after)),
  };
}

function countAfter(items: readonly Node[], cursor: string): number {
  const [, index = '0'] = /^cursor:v2:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString()) ?? [];
  return Math.max(0, items.length - Number(index));
}

function timeline(issue: Issue): Node[] {
  const { repository } = issue;
  const events = repository.events.filter((event) => event.issue === issue).map(eventNode);
  const comments = repository.commentsOf(issue.number).map(commentNode);
  const pushes = repository.timeline.flatMap((entry) =>
    entry.kind === 'push' && entry.issue === issue
      ? [
          {
            __typename: 'PullRequestCommit',
            id: `PRC_${issue.pull?.id}_${entry.sha}`,
            createdAt: entry.at,
            commit: () => objectNode(repository, entry.sha),
            pullRequest: () => pullNode(issue),
          },
        ]
      : [],
  );
  return [...events.filter((event) => event !== null), ...comments, ...pushes].sort((a, b) =>
    String(a.createdAt).localeCompare(String(b.createdAt)),
  );
}
