/** Who took files out of a plan, and which of them came back. */
import { describe, expect, it } from 'vitest';
import { appendToJournal, type JournalFact } from '../../../src/core/records/journal.ts';
import { listNarrowers, listReturned } from '../../../src/core/records/narrowing.ts';
import { fact, manifest, plan } from '../samples.ts';

const ada = { id: 4, login: 'ada' };
const bob = { id: 8, login: 'bob' };
const narrowed = (actor: JournalFact['actor']): JournalFact => ({
  ...fact,
  event: 'narrowed',
  actor,
});

describe('those who took files out of a plan', () => {
  it('are the people of the journal and of the plan itself, oldest first, each once', () => {
    const journal = appendToJournal('', narrowed(bob), fact, narrowed(ada), narrowed(bob));
    expect(listNarrowers({ manifest, journal })).toEqual([bob, ada]);
    expect(listNarrowers({ manifest, journal: appendToJournal('', fact) })).toEqual([ada]);
  });

  it('are nobody if the plan has all of its files', () => {
    const journal = appendToJournal('', narrowed(bob));
    expect(listNarrowers({ manifest: { ...manifest, narrows: null }, journal })).toEqual([]);
  });
});

describe('the files that came back', () => {
  it('are those of the newest line that names them, as far as the plan has them', () => {
    const older = { ...fact, paths: ['b.txt'] };
    const newer = { ...fact, paths: ['gone.txt', 'a.txt'] };
    expect(listReturned({ plan, journal: appendToJournal('', older, newer) })).toEqual(['a.txt']);
  });

  it('are none if nothing was taken out', () => {
    expect(listReturned({ plan, journal: appendToJournal('', fact) })).toEqual([]);
    expect(listReturned({ plan, journal: '' })).toEqual([]);
  });
});
