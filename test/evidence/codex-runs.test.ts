import { describe, expect, it } from 'vitest';
import { planArtifact } from '../core/samples.ts';
import { buildRooms } from '../support/rooms.ts';
import { MemoryArtifacts } from '../support/story.ts';

describe('the runs of Codex', () => {
  const since = new Date('2026-01-01T12:00:00Z');
  const count = (artifacts: MemoryArtifacts) =>
    buildRooms({ artifacts }).codexRuns.count(12, since, 99);
  const recent = { createdAt: '2026-01-01T12:00:01Z' };

  it('are counted by what they left since then', async () => {
    const artifacts = new MemoryArtifacts();
    for (const kind of ['plan', 'approval', 'verification', 'denial']) {
      artifacts.put(`codex-${kind}-12`, planArtifact(), recent);
    }
    expect(await count(artifacts)).toBe(4);
    expect(artifacts.reads).toEqual([]);
  });

  it.each<[string, string, Parameters<MemoryArtifacts['put']>[2]]>([
    ['an execution', 'codex-execution-12', recent],
    ['a withdrawal', 'codex-withdrawal-12', recent],
    ['another pull request', 'codex-plan-13', recent],
    ['an earlier time', 'codex-plan-12', { createdAt: '2026-01-01T12:00:00Z' }],
    ['no time', 'codex-plan-12', { createdAt: null }],
    ['another repository', 'codex-plan-12', { ...recent, run: { repositoryId: 8 } }],
    ['a fork', 'codex-plan-12', { ...recent, run: { headRepositoryId: 8 } }],
  ])('are not those of %s', async (_, name, stored) => {
    const artifacts = new MemoryArtifacts();
    artifacts.put(name, planArtifact(), stored);
    expect(await count(artifacts)).toBe(0);
  });
});
