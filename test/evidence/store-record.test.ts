import { expect, it } from 'vitest';
import { Stopped } from '../../src/decision.ts';
import { storeRecord } from '../../src/evidence/store-record.ts';
import type { Facts } from '../../src/ports/outcome.ts';

const members = new Map([['denial.json', Buffer.from('{}')]]);
const also = new Map([['plan.txt', Buffer.from('A plan.')]]);
const url = 'https://github.com/octo-org/octo-repo/actions/runs/1/artifacts/7';

/** Stores a record. A failure of the disk or of the artifact store can be given. */
async function attempt(given: { readonly disk?: Error; readonly store?: Error } = {}) {
  const done: unknown[] = [];
  const noted: Facts[] = [];
  const rooms = {
    keepForLaterSteps: async (...kept: unknown[]) => {
      if (given.disk !== undefined) throw given.disk;
      done.push(['kept', ...kept]);
      return '/tmp/codex-denial-1';
    },
    evidence: {
      publish: async (...published: unknown[]) => {
        if (given.store !== undefined) throw given.store;
        done.push(['stored', ...published]);
        return { id: 7, digest: 'sha256:00', url };
      },
    },
    report: { note: (facts: Facts) => void noted.push(facts) },
  };
  const outcome = await storeRecord(rooms, 'denial', 12, members, also).catch(
    (error: unknown) => error,
  );
  return { outcome, done, noted };
}

it('keeps the files, stores the record, and notes where both are', async () => {
  const { outcome, done, noted } = await attempt();
  expect(done).toEqual([
    ['kept', 'denial', new Map([...also, ...members])],
    ['stored', 'denial', 12, members],
  ]);
  expect(noted).toEqual([{ artifactId: 7, artifactUrl: url, evidencePath: '/tmp/codex-denial-1' }]);
  expect(outcome).toEqual({
    artifact: { id: 7, digest: 'sha256:00' },
    artifactUrl: url,
    folder: '/tmp/codex-denial-1',
  });
});

// The run fails then, and may record a denial. A stored plan or approval would say the opposite.
it('stores nothing if the disk has no room for what later steps read', async () => {
  const disk = Object.assign(new Error('write'), { code: 'ENOSPC' });
  expect(await attempt({ disk })).toEqual({ outcome: disk, done: [], noted: [] });
});

it('says nothing of a record that could not be stored', async () => {
  const store = new Stopped('api-unavailable', 'GitHub does not answer.');
  const { outcome, noted } = await attempt({ store });
  expect([outcome, noted]).toEqual([store, []]);
});
