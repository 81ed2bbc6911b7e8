/** The page can show a plan that GitHub's list of artifacts does not have yet. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Stopped } from '../../src/decision.ts';
import { GenuineArtifacts } from '../../src/evidence/genuine.ts';
import { kinds } from '../../src/evidence/kinds.ts';
import { reasonOf } from '../support/reason.ts';
import { Story } from '../support/story.ts';
import { buildTools, ownRun, pullRequest } from '../support/tools.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** @param trouble how many times the artifact cannot be read */
function build(story: Story, isNew: boolean, trouble = 0, planId: string = story.plan.planId) {
  const { artifacts } = story;
  const find = vi.spyOn(artifacts, 'find');
  for (let count = 0; count < trouble; count++) {
    vi.spyOn(artifacts, 'read').mockRejectedValueOnce(new Stopped('api-unavailable', 'Ow.'));
  }
  const shown = { planId, digests: [], isNew };
  return { find, evidence: buildTools({ artifacts, shown }).evidence };
}
type Evidence = ReturnType<typeof build>['evidence'];

describe.each([
  ['plan', (evidence: Evidence) => evidence.findPlan(12)],
  ['plan of a head', (evidence: Evidence) => evidence.findPlanOfHead(12, pullRequest.head.sha)],
])('the newest %s', (_, search) => {
  const run = async (evidence: Evidence) => {
    const found = search(evidence).catch((error: unknown) => error);
    await vi.runAllTimersAsync();
    return found;
  };

  it('is looked for again if the page has just shown it', async () => {
    const story = new Story();
    story.artifacts.lag.set(story.plan.artifact.id, 2);
    const { evidence } = build(story, true);
    expect(await run(evidence)).toMatchObject({ planId: story.plan.planId });
  });

  it('is looked for again also if it could not be read', async () => {
    const story = new Story();
    const { evidence } = build(story, true, 2);
    expect(await run(evidence)).toMatchObject({ planId: story.plan.planId });
    const { evidence: later } = build(new Story(), false, 1);
    expect(await run(later)).toMatchObject({ reason: 'api-unavailable' });
  });

  it('is looked for once if the list has what the page has just shown', async () => {
    const { evidence, find } = build(new Story(), true);
    await run(evidence);
    expect(find).toHaveBeenCalledTimes(1);
  });

  it('is looked for once if the page has shown another one long ago', async () => {
    const story = new Story();
    const { evidence, find } = build(story, false, 0, 'f'.repeat(64));
    expect(await run(evidence)).toMatchObject({ planId: story.plan.planId });
    expect(find).toHaveBeenCalledTimes(1);
  });
});

it('an artifact that was read as one kind is not taken for another kind', async () => {
  const { artifacts, plan } = new Story();
  const { provenance, run } = buildTools();
  const genuine = new GenuineArtifacts(artifacts, provenance, 'codex', run);
  const [stored] = artifacts.stored;
  if (stored === undefined) throw new Error('There is no plan.');
  const one = { artifact: stored.artifact, run: ownRun };
  expect(await genuine.read(kinds.plan, 12, one)).toMatchObject({ planId: plan.planId });
  expect(await reasonOf(() => genuine.read(kinds.approval, 12, one))).toBe('artifact-invalid');
});
