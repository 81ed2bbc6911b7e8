/** GitHub's list of artifacts can lag: a record that a repeated run has replaced is then listed, and gone. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readPlanEvidence } from '../../src/core/records/archive-contents.ts';
import { Stopped } from '../../src/decision.ts';
import type { ArtifactStore, NamedArtifact } from '../../src/ports/artifacts.ts';
import { planArtifact } from '../core/samples.ts';
import { buildTools, ids } from '../support/tools.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const artifact: NamedArtifact = {
  name: 'codex-verification-12',
  id: 9,
  digest: 'sha256:x',
  expired: false,
  createdAt: null,
  expiresAt: null,
  run: { id: ids.run, repositoryId: ids.repository, headRepositoryId: ids.repository },
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
  const { evidence } = buildTools({ artifacts });
  const plan = readPlanEvidence(planArtifact());
  const stored = { ...plan, artifact: { id: 5, digest: 'sha256:y' }, members: new Map() };
  const reading = evidence.readRecords(stored).then(
    ({ verifications }) => verifications.length,
    (error: Stopped) => `${error.reason}: ${error.message}`,
  );
  await vi.runAllTimersAsync();
  return { result: await reading, listings };
}

it('is looked for again until the list has caught up', async () => {
  expect(await readRecords([artifact], [artifact], [])).toEqual({ result: 0, listings: 3 });
});

it('is trouble that passes, and no expired plan, as long as it is listed', async () => {
  expect(await readRecords([artifact])).toEqual({
    result: 'api-unavailable: GitHub lists artifact 9 (verification), and does not have it.',
    listings: 4,
  });
});

it('is over if the list says that it has expired', async () => {
  const expired = { ...artifact, expired: true };
  expect(await readRecords([expired])).toEqual({
    result: 'plan-expired: Artifact 9 (verification) has expired.',
    listings: 1,
  });
});
