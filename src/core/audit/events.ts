/**
 * The journals as flat lines, for a table. A line holds only what its entry and the manifest of its own plan say, so
 * that every audit writes the same line at any time.
 */
import { z } from 'zod';
import { digestField, idField, personField, timeField } from '../records/fields.ts';
import { type JournalEntry, journalEvents } from '../records/journal.ts';
import { sha256 } from '../text/digest.ts';
import { canonicalJson } from '../text/json.ts';
import type { Artifact } from './artifact.ts';
import { isDecision } from './own-line.ts';

const nullableText = z.string().nullable();

export const eventSchema = z.strictObject({
  schema: z.literal('codex-plan-event/v1'),
  /** SHA-256 of the line in journal.jsonl. */
  entry_sha256: digestField,
  prev_sha256: digestField.nullable(),
  seq: z.int().positive(),
  occurred_at: timeField,
  event: z.enum(journalEvents),
  actor_id: personField.shape.id,
  actor_login: personField.shape.login,
  /** The reason code of a denial or a drift, the commit of an execution. */
  detail: nullableText,
  paths: z.array(z.string()),
  repository_id: idField.nullable(),
  repository: nullableText,
  pull_request: idField.nullable(),
  plan_id: digestField.nullable(),
  plan_created_at: timeField.nullable(),
  /** Seconds that Codex needed for the plan. */
  plan_seconds: z.number().nonnegative().nullable(),
  requester_ids: z.array(idField),
  requester_logins: z.array(z.string()),
  head_sha: nullableText,
  base_sha: nullableText,
  model: nullableText,
  approval_sha256: digestField.nullable(),
  change_sha256: digestField.nullable(),
});

/** One line of `events/`. */
export type AuditEvent = z.infer<typeof eventSchema>;

/**
 * Every entry of every journal once, in the order of the times. An entry whose plan is missing is left out: with
 * other columns it would be a different line.
 */
export function listEvents(artifacts: readonly Artifact[]): readonly AuditEvent[] {
  const plans = artifacts.filter((one): one is Artifact<'plan'> => one.kind === 'plan');
  const events = new Map<string, AuditEvent>();
  for (const artifact of artifacts) {
    const planOf = planFinder(artifact, plans);
    for (const [index, entry] of artifact.entries.entries()) {
      const line = sha256(artifact.lines[index] ?? '');
      const plan = planOf(index);
      if (plan === undefined && artifact.planId !== null) continue;
      events.set(line, toEvent(entry, line, plan));
    }
  }
  return [...events.values()].sort(
    (a, b) =>
      Date.parse(a.occurred_at) - Date.parse(b.occurred_at) ||
      a.seq - b.seq ||
      (a.event < b.event ? -1 : 1),
  );
}

/** The file of one event below `events/`, named by its own bytes. */
export function eventFile(event: AuditEvent): { readonly path: string; readonly content: string } {
  const content = `${canonicalJson(event)}\n`;
  return { path: `dt=${event.occurred_at.slice(0, 10)}/${sha256(content)}.ndjson`, content };
}

/**
 * Finds the plan that an entry is about. Entries before the plan's own line are about the plan that it narrows; what
 * follows names its plan, or comes before a line that does.
 * @returns a function of the entry's index
 */
function planFinder(
  artifact: Artifact,
  plans: readonly Artifact<'plan'>[],
): (index: number) => Artifact<'plan'> | undefined {
  const own = plans.find((plan) => plan.planId === artifact.planId);
  if (own === undefined) return () => undefined;
  const ownBegin = ownIndex(own);
  // The plans before it was narrowed.
  const earlier = plans
    .filter((plan) => plan.lines.every((line, at) => line === own.lines[at]))
    .map((plan) => ({ plan, begin: ownIndex(plan) }))
    .sort((a, b) => a.plan.lines.length - b.plan.lines.length);
  return (index) =>
    index >= ownBegin ? own : earlier.findLast(({ begin }) => begin <= index)?.plan;
}

/** The place of a plan's own line in its journal. */
function ownIndex({ entries }: Artifact<'plan'>): number {
  return entries.findLastIndex(isDecision);
}

function toEvent(
  entry: JournalEntry,
  line: AuditEvent['entry_sha256'],
  plan: Artifact<'plan'> | undefined,
): AuditEvent {
  const { digests } = entry;
  const manifest = plan?.evidence.manifest;
  return {
    schema: 'codex-plan-event/v1',
    entry_sha256: line,
    prev_sha256: entry.prev,
    seq: entry.seq,
    occurred_at: entry.at,
    event: entry.event,
    actor_id: entry.actor.id,
    actor_login: entry.actor.login,
    detail: entry.detail,
    paths: entry.paths,
    repository_id: manifest?.repository.id ?? null,
    repository: manifest?.repository.full_name ?? null,
    pull_request: manifest?.pull_request ?? null,
    plan_id: plan?.evidence.planId ?? null,
    plan_created_at: manifest?.created_at ?? null,
    plan_seconds: manifest?.usage.seconds ?? null,
    requester_ids: manifest?.requests.map(({ requester }) => requester.id) ?? [],
    requester_logins: manifest?.requests.map(({ requester }) => requester.login) ?? [],
    head_sha: manifest?.head.sha ?? null,
    base_sha: manifest?.base.sha ?? null,
    model: manifest?.codex.model ?? null,
    approval_sha256: digests.approval ?? null,
    change_sha256: digests.change ?? null,
  };
}
