import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/text/digest.ts';
import { Stopped } from '../../src/decision.ts';
import { planArtifact } from '../core/samples.ts';
import { MemoryArtifacts, Story } from '../support/story.ts';
import { buildTools, type Given, ownRun } from '../support/tools.ts';

async function ending(step: () => Promise<unknown>): Promise<string> {
  try {
    await step();
    return 'ok';
  } catch (error) {
    if (error instanceof Stopped) return `${error.decision}/${error.reason}: ${error.message}`;
    throw error;
  }
}

const digest = sha256('an approval');
const fromCodex = planArtifact({ narrows: null });
const narrowed = planArtifact();

describe('the pause', () => {
  it('ends a step, with the reason that the policy gives', async () => {
    const paused = buildTools({ policy: { paused: 'release week' } });
    expect(await ending(() => paused.brakes.checkNotPaused())).toBe(
      'denied/paused: Paused: release week',
    );
    expect(await ending(() => buildTools().brakes.checkNotPaused())).toBe('ok');
  });
});

describe('the runs of a day', () => {
  const now = '2026-01-02T12:00:00Z';

  /** What is left of that many runs, each a minute before the next; the last one just now. */
  function left(runs: number): MemoryArtifacts {
    const artifacts = new MemoryArtifacts();
    for (let run = runs - 1; run >= 0; run--) {
      const createdAt = new Date(Date.parse(now) - run * 60_000).toISOString();
      artifacts.put('codex-plan-12', fromCodex, { createdAt });
    }
    return artifacts;
  }
  const foreign = { ...ownRun, id: 501, path: '.github/workflows/evil.yml' };
  const check = (artifacts: MemoryArtifacts, policy: Given['policy'] = {}) =>
    ending(() => buildTools({ artifacts, now, policy, runs: [foreign] }).brakes.checkRunsLeft(12));

  it('may be so many', async () => {
    expect(await check(left(19))).toBe('ok');
    expect(await check(left(20))).toBe(
      'denied/runs-spent: Codex ran 20 times for this pull request within 24 hours, and 20 (limits.runs) are allowed.',
    );
    expect(await check(left(21))).toContain('runs-spent');
    expect(await check(left(1), { limits: { runs: 1 } })).toContain('runs-spent');
    expect(await check(new MemoryArtifacts(), { limits: { runs: 1 } })).toBe('ok');
  });

  it('are those of the last 24 hours', async () => {
    const artifacts = new MemoryArtifacts();
    artifacts.put('codex-plan-12', fromCodex, { createdAt: '2026-01-01T12:00:00Z' });
    expect(await check(artifacts, { limits: { runs: 1 } })).toBe('ok');
    artifacts.put('codex-plan-12', fromCodex, { createdAt: '2026-01-01T12:00:01Z' });
    expect(await check(artifacts, { limits: { runs: 1 } })).toContain('runs-spent');
  });

  it('are not those of verifications that asked no model', async () => {
    const story = new Story();
    story.approve({}, { createdAt: now });
    const recent = { createdAt: now };
    story.verify(digest, { basis: 'same-tree' }, recent);
    story.verify(digest, { basis: 'deterministic' }, recent);
    expect(await check(story.artifacts, { limits: { runs: 2 } })).toBe('ok');
    const one = await check(story.artifacts, { limits: { runs: 1 } });
    expect(one).toContain('and 1 (limits.runs) is allowed');
    story.verify(digest, { basis: 'model' }, recent);
    expect(await check(story.artifacts, { limits: { runs: 2 } })).toContain('Codex ran 2 times');
  });

  it('are not those of plans that somebody made by striking files of another', async () => {
    const artifacts = left(2);
    for (let time = 0; time < 3; time++)
      artifacts.put('codex-plan-12', narrowed, { createdAt: now });
    expect(await check(artifacts, { limits: { runs: 3 } })).toBe('ok');
    expect(await check(artifacts, { limits: { runs: 2 } })).toContain('Codex ran 2 times');
  });

  it('are those of a plan that cannot be read: nobody knows who made it', async () => {
    const artifacts = new MemoryArtifacts();
    artifacts.put('codex-plan-12', narrowed, { createdAt: now, expired: true });
    artifacts.put('codex-plan-12', narrowed, { createdAt: now, run: { id: 501 } });
    artifacts.put('codex-plan-12', new Map(), { createdAt: now });
    expect(await check(artifacts, { limits: { runs: 3 } })).toContain('Codex ran 3 times');
  });

  it('cost no look into a verification unless so many are listed', async () => {
    const story = new Story();
    story.approve({}, { createdAt: now });
    story.verify(digest, {}, { createdAt: now });
    expect(await check(story.artifacts, { limits: { runs: 3 } })).toBe('ok');
    expect(story.artifacts.reads).toEqual([]);
  });

  it.each<[string, (story: Story) => void]>([
    ['has expired', (story) => void story.verify(digest, {}, { createdAt: now, expired: true })],
    [
      'another workflow made',
      (story) => void story.verify(digest, {}, { createdAt: now, run: { id: 501 } }),
    ],
    [
      'cannot be read',
      ({ artifacts }) =>
        void artifacts.put('codex-verification-12', planArtifact(), { createdAt: now }),
    ],
  ])('are those of a verification that %s: nobody knows what it asked', async (_, make) => {
    const story = new Story();
    make(story);
    expect(await check(story.artifacts, { limits: { runs: 1 } })).toContain('runs-spent');
  });
});
