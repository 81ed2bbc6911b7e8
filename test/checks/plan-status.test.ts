import { describe, expect, it } from 'vitest';
import { Claims } from '../../src/checks/claims.ts';
import { PlanStatus, type StatedPull } from '../../src/checks/plan-status.ts';
import type { PlanState } from '../../src/core/life/state.ts';
import { Stopped } from '../../src/decision.ts';
import { Provenance } from '../../src/evidence/provenance.ts';
import type { HeadFacts, PullCommit } from '../../src/ports/pull-requests.ts';
import type { CommitStatus } from '../../src/ports/statuses.ts';
import { execution, executionArtifact } from '../core/samples.ts';
import { objectId } from '../support/object-ids.ts';
import { reasonOf } from '../support/reason.ts';
import { buildRooms, type Given, ids, ownRun } from '../support/rooms.ts';
import { MemoryArtifacts } from '../support/story.ts';

const planId = execution.plan_id;
const runUrl = (id: number | string) => `https://github.com/octo/demo/actions/runs/${id}`;
const message = (lines: readonly string[]) => ['Greet', '', ...lines].join('\n');
const claim = (id: string, run: string) => [`Codex-Plan-Id: ${id}`, `Codex-Plan-Run: ${run}`];

/** The commit that the sample of an execution is about. */
const proven: PullCommit = {
  sha: execution.commit,
  tree: execution.tree,
  message: message(claim(planId, runUrl(ids.run))),
};
const plain: PullCommit = { sha: objectId('9'), tree: objectId('8'), message: 'Fix a typo' };

/** A store with the execution of the samples. */
function executed(stored: Parameters<MemoryArtifacts['put']>[2] = {}) {
  const artifacts = new MemoryArtifacts();
  artifacts.put('codex-execution-12', executionArtifact(), stored);
  return artifacts;
}

const untrusted = { ...ownRun, id: 501, path: '.github/workflows/evil.yml' };

function claimsOf(artifacts: MemoryArtifacts, given: Given = {}) {
  const { evidence, provenance, run } = buildRooms({ artifacts, runs: [untrusted], ...given });
  return new Claims(evidence, provenance, run);
}

describe('a claim', () => {
  const check = async (commit: PullCommit, artifacts = executed()) => {
    const finding = await claimsOf(artifacts).check([commit]);
    return finding?.is === 'unproven' ? finding.why : finding?.is;
  };

  it('is proven by the record of the execution', async () => {
    expect(await check(proven)).toBeUndefined();
    expect(await check(plain)).toBeUndefined();
    const upper = runUrl(ids.run).replace('octo/demo', 'Octo/Demo');
    expect(await check({ ...proven, message: message(claim(planId, upper)) })).toBeUndefined();
  });

  it.each<[string, PullCommit]>([
    ['commit', { ...proven, sha: objectId('9') }],
    ['tree', { ...proven, tree: objectId('9') }],
    ['plan', { ...proven, message: message(claim('f'.repeat(64), runUrl(ids.run))) }],
  ])('is not if the record has another %s', async (_, commit) => {
    expect(await check(commit)).toBe('was rebased or edited after approval');
  });

  it.each<[string, readonly string[]]>([
    ['no run', [`Codex-Plan-Id: ${planId}`]],
    ['two runs', [...claim(planId, runUrl(ids.run)), `Codex-Plan-Run: ${runUrl(1)}`]],
    ['two plans', [...claim(planId, runUrl(ids.run)), `Codex-Plan-Id: ${planId}`]],
    ['a short plan', claim(planId.slice(0, 12), runUrl(ids.run))],
    [
      'a run of another repository',
      claim(planId, 'https://github.com/octo/demo2/actions/runs/900'),
    ],
    ['a run of another server', claim(planId, 'https://evil.com/octo/demo/actions/runs/900')],
    ['a job of a run', claim(planId, `${runUrl(ids.run)}/job/1`)],
    ['no number', claim(planId, runUrl('0900'))],
    ['no number that GitHub has', claim(planId, runUrl('9'.repeat(16)))],
  ])('is not if it names %s', async (_, lines) => {
    expect(await check({ ...proven, message: message(lines) })).toBe(
      'names no plan and run of this repository',
    );
  });

  it('is not by a run that is not trusted, or does not answer', async () => {
    const why = 'names a run that is not trusted';
    for (const id of [501, 777]) {
      expect(await check({ ...proven, message: message(claim(planId, runUrl(id))) })).toBe(why);
    }
  });

  it('cannot be judged while GitHub is in trouble', async () => {
    const trouble = { run: () => Promise.reject(new Stopped('api-unavailable', 'It is down.')) };
    const { evidence, run, repository, pullRequests, policy, log } = buildRooms();
    const provenance = new Provenance(
      { ...repository, ...trouble },
      pullRequests,
      run,
      policy,
      log,
    );
    const claims = new Claims(evidence, provenance, run);
    expect(await reasonOf(() => claims.check([proven]))).toBe('api-unavailable');
  });

  it('may have outlived its evidence', async () => {
    expect(await check(proven, new MemoryArtifacts())).toBe('expired');
    expect(await check(proven, executed({ expired: true }))).toBe('expired');
  });

  it('that is not proven is told before one whose evidence has expired', async () => {
    const lines = message([`Codex-Plan-Id: ${planId}`]);
    const bad = { ...plain, message: lines };
    const claims = claimsOf(new MemoryArtifacts());
    expect(await claims.check([plain, proven, bad])).toMatchObject({ is: 'unproven', commit: bad });
    expect(await claims.check([proven, plain])).toMatchObject({ is: 'expired', commit: proven });
    expect(await claims.check([])).toBeUndefined();
  });
});

