import { describe, expect, it } from 'vitest';
import { Stopped } from '../../src/decision.ts';
import { storeEnd, storeRecord } from '../../src/evidence/store-record.ts';
import type { Facts } from '../../src/ports/outcome.ts';

const members = new Map([['denial.json', Buffer.from('{}')]]);
const alsoKept = new Map([['plan.txt', Buffer.from('A plan.')]]);
const url = 'https://github.com/octo-org/octo-repo/actions/runs/1/artifacts/7';
const kept = ['kept', 'denial', new Map([...alsoKept, ...members])];
const stored = ['stored', 'denial', 12, members];
const artifact = { id: 7, digest: 'sha256:00' };
const folder = '/tmp/codex-denial-1';
const fullDisk = Object.assign(new Error('write'), { code: 'ENOSPC' });

/** Stores a record. A failure of the disk or of the artifact store can be given. */
async function attempt(
  store: typeof storeRecord,
  failing: { readonly disk?: Error; readonly store?: Error } = {},
) {
  const done: unknown[] = [];
  const noted: Facts = {};
  const warnings: string[] = [];
  const tools = {
    keepForLaterSteps: async (...what: unknown[]) => {
      if (failing.disk !== undefined) throw failing.disk;
      done.push(['kept', ...what]);
      return folder;
    },
    evidence: {
      publish: async (...what: unknown[]) => {
        if (failing.store !== undefined) throw failing.store;
        done.push(['stored', ...what]);
        return { ...artifact, url };
      },
    },
    report: { note: (facts: Facts) => void Object.assign(noted, facts) },
    log: { warn: (line: string) => void warnings.push(line) },
  };
  const record = { name: 'denial', pullRequest: 12, members, alsoKept } as const;
  const outcome = await store(tools, record).catch((error: unknown) => error);
  return { outcome, done, noted, warnings };
}

describe.each([
  ['a record to go on with', storeRecord, [kept, stored]],
  ['the record of an end', storeEnd, [stored, kept]],
])('%s', (_, store, order) => {
  it('is stored, its files are kept, and the outputs say where both are', async () => {
    expect(await attempt(store)).toEqual({
      outcome: { artifact, artifactUrl: url, folder },
      done: order,
      noted: { artifactId: 7, artifactUrl: url, evidencePath: folder },
      warnings: [],
    });
  });

  it('that could not be stored is in no output', async () => {
    const failure = new Stopped('api-unavailable', 'GitHub does not answer.');
    const { outcome, noted } = await attempt(store, { store: failure });
    expect([outcome, noted]).toEqual([failure, {}]);
  });
});

// The run fails, and may record that there is no plan or no approval. The record would be one.
it('nothing to go on with is stored if the disk has no room for what later steps read', async () => {
  const { outcome, done, noted } = await attempt(storeRecord, { disk: fullDisk });
  expect([outcome, done, noted]).toEqual([fullDisk, [], {}]);
});

// Otherwise whoever fills the disk could keep an approval alive that is over.
it('an end is stored although the disk has no room for what later steps read', async () => {
  const { outcome, done, noted, warnings } = await attempt(storeEnd, { disk: fullDisk });
  expect(outcome).toEqual({ artifact, artifactUrl: url, folder: null });
  expect(done).toEqual([stored]);
  expect(noted).toEqual({ artifactId: 7, artifactUrl: url, evidencePath: '' });
  expect(warnings).toEqual([
    "The files could not be kept for later steps. The runner's disk is full: write.",
  ]);
});

it('a secret in what would be kept of an end is told, and the end is stored all the same', async () => {
  const secret = new Stopped('secret-detected', 'A part of a key.');
  const { outcome, done } = await attempt(storeEnd, { disk: secret });
  expect([outcome, done]).toEqual([secret, [stored]]);
});
