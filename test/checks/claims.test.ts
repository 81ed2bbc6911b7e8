import { describe, expect, it } from 'vitest';
import { Claims } from '../../src/checks/claims.ts';
import { Stopped } from '../../src/decision.ts';
import type { EvidenceStore } from '../../src/evidence/store.ts';
import type { PullCommit } from '../../src/ports/pull-requests.ts';
import { execution } from '../core/samples.ts';
import { objectId } from '../support/object-ids.ts';
import { reasonOf } from '../support/reason.ts';

type Execution = Awaited<ReturnType<EvidenceStore['findExecutions']>>['stored'][number];

const planId = 'ab'.repeat(32);
const [sha, tree] = [objectId('c'), objectId('d')];
const runs = 'https://github.com/octo/demo/actions/runs';
const record = { ...execution, plan_id: planId, commit: sha, tree } as Execution;

const message = (id = planId, run = `${runs}/900`) =>
  `Greet\n\nCodex-Plan-Id: ${id}\nCodex-Plan-Run: ${run}`;
const commit = (change: Partial<PullCommit> = {}): PullCommit => ({
  sha,
  tree,
  message: message(),
  signedAt: null,
  ...change,
});

interface Given {
  readonly trusted?: readonly number[];
  readonly executions?: readonly Execution[] | Error;
  /** Whether the run lists a record that has expired. */
  readonly expired?: boolean;
}

function claimsOf({ trusted = [900], executions = [record], expired = false }: Given = {}) {
  const asked: number[] = [];
  const claims = new Claims(
    {
      findExecutions: async () => {
        if (executions instanceof Error) throw executions;
        return { stored: executions, expired };
      },
    },
    {
      isTrustedRun: async (id) => {
        asked.push(id);
        return trusted.includes(id);
      },
    },
    {
      serverUrl: 'https://github.com',
      repository: { id: 7, owner: 'octo', name: 'demo' },
    },
  );
  return { asked, claims };
}

const check = (commits: readonly PullCommit[], given?: Given) =>
  claimsOf(given).claims.check(commits);

