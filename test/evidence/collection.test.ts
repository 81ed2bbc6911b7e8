/** Everything that trusted runs left about a pull request, for an audit. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sha256 } from '../../src/core/text/digest.ts';
import { Stopped, type StopReason, stopReasons } from '../../src/decision.ts';
import { EvidenceCollection } from '../../src/evidence/collection.ts';
import type { ArtifactStore } from '../../src/ports/artifacts.ts';
import { executionArtifact, planArtifact } from '../core/samples.ts';
import { MemoryArtifacts } from '../support/story.ts';
import { buildTools, type Given, ids, ownRun } from '../support/tools.ts';

const now = new Date('2026-06-01T00:00:00Z');
const clock = { now: () => now };

// Lists are read again after a pause. Nothing else here waits.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout'] }).setTimerTickMode('nextTimerAsync');
});
afterEach(() => {
  vi.useRealTimers();
});

function collect(artifacts: Pick<ArtifactStore, 'find' | 'read'>, given: Given = {}) {
  const { provenance } = buildTools(given);
  return new EvidenceCollection(artifacts, provenance, 'codex', clock).collect(12);
}

/** What is told of a plan that is no longer stored. */
const absentPlan = (id: number) => ({
  name: `codex-plan-12 (artifact ${id})`,
  kind: 'plan',
  id,
  digest: `sha256:${sha256(String(id))}`,
  run: { id: ids.run, attempt: 1, createdAt: null },
  createdAt: null,
});

