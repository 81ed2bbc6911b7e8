/**
 * Who is asked to approve a plan, in turn. Computed from recorded facts alone, so that an audit can compute it again
 * from what the journal says.
 */

import { z } from 'zod';
import type { Person } from '../records/fields.ts';
import type { JournalEntry } from '../records/journal.ts';
import { canonicalJson } from '../text/json.ts';
import { isElevated, type Policy } from './policy.ts';
import type { RepositoryRole } from './roles.ts';

/** How people are asked. */
export type AskedAs = Policy['rotate']['as'];

/** What decides who is next. All but the candidates are account ids. */
export interface AskFacts {
  readonly pullRequest: number;
  /** How many are asked. */
  readonly ask: number;
  /** Everybody who may approve this plan. */
  readonly candidates: readonly Person[];
  /** Who asked for the plan, and the author of the pull request. */
  readonly participants: readonly number[];
  /** Who was asked on this pull request before. */
  readonly before: readonly number[];
  /** Who says that they are busy. */
  readonly busy: readonly number[];
}

/** @returns the people to ask, in their turn; fewer than wanted if no more are left */
export function chooseAsked({
  pullRequest,
  ask,
  candidates,
  participants,
  before,
  busy,
}: AskFacts): readonly Person[] {
  const out = new Set([...participants, ...before, ...busy]);
  const left = candidates.filter(({ id }) => !out.has(id)).sort((a, b) => a.id - b.id);
  const first = left.length === 0 ? 0 : pullRequest % left.length;
  return [...left.slice(first), ...left.slice(0, first)].slice(0, ask);
}

/** The role that somebody needs to approve a plan of these files, if nobody else approves it. */
export function roleFor(policy: Policy, paths: readonly string[]): RepositoryRole {
  const { approvers, paths: rules } = policy;
  const needsMore = paths.some((path) => isElevated(policy, path));
  return needsMore ? rules.elevated.permission : approvers.permission;
}

const ids = z.array(z.int());
const detailShape = z.strictObject({
  as: z.enum(['assignee', 'reviewer']),
  asked: z.array(z.strictObject({ id: z.int(), login: z.string() })),
  before: ids,
  busy: ids,
  candidates: ids,
  participants: ids,
});

/** What the journal's entry of an ask says. */
export type Ask = z.infer<typeof detailShape>;

/** The detail of the journal's entry: canonical JSON of all facts but the number and the policy, which are recorded elsewhere. */
export function describeAsk(
  { candidates, participants, before, busy }: AskFacts,
  as: AskedAs,
  asked: readonly Person[],
): string {
  const sorted = (ids: readonly number[]) => [...new Set(ids)].sort((a, b) => a - b);
  return canonicalJson({
    as,
    asked: asked.map(({ id, login }) => ({ id, login })),
    before: sorted(before),
    busy: sorted(busy),
    candidates: sorted(candidates.map(({ id }) => id)),
    participants: sorted(participants),
  });
}

/** What a journal tells about earlier asks. */
export interface AskedBefore {
  /** Account ids of everybody who was asked on the pull request. */
  readonly ids: readonly number[];
  /** The latest ask; null if there was none. */
  readonly latest: { readonly as: AskedAs; readonly people: readonly Person[] } | null;
}

/** An entry that cannot be read is ignored. */
export function readAskedBefore(entries: readonly JournalEntry[]): AskedBefore {
  const ids = new Set<number>();
  let latest: AskedBefore['latest'] = null;
  for (const { event, detail } of entries) {
    if (event !== 'asked' || detail === null) continue;
    const parsed = parseAsk(detail);
    if (parsed === undefined) continue;
    const { as, asked, before } = parsed;
    for (const id of [...before, ...asked.map((one) => one.id)]) ids.add(id);
    latest = { as, people: asked };
  }
  return { ids: [...ids], latest };
}

/** @returns what the entry of an ask says; undefined if it is no such entry */
export function parseAsk(detail: string): Ask | undefined {
  return detailShape.safeParse(tryJson(detail)).data;
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
