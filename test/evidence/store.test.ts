import { describe, expect, it } from 'vitest';
import type { Approval } from '../../src/core/records/approval.ts';
import { readPlanEvidence } from '../../src/core/records/archive-contents.ts';
import { packDenial } from '../../src/core/records/pack.ts';
import { sha256 } from '../../src/core/text/digest.ts';
import { newestJournal, type StoredRecords } from '../../src/evidence/records.ts';
import { EvidenceStore } from '../../src/evidence/store.ts';
import {
  approvalArtifact,
  contents,
  denial,
  denialArtifact,
  execution,
  executionArtifact,
  labelEvent,
  planArtifact,
  policyRecord,
  verificationArtifact,
} from '../core/samples.ts';
import { objectId } from '../support/object-ids.ts';
import { reasonOf } from '../support/reason.ts';
import { MemoryArtifacts, Story } from '../support/story.ts';
import { buildTools, type Given, ids, ownRun } from '../support/tools.ts';

/** A run whose workflow file is another one. */
const untrusted = { ...ownRun, id: 501, path: '.github/workflows/evil.yml' };
const otherPlan = sha256('another plan');

const store = (artifacts: MemoryArtifacts, given: Given = {}) =>
  buildTools({ artifacts, runs: [untrusted], ...given }).evidence;

/** A denial about the plan of a story. */
const denialOf = ({ plan }: Story) =>
  packDenial(
    { ...denial, plan_id: plan.planId },
    { 'journal.jsonl': plan.journal, 'run.log': '', 'policy.json': policyRecord },
  );

/** How many records of each kind there are. */
const countAll = (records: StoredRecords) =>
  Object.fromEntries(Object.entries(records).map(([kind, { length }]) => [kind, length]));

