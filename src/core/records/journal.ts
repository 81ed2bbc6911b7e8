import { z } from 'zod';
import { Stopped } from '../../decision.ts';
import { sha256 } from '../text/digest.ts';
import { canonicalJson } from '../text/json.ts';
import { digestField, parseRecord, personField, timeField } from './fields.ts';

/** What an entry can tell. */
export const journalEvents = [
  'planned',
  'narrowed',
  'asked',
  'voted',
  'approved',
  'denied',
  'verified',
  'drifted',
  'executed',
  'withdrawn',
  'overridden',
  'assessed',
] as const;

export const entrySchema = z.strictObject({
  seq: z.int().positive(),
  prev: digestField.nullable(),
  at: timeField,
  event: z.enum(journalEvents),
  actor: personField,
  digests: z.record(z.string(), digestField),
  /**
   * The paths that a denial refused, that a drift is about, or that a revised plan brings back after they were
   * struck. A model may have chosen them, so they can be any text.
   */
  paths: z.array(z.string()),
  detail: z.string().nullable(),
});

/**
 * One fact of the approval journal. `prev` is the digest of the line before. `digests` has the digest of what the
 * fact is about, and of the other files of the artifact by their names. So each later artifact also holds the digests
 * of the files in the earlier ones.
 */
export type JournalEntry = z.infer<typeof entrySchema>;
export type JournalFact = Omit<JournalEntry, 'seq' | 'prev' | 'paths'> &
  Partial<Pick<JournalEntry, 'paths'>>;

/**
 * Appends facts to `journal.jsonl`; existing lines stay as they are.
 * @param journal the text so far, as `readJournal` accepted it; '' for a new one
 */
export function appendToJournal(journal: string, ...facts: readonly JournalFact[]): string {
  const lines = splitLines(journal);
  for (const fact of facts) {
    const last = lines.at(-1);
    const entry: JournalEntry = {
      ...fact,
      paths: fact.paths ?? [],
      seq: lines.length + 1,
      prev: last === undefined ? null : sha256(last),
    };
    lines.push(canonicalJson(entry));
  }
  return lines.map((line) => `${line}\n`).join('');
}

/**
 * Reads a journal from its first line on. Lines that were cut off at the end can only be noticed by the digest of the
 * whole journal, which is in the manifest or checksums of each artifact.
 * @throws Stopped artifact-invalid if a line was dropped, moved, doubled or edited
 */
export function readJournal(text: string): JournalEntry[] {
  if (text !== '' && !text.endsWith('\n')) broken('its last line is cut');
  const lines = splitLines(text);
  return lines.map((line, index) => {
    const entry = parseRecord('journal.jsonl', line, entrySchema);
    const before = lines[index - 1];
    if (entry.seq !== index + 1) broken(`line ${index + 1} has another number`);
    if (entry.prev !== (before === undefined ? null : sha256(before))) {
      broken(`line ${index + 1} does not follow the line before`);
    }
    return entry;
  });
}

function splitLines(text: string): string[] {
  return text.split('\n').slice(0, -1);
}

function broken(why: string): never {
  throw new Stopped('artifact-invalid', `journal.jsonl is broken: ${why}.`);
}
