/** Who took files out of a plan, and which of them a revision brought back: read from the evidence of the plan alone. */

import { z } from 'zod';
import { canonicalJson } from '../text/json.ts';
import type { PlanEvidence } from './archive-contents.ts';
import { type Person, parseRecord } from './fields.ts';
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

/**
 * What a revision writes into the journal if it has files again that somebody had taken out.
 * @param paths none if there are no such files
 */
export function describeReturned(paths: readonly string[]): string | null {
  return paths.length === 0 ? null : canonicalJson([...paths]);
}

/** The files of the plan that somebody had taken out of the plan before it, as its journal tells. */
export function listReturned({
  plan,
  journal,
}: Pick<PlanEvidence, 'plan' | 'journal'>): readonly string[] {
  const detail = readJournal(journal).findLast(({ event }) => event === 'planned')?.detail ?? null;
  if (detail === null) return [];
  const returned = parseRecord('journal.jsonl', detail, z.array(z.string()));
  return plan.files.map(({ path }) => path).filter((path) => returned.includes(path));
}