describe('the newest plan', () => {
  it('is the one that a trusted run made last', async () => {
    const artifacts = new MemoryArtifacts();
    artifacts.put('codex-plan-12', planArtifact());
    const newer = artifacts.put('codex-plan-12', planArtifact());
    artifacts.put('codex-plan-12', planArtifact(), { run: { id: 501 } });
    artifacts.put('codex-plan-13', planArtifact());
    const found = await store(artifacts).findPlan(12);
    const evidence = readPlanEvidence(planArtifact());
    expect(found).toMatchObject({ planId: evidence.planId, artifact: { id: newer } });
    expect(found?.members).toEqual(planArtifact());
    expect(artifacts.reads).toEqual([newer]);
  });

  it('is none if none was ever stored', async () => {
    const artifacts = new MemoryArtifacts();
    expect(await store(artifacts).findPlan(12)).toBeUndefined();
    expect(artifacts.reaches).toEqual(['newest']);
  });

  it('is looked for among all artifacts only if none of the newest ones is trusted', async () => {
    const artifacts = new MemoryArtifacts();
    artifacts.newestPage = 2;
    const trusted = artifacts.put('codex-plan-12', planArtifact());
    artifacts.put('codex-plan-12', planArtifact(), { run: { id: 501 } });
    expect(await store(artifacts).findPlan(12)).toMatchObject({ artifact: { id: trusted } });
    expect(artifacts.reaches).toEqual(['newest']);
    artifacts.put('codex-plan-12', planArtifact(), { run: { id: 501 } });
    expect(await store(artifacts).findPlan(12)).toMatchObject({ artifact: { id: trusted } });
    expect(artifacts.reaches).toEqual(['newest', 'newest', 'all']);
  });

  it('costs no look at the runs of older ones', async () => {
    const artifacts = new MemoryArtifacts();
    artifacts.put('codex-plan-12', planArtifact(), { run: { id: 501 } });
    artifacts.put('codex-plan-12', planArtifact());
    const tools = buildTools({ artifacts, runs: [untrusted], run: { id: 950 } });
    await tools.evidence.findPlan(12);
    expect(tools.calls.filter((call) => call.startsWith('run '))).toEqual([`run ${ids.run}`]);
  });

  it('is in doubt if no trusted run made any', async () => {
    const artifacts = new MemoryArtifacts();
    artifacts.put('codex-plan-12', planArtifact(), { run: { id: 501 } });
    expect(await reasonOf(() => store(artifacts).findPlan(12))).toBe('provenance-mismatch');
    await expect(store(artifacts).findPlan(12)).rejects.toThrow(
      'Artifact 41 is not trusted. Another workflow file made it.',
    );
    expect(artifacts.reads).toEqual([]);
  });

  it('is none if only forks have uploaded any, also if the policy lets forks in', async () => {
    const run = { ...ownRun, id: 501, event: 'pull_request', headRepositoryId: 8 };
    for (const forks of [false, true]) {
      const artifacts = new MemoryArtifacts();
      artifacts.put('codex-plan-12', planArtifact(), { run: { id: 501, headRepositoryId: 8 } });
      const { evidence } = buildTools({ artifacts, runs: [run], policy: { forks } });
      expect(await evidence.findPlan(12)).toBeUndefined();
      expect(await evidence.mayHavePlan(12)).toBe(false);
    }
  });

  it('is not replaced by an older one if it has expired', async () => {
    const artifacts = new MemoryArtifacts();
    artifacts.put('codex-plan-12', planArtifact());
    artifacts.put('codex-plan-12', planArtifact(), { expired: true });
    await expect(store(artifacts).findPlan(12)).rejects.toMatchObject({
      reason: 'plan-expired',
      message: 'Artifact 42 (plan) has expired.',
    });
  });

  it('is not read without a digest of the store', async () => {
    const artifacts = new MemoryArtifacts();
    artifacts.put('codex-plan-12', planArtifact(), { digest: null });
    await expect(store(artifacts).findPlan(12)).rejects.toMatchObject({
      reason: 'digest-mismatch',
      message: 'The store names no digest of artifact 41.',
    });
  });

  it('is about this pull request, and names the run that made it', async () => {
    const artifacts = new MemoryArtifacts();
    artifacts.put('codex-plan-13', planArtifact());
    await expect(store(artifacts).findPlan(13)).rejects.toMatchObject({
      reason: 'provenance-mismatch',
      message: 'The evidence is about another pull request.',
    });
    const elsewhere = { ...ownRun, id: 502, event: 'pull_request_target' };
    const moved = new MemoryArtifacts();
    moved.put('codex-plan-12', planArtifact(), { run: { id: 502 } });
    await expect(store(moved, { runs: [elsewhere] }).findPlan(12)).rejects.toMatchObject({
      reason: 'provenance-mismatch',
      message: 'The evidence names another run than the one that made it.',
    });
  });

  it('is about this repository', async () => {
    const artifacts = new MemoryArtifacts();
    artifacts.put('codex-plan-12', planArtifact(), {
      run: { repositoryId: 8, headRepositoryId: 8 },
    });
    const own = { run: { repository: { id: 8, owner: 'octo', name: 'fork' } } };
    const runs = [{ ...ownRun, repositoryId: 8, headRepositoryId: 8 }];
    await expect(store(artifacts, { ...own, runs }).findPlan(12)).rejects.toThrow(
      'The evidence is about another pull request.',
    );
  });
});

