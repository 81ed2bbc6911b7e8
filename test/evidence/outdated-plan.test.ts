/**
 * A plan that nobody looked up the run of may close the gate, because its head has moved. Whatever is unclear is looked
 * up.
 */
import { describe, expect, it } from 'vitest';
import { readPlanEvidence } from '../../src/core/records/archive-contents.ts';
import type { Manifest } from '../../src/core/records/manifest.ts';
import type { Members } from '../../src/core/records/members.ts';
import { toPlanFacts } from '../../src/evidence/facts.ts';
import { OutdatedPlan, type ShownPlan } from '../../src/evidence/outdated-plan.ts';
import { planArtifact, withdrawalArtifact } from '../core/samples.ts';
import { objectId } from '../support/object-ids.ts';
import { reasonOf } from '../support/reason.ts';
import { MemoryArtifacts, Story } from '../support/story.ts';
import { buildTools, type Given, ownRun, pullRequest } from '../support/tools.ts';

const elsewhere = objectId('e');
const other = objectId('f');
/** A run of this repository whose workflow file is another one. */
const untrusted = { ...ownRun, id: 501, path: '.github/workflows/evil.yml' };
/** What such a run stores: a plan that names it, and another head than the genuine one. */
const forged: Partial<Manifest> = {
  run: { id: 501, attempt: 1, workflow: untrusted.path, workflow_sha: null, called: [] },
  head: { ref: 'topic', sha: other },
};

type Change = Parameters<MemoryArtifacts['put']>[2];

/** A comment that names this plan, and by their digests all artifacts that are stored now. */
const naming = ({ artifacts }: Story, planId: string): ShownPlan => ({
  planId,
  digests: artifacts.stored.flatMap(({ artifact }) => artifact.digest ?? []),
  isNew: false,
});
/** The comment of the action about the plan of the story. */
const honest = ({ plan }: Story): ShownPlan => ({
  planId: plan.planId,
  digests: [plan.artifact.digest],
  isNew: false,
});

/** The plan of a story on another head, told by a later run than the one that made it. */
async function look(story: Story, given: Given = {}, head = elsewhere) {
  const tools = buildTools({
    artifacts: story.artifacts,
    run: { id: 950 },
    runs: [untrusted],
    shown: honest(story),
    ...given,
  });
  const found = await tools.evidence.findPlanOfHead(12, head);
  return { found, runs: tools.calls.filter((call) => call.startsWith('run ')), run: tools.run };
}

/** Stores an artifact under the name of the plan, after the one of the story. */
function store(story: Story, members: Members, change?: Change): void {
  story.artifacts.put('codex-plan-12', members, change);
}

describe('a plan whose head has moved', () => {
  it('is told without a look at its run, and is no plan to go on with', async () => {
    const story = new Story();
    const { found, runs, run } = await look(story);
    expect(found).toBeInstanceOf(OutdatedPlan);
    expect(found).toEqual(new OutdatedPlan(story.plan.planId, toPlanFacts(story.plan, run)));
    expect(runs).toEqual([]);
    // What ends a plan is newer than the plan: older pages of the list are not read for it.
    expect(story.artifacts.reaches.at(-1)).toEqual({ newerThan: story.plan.artifact.id });
  });

  it('is told also right after it was published, if the list has it', async () => {
    const story = new Story();
    const shown = { ...honest(story), isNew: true };
    expect((await look(story, { shown })).found).toBeInstanceOf(OutdatedPlan);
  });

  it.each([
    ['an approval', (story: Story) => story.approve()],
    ['a denial', (story: Story) => story.deny()],
  ])('is told also after %s, which says nothing about the head', async (_, record) => {
    const story = new Story();
    record(story);
    expect((await look(story)).found).toBeInstanceOf(OutdatedPlan);
  });

  it('is told also after an earlier plan was withdrawn', async () => {
    const story = new Story();
    const earlier = new MemoryArtifacts(30);
    earlier.put('codex-withdrawal-12', withdrawalArtifact());
    story.artifacts.stored.unshift(...earlier.stored);
    expect((await look(story)).found).toBeInstanceOf(OutdatedPlan);
  });
});

