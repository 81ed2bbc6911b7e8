/** What an audit says of artifacts that it cannot read: only what they hold can be wrong with them. */
import { expect, it } from 'vitest';
import { Stopped, type StopReason, stopReasons } from '../../src/decision.ts';
import { EvidenceCollection } from '../../src/evidence/collection.ts';
import type { Provenance } from '../../src/evidence/provenance.ts';
import type { NamedArtifact, StoredArtifact } from '../../src/ports/artifacts.ts';

const artifact: NamedArtifact = {
  ...{ name: 'codex-plan-7', id: 9, digest: 'sha256:x', expired: false, createdAt: null },
  run: { id: 1, repositoryId: 1, headRepositoryId: 1 },
};
const provenance = {
  traceOrigin: async ({ run }: StoredArtifact) => ({ origin: run }),
  trustRun: async () => ({ run: { id: 1 } }),
} as unknown as Provenance;

function collect(error: Error) {
  const artifacts = {
    find: async () => [artifact],
    read: async () => {
      throw error;
    },
  };
  return new EvidenceCollection(artifacts, provenance, 'codex').collect(7);
}

const aboutContent: readonly StopReason[] = [
  'digest-mismatch',
  'artifact-invalid',
  'limit-exceeded',
];

it.each(aboutContent)('%s is something that it holds', async (reason) => {
  const { broken, left } = await collect(new Stopped(reason, 'x'));
  expect([broken, left]).toEqual([['codex-plan-7 (artifact 9): x'], []]);
});

it('that is gone although it is listed is one that is no longer stored', async () => {
  const { broken, left } = await collect(new Stopped('plan-expired', 'x'));
  expect(broken).toEqual([]);
  expect(left).toEqual(['codex-plan-7 (artifact 9): GitHub no longer stores it.']);
});

it('that cannot be read for another reason is no finding', async () => {
  const others = stopReasons.filter((one) => one !== 'plan-expired' && !aboutContent.includes(one));
  for (const reason of others) {
    await expect(collect(new Stopped(reason, 'x'))).rejects.toMatchObject({ reason });
  }
  await expect(collect(new TypeError('x'))).rejects.toBeInstanceOf(TypeError);
});