describe('the records of a plan', () => {
  it('are all that trusted runs made about it, oldest first', async () => {
    const story = new Story();
    const first = story.approve();
    story.verify(first.digest);
    story.deny();
    const second = story.approve({ created_at: '2026-01-02T08:00:00Z' });
    story.execute(second.digest);
    story.withdraw();
    const records = await store(story.artifacts).readRecords(story.plan);
    expect(records.approvals.map(({ digest }) => digest)).toEqual([first.digest, second.digest]);
    expect(countAll(records)).toEqual({
      approvals: 2,
      verifications: 1,
      denials: 1,
      executions: 1,
      withdrawals: 1,
    });
    expect(story.artifacts.reaches).toEqual([{ newerThan: story.plan.artifact.id }]);
    expect(records.denials[0]?.artifact).toEqual({ id: 44, digest: `sha256:${sha256('44')}` });
  });

  it('are none of another plan', async () => {
    const story = new Story();
    const { digest } = story.approve({ plan_id: otherPlan });
    story.verify(digest, { plan_id: otherPlan });
    story.deny({ plan_id: otherPlan });
    story.deny({ plan_id: null, mode: 'plan' });
    story.execute(digest, { plan_id: otherPlan });
    story.withdraw({ plan_id: otherPlan });
    const records = await store(story.artifacts).readRecords(story.plan);
    expect(Object.values(records).flat()).toEqual([]);
  });

  it('are none of a run that is not trusted', async () => {
    const story = new Story();
    const stored = { run: { id: 501 } };
    const { digest } = story.approve({}, stored);
    story.verify(digest, {}, stored);
    story.deny({}, stored);
    story.execute(digest, {}, stored);
    story.withdraw({}, stored);
    story.withdraw({}, { run: { repositoryId: 8 } });
    story.withdraw({}, { run: { headRepositoryId: 8 } });
    const records = await store(story.artifacts).readRecords(story.plan);
    expect(Object.values(records).flat()).toEqual([]);
    expect(story.artifacts.reads).toEqual([]);
  });

  it('are none that were stored before the plan', async () => {
    const artifacts = new MemoryArtifacts(30);
    artifacts.put('codex-approval-12', approvalArtifact());
    artifacts.put('codex-denial-12', denialArtifact());
    const { plan } = new Story();
    const records = await store(artifacts).readRecords(plan);
    expect(Object.values(records).flat()).toEqual([]);
    expect(artifacts.reads).toEqual([]);
  });

  it.each(['approval', 'verification', 'denial', 'execution', 'withdrawal'])(
    'cannot be told if a record has expired while the plan is stored: %s',
    async (kind) => {
      const story = new Story();
      story.artifacts.put(`codex-${kind}-12`, approvalArtifact(), { expired: true });
      await expect(store(story.artifacts).readRecords(story.plan)).rejects.toMatchObject({
        reason: 'plan-expired',
        message: `Artifact 42 (${kind}) has expired.`,
      });
    },
  );

  it.each([
    ['approval', verificationArtifact()],
    ['verification', approvalArtifact()],
    ['denial', executionArtifact()],
    ['execution', denialArtifact()],
    ['withdrawal', denialArtifact()],
  ])('cannot be told if one is not what its name says: %s', async (kind, members) => {
    const story = new Story();
    story.artifacts.put(`codex-${kind}-12`, members);
    expect(await reasonOf(() => store(story.artifacts).readRecords(story.plan))).toBe(
      'artifact-invalid',
    );
  });

  it('cannot be told if one is about another pull request', async () => {
    const story = new Story();
    story.withdraw({ pull_request: 13 });
    expect(await reasonOf(() => store(story.artifacts).readRecords(story.plan))).toBe(
      'provenance-mismatch',
    );
  });

  it('cannot be told if there are more than anybody can look up: one left out could be an end', async () => {
    const full = new Story();
    const runs = Array.from({ length: 50 }, (_, index) => ({ ...untrusted, id: 501 + index }));
    for (const { id } of runs) full.deny({}, { run: { id } });
    const none = await store(full.artifacts, { runs }).readRecords(full.plan);
    expect(none.denials).toEqual([]);
    full.deny();
    const read = () => store(full.artifacts, { runs }).readRecords(full.plan);
    await expect(read()).rejects.toMatchObject({
      reason: 'limit-exceeded',
      message: expect.stringMatching(/^More than 50 runs .* Ask for a new plan/),
    });
    // Only what is newer than the plan can be about it.
    const members = planArtifact();
    const id = full.artifacts.put('codex-plan-12', members);
    const newPlan = { ...full.plan, artifact: { ...full.plan.artifact, id } };
    expect((await store(full.artifacts, { runs }).readRecords(newPlan)).denials).toEqual([]);
  });

  it('can be told if as many runs as can be looked up made several each', async () => {
    const story = new Story();
    const runs = Array.from({ length: 49 }, (_, index) => ({ ...untrusted, id: 501 + index }));
    for (let time = 0; time < 2; time++) {
      for (const { id } of runs) story.deny({}, { run: { id } });
      story.deny();
    }
    const { denials } = await store(story.artifacts, { runs }).readRecords(story.plan);
    expect(denials).toHaveLength(2);
  });

  it('are found among any number that one run uploaded, which is looked up once', async () => {
    const story = new Story();
    // Its workflow file has to be compared with today's.
    const old = { ...ownRun, id: 501, event: 'workflow_dispatch', headSha: objectId('e') };
    for (let count = 0; count < 60; count++) story.deny({}, { run: { id: 501 } });
    story.deny();
    const tools = buildTools({ artifacts: story.artifacts, runs: [old] });
    expect((await tools.evidence.readRecords(story.plan)).denials).toHaveLength(1);
    expect(tools.calls.length).toBeLessThan(10);
  });

  it('are found among any number that forks uploaded', async () => {
    const story = new Story();
    for (let count = 0; count < 60; count++) story.deny({}, { run: { headRepositoryId: 8 } });
    story.deny();
    expect((await store(story.artifacts).readRecords(story.plan)).denials).toHaveLength(1);
  });

  it('are read once each, as long as the store names the same digest', async () => {
    const story = new Story();
    const { digest } = story.approve();
    const evidence = store(story.artifacts);
    const first = await evidence.readRecords(story.plan);
    const later = await evidence.readRecords(story.plan);
    expect(later.approvals).toEqual(first.approvals);
    expect(later.approvals[0]?.digest).toBe(digest);
    expect(story.artifacts.reads).toEqual([42]);
    const [plan, approval] = story.artifacts.stored;
    if (plan === undefined || approval === undefined) throw new Error('There is no approval.');
    const changed = `sha256:${sha256('changed')}`;
    const artifact = { ...approval.artifact, digest: changed };
    story.artifacts.stored[1] = { artifact, members: denialOf(story) };
    expect(await reasonOf(() => evidence.readRecords(story.plan))).toBe('artifact-invalid');
    story.artifacts.stored[1] = { artifact, members: approval.members };
    const { approvals } = await evidence.readRecords(story.plan);
    expect(approvals[0]?.artifact.digest).toBe(changed);
    expect(story.artifacts.reads).toEqual([42, 42, 42]);
  });

  it('cost one look at each run', async () => {
    const story = new Story();
    const { digest } = story.approve();
    story.verify(digest);
    story.verify(digest);
    const asked = async (run: number) => {
      const tools = buildTools({ artifacts: story.artifacts, run: { id: run } });
      await tools.evidence.readRecords(story.plan);
      await tools.evidence.readRecords(story.plan);
      return tools.calls.filter((call) => call.startsWith('run '));
    };
    expect(await asked(ids.run + 1)).toEqual([`run ${ids.run}`]);
    // A run knows itself.
    expect(await asked(ids.run)).toEqual([]);
  });
});

