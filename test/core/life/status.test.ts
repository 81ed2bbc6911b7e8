import { describe, expect, it } from 'vitest';
import type { PlanState } from '../../../src/core/life/state.ts';
import {
  maxDescription,
  mayBeOpen,
  saysDrifted,
  statusOfPlan,
  worstStatus,
} from '../../../src/core/life/status.ts';
import { objectId } from '../../support/object-ids.ts';
import { approval, labelled } from './samples.ts';

const planId = 'ab'.repeat(32);
const commit = objectId('c');
const approved = approval([labelled('LE_1', '09:00')], '09:02');

const table: readonly (readonly [PlanState, string, string])[] = [
  [{ is: 'none' }, 'success', 'No Codex plan.'],
  [{ is: 'awaiting', ended: null }, 'pending', 'Plan abababababab awaits approval.'],
  [
    { is: 'approved', approval: approved },
    'pending',
    'Plan abababababab is approved and not yet executed.',
  ],
  [
    { is: 'denied', reason: 'operation-mismatch' },
    'failure',
    'Plan abababababab was denied (operation-mismatch).',
  ],
  [{ is: 'drifted', by: 'base' }, 'failure', 'Plan abababababab no longer fits the repository.'],
  [
    { is: 'outdated', by: 'head-moved' },
    'success',
    'Plan abababababab is outdated (the head moved).',
  ],
  [
    { is: 'outdated', by: 'request-edited' },
    'success',
    'Plan abababababab is outdated (the request was edited).',
  ],
  [
    { is: 'expired', what: 'approval' },
    'success',
    'The approval of plan abababababab has expired.',
  ],
  [{ is: 'expired', what: 'plan' }, 'success', 'The evidence of plan abababababab has expired.'],
  [{ is: 'executed', commit }, 'success', 'Plan abababababab was executed in cccccccccccc.'],
  [{ is: 'withdrawn' }, 'success', 'Plan abababababab was withdrawn.'],
];

describe('the status', () => {
  it.each(table)('of %j', (state, expected, description) => {
    const status = statusOfPlan(state, state.is === 'none' ? null : planId, 'pending');
    expect(status).toEqual({ state: expected, description });
    expect(status.description.length).toBeLessThanOrEqual(maxDescription);
  });

  it.each(['awaiting', 'approved'] as const)(
    'lets a plan that is %s pass if the policy says so',
    (is) => {
      const state: PlanState = is === 'awaiting' ? { is, ended: null } : { is, approval: approved };
      expect(statusOfPlan(state, planId, 'success').state).toBe('success');
    },
  );

  it('of several pull requests is the worst', () => {
    const one = (state: 'error' | 'failure' | 'pending' | 'success', description = '') => ({
      state,
      description,
    });
    expect(worstStatus(one('success'), one('pending'))).toEqual(one('pending'));
    expect(worstStatus(one('failure'), one('pending'))).toEqual(one('failure'));
    expect(worstStatus(one('failure'), one('error'), one('success'))).toEqual(one('error'));
    expect(worstStatus(one('pending', 'first'), one('pending', 'second'))).toEqual(
      one('pending', 'first'),
    );
  });
});

describe('what a status tells of its plan', () => {
  const open = new Set(['awaiting', 'approved']);

  it.each(['pending', 'success'] as const)('is whether it may be open (status.open: %s)', (way) => {
    for (const [state] of table) {
      const status = statusOfPlan(state, planId, way);
      expect(mayBeOpen(status), status.description).toBe(open.has(state.is));
      expect(saysDrifted(status), status.description).toBe(state.is === 'drifted');
    }
  });

  it('is unknown without a status, and beside what is worse', () => {
    expect(mayBeOpen(null)).toBe(true);
    const failure = (description: string) => mayBeOpen({ state: 'failure', description });
    expect(failure('#3: Plan abababababab was denied (path-protected).')).toBe(true);
    expect(failure('Commit abc claims an approval but lies (commit-unproven).')).toBe(true);
  });

  it('of a plan whose evidence is gone names no id', () => {
    const state = { is: 'expired', what: 'plan' } as const;
    expect(statusOfPlan(state, null, 'pending').description).toBe(
      'The evidence of the plan has expired.',
    );
  });
});