describe('the evidence for an audit', () => {
  it('is every artifact of a trusted run, oldest first, with what the store says of it', async () => {
    const artifacts = new MemoryArtifacts();
    const plan = artifacts.put('codex-plan-12', planArtifact());
    artifacts.put('codex-plan-13', planArtifact());
    const execution = artifacts.put('codex-execution-12', executionArtifact());
    const { artifacts: found, broken, left } = await collect(artifacts);
    expect(found.map(({ name }) => name)).toEqual([
      `codex-plan-12 (artifact ${plan})`,
      `codex-execution-12 (artifact ${execution})`,
    ]);
    expect(found[0]?.stored).toEqual({
      id: plan,
      digest: artifacts.stored[0]?.artifact.digest,
      run: ids.run,
      runBegan: null,
    });
    expect([broken, left]).toEqual([[], []]);
  });

  it('is looked for among all artifacts, and once if nothing is missing', async () => {
    const artifacts = new MemoryArtifacts();
    artifacts.put('codex-plan-12', planArtifact());
    artifacts.put('codex-plan-12', planArtifact(), { expired: true });
    await collect(artifacts);
    expect(artifacts.reaches).toEqual(['all']);
  });

  it('is read as long as GitHub has it, also after its retention has ended', async () => {
    const artifacts = new MemoryArtifacts();
    artifacts.put('codex-plan-12', planArtifact(), { expiresAt: '2026-05-31T00:00:00Z' });
    const { artifacts: found, absent } = await collect(artifacts);
    expect(found).toHaveLength(1);
    expect(absent.artifacts).toEqual([]);
  });

  it('has no digest if the store has none', async () => {
    const artifacts = new MemoryArtifacts();
    artifacts.put('codex-plan-12', planArtifact(), { digest: null });
    expect((await collect(artifacts)).artifacts[0]?.stored?.digest).toBe('');
  });

  it('says how many artifacts no trusted run made, and does not read them', async () => {
    const artifacts = new MemoryArtifacts();
    artifacts.put('codex-plan-12', planArtifact(), { run: { repositoryId: 8 } });
    artifacts.put('codex-approval-12', planArtifact(), { run: { headRepositoryId: 8 } });
    const { artifacts: found, left } = await collect(artifacts);
    expect(found).toEqual([]);
    expect(left).toEqual([
      '2 artifacts of these names that no trusted run made: they are ignored.',
    ]);
    expect(artifacts.reads).toEqual([]);
  });

  it('ignores what another workflow file of this repository made', async () => {
    const artifacts = new MemoryArtifacts();
    artifacts.put('codex-plan-12', planArtifact(), { run: { id: 500 } });
    const runs = [{ ...ownRun, id: 500, path: '.github/workflows/other.yml' }];
    const { artifacts: found, absent, left } = await collect(artifacts, { runs });
    expect([found, absent.forgottenBefore]).toEqual([[], null]);
    expect(left).toEqual([
      '1 artifacts of these names that no trusted run made: they are ignored.',
    ]);
    expect(artifacts.reads).toEqual([]);
  });

  it('trusts no expired artifact that another run made, or of whose run GitHub tells nothing', async () => {
    const artifacts = new MemoryArtifacts();
    artifacts.put('codex-plan-12', planArtifact(), { expired: true, run: { headRepositoryId: 8 } });
    const lost = artifacts.put('codex-plan-12', planArtifact(), {
      expired: true,
      run: { id: 501 },
    });
    const { absent, left } = await collect(artifacts);
    expect(absent).toEqual({ artifacts: [], forgottenBefore: null });
    expect(left).toEqual([
      `codex-plan-12 (artifact ${lost}): GitHub no longer tells of the run that made it.`,
      '1 artifacts of these names that no trusted run made: they are ignored.',
    ]);
    // One that has not expired has a run, so this is trouble at GitHub.
    artifacts.put('codex-plan-12', planArtifact(), { run: { id: 501 } });
    await expect(collect(artifacts)).rejects.toMatchObject({ reason: 'api-unavailable' });
  });

  it('says since when GitHub lists what trusted runs stored', async () => {
    const artifacts = new MemoryArtifacts();
    const kept = { createdAt: '2026-05-25T00:00:00Z', expiresAt: '2026-06-24T00:00:00Z' };
    const old = { createdAt: '2026-01-01T00:00:00Z', expiresAt: '2026-01-31T00:00:00Z' };
    artifacts.put('codex-plan-12', planArtifact(), kept);
    artifacts.put('codex-plan-12', planArtifact(), { ...old, run: { headRepositoryId: 8 } });
    expect((await collect(artifacts)).absent.forgottenBefore).toBe('2026-05-02T00:00:00Z');
    artifacts.put('codex-plan-12', planArtifact(), { ...old, expired: true });
    expect((await collect(artifacts)).absent.forgottenBefore).toBe(old.createdAt);
  });

  it('lists again what is gone: somebody may have deleted it a moment ago', async () => {
    const artifacts = new MemoryArtifacts();
    artifacts.put('codex-plan-12', planArtifact());
    const { find } = artifacts;
    let listed = 0;
    artifacts.find = async (...wanted) => (++listed < 3 ? find.apply(artifacts, wanted) : []);
    artifacts.read = async () => {
      throw new Stopped('plan-expired', 'x');
    };
    const { absent, left } = await collect(artifacts);
    expect([absent.artifacts, left]).toEqual([[], []]);
    expect(listed).toBe(3);
  });

  it('says what GitHub no longer stores', async () => {
    const artifacts = new MemoryArtifacts();
    const id = artifacts.put('codex-plan-12', planArtifact(), { expired: true });
    const { absent, left } = await collect(artifacts);
    expect(absent.artifacts).toEqual([absentPlan(id)]);
    expect(left).toEqual([]);
    expect(artifacts.reads).toEqual([]);
  });

  /** What is collected if the one artifact cannot be read. */
  const collectUnreadable = (error: unknown, expiresAt: string | null = null) => {
    const artifacts = new MemoryArtifacts();
    const id = artifacts.put('codex-plan-12', planArtifact(), { expiresAt });
    artifacts.read = async () => {
      throw error;
    };
    return { id, collected: collect(artifacts) };
  };
  const ofContent: readonly StopReason[] = [
    'digest-mismatch',
    'artifact-invalid',
    'limit-exceeded',
  ];

  it.each(ofContent)('says which archive cannot be relied on: %s', async (reason) => {
    const { id, collected } = collectUnreadable(new Stopped(reason, 'It is another archive.'));
    expect(await collected).toMatchObject({
      artifacts: [],
      broken: [`codex-plan-12 (artifact ${id}): It is another archive.`],
      left: [],
    });
  });

  const gone = new Stopped('plan-expired', 'x');

  it('says of an archive that is gone when its retention ends that it is no longer stored', async () => {
    const { id, collected } = collectUnreadable(gone, '2026-06-01T00:00:00Z');
    const absent = { artifacts: [absentPlan(id)] };
    expect(await collected).toMatchObject({ artifacts: [], broken: [], left: [], absent });
  });

  it.each(['2026-06-01T00:00:01Z', null])(
    'excuses nothing by an archive that is gone before its retention ends: %s',
    async (until) => {
      const { id, collected } = collectUnreadable(gone, until);
      const left = [
        `codex-plan-12 (artifact ${id}): GitHub lists it and does not have it, and its retention has not ended.`,
      ];
      expect(await collected).toMatchObject({ artifacts: [], broken: [], left });
      expect((await collected).absent.artifacts).toEqual([]);
    },
  );

  it('is not taken for broken because it cannot be read for another reason', async () => {
    const others = stopReasons.filter((one) => one !== 'plan-expired' && !ofContent.includes(one));
    for (const error of [...others.map((one) => new Stopped(one, 'x')), new TypeError('x')]) {
      await expect(collectUnreadable(error).collected).rejects.toBe(error);
    }
  });

  it('is not collected if there is more of it than anybody looks through', async () => {
    const artifacts = new MemoryArtifacts();
    for (let count = 0; count < 500; count++) artifacts.put('codex-plan-12', planArtifact());
    expect((await collect(artifacts)).artifacts).toHaveLength(500);
    artifacts.put('codex-plan-12', planArtifact());
    await expect(collect(artifacts)).rejects.toMatchObject({ reason: 'limit-exceeded' });
  });
});
