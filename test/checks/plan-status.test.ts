import { describe, expect, it } from 'vitest';
import type { ClaimFinding } from '../../src/checks/claims.ts';
import { numbered, PlanStatus, type StatedPull } from '../../src/checks/plan-status.ts';
import type { PlanState } from '../../src/core/life/state.ts';
import { defaultPolicy } from '../../src/core/policy/policy.ts';
import { Stopped } from '../../src/decision.ts';
import type { HeadFacts, PullCommit } from '../../src/ports/pull-requests.ts';
import type { CommitStatus, Statuses } from '../../src/ports/statuses.ts';
import { approval, labelled } from '../core/life/samples.ts';
import { objectId } from '../support/object-ids.ts';
import { reasonOf } from '../support/reason.ts';
import { buildTools, ids } from '../support/tools.ts';

const planId = 'ab'.repeat(32);
const head = objectId('a');
const context = 'codex-plan';
const awaiting: PlanState = { is: 'awaiting', ended: null };
const pull = (state: PlanState, change: Partial<StatedPull> = {}): StatedPull => ({
  number: 12,
  head,
  headRepository: ids.repository,
  state,
  planId: state.is === 'none' ? null : planId,
  ...change,
});
const shown = (state: CommitStatus['state'], description: string): CommitStatus => ({
  context,
  state,
  description,
  url: null,
});
const claiming: PullCommit = {
  sha: objectId('c'),
  tree: objectId('d'),
  message: '',
  signedAt: null,
};

interface Given {
  readonly facts?: Partial<HeadFacts>;
  readonly finding?: ClaimFinding;
  readonly others?: Readonly<Record<number, StatedPull>>;
  readonly open?: 'pending' | 'success';
  readonly refuse?: Error;
}

function build({ facts, finding, others = {}, open = 'pending', refuse }: Given = {}) {
  const { policy, run } = buildTools();
  const set: Record<string, unknown>[] = [];
  const [progress, warnings, looked]: [string[], string[], number[]] = [[], [], []];
  const statuses: Pick<Statuses, 'set'> = {
    set: async (commit, { state, description, ...rest }) => {
      if (refuse !== undefined) throw refuse;
      expect(rest).toEqual({ context, url: 'https://github.com/octo/demo/actions/runs/900' });
      set.push({ commit, state, description });
    },
  };
  const status = new PlanStatus(
    { read: async () => undefined, ...statuses },
    {
      readHead: async () => ({
        commits: [claiming],
        siblings: [],
        sharedElsewhere: false,
        head,
        status: null,
        ...facts,
      }),
    },
    {
      check: async (commits) => (commits.length > 0 ? finding : undefined),
    },
    { ...policy, read: async () => ({ ...defaultPolicy, status: { open } }) },
    run,
    { progress: (line) => void progress.push(line), warn: (line) => void warnings.push(line) },
    'codex',
  );
  const readOther = async (number: number) => {
    looked.push(number);
    return others[number] ?? pull({ is: 'none' }, { number });
  };
  return {
    set,
    progress,
    warnings,
    looked,
    update: async (one: StatedPull) => (await status.update(one, readOther)).written,
    reasons: async (one: StatedPull) => [
      (await status.update(one, readOther)).reason,
      (await status.find(one, readOther)).reason,
    ],
    tell: (one: StatedPull) => status.tell(one, readOther),
    status,
  };
}

describe('the status', () => {
  it('is named after the prefix of the artifacts', () => {
    expect(build().status.context).toBe(context);
  });

  it('is set on the head', async () => {
    const { set, update } = build();
    expect(await update(pull(awaiting))).toBe(true);
    expect(set).toEqual([
      { commit: head, state: 'pending', description: 'Plan abababababab awaits approval.' },
    ]);
  });

  it('is not set again if it is the same', async () => {
    const status = shown('pending', 'Plan abababababab awaits approval.');
    const { set, update } = build({ facts: { status } });
    expect(await update(pull(awaiting))).toBe(false);
    expect(set).toEqual([]);
  });

  it('is set again if only its state or only its sentence is the same', async () => {
    for (const status of [
      shown('success', 'Plan abababababab awaits approval.'),
      shown('pending', 'Plan cdcdcdcdcdcd awaits approval.'),
    ]) {
      const { set, update } = build({ facts: { status } });
      expect(await update(pull(awaiting))).toBe(true);
      expect(set).toHaveLength(1);
    }
  });

  it('is set if what GitHub tells is of another head, whoever shares that one', async () => {
    const status = shown('pending', 'Plan abababababab awaits approval.');
    const facts = { status, head: objectId('e'), siblings: [3], sharedElsewhere: true };
    const { set, update, looked } = build({ facts });
    await update(pull(awaiting));
    expect(set).toHaveLength(1);
    expect(looked).toEqual([]);
    const { set: without, update: again } = build({
      facts: { ...facts, status: shown('success', 'No Codex plan.') },
    });
    await again(pull({ is: 'none' }));
    expect(without).toHaveLength(1);
  });

  it('lets open plans pass if the policy says so', async () => {
    const { set, update } = build({ open: 'success' });
    await update(pull(awaiting));
    expect(set).toMatchObject([{ state: 'success', description: expect.stringMatching(/awaits/) }]);
  });
});