describe('an approval before the plan', () => {
  const earlier = async (stored: Parameters<MemoryArtifacts['put']>[2], firstId = 30) => {
    const artifacts = new MemoryArtifacts(firstId);
    artifacts.put('codex-approval-12', approvalArtifact(), stored);
    const found = await store(artifacts).hasEarlierApproval(new Story().plan);
    expect(artifacts.reaches).toEqual(['all']);
    return found;
  };

  it('is one that a trusted run stored, even if it has expired since', async () => {
    expect(await earlier({})).toBe(true);
    expect(await earlier({ expired: true })).toBe(true);
  });

  it('is none of another run, and none that was stored later', async () => {
    expect(await earlier({ run: { id: 501 } })).toBe(false);
    expect(await earlier({}, 42)).toBe(false);
  });
});

describe('the labels of earlier approvals', () => {
  it('are known by their ids, of approvals by trusted runs that can be read', async () => {
    const story = new Story();
    const under = (id: string): Partial<Approval> => ({
      label_events: [{ ...labelEvent, label: { id, name: 'x' } }],
    });
    story.approve(under('LA_1'));
    story.approve({ ...under('LA_2'), plan_id: otherPlan });
    story.approve(under('LA_3'), { run: { id: 501 } });
    story.approve(under('LA_4'), { expired: true });
    expect(await store(story.artifacts).findApprovalLabels(12)).toEqual(new Set(['LA_1', 'LA_2']));
    expect(await store(story.artifacts).findApprovalLabels(13)).toEqual(new Set());
    expect(story.artifacts.reaches).toEqual(['all', 'all']);
  });

  it('are those of the newest five', async () => {
    const story = new Story();
    for (const id of ['LA_1', 'LA_2', 'LA_3', 'LA_4', 'LA_5', 'LA_6']) {
      story.approve({ label_events: [{ ...labelEvent, label: { id, name: 'x' } }] });
    }
    const found = await store(story.artifacts).findApprovalLabels(12);
    expect([...found]).toEqual(['LA_6', 'LA_5', 'LA_4', 'LA_3', 'LA_2']);
  });
});

