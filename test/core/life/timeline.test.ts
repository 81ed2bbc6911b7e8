import { describe, expect, it } from 'vitest';
import { canBeApproved, type PlanState, rulingOn } from '../../../src/core/life/state.ts';
import { labellingEnd, surelyLater, type TimelineEvent } from '../../../src/core/life/timeline.ts';
import { objectId } from '../../support/object-ids.ts';
import {
  approval,
  approvedPlan,
  at,
  bob,
  carol,
  denial,
  labelled,
  nothingRecorded,
  unlabelled,
} from './samples.ts';

const set = labelled('LE_1', '09:00');
const end = (events: readonly TimelineEvent[], id: string) =>
  labellingEnd({ events, carried: new Set([approvedPlan.id]) }, id);

describe('the end of a labelling', () => {
  it('is none as long as the label is set', () => {
    expect(end([set], 'LE_1')).toBeNull();
  });

  it.each<[string, TimelineEvent[]]>([
    ['GitHub does not have', []],
    ['removed the label', [unlabelled('LE_1', '09:00')]],
    ['is of an account that is gone', [{ ...set, actor: null }]],
  ])('is unknown for an event that %s', (_, events) => {
    expect(end(events, 'LE_1')).toBe('unknown');
  });
});

describe('a labelling that is surely later than the event of a run', () => {
  const laterIn = (...events: TimelineEvent[]) =>
    surelyLater(events, { by: bob.id, at: at('09:00') }).map(({ id }) => id);
  const later = (...events: TimelineEvent[]) => laterIn(set, ...events);

  it('is one by somebody else at any later second', () => {
    expect(later(labelled('LE_2', '09:00:01', carol))).toEqual(['LE_2']);
    expect(later(labelled('LE_2', '09:00:00', carol))).toEqual([]);
    expect(later(labelled('LE_2', '08:59:59', carol))).toEqual([]);
  });

  it('is one by the same person only after a minute: until then it can be that event itself', () => {
    expect(later(labelled('LE_2', '09:01:01'))).toEqual(['LE_2']);
    expect(later(labelled('LE_2', '09:01:00'))).toEqual([]);
  });

  it('is no removal, and no event without a label or an account', () => {
    const event = labelled('LE_2', '10:00', carol);
    expect(
      later(unlabelled('UE_2', '10:00'), { ...event, label: null }, { ...event, actor: null }),
    ).toEqual([]);
  });

  it('is none if the log has no event that can be the one of the run: then the times cannot be compared', () => {
    const others = labelled('LE_2', '10:00', carol);
    for (const time of ['08:59', '09:01']) {
      expect(laterIn(labelled('LE_1', time), others)).toEqual(['LE_2']);
    }
    for (const time of ['08:58:59', '09:01:01']) {
      expect(laterIn(labelled('LE_1', time), others)).toEqual([]);
    }
    expect(laterIn(labelled('LE_1', '09:00', carol), others)).toEqual([]);
  });
});

describe('what the records say of a labelling', () => {
  const approved = approval([set], '09:02');

  it('is the approval or the denial that counted it last, or nothing', () => {
    const records = { ...nothingRecorded, approvals: [approval([], '08:00'), approved] };
    expect(rulingOn(records, 'LE_1')).toEqual({ is: 'approved', approval: approved });
    expect(rulingOn(records, 'LE_2')).toBeNull();
    const denied = { ...records, denials: [denial([]), denial([set])] };
    expect(rulingOn(denied, 'LE_1')).toEqual({ is: 'denied', denial: denial([set]) });
  });
});

it.each<[PlanState, boolean]>([
  [{ is: 'none' }, false],
  [{ is: 'withdrawn' }, false],
  [{ is: 'executed', commit: objectId('c') }, false],
  [{ is: 'outdated', by: 'head-moved' }, false],
  [{ is: 'drifted', by: 'base' }, false],
  [{ is: 'drifted', by: 'verification' }, true],
  [{ is: 'expired', what: 'plan' }, false],
  [{ is: 'expired', what: 'approval' }, true],
  [{ is: 'denied', reason: 'outside-plan' }, true],
  [{ is: 'awaiting', ended: null }, true],
  [{ is: 'approved', approval: approval([set], '09:02') }, true],
])('a label can approve a plan with the state %j: %s', (state, can) => {
  expect(canBeApproved(state)).toBe(can);
});