describe('the status of a plan that could be forged', () => {
  const moved = pull({ is: 'outdated', by: 'head-moved' }, { untrusted: true });
  const real = pull({ is: 'denied', reason: 'path-protected' });
  const green = 'Plan abababababab is outdated (the head moved).';

  it('is set on a head that has none', async () => {
    const { set, update, looked } = build();
    expect(await update(moved)).toBe(true);
    expect(set).toMatchObject([{ state: 'success', description: green }]);
    expect(looked).toEqual([]);
  });

  it('stays if it is the same', async () => {
    const { set, update, looked } = build({ facts: { status: shown('success', green) } });
    expect(await update(moved)).toBe(false);
    expect([set, looked]).toEqual([[], []]);
  });

  it.each([
    { status: shown('failure', 'Plan abababababab was denied (path-protected).') },
    { status: shown('pending', 'Plan abababababab awaits approval.') },
    { status: null, head: objectId('e') },
  ])('is that of the real plan if there may be one: %j', async (facts) => {
    const { set, update, looked } = build({ facts, others: { 12: real } });
    await update(moved);
    expect(set.filter(({ state }) => state !== 'failure')).toEqual([]);
    expect(looked).toEqual([12]);
  });
});

describe('the status of commits', () => {
  const unproven = { is: 'unproven', commit: claiming, why: 'was rebased' } as const;
  const expired = { is: 'expired', commit: claiming } as const;

  it.each([
    ['ok', {}],
    ['ok', { finding: expired }],
    ['commit-unproven', { finding: unproven }],
  ] as const)('has the reason %s, whether it is set or not', async (reason, given) => {
    const { reasons, set } = build(given);
    expect(await reasons(pull(awaiting))).toEqual([reason, reason]);
    const status = shown(set[0]?.state as CommitStatus['state'], String(set[0]?.description));
    const again = build({ ...given, facts: { status } });
    expect(await again.reasons(pull(awaiting))).toEqual([reason, reason]);
    expect(again.set).toEqual([]);
  });

  it.each<PlanState>([{ is: 'none' }, awaiting, { is: 'withdrawn' }])(
    'fails for a claim without proof, whatever else is so: %j',
    async (state) => {
      const { set, update } = build({ finding: unproven });
      await update(pull(state));
      expect(set).toMatchObject([
        {
          state: 'failure',
          description: 'Commit cccccccccccc claims an approval but was rebased (commit-unproven).',
        },
      ]);
    },
  );

  it.each([
    [
      expired,
      'Commit cccccccccccc names a trusted run whose record has expired: no longer stored.',
    ],
    [
      { is: 'missing', commit: claiming },
      'Commit cccccccccccc names a trusted run without a record of it: no longer stored, or never made.',
    ],
  ] as const)(
    'says why there is no evidence, if nothing else is to be said',
    async (finding, description) => {
      const { set, update } = build({ finding });
      await update(pull({ is: 'none' }));
      expect(set).toMatchObject([{ state: 'success', description }]);
    },
  );

  it('has the reason ok if only a record is gone', async () => {
    const { reasons } = build({ finding: expired });
    expect(await reasons(pull({ is: 'none' }))).toEqual(['ok', 'ok']);
  });

  it.each(['pending', 'success'] as const)(
    'says what an open plan is all the same (status.open: %s)',
    async (open) => {
      const unapproved = build({ finding: expired, open });
      await unapproved.update(pull(awaiting));
      expect(unapproved.set).toMatchObject([
        { state: open, description: expect.stringMatching(/awaits approval/) },
      ]);
      const { set, update } = build({ finding: expired, open });
      await update(
        pull({ is: 'approved', approval: approval([labelled('LE_1', '09:00')], '09:02') }),
      );
      expect(set).toMatchObject([
        { state: open, description: expect.stringMatching(/is approved/) },
      ]);
    },
  );

  it.each<PlanState>([
    { is: 'denied', reason: 'path-protected' },
    { is: 'drifted', by: 'base' },
  ])('says that a plan failed rather than that a record is gone: %j', async (state) => {
    const { set, update } = build({ finding: expired });
    await update(pull(state));
    expect(set).toMatchObject([{ state: 'failure', description: expect.stringMatching(/^Plan /) }]);
  });

  it('fails by the commits of the pull request itself, and by no others', async () => {
    const { set, update } = build({ finding: unproven, facts: { commits: [], siblings: [3] } });
    await update(pull(awaiting));
    expect(set).toMatchObject([{ state: 'pending' }]);
  });

  it('fails also if another pull request without a plan has the head', async () => {
    const facts = { sharedElsewhere: true, status: shown('success', 'Plan of the other one.') };
    const { set, update } = build({ finding: unproven, facts });
    expect(await update(pull({ is: 'none' }))).toBe(true);
    expect(set).toMatchObject([{ state: 'failure' }]);
  });

  it('is not asked for in forks', async () => {
    const { set, update } = build({ finding: unproven });
    await update(pull({ is: 'none' }, { headRepository: 99 }));
    expect(set).toMatchObject([{ state: 'success' }]);
  });

  it('is asked for in forks that have the head of a branch of this repository', async () => {
    const { set, update } = build({ finding: unproven, facts: { siblings: [3] } });
    await update(pull({ is: 'none' }, { headRepository: 99 }));
    expect(set).toMatchObject([{ state: 'failure' }]);
  });
});