describe('the journal to go on with', () => {
  const newest = async (story: Story) =>
    newestJournal(story.plan, await store(story.artifacts).readRecords(story.plan));

  it('is the plan’s if nothing is recorded', async () => {
    const story = new Story();
    expect(await newest(story)).toBe(contents['journal.jsonl']);
  });

  it('is that of the newest record, of whatever kind', async () => {
    const story = new Story();
    const { digest } = story.approve();
    expect(await newest(story)).toBe(story.journal);
    story.verify(digest);
    expect(await newest(story)).toBe(story.journal);
    story.deny();
    expect(await newest(story)).toBe(story.journal);
    story.execute(digest);
    expect(await newest(story)).toBe(story.journal);
    story.withdraw();
    expect(await newest(story)).toBe(story.journal);
  });

  it('is that of the newest record, in whatever order the kinds follow', async () => {
    const story = new Story();
    story.deny();
    story.approve();
    expect(await newest(story)).toBe(story.journal);
  });

  it('is none that does not go on from the plan’s', async () => {
    const story = new Story();
    story.deny();
    const before = story.journal;
    story.journal = '';
    story.deny();
    expect(await newest(story)).toBe(before);
  });
});

describe('the executions of a run', () => {
  const find = (artifacts: MemoryArtifacts, runId: number = ids.run) =>
    store(artifacts).findExecutions(runId);

  it('are those that the run stored, of whatever pull request', async () => {
    const artifacts = new MemoryArtifacts();
    artifacts.put('codex-approval-12', approvalArtifact());
    artifacts.put('codex-execution-12', executionArtifact());
    expect(await find(artifacts)).toEqual({ stored: [execution], expired: false });
    artifacts.put('codex-execution-13', executionArtifact());
    expect((await find(artifacts)).stored).toHaveLength(2);
  });

  it.each(['codex-execution-', 'codex-execution-x', 'xcodex-execution-12', 'codex-execution-012'])(
    'are not stored as %s',
    async (name) => {
      const artifacts = new MemoryArtifacts();
      artifacts.put(name, executionArtifact());
      artifacts.put(name, executionArtifact(), { expired: true });
      expect(await find(artifacts)).toEqual({ stored: [], expired: false });
    },
  );

  it('are none once they have expired, which is another thing than none at all', async () => {
    const artifacts = new MemoryArtifacts();
    artifacts.put('codex-execution-12', executionArtifact(), { expired: true });
    expect(await find(artifacts)).toEqual({ stored: [], expired: true });
    expect(await find(new MemoryArtifacts())).toEqual({ stored: [], expired: false });
  });

  it('name that run', async () => {
    const artifacts = new MemoryArtifacts();
    artifacts.put('codex-execution-12', executionArtifact(), { run: { id: 502 } });
    await expect(find(artifacts, 502)).rejects.toMatchObject({
      reason: 'provenance-mismatch',
      message: 'The record of an execution names another run than the one that made it.',
    });
  });

  it('name this repository', async () => {
    const artifacts = new MemoryArtifacts();
    artifacts.put('codex-execution-12', executionArtifact());
    const elsewhere = { run: { repository: { id: 8, owner: 'octo', name: 'fork' } } };
    const { evidence } = buildTools({ artifacts, ...elsewhere });
    expect(await reasonOf(() => evidence.findExecutions(ids.run))).toBe('provenance-mismatch');
  });

  it('are found by the prefix as it is written, whatever signs it has', async () => {
    const artifacts = new MemoryArtifacts();
    artifacts.put('a.b-execution-12', executionArtifact());
    artifacts.put('axb-execution-13', executionArtifact());
    const { provenance, run } = buildTools();
    const evidence = new EvidenceStore(artifacts, provenance, 'a.b', run);
    expect((await evidence.findExecutions(ids.run)).stored).toHaveLength(1);
  });
});

