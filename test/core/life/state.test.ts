import { describe, expect, it } from 'vitest';
import { planState } from '../../../src/core/life/state.ts';
import { objectId } from '../../support/object-ids.ts';
import {
  approval,
  at,
  bob,
  carol,
  denial,
  exchanged,
  labelled,
  planNow,
  type Sample,
  unlabelled,
} from './samples.ts';

const set = labelled('LE_1', '09:00');
const setAgain = labelled('LE_3', '11:00');
const removed = unlabelled('UE_2', '10:00');
const approved = approval([set], '09:02');
const sameSecond = labelled('LE_9', '09:00', carol);
const drifted = { approval: approved.digest, drifted: true };
const verified = { approval: approved.digest, drifted: false };
const commit = objectId('c');
const lookAlike = { id: 'LA_other', name: 'approved-plan' };

type Row = readonly [what: string, sample: Sample, state: object];

const table: readonly Row[] = [
  ['a plan that nobody labelled', {}, { is: 'awaiting', ended: null }],
  ['a label that no record answers yet', { events: [set] }, { is: 'awaiting', ended: null }],
  [
    'an approval whose label is still set',
    { events: [set], records: { approvals: [approved] } },
    { is: 'approved', approval: approved },
  ],
  [
    'an approval that was verified',
    { events: [set], records: { approvals: [approved], verifications: [verified] } },
    { is: 'approved', approval: approved },
  ],

  // The label.
  [
    'a label that was removed',
    { events: [set, removed], carried: [], records: { approvals: [approved] } },
    { is: 'awaiting', ended: 'removed' },
  ],
  [
    'a label that was removed under another name',
    {
      events: [
        set,
        unlabelled('UE_2', '10:00', carol, { id: set.label?.id ?? '', name: 'lookalike' }),
      ],
      records: { approvals: [approved] },
    },
    { is: 'awaiting', ended: 'removed' },
  ],
  [
    'another label that was renamed to the same name',
    { events: [set, removed], carried: [lookAlike.id], records: { approvals: [approved] } },
    { is: 'awaiting', ended: 'removed' },
  ],
  [
    'a removal that GitHub lists before the label was set, with a later time',
    { events: [removed, set], records: { approvals: [approved] } },
    { is: 'awaiting', ended: 'removed' },
  ],
  [
    'a label that was deleted from the repository',
    { events: [set], carried: [], records: { approvals: [approved] } },
    { is: 'awaiting', ended: 'removed' },
  ],
  [
    'a label that was deleted, so that GitHub no longer says which one it was',
    {
      events: [{ ...set, label: null }, setAgain],
      records: { approvals: [approved] },
    },
    { is: 'awaiting', ended: 'removed' },
  ],
  [
    'a label that was set again after it was removed',
    { events: [set, removed, setAgain], records: { approvals: [approved] } },
    { is: 'awaiting', ended: 'removed' },
  ],
  [
    'a label that was set again and approved again',
    {
      events: [set, removed, setAgain],
      records: { approvals: [approved, approval([setAgain], '11:02')] },
    },
    { is: 'approved', approval: approval([setAgain], '11:02') },
  ],
  [
    'a force push after the label',
    { events: [set, exchanged('FE_2', '10:00')], records: { approvals: [approved] } },
    { is: 'awaiting', ended: 'exchanged' },
  ],
  [
    'an approval of an event that GitHub does not know',
    { events: [], records: { approvals: [approved] } },
    { is: 'awaiting', ended: 'unknown' },
  ],
  [
    'an approval that names another person than GitHub',
    { events: [labelled('LE_1', '09:00', carol)], records: { approvals: [approved] } },
    { is: 'awaiting', ended: 'unknown' },
  ],
  [
    'an approval that names another person for an earlier vote',
    {
      events: [labelled('LE_0', '08:00', carol), set],
      records: { approvals: [approval([labelled('LE_0', '08:00', bob), set], '09:02')] },
    },
    { is: 'awaiting', ended: 'unknown' },
  ],

  [
    'a request that was edited and put back after the label',
    { events: [set], records: { approvals: [approved] }, requestEditedAt: at('09:00') },
    { is: 'awaiting', ended: 'edited' },
  ],
  [
    'a request that was edited before the label',
    { events: [set], records: { approvals: [approved] }, requestEditedAt: at('08:59:59') },
    { is: 'approved', approval: approved },
  ],

  [
    'a change of the base after the label',
    {
      events: [set, { id: 'BE_2', kind: 'base-changed', actor: bob, at: at('10:00') }],
      records: { approvals: [approved] },
    },
    { is: 'awaiting', ended: 'exchanged' },
  ],
  [
    'a force push before the label',
    { events: [exchanged('FE_2', '08:00'), set], records: { approvals: [approved] } },
    { is: 'approved', approval: approved },
  ],
  [
    'the removal of a label that was deleted since: it may have been this one',
    { events: [set, { ...removed, label: null }], records: { approvals: [approved] } },
    { is: 'awaiting', ended: 'removed' },
  ],
  [
    'another label that was set, also if it was deleted since',
    {
      events: [
        set,
        labelled('LE_2', '10:00', carol, lookAlike),
        { ...labelled('LE_4', '10:30', carol, lookAlike), label: null },
        unlabelled('UE_5', '10:40', carol, lookAlike),
      ],
      records: { approvals: [approved] },
    },
    { is: 'approved', approval: approved },
  ],
  [
    'an approval that names a removal',
    { events: [removed], records: { approvals: [approval([removed], '10:02')] } },
    { is: 'awaiting', ended: 'unknown' },
  ],
  [
    'an approval by an account that is gone',
    { events: [{ ...set, actor: null }], records: { approvals: [approved] } },
    { is: 'awaiting', ended: 'unknown' },
  ],
  [
    'an approval that names no event',
    { events: [set], records: { approvals: [approval([], '09:02')] } },
    { is: 'awaiting', ended: null },
  ],
  [
    'a label that was removed, of a request that was edited as well',
    {
      events: [set, removed],
      records: { approvals: [approved] },
      requestEditedAt: at('09:30'),
    },
    { is: 'awaiting', ended: 'removed' },
  ],

  [
    'a request that was edited before the label, and after another event',
    {
      events: [labelled('LE_0', '08:00', carol, lookAlike), set],
      records: { approvals: [approved] },
      requestEditedAt: at('08:30'),
    },
    { is: 'approved', approval: approved },
  ],

  // Rulings.
  [
    'passing trouble with a later label: the newest answer is that of the earlier one',
    {
      events: [set, removed, setAgain],
      records: { approvals: [approved], denials: [denial([setAgain], false)] },
    },
    { is: 'awaiting', ended: 'removed' },
  ],
  [
    'two labels in one second, of which GitHub lists the denied one last',
    {
      events: [set, sameSecond],
      records: { approvals: [approved], denials: [denial([sameSecond])] },
    },
    { is: 'denied', reason: 'outside-plan' },
  ],
  [
    'two labels in one second, of which GitHub lists the denied one first',
    {
      events: [sameSecond, set],
      records: { approvals: [approved], denials: [denial([sameSecond])] },
    },
    { is: 'approved', approval: approved },
  ],
  ...[
    [approved, approval([sameSecond], '12:00')],
    [approval([sameSecond], '12:00'), approved],
  ].map(
    (approvals): Row => [
      'an event that GitHub no longer lists, which counts as the oldest',
      { events: [set], records: { approvals } },
      { is: 'approved', approval: approved },
    ],
  ),
  [
    'a drift that was recorded, whatever the label says',
    { events: [set], records: { approvals: [approved], verifications: [drifted] } },
    { is: 'drifted', by: 'verification' },
  ],
  [
    'a drift that a later verification does not see',
    { events: [set], records: { approvals: [approved], verifications: [drifted, verified] } },
    { is: 'drifted', by: 'verification' },
  ],
  [
    'a drift of an earlier approval, and a new approval',
    {
      events: [set, removed, setAgain],
      records: {
        approvals: [approved, approval([setAgain], '11:02')],
        verifications: [drifted],
      },
    },
    { is: 'approved', approval: approval([setAgain], '11:02') },
  ],
  [
    'a drift, and a new label that no record answers yet',
    {
      events: [set, removed, setAgain],
      records: { approvals: [approved], verifications: [drifted] },
    },
    { is: 'drifted', by: 'verification' },
  ],
  [
    'a denial',
    { events: [set], records: { denials: [denial([set])] } },
    { is: 'denied', reason: 'outside-plan' },
  ],
  [
    'a denial and an approval by the same label: what ended stays ended',
    { events: [set], records: { denials: [denial([set])], approvals: [approved] } },
    { is: 'denied', reason: 'outside-plan' },
  ],
  [
    'a passing trouble, which ends nothing',
    { events: [set], records: { denials: [denial([set], false)] } },
    { is: 'awaiting', ended: null },
  ],
  [
    'a passing trouble, then an approval by the same label',
    { events: [set], records: { denials: [denial([set], false)], approvals: [approved] } },
    { is: 'approved', approval: approved },
  ],
  [
    'a denial, then an approval by a later label',
    {
      events: [set, removed, setAgain],
      records: { denials: [denial([set])], approvals: [approval([setAgain], '11:02')] },
    },
    { is: 'approved', approval: approval([setAgain], '11:02') },
  ],
  [
    'an approval, then a denial by a later label',
    {
      events: [set, removed, setAgain],
      records: { approvals: [approved], denials: [denial([setAgain])] },
    },
    { is: 'denied', reason: 'outside-plan' },
  ],

  // Time.
  [
    'an approval in its last second',
    { events: [set], records: { approvals: [approved] }, now: new Date(at('19:59:59')) },
    { is: 'approved', approval: approved },
  ],
  [
    'an approval whose hours are over',
    { events: [set], records: { approvals: [approved] }, now: new Date(at('20:00:00')) },
    { is: 'expired', what: 'approval' },
  ],

  // What goes before any label.
  [
    'a head that moved',
    { events: [set], records: { approvals: [approved] }, outdated: 'head-moved' },
    { is: 'outdated', by: 'head-moved' },
  ],
  [
    'a base that changed a planned file, whatever was labelled',
    { events: [set], records: { approvals: [approved] }, baseTouched: true },
    { is: 'drifted', by: 'base' },
  ],
  [
    'a head that moved, and a base that changed a planned file',
    { baseTouched: true, outdated: 'head-moved' },
    { is: 'outdated', by: 'head-moved' },
  ],
  [
    'an execution, also after people push on',
    {
      events: [set],
      records: { approvals: [approved], executions: [{ commit, reached: true, stopped: false }] },
      outdated: 'head-moved',
    },
    { is: 'executed', commit },
  ],
  [
    'an execution that never reached the branch',
    {
      events: [set],
      records: { approvals: [approved], executions: [{ commit, reached: false, stopped: false }] },
    },
    { is: 'approved', approval: approved },
  ],
  [
    'an execution that was stopped, whose commit somebody pushed',
    {
      events: [set],
      records: { approvals: [approved], executions: [{ commit, reached: true, stopped: true }] },
      outdated: 'head-moved',
    },
    { is: 'outdated', by: 'head-moved' },
  ],
  [
    'a withdrawal, also of an executed plan',
    { records: { withdrawn: true, executions: [{ commit, reached: true, stopped: false }] } },
    { is: 'withdrawn' },
  ],
];

describe('the state of a plan', () => {
  it('is none without a plan', () => {
    expect(planState(null)).toEqual({ is: 'none' });
  });

  it.each(table)('after %s', (_, sample, state) => {
    expect(planState(planNow(sample))).toEqual(state);
  });
});
