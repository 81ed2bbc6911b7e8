/** GitHub's list of artifacts can lag: a record that a repeated run has replaced is then listed, and gone. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Stopped } from '../../src/decision.ts';
import type { Provenance } from '../../src/evidence/provenance.ts';
import { EvidenceStore } from '../../src/evidence/store.ts';
import type { ArtifactStore, NamedArtifact, StoredArtifact } from '../../src/ports/artifacts.ts';
import type { WorkflowRun } from '../../src/ports/run.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const artifact: NamedArtifact = {
  name: 'codex-verification-7',
  id: 9,
  digest: 'sha256:x',
  expired: false,
  createdAt: null,
  run: { id: 1, repositoryId: 1, headRepositoryId: 1 },
};

/** @param lists what the list of verifications has, call by call; the last one stays */
async function readRecords(...lists: (readonly NamedArtifact[])[]) {
  let listings = 0;
  const artifacts: ArtifactStore = {
    find: async () => {
      return lists[Math.min(listings++, lists.length - 1)] ?? [];
    },
    read: async () => {
      throw new Stopped('plan-expired', 'It is no longer stored.');
    },
    findOfRun: async () => [],
    publish: async () => ({ id: 1, digest: '' }),
  };
  const provenance = {
    traceOrigin: async ({ run }: StoredArtifact) => ({ origin: run }),
    trustRun: async () => ({ run: { id: 1 } }),
  } as unknown as Provenance;
  const store = new EvidenceStore(artifacts, provenance, 'codex', {} as WorkflowRun);
  const plan = { planId: 'x', artifact: { id: 5 }, manifest: { pull_request: 7 } };
  const reading = store.readRecords(plan as never).then(
    ({ verifications }) => verifications.length,
    (error: Stopped) => error.reason,
  );
  await vi.runAllTimersAsync();
  return { result: await reading, listings };
}

it('is looked for again until the list has caught up', async () => {
  expect(await readRecords([artifact], [artifact], [])).toEqual({ result: 0, listings: 3 });
});

it('is trouble that passes, and no expired plan, as long as it is listed', async () => {
  expect(await readRecords([artifact])).toEqual({ result: 'api-unavailable', listings: 4 });
});

it('is over if the list says that it has expired', async () => {
  const expired = { ...artifact, expired: true };
  expect(await readRecords([expired])).toEqual({ result: 'plan-expired', listings: 1 });
});