describe('whether there may be a plan', () => {
  it('is told without reading it, and a fork’s is none', async () => {
    const artifacts = new MemoryArtifacts();
    expect(await store(artifacts).mayHavePlan(12)).toBe(false);
    artifacts.put('codex-plan-12', planArtifact(), { run: { headRepositoryId: 8 } });
    expect(await store(artifacts).mayHavePlan(12)).toBe(false);
    artifacts.put('codex-plan-12', planArtifact(), { expired: true });
    expect(await store(artifacts).mayHavePlan(12)).toBe(true);
    expect(artifacts.reads).toEqual([]);
  });
});

describe('what is stored', () => {
  it('has a name with the prefix, and an address', async () => {
    const artifacts = new MemoryArtifacts();
    const { evidence } = buildTools({ artifacts });
    const members = denialArtifact();
    expect(await evidence.publish('denial', 12, members)).toEqual({
      id: 41,
      digest: `sha256:${sha256('41')}`,
      url: `https://github.com/octo/demo/actions/runs/${ids.run}/artifacts/41`,
    });
    expect(artifacts.stored[0]).toMatchObject({ artifact: { name: 'codex-denial-12' }, members });
  });

  it('is listed before anything is decided on a list: it can lag', async () => {
    const story = new Story();
    story.approve();
    const { evidence } = buildTools({ artifacts: story.artifacts });
    const before = await evidence.readRecords(story.plan);
    expect(before.denials).toEqual([]);
    const { id } = await evidence.publish('denial', 12, denialOf(story));
    for (const times of [3, 99]) {
      story.artifacts.lag.set(id, times);
      story.artifacts.looks = 0;
      const { approvals, denials } = await evidence.readRecords(story.plan);
      expect(approvals).toHaveLength(1);
      expect(story.artifacts.looks).toBe(times === 3 ? 4 : 10);
      expect(denials.map(({ artifact }) => artifact.id)).toEqual(times === 3 ? [id] : []);
    }
    const other = buildTools({ artifacts: story.artifacts }).evidence;
    story.artifacts.lag.set(id, 1);
    expect((await other.readRecords(story.plan)).denials).toEqual([]);
  });

  it('goes on with the journal of the same run’s earlier attempt', async () => {
    const artifacts = new MemoryArtifacts();
    artifacts.put('codex-plan-12', planArtifact(), { run: { id: 501 } });
    const journal = (attempt: number) =>
      store(artifacts, { run: { attempt } }).planJournalOfEarlierAttempt(12);
    expect(await journal(2)).toBe('');
    artifacts.put('codex-plan-12', planArtifact());
    expect(await journal(1)).toBe('');
    expect(artifacts.reaches).toEqual(['all']);
    expect(await journal(2)).toBe(contents['journal.jsonl']);
    const unknown = artifacts.put('codex-plan-12', new Map());
    const last = artifacts.stored.find(({ artifact }) => artifact.id === unknown);
    if (last !== undefined) Object.assign(last.artifact, { run: null });
    expect(await journal(2)).toBe(contents['journal.jsonl']);
    const broken = new Map([...planArtifact(), ['journal.jsonl', Buffer.from('{}\n')]]);
    artifacts.put('codex-plan-12', broken);
    expect(await reasonOf(() => journal(2))).toBe('artifact-invalid');
    artifacts.put('codex-plan-12', new Map());
    expect(await journal(2)).toBe('');
  });
});
