/** Who took files out of a plan, and which of them a revision brought back: read from the evidence of the plan alone. */

import type { PlanEvidence } from './archive-contents.ts';
import type { Person } from './fields.ts';
import { readJournal } from './journal.ts';

/** Everybody who took files out of the plan, oldest first, each once; nobody if none are out. */
export function listNarrowers({
  manifest,
  journal,
}: Pick<PlanEvidence, 'manifest' | 'journal'>): readonly Person[] {
  if (manifest.narrows === null) return [];
  const narrowed = readJournal(journal).filter(({ event }) => event === 'narrowed');
  const people = [...narrowed.map(({ actor }) => actor), manifest.narrows.by];
  return [...new Map(people.map((person) => [person.id, person])).values()];
}

/** The files of the plan that somebody had struck from the plan before it, as its journal tells. */
export function listReturned({
  plan,
  journal,
}: Pick<PlanEvidence, 'plan' | 'journal'>): readonly string[] {
  const planned = readJournal(journal).findLast(({ event }) => event === 'planned');
  const returned = new Set(planned?.paths ?? []);
  return plan.files.map(({ path }) => path).filter((path) => returned.has(path));
}