const stated = (state: PlanState, change: Partial<StatedPull> = {}): StatedPull => ({
  number: 12,
  head: objectId('a'),
  headRepository: ids.repository,
  state,
  planId,
  ...change,
});
const awaiting: PlanState = { is: 'awaiting', ended: null };
const denied: PlanState = { is: 'denied', reason: 'outside-plan' };
const short = planId.slice(0, 12);
const nobody = () => Promise.reject(new Error('Nobody else shares the head.'));

function statusOf(
  { commits = [], siblings = [], status = null }: Partial<HeadFacts> = {},
  artifacts = executed(),
) {
  const set: [string, CommitStatus][] = [];
  const lines: string[] = [];
  const { policy, run } = buildRooms();
  const log = {
    progress: (line: string) => void lines.push(`log: ${line}`),
    warn: (line: string) => void lines.push(`warning: ${line}`),
  };
  const statuses = {
    read: async () => undefined,
    set: async (commit: string, one: CommitStatus) => void set.push([commit, one]),
  };
  const head = { readHead: async () => ({ commits, siblings, status }) };
  const claims = claimsOf(artifacts);
  const room = new PlanStatus(statuses, head, claims, policy, run, log, 'codex');
  return { room, set, lines, statuses };
}

describe('the status of a head', () => {
  it('repeats the state of the plan, and leads to the run', async () => {
    const { room, set } = statusOf();
    await room.update(stated(awaiting), nobody);
    const description = `Plan ${short} awaits approval.`;
    expect(set).toEqual([
      [
        objectId('a'),
        { context: 'codex-plan', state: 'pending', description, url: runUrl(ids.run) },
      ],
    ]);
  });

  it('is set only if it is another one by now', async () => {
    const description = `Plan ${short} awaits approval.`;
    const same = { context: 'codex-plan', state: 'pending', description, url: null } as const;
    for (const [status, times] of [
      [same, 0],
      [{ ...same, state: 'success' }, 1],
      [{ ...same, description: 'x' }, 1],
    ] as const) {
      const { room, set } = statusOf({ status });
      expect((await room.update(stated(awaiting), nobody)).state).toBe('pending');
      expect(set).toHaveLength(times);
    }
  });

  it('fails if a commit claims without proof, whatever the plan', async () => {
    const commit = { ...proven, sha: objectId('9') };
    const { room, set } = statusOf({ commits: [plain, commit] });
    expect(await room.update(stated(awaiting), nobody)).toEqual({
      state: 'failure',
      description:
        'Commit 999999999999 claims an approval but was rebased or edited after approval (commit-unproven).',
    });
    expect(set[0]?.[1].description.length).toBeLessThanOrEqual(140);
  });

  it('does not look at the commits of a fork', async () => {
    const commit = { ...proven, sha: objectId('9') };
    const { room } = statusOf({ commits: [commit] });
    expect(await room.update(stated(awaiting, { headRepository: 8 }), nobody)).toMatchObject({
      state: 'pending',
    });
  });

  it('says that the evidence of a claim has expired, unless the plan says more', async () => {
    const { room } = statusOf({ commits: [proven] }, new MemoryArtifacts());
    const done: PlanState = { is: 'executed', commit: proven.sha };
    expect(await room.update(stated(done), nobody)).toEqual({
      state: 'success',
      description: 'The evidence of commit 444444444444 has expired; its run is trusted.',
    });
    expect(await room.update(stated(awaiting), nobody)).toMatchObject({ state: 'pending' });
  });

  it('is the worst of those that share the head, by number', async () => {
    const { room } = statusOf({ siblings: [13, 14] });
    const others: Record<number, PlanState> = { 13: { is: 'none' }, 14: denied };
    const other = async (number: number) =>
      stated(others[number] ?? awaiting, { number, planId: number === 13 ? null : planId });
    expect(await room.update(stated(awaiting), other)).toEqual({
      state: 'failure',
      description: `#14: Plan ${short} was denied (outside-plan).`,
    });
    const calm = async (number: number) => stated({ is: 'none' }, { number, planId: null });
    expect(await room.update(stated(awaiting), calm)).toMatchObject({
      description: `Plan ${short} awaits approval.`,
    });
  });
});

describe('telling the status beside other work', () => {
  const tell = async (error: Error) => {
    const { room, statuses, lines } = statusOf();
    statuses.set = () => Promise.reject(error);
    await room.tell(stated(awaiting), nobody);
    return lines;
  };

  it('says in the log that the job lacks the permission, and warns of anything else', async () => {
    expect(await tell(new Stopped('permission-missing', 'It needs statuses: write.'))).toEqual([
      'log: The status codex-plan is not set: It needs statuses: write.',
    ]);
    expect(await tell(new Stopped('api-unavailable', 'It is down.'))).toEqual([
      'warning: The status codex-plan could not be set. It is down.',
    ]);
  });

  it('does not hide a mistake of ours', async () => {
    await expect(tell(new TypeError('x'))).rejects.toThrow(TypeError);
  });
});