describe('pull requests that share the head', () => {
  const denied = pull({ is: 'denied', reason: 'path-protected' }, { number: 3 });

  it('show the worst of them, with its number', async () => {
    const { set, update } = build({ facts: { siblings: [3] }, others: { 3: denied } });
    await update(pull(awaiting));
    expect(set).toMatchObject([
      { state: 'failure', description: '#3: Plan abababababab was denied (path-protected).' },
    ]);
  });

  it('show the worst of any number of them, in at most the characters that GitHub takes', async () => {
    const worst = pull({ is: 'drifted', by: 'base' }, { number: 4 });
    const others = { 3: pull(awaiting, { number: 3 }), 4: worst };
    const { set, update } = build({ facts: { siblings: [3, 4] }, others });
    await update(pull({ is: 'none' }));
    expect(set).toMatchObject([
      { state: 'failure', description: '#4: Plan abababababab no longer fits the repository.' },
    ]);
    const long = numbered(12, { state: 'failure', description: 'x'.repeat(140) });
    expect(long).toEqual({ state: 'failure', description: `#12: ${'x'.repeat(135)}` });
  });

  it('show their own state if it is the worst', async () => {
    const { set, update } = build({ facts: { siblings: [3] } });
    await update(pull(awaiting));
    expect(set).toMatchObject([{ description: 'Plan abababababab awaits approval.' }]);
  });

  it.each(['failure', 'pending', 'success'] as const)(
    'of forks or into another base do not take back a %s, if they have no plan',
    async (state) => {
      const facts = { sharedElsewhere: true, status: shown(state, 'Plan of the other one.') };
      const { set, update } = build({ facts });
      expect(await update(pull({ is: 'none' }))).toBe(false);
      expect(set).toEqual([]);
    },
  );

  it('of forks or into another base do not keep a plan from being told', async () => {
    const facts = { sharedElsewhere: true, status: shown('success', 'No Codex plan.') };
    const { set, update } = build({ facts });
    await update(pull(awaiting));
    expect(set).toMatchObject([{ state: 'pending' }]);
  });

  it('of forks or into another base do not keep the end of a plan from being told', async () => {
    const facts = { sharedElsewhere: true, status: shown('success', 'No Codex plan.') };
    const { set, update } = build({ facts });
    await update(pull({ is: 'withdrawn' }));
    expect(set).toMatchObject([{ description: 'Plan abababababab was withdrawn.' }]);
  });

  it('that share it with nobody replace what an earlier plan left', async () => {
    const facts = { status: shown('success', 'Plan abababababab was withdrawn.') };
    const { set, update } = build({ facts });
    await update(pull({ is: 'none' }));
    expect(set).toMatchObject([{ description: 'No Codex plan.' }]);
  });

  it('get their first status without a plan', async () => {
    const { set, update } = build({ facts: { sharedElsewhere: true } });
    await update(pull({ is: 'none' }));
    expect(set).toMatchObject([{ state: 'success' }]);
  });
});

describe('a mode that only tells the status', () => {
  it('has one line in its log if the job lacks the permission', async () => {
    const refuse = new Stopped('permission-missing', 'It needs statuses: write.');
    const { progress, tell, warnings } = build({ refuse });
    await tell(pull(awaiting));
    expect(progress).toEqual(['The status codex-plan is not set: It needs statuses: write.']);
    expect(warnings).toEqual([]);
  });

  it('warns about trouble', async () => {
    const { progress, tell, warnings } = build({ refuse: new Stopped('api-unavailable', 'Ow.') });
    await tell(pull(awaiting));
    expect(progress).toEqual([]);
    expect(warnings).toEqual(['The status codex-plan could not be set. Ow.']);
  });

  it('ends with an error that nobody foresaw', async () => {
    const refuse = new TypeError('x');
    const { tell, warnings } = build({ refuse });
    await expect(tell(pull(awaiting))).rejects.toBe(refuse);
    expect(warnings).toEqual([]);
  });

  it('is another thing than refresh, which needs it', async () => {
    const { update } = build({ refuse: new Stopped('permission-missing', 'It needs it.') });
    expect(await reasonOf(() => update(pull(awaiting)))).toBe('permission-missing');
  });
});