describe('a claim', () => {
  it('is proven by the record of its run', async () => {
    expect(await check([commit()])).toBeUndefined();
  });

  it('costs nothing if nobody makes it', async () => {
    const { asked, claims } = claimsOf();
    expect(await claims.check([commit({ message: 'Fix a typo\n\nCodex-Plan-Run: x' })])).toBe(
      undefined,
    );
    expect(asked).toEqual([]);
  });

  it('counts in the last paragraph alone', async () => {
    expect(
      await check([commit({ message: `${message()}\n\nReviewed-by: bob`, sha: objectId('e') })]),
    ).toBeUndefined();
  });

  it('is proven by any record of a run that executed several plans', async () => {
    const other = { ...record, plan_id: 'cd'.repeat(32), commit: objectId('1') } as Execution;
    expect(await check([commit()], { executions: [other, record] })).toBeUndefined();
  });

  // Source: https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/incorporating-changes-from-a-pull-request/about-pull-request-merges
  it('is made again by a squash whose message ends with the lines, and by no other squash', async () => {
    const squashed = (text: string) => [commit({ sha: objectId('e'), message: text })];
    const [title, ...body] = message().split('\n');
    const single = `${title} (#12)\n${body.join('\n')}`;
    for (const text of [single, `Greet (#12)\n\n* Fix a typo\n\n* ${message()}`]) {
      expect(await check(squashed(text))).toMatchObject({
        is: 'unproven',
        why: 'was rebased or edited after approval',
      });
    }
    const before = `Greet (#12)\n\n* ${message()}\n\n* Fix a typo`;
    expect(await check(squashed(before))).toBeUndefined();
    expect(await check(squashed('Greet (#12)'))).toBeUndefined();
  });

  it.each([
    ['another commit', commit({ sha: objectId('e') })],
    ['another tree', commit({ tree: objectId('e') })],
    ['another plan', commit({ message: message('cd'.repeat(32)) })],
  ])('of %s was rebased or edited', async (_, one) => {
    expect(await check([one])).toEqual({
      is: 'unproven',
      commit: one,
      why: 'was rebased or edited after approval',
    });
  });

  it('of an execution that was stopped is not proven, unless another record proves it', async () => {
    const stopped = { ...record, stopped: 'label-missing' } as Execution;
    expect(await check([commit()], { executions: [stopped] })).toEqual({
      is: 'unproven',
      commit: commit(),
      why: 'was denied before it reached the branch',
    });
    expect(await check([commit()], { executions: [stopped, record] })).toBeUndefined();
  });

  it.each([
    ['no run', `Greet\n\nCodex-Plan-Id: ${planId}`],
    [
      'a run of another repository',
      message(planId, 'https://github.com/evil/demo/actions/runs/900'),
    ],
    [
      'a run on another server',
      message(planId, 'https://github.com.evil.io/octo/demo/actions/runs/900'),
    ],
    ['more than a run', message(planId, `${runs}/900/attempts/1`)],
    ['run 0', message(planId, `${runs}/0`)],
    ['no digest', message('abc')],
    ['two plans', `${message()}\nCodex-Plan-Id: ${planId}`],
  ])('that names %s is not proven', async (_, text) => {
    const { asked, claims } = claimsOf();
    const one = commit({ message: text });
    expect(await claims.check([one])).toEqual({
      is: 'unproven',
      commit: one,
      why: 'names no plan and run of this repository',
    });
    expect(asked).toEqual([]);
  });

  it('finds its run however the address spells the repository', async () => {
    const address = 'https://github.com/Octo/Demo/actions/runs/900';
    expect(await check([commit({ message: message(planId, address) })])).toBeUndefined();
  });

  it('of a run that is not trusted, or does not answer, is not proven', async () => {
    expect(await check([commit()], { trusted: [] })).toMatchObject({
      is: 'unproven',
      why: 'names a run that is not trusted',
    });
  });

  it('of a trusted run without a stored record is told as such', async () => {
    expect(await check([commit()], { executions: [] })).toEqual({
      is: 'missing',
      commit: commit(),
    });
    const gone = new Stopped('plan-expired', 'It is gone.');
    expect(await check([commit()], { executions: gone })).toMatchObject({ is: 'missing' });
  });

  it('of a trusted run that lists an expired record is told as such', async () => {
    expect(await check([commit()], { executions: [], expired: true })).toEqual({
      is: 'expired',
      commit: commit(),
    });
    // What is stored decides.
    expect(await check([commit()], { expired: true })).toBeUndefined();
    const other = commit({ sha: objectId('e') });
    expect(await check([other], { expired: true })).toMatchObject({ is: 'unproven' });
  });

  it.each(['digest-mismatch', 'artifact-invalid', 'provenance-mismatch'] as const)(
    'whose evidence is altered (%s) is not proven',
    async (reason) => {
      const executions = new Stopped(reason, 'It was altered.');
      expect(await check([commit()], { executions })).toMatchObject({
        is: 'unproven',
        why: 'its evidence does not hold',
      });
    },
  );

  it('is not decided while GitHub is in trouble', async () => {
    const executions = new Stopped('api-unavailable', 'Try again.');
    expect(await reasonOf(() => check([commit()], { executions }))).toBe('api-unavailable');
  });

  it('that is not proven goes before one without a record', async () => {
    const edited = commit({ message: message(planId, `${runs}/901`) });
    const { claims } = claimsOf({ executions: [] });
    expect(await claims.check([commit(), edited])).toMatchObject({
      is: 'unproven',
      commit: edited,
    });
  });

  it('is looked up for so many commits and no more: whoever pushes writes as many as they like', async () => {
    const commits = Array.from({ length: 40 }, () => commit());
    const { asked, claims } = claimsOf();
    expect(await claims.check(commits)).toMatchObject({
      is: 'unproven',
      why: 'is one of more than 30 that do',
    });
    expect(asked).toHaveLength(30);
    expect(await check(commits.slice(0, 30))).toBeUndefined();
  });
});
