import { describe, expect, it } from 'vitest';
import { planArtifact } from '../core/samples.ts';
import { MemoryArtifacts } from '../support/story.ts';
import { buildTools, ownRun } from '../support/tools.ts';

describe('the runs of Codex', () => {
  const since = new Date('2026-01-01T12:00:00Z');
  const count = (artifacts: MemoryArtifacts) =>
    buildTools({ artifacts }).codexRuns.count(12, since, 99);
  const recent = { createdAt: '2026-01-01T12:00:01Z' };

  it('are counted by what they left since then', async () => {
    const artifacts = new MemoryArtifacts();
    for (const kind of ['plan', 'approval', 'verification', 'denial']) {
      artifacts.put(`codex-${kind}-12`, planArtifact(), recent);
    }
    expect(await count(artifacts)).toBe(4);
    expect(artifacts.reaches).toEqual([{ since }]);
    expect(artifacts.reads).toEqual([]);
  });

  it('are not those of a fork’s own workflow, if the policy lets forks in: anybody could spend them', async () => {
    const run = { ...ownRun, id: 501, event: 'pull_request', headRepositoryId: 8 };
    const artifacts = new MemoryArtifacts();
    artifacts.put('codex-plan-12', planArtifact(), {
      ...recent,
      run: { id: 501, headRepositoryId: 8 },
    });
    const ours = { ...run, id: 502, event: 'pull_request_target' };
    artifacts.put('codex-approval-12', planArtifact(), {
      ...recent,
      run: { id: 502, headRepositoryId: 8 },
    });
    const tools = buildTools({ artifacts, runs: [run, ours], policy: { forks: true } });
    expect(await tools.codexRuns.count(12, since, 99)).toBe(1);
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
