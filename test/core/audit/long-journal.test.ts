/** An audit of a journal that somebody made very long: it ends, and says so. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Absences, nothingAbsent } from '../../../src/core/audit/absent.ts';
import { type Artifact, readArtifact } from '../../../src/core/audit/artifact.ts';
import { checkAsked } from '../../../src/core/audit/asked.ts';
import { listEvents } from '../../../src/core/audit/events.ts';
import { checkJournals } from '../../../src/core/audit/journals.ts';
import { readKnown } from '../../../src/core/audit/known-plan.ts';
import { Ledger } from '../../../src/core/audit/ledger.ts';
import { Replacements } from '../../../src/core/audit/replaced.ts';
import { describeAsk } from '../../../src/core/policy/rotation.ts';
import {
  appendToJournal,
  type JournalFact,
  readJournal,
} from '../../../src/core/records/journal.ts';
import { expectCheap } from '../../support/growth.ts';

const folder = new URL('../../../docs/samples/drifted/codex-plan-1/', import.meta.url);
const members = new Map(
  readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder))] as const),
);
const read = readArtifact({ name: 'codex-plan-1', members, stored: null }, new Ledger());
if (read?.kind !== 'plan') throw new Error('the sample is no plan');
const sample = read;

const actor = { id: 9, login: 'nine' };
const fact = (event: JournalFact['event'], detail: string | null = null): JournalFact => ({
  at: '2026-01-01T00:00:00Z',
  event,
  actor,
  digests: {},
  detail,
});
const ask = describeAsk(
  { pullRequest: 1, ask: 1, candidates: [actor], participants: [], before: [], busy: [] },
  'assignee',
  [],
);

/** The plan of a sample, with a journal of these facts. */
function planWith(facts: readonly JournalFact[]): Artifact<'plan'> {
  const journal = appendToJournal('', ...facts);
  return {
    ...sample,
    name: `codex-plan-${facts.length}`,
    entries: readJournal(journal),
    lines: journal.split('\n').slice(0, -1),
  };
}

const none = new Absences([], nothingAbsent);

const length = 30_000;
const repeat = (one: JournalFact) => Array.from({ length }, () => one);
/** Made once: writing and reading so many lines takes longer than the checks. */
const decided = planWith(repeat(fact('planned')));
const asked = planWith([fact('planned'), ...repeat(fact('asked', ask))]);

describe('a journal of 30,000 lines', () => {
  it.each([1, 2])('of decisions is held against its artifacts, attempt %i', async (attempt) => {
    const { making } = decided;
    const plan = { ...decided, making: { ...making, run: { ...making.run, attempt } } };
    const ledger = new Ledger();
    const check = () => checkJournals([plan], new Replacements([plan]), none, ledger);
    await expectCheap(8, check);
    expect(ledger.findings.length + ledger.notProvable.length).toBeGreaterThan(0);
  });

  it('of people who were asked is computed again', async () => {
    const ledger = new Ledger();
    const story = { plan: asked, known: readKnown(asked), records: [] };
    await expectCheap(8, () => checkAsked(story, none, ledger));
    expect(ledger.findings.length).toBeGreaterThan(0);
  });

  it('becomes events, before and after the line of its plan', async () => {
    const first = planWith([...repeat(fact('asked', ask)), fact('planned')]);
    for (const plan of [first, asked]) {
      await expectCheap(8, () => listEvents([plan]));
    }
  });
});
