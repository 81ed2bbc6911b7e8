import { z } from 'zod';
import {
  type EventActor,
  inOrder,
  type Label,
  type LabelChange,
  type TimelineEvent,
} from '../core/life/timeline.ts';
import { Stopped } from '../decision.ts';
import type { LabelEventDetails, PullRequestLog, Timeline } from '../ports/timeline.ts';
import type { GitHubClient } from './client.ts';
import { actorFields, actorSchema, labelSchema, readActor } from './graphql-fields.ts';
import { RestEvents, restEventSchema } from './rest-events.ts';
import { time } from './time.ts';

/** A pull request whose label changed more often than this is no longer one that anybody can follow. */
const maxPages = 20;

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

const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() });

const answerSchema = z.object({
  repository: z.object({
    pullRequest: z.object({
      events: z.object({ nodes: z.array(entrySchema), pageInfo }),
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
    const found = new Map<string, TimelineEvent>();
    let after: string | null = null;
    let carried: readonly Label[] = [];
    for (let page = 0; page < maxPages; page++) {
      const { events, labels, carried: now } = await this.#page(pullRequest, after);
      carried = readCarried(now);
      const labelOf = new Map(
        labels.nodes.flatMap((one) => (one && 'label' in one ? [[one.id, one.label]] : [])),
      );
      for (const entry of events.nodes) {
        found.set(entry.id, readEvent(entry, labelOf.get(entry.id) ?? null));
      }
      if (!events.pageInfo.hasNextPage) {
        return { events: inOrder([...found.values()]), carried };
      }
      after = nextCursor(after, events.pageInfo.endCursor);
    }
    throw new Stopped(
      'limit-exceeded',
      `Pull request ${pullRequest} has more than ${maxPages * 100} label changes.`,
    );
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

  readDetails(
    pullRequest: number,
    events: readonly Pick<LabelChange, 'id' | 'at'>[],
  ): Promise<ReadonlyMap<string, LabelEventDetails>> {
    const read = (page: number) =>
      this.#client.page(
        'GET /repos/{owner}/{repo}/issues/{issue_number}/events',
        { issue_number: pullRequest, page },
        z.array(restEventSchema),
        (list) => list,
      );
    return new RestEvents(read).find(events);
  }
}

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

/** A cursor that does not move on would read the same page for ever. */
function nextCursor(before: string | null, next: string | null): string {
  if (next !== null && next !== before) return next;
  throw new Stopped('api-unavailable', 'The event log of the pull request does not go on.');
}