describe('the run is looked up', () => {
  const expectTrusted = async (story: Story, given?: Given, head?: typeof elsewhere) => {
    const { found, runs } = await look(story, given, head);
    expect(found).toMatchObject({ planId: story.plan.planId, artifact: story.plan.artifact });
    expect(runs).toContain(`run ${ownRun.id}`);
  };

  it('if the head is the planned one: then the gate could open', async () => {
    await expectTrusted(new Story(), {}, pullRequest.head.sha);
  });

  it('if the page shows no plan', async () => {
    await expectTrusted(new Story(), { shown: undefined });
  });

  it('if somebody has edited the plan comment', async () => {
    const story = new Story();
    await expectTrusted(story, { shown: naming(story, 'f'.repeat(64)) });
    await expectTrusted(story, { shown: { ...honest(story), digests: [] } });
  });

  it.each([
    ['withdrawn', (story: Story) => story.withdraw()],
    ['executed', (story: Story) => story.execute(story.approve().digest)],
    [
      'withdrawn, says a run that is not trusted',
      (story: Story) => story.withdraw({}, { run: { id: 501 } }),
    ],
  ])('if the plan may have ended otherwise: it was %s', async (_, end) => {
    const story = new Story();
    end(story);
    await expectTrusted(story);
  });

  it('if the store does not say what the run was for', async () => {
    for (const unsaid of [{ repositoryId: null }, { headRepositoryId: null }]) {
      const story = new Story();
      store(story, planArtifact(), { run: unsaid });
      const { found, runs } = await look(story, { shown: naming(story, story.plan.planId) });
      expect(found).toMatchObject({ artifact: { id: 42 } });
      expect(runs).toEqual([`run ${ownRun.id}`]);
    }
  });
});

describe('an artifact that is stored later under the name of the plan', () => {
  const fork = { id: 501, headRepositoryId: 8 };
  const idOf = (members: Members) => readPlanEvidence(members).planId;
  /** The genuine plan counts: on its own head a step goes on with it. */
  const expectIgnored = async (story: Story, given: Given = {}) => {
    const { found } = await look(story, given, pullRequest.head.sha);
    expect(found).toMatchObject({ planId: story.plan.planId, artifact: story.plan.artifact });
  };

  it('is ignored if a run that is not trusted stored it, and no comment names it', async () => {
    for (const members of [planArtifact(forged), new Map([['plan.json', Buffer.from('{}')]])]) {
      const story = new Story();
      store(story, members, { run: { id: 501 } });
      await expectIgnored(story);
      expect(story.artifacts.reads).toEqual([story.plan.artifact.id]);
    }
  });

  it('is ignored if a comment names it, and it cannot be read', async () => {
    const story = new Story();
    store(story, new Map([['plan.json', Buffer.from('{}')]]), { run: { id: 501 } });
    await expectIgnored(story, { shown: naming(story, story.plan.planId) });
  });

  it('is ignored if the store does not say which run stored it', async () => {
    const story = new Story();
    store(story, planArtifact(forged));
    const last = story.artifacts.stored.at(-1);
    if (last !== undefined) Object.assign(last.artifact, { run: null });
    await expectIgnored(story, { shown: naming(story, idOf(planArtifact(forged))) });
  });

  it('is ignored if it is a copy of the plan: it names another run than the one that stored it', async () => {
    const story = new Story();
    const { digest } = story.plan.artifact;
    store(story, planArtifact(), { run: { id: 501 }, digest });
    const { found } = await look(story);
    expect(found).toMatchObject({ artifact: story.plan.artifact });
    expect(story.artifacts.reads).toContain(42);
  });

  it.each([false, true])('is ignored if it comes from a fork, with forks: %s', async (forks) => {
    const story = new Story();
    const members = planArtifact(forged);
    store(story, members, { run: fork });
    const runs = [{ ...untrusted, event: 'pull_request', headRepositoryId: 8 }];
    await expectIgnored(story, {
      shown: naming(story, idOf(members)),
      runs,
      policy: { forks },
    });
  });

  it('is ignored if it is about another pull request or repository', async () => {
    const repository = { id: 8, full_name: 'octo/other' };
    for (const change of [{ pull_request: 13 }, { repository }]) {
      const story = new Story();
      const members = planArtifact({ ...forged, ...change });
      store(story, members, { run: { id: 501 } });
      await expectIgnored(story, { shown: naming(story, idOf(members)) });
    }
  });

  it('is not hidden by an older plan that a comment names', async () => {
    const story = new Story();
    const newer = planArtifact({ head: { ref: 'topic', sha: other } });
    store(story, newer);
    const { found } = await look(story, {}, other);
    expect(found).toMatchObject({ artifact: { id: 42 } });
  });

  it('ends the plan if it has expired, as before', async () => {
    const story = new Story();
    store(story, planArtifact(), { expired: true });
    expect(await reasonOf(() => look(story))).toBe('plan-expired');
  });

  it('closes the gate, and cannot open it, if the same person also edits the comment', async () => {
    const story = new Story();
    const members = planArtifact(forged);
    store(story, members, { run: { id: 501 } });
    const onHead = (head: typeof other) =>
      look(story, { shown: naming(story, idOf(members)) }, head);
    expect((await onHead(pullRequest.head.sha)).found).toBeInstanceOf(OutdatedPlan);
    expect((await onHead(other)).found).toMatchObject({ artifact: story.plan.artifact });
  });
});
