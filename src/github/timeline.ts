import { z } from 'zod';
import { type EventActor, inOrder, type Label, type TimelineEvent } from '../core/life/timeline.ts';
import { Stopped } from '../decision.ts';
import type { LabelEventDetails, PullRequestLog, Timeline } from '../ports/timeline.ts';
import type { GitHubClient } from './client.ts';
import {
  actorFields,
  actorSchema,
  labelSchema,
  pageInfoSchema,
  readActor,
  readAllPages,
} from './graphql-fields.ts';
import { time } from './time.ts';

/** A pull request whose label changed more often than this is no longer one that anybody can follow. */
const maxPages = 20;
/** Of REST's list, which has much else besides, only the newest events are looked at. */
const maxRestPages = 4;

const kinds = {
  LabeledEvent: 'set',
  UnlabeledEvent: 'removed',
  HeadRefForcePushedEvent: 'force-pushed',
  BaseRefChangedEvent: 'base-changed',
  AutomaticBaseChangeSucceededEvent: 'base-changed',
} as const;

type EventType = keyof typeof kinds;

const entrySchema = z.object({
  __typename: z.enum(Object.keys(kinds) as [EventType, ...EventType[]]),
  id: z.string().min(1),
  createdAt: time,
  actor: actorSchema,
});

/** Null in place of an event whose label GitHub no longer tells; an empty one for events without a label. */
const labelledSchema = z.object({ id: z.string(), label: labelSchema }).nullable();
const noLabel = z.strictObject({});

const answerSchema = z.object({
  repository: z.object({
    pullRequest: z.object({
      events: z.object({ nodes: z.array(entrySchema), pageInfo: pageInfoSchema }),
      carried: z.object({ totalCount: z.int(), nodes: z.array(labelSchema) }),
      labels: z.object({ nodes: z.array(z.union([labelledSchema, noLabel])) }),
    }),
  }),
});

type Entry = z.infer<typeof entrySchema>;

const fields = Object.keys(kinds)
  .map((type) => `... on ${type} { id createdAt actor { ${actorFields} } }`)
  .join(' ');
const slice =
  'first: 100, after: $after, itemTypes: [LABELED_EVENT, UNLABELED_EVENT, HEAD_REF_FORCE_PUSHED_EVENT, BASE_REF_CHANGED_EVENT, AUTOMATIC_BASE_CHANGE_SUCCEEDED_EVENT]';

/**
 * The events are asked for twice. In GitHub's schema the label of an event is never null, so one that GitHub does not
 * tell takes its whole event along; the first list has no labels, and so loses no event.
 */
const query = `query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      carried: labels(first: 100) { totalCount nodes { id name } }
      events: timelineItems(${slice}) {
        nodes { __typename ${fields} }
        pageInfo { hasNextPage endCursor }
      }
      labels: timelineItems(${slice}) {
        nodes {
          ... on LabeledEvent { id label { id name } }
          ... on UnlabeledEvent { id label { id name } }
        }
      }
    }
  }
}`;

const labelsPath = 'repository.pullRequest.labels.nodes.';

/** GraphQL's timeline: it can leave out what strangers fill it with, and tells the id of a label. */
export class GitHubTimeline implements Timeline {
  readonly #client: GitHubClient;

  constructor(client: GitHubClient) {
    this.#client = client;
  }

  async read(pullRequest: number): Promise<PullRequestLog> {
    let carried: readonly Label[] = [];
    const events = await readAllPages(maxPages, async (after) => {
      const { events, labels, carried: now } = await this.#page(pullRequest, after);
      carried = readCarried(now);
      const labelOf = new Map(
        labels.nodes.flatMap((one) => (one && 'label' in one ? [[one.id, one.label]] : [])),
      );
      const nodes = events.nodes.map((one) => readEvent(one, labelOf.get(one.id) ?? null));
      return { nodes, pageInfo: events.pageInfo };
    });
    const distinct = new Map(events.map((event) => [event.id, event]));
    return { events: inOrder([...distinct.values()]), carried };
  }

  async #page(number: number, after: string | null) {
    const { repository } = await this.#client.graphql(
      'the event log of the pull request',
      query,
      { ...this.#client.repository, number, after },
      answerSchema,
      {
        needs: 'pull-requests: read',
        tolerates: ({ path }) => (path ?? []).join('.').startsWith(labelsPath),
      },
    );
    return repository.pullRequest;
  }

  async readDetails(
    pullRequest: number,
    events: readonly string[],
  ): Promise<ReadonlyMap<string, LabelEventDetails>> {
    const read = (page: number) =>
      this.#client.page(
        'GET /repos/{owner}/{repo}/issues/{issue_number}/events',
        { issue_number: pullRequest, page },
        z.array(restEventSchema),
        (list) => list,
      );
    const wanted = new Set(events);
    const found = new Map<string, LabelEventDetails>();
    const first = await read(1);
    const last = first.last ?? 1;
    // Newest first: a stranger can put thousands of events before the ones in question.
    for (let page = last; page >= 1 && page > last - maxRestPages; page--) {
      const { answer } = page === 1 ? first : await read(page);
      for (const { node_id: id, label, performed_via_github_app: app } of answer) {
        if (wanted.has(id) && label) found.set(id, { viaApp: Boolean(app), labelName: label.name });
      }
      if (found.size === wanted.size) break;
    }
    return found;
  }
}

const restEventSchema = z.object({
  node_id: z.string(),
  label: z.object({ name: z.string() }).nullish(),
  performed_via_github_app: z.unknown().optional(),
});

/** A list that is not whole says nothing about what it lacks. */
function readCarried({
  nodes,
  totalCount,
}: {
  readonly nodes: readonly Label[];
  readonly totalCount: number;
}): readonly Label[] {
  if (nodes.length >= totalCount) return nodes;
  throw new Stopped('api-unavailable', 'GitHub does not tell all labels of the pull request.');
}

function readEvent(entry: Entry, label: z.infer<typeof labelSchema> | null): TimelineEvent {
  const kind = kinds[entry.__typename];
  const common: { id: string; actor: EventActor | null; at: string } = {
    id: entry.id,
    actor: readActor(entry.actor),
    at: entry.createdAt,
  };
  return kind === 'set' || kind === 'removed' ? { ...common, kind, label } : { ...common, kind };
}
