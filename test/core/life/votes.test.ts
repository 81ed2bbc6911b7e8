import { describe, expect, it } from 'vitest';
import { validVotes } from '../../../src/core/life/votes.ts';
import {
  approval,
  approvedPlan,
  at,
  bob,
  bot,
  carol,
  denial,
  exchanged,
  labelled,
  nothingRecorded,
  unlabelled,
} from './samples.ts';

const rules = {
  label: approvedPlan.id,
  self: bot.id,
  hours: 24,
  now: new Date(at('12:00')),
  hadTimeToRead: (_: { readonly id: string }) => true,
};
const byBob = labelled('LE_1', '09:00', bob);
const byBot = unlabelled('UE_2', '09:01', bot);
const byCarol = labelled('LE_3', '10:00', carol);
const ids = (votes: readonly { readonly id: string }[]) => votes.map(({ id }) => id);
const votes = (
  events: Parameters<typeof validVotes>[0]['events'],
  records: Partial<typeof nothingRecorded> = {},
  changed: Partial<typeof rules> = {},
) => ids(validVotes({ events }, { ...nothingRecorded, ...records }, { ...rules, ...changed }));

describe('a vote', () => {
  it('is what each person said last', () => {
    const again = labelled('LE_4', '10:30', bob);
    expect(votes([byBob, byBot, byCarol])).toEqual(['LE_1', 'LE_3']);
    expect(votes([byBob, byBot, byCarol, again])).toEqual(['LE_3', 'LE_4']);
  });

  it('is withdrawn when a person removes the label', () => {
    const byPerson = unlabelled('UE_2', '09:30', carol);
    expect(votes([byBob, byPerson, byCarol])).toEqual(['LE_3']);
    expect(votes([byBob, { ...byPerson, actor: null }, byCarol])).toEqual(['LE_3']);
  });

  it('is about the label by its id', () => {
    const other = { id: 'LA_other', name: approvedPlan.name };
    expect(votes([labelled('LE_1', '09:00', bob, other), byCarol])).toEqual(['LE_3']);
    const renamed = { id: approvedPlan.id, name: 'look-alike' };
    expect(votes([byBob, unlabelled('UE_2', '09:30', carol, renamed), byCarol])).toEqual(['LE_3']);
  });

  it('ends when commits are exchanged', () => {
    expect(votes([byBob, exchanged('FE_2', '09:30'), byCarol])).toEqual(['LE_3']);
  });

  it('lasts the hours of the policy', () => {
    const now = new Date(at('10:00'));
    expect(votes([byBob, byBot, byCarol], {}, { hours: 1, now })).toEqual(['LE_3']);
    expect(votes([byBob, byBot, byCarol], {}, { hours: 1, now: new Date(at('09:59:59')) })).toEqual(
      ['LE_1', 'LE_3'],
    );
  });

  it('counts for one approval', () => {
    const renewal = labelled('LE_5', '11:00', carol);
    const earlier = approval([byBob, byCarol], '10:02');
    expect(votes([byBob, byBot, byCarol, renewal], { approvals: [earlier] })).toEqual(['LE_5']);
  });

  it('counts for one denial', () => {
    const renewal = labelled('LE_5', '11:00', carol);
    expect(votes([byBob, byCarol, renewal], { denials: [denial([byBob, byCarol])] })).toEqual([
      'LE_5',
    ]);
  });

  it('is not used up by a passing trouble', () => {
    expect(votes([byBob, byCarol], { denials: [denial([byBob, byCarol], false)] })).toEqual([
      'LE_1',
      'LE_3',
    ]);
  });

  it('is later than every earlier approval, to the second', () => {
    const during = labelled('LE_2', '10:02', bob);
    const approvals = [approval([byCarol], '10:02')];
    expect(votes([during], { approvals })).toEqual([]);
    expect(votes([labelled('LE_2', '10:02:01', bob)], { approvals })).toEqual(['LE_2']);
  });

  it('comes after the person had the time to read', () => {
    const hadTimeToRead = ({ id }: { readonly id: string }) => id !== 'LE_1';
    expect(votes([byBob, byBot, byCarol], {}, { hadTimeToRead })).toEqual(['LE_3']);
  });

  it('of a deleted account or a deleted label is none', () => {
    expect(votes([{ ...byBob, actor: null }, byCarol])).toEqual(['LE_3']);
    expect(votes([{ ...byBob, label: null }, byCarol])).toEqual(['LE_3']);
  });
});
