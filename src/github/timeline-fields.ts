/**
 * The event log of a pull request, as a part of a query: changes of labels and replacements of commits, and the
 * labels that it has.
 */

import { z } from 'zod';
import { type EventActor, inOrder, type Label, type TimelineEvent } from '../core/life/timeline.ts';
import { Stopped } from '../decision.ts';
import type { PullRequestLog } from '../ports/timeline.ts';
import type { GraphQlProblem } from './failures.ts';
import {
  actorFields,
  actorSchema,
  labelSchema,
  pageInfoSchema,
  readActor,
} from './graphql-fields.ts';
import { time } from './time.ts';

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

/** Null in place of an event whose label GitHub no longer tells; an empty object for events without a label. */
const labelledSchema = z.object({ id: z.string(), label: labelSchema }).nullable();
const noLabel = z.strictObject({});

/** The parts of a pull request that the fields below ask for. */
export const timelineShape = {
  events: z.object({ nodes: z.array(entrySchema), pageInfo: pageInfoSchema }),
  carried: z.object({ totalCount: z.int(), nodes: z.array(labelSchema) }),
  labels: z.object({ nodes: z.array(z.union([labelledSchema, noLabel])) }),
};

const page = z.object(timelineShape);
type TimelinePage = z.infer<typeof page>;
type Entry = z.infer<typeof entrySchema>;

const fields = Object.keys(kinds)
  .map((type) => `... on ${type} { id createdAt actor { ${actorFields} } }`)
  .join(' ');
const slice =
  'first: 100, after: $after, itemTypes: [LABELED_EVENT, UNLABELED_EVENT, HEAD_REF_FORCE_PUSHED_EVENT, BASE_REF_CHANGED_EVENT, AUTOMATIC_BASE_CHANGE_SUCCEEDED_EVENT]';

/**
 * The events are asked for twice. In GitHub's schema the label of an event is never null, so if GitHub does not tell
 * a label, the whole event is missing. The first list has no labels, so it loses no event.
 */
export const timelineFields = `carried: labels(first: 100) { totalCount nodes { id name } }
      events: timelineItems(${slice}) {
        nodes { __typename ${fields} }
        pageInfo { hasNextPage endCursor }
      }
      labels: timelineItems(${slice}) {
        nodes {
          ... on LabeledEvent { id label { id name } }
          ... on UnlabeledEvent { id label { id name } }
        }
      }`;

const labelsPath = 'repository.pullRequest.labels.nodes.';

/** Whether an error only says that GitHub no longer tells the label of an event. */
export function isUntoldLabel({ path }: GraphQlProblem): boolean {
  return (path ?? []).join('.').startsWith(labelsPath);
}

/** The events of one page. */
export function readEvents({
  events,
  labels,
}: Pick<TimelinePage, 'events' | 'labels'>): TimelineEvent[] {
  const labelOf = new Map(
    labels.nodes.flatMap((one) => (one && 'label' in one ? [[one.id, one.label]] : [])),
  );
  return events.nodes.map((one) => readEvent(one, labelOf.get(one.id) ?? null));
}

/** All pages as one log. */
export function toLog(events: readonly TimelineEvent[], carried: readonly Label[]): PullRequestLog {
  const distinct = new Map(events.map((event) => [event.id, event]));
  return { events: inOrder([...distinct.values()]), carried };
}

/**
 * An incomplete list says nothing about what is missing.
 * @throws Stopped api-unavailable
 */
export function readCarried({ nodes, totalCount }: TimelinePage['carried']): readonly Label[] {
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
