import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkCurrent,
  checkLabelShown,
  checkSetBy,
  checkTimeToRead,
  hadTimeToRead,
  type LabelEvent,
  lastLabelling,
  latestVotes,
} from '../../../src/core/life/labelling.ts';
import { runs } from '../../support/properties.ts';
import { reasonOf } from '../../support/reason.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
const actor = (id: number) => ({ id, login: `user${id}`, type: 'User' });
let nextId = 1;
const event = (set: boolean, by: number | null, second = 0): LabelEvent => ({
  id: nextId++,
  set,
  actor: by === null ? null : actor(by),
  at: at(second),
  viaApp: false,
  current: true,
});
const comment = (created: number, updated = created) => ({
  createdAt: at(created),
  updatedAt: at(updated),
});

describe('the last labelling', () => {
  it('is the last event, where that set the label', () => {
    const last = event(true, 2);
    expect(lastLabelling([event(true, 1), event(false, 1), last])).toEqual(last);
  });

  it.each([
    ['nobody ever set the label', [], 'Nobody set the label.'],
    ['it was taken off again', [event(true, 1), event(false, 2)], 'The label was taken off again.'],
    ['the account is gone', [event(true, null)], 'The account that set the label is gone.'],
  ])('is missing where %s', (_, history, why) => {
    expect(() => lastLabelling(history)).toThrowError(
      expect.objectContaining({ reason: 'label-missing', message: why }),
    );
  });
});

describe('a label', () => {
  it.each([
    ['set after the time to read', 20, comment(10), 'ok'],
    ['set at the end of the time to read', 20, comment(10, 10), 'ok'],
    ['set one second before that', 19, comment(10), 'plan-too-fresh'],
    ['set in the second of the publication', 10, comment(10), 'plan-too-fresh'],
    ['set before the publication', 9, comment(10), 'approval-precedes-plan'],
    ['set soon after an update', 29, comment(10, 20), 'plan-too-fresh'],
    ['set before an update', 15, comment(10, 20), 'plan-too-fresh'],
    ['set long after an update', 30, comment(10, 20), 'ok'],
  ])('%s', async (_, second, shown, reason) => {
    expect(await reasonOf(() => checkTimeToRead(event(true, 1, second), shown, 10))).toBe(reason);
  });

  it('says when it was set and when the plan was published', () => {
    expect(() => checkTimeToRead(event(true, 1, 0), comment(10), 10)).toThrow(
      `The label was set at ${at(0)}, before the plan was published at ${at(10)}.`,
    );
    expect(() => checkTimeToRead(event(true, 1, 12), comment(10), 10)).toThrow(
      `The label was set at ${at(12)}, within 10 seconds (approvers.review-seconds) of ${at(10)}.`,
    );
  });

  it('is read first where the seconds have passed', () => {
    const second = fc.integer({ min: 0, max: 50 });
    fc.assert(
      fc.property(second, second, fc.integer({ min: 0, max: 20 }), (set, shown, wait) => {
        expect(hadTimeToRead(event(true, 1, set), at(shown), wait)).toBe(set - shown >= wait);
      }),
      { numRuns: runs(500) },
    );
  });
});

describe('the votes', () => {
  const self = 99;
  const all = () => true;
  const voters = (history: readonly LabelEvent[], readable = all as (one: LabelEvent) => boolean) =>
    latestVotes(history, self, readable).map(({ actor }) => actor.id);

  it('are one for each person, the latest', () => {
    const again = event(true, 1, 5);
    expect(voters([event(true, 1), event(true, 2), again])).toEqual([2, 1]);
    expect(latestVotes([event(true, 1), again], self, all)).toEqual([again]);
  });

  it('stand where the action took the label off between them', () => {
    expect(voters([event(true, 1), event(false, self), event(true, 2)])).toEqual([1, 2]);
  });

  it('fall, all of them, where a person took the label off', () => {
    expect(voters([event(true, 1), event(true, 2), event(false, 3)])).toEqual([]);
    expect(voters([event(true, 1), event(false, 1), event(true, 2)])).toEqual([2]);
    expect(voters([event(true, 1), event(false, null), event(true, 2)])).toEqual([2]);
  });

  it('count where they came late enough, and an early one takes back the same person’s', () => {
    const early = event(true, 1, 1);
    const readable = ({ id }: LabelEvent) => id !== early.id;
    expect(voters([early, event(true, 2)], readable)).toEqual([2]);
    expect(voters([event(true, 1), early], readable)).toEqual([]);
  });

  it('are of nobody where the account is gone', () => {
    expect(voters([event(true, null), event(true, 1)])).toEqual([1]);
  });

  it('are of those who set the label since the last time that a person took it off', () => {
    const one = fc.record({ set: fc.boolean(), by: fc.constantFrom(1, 2, 3, self, null) });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 10 }), (list) => {
        const history = list.map(({ set, by }) => event(set, by));
        const cut = history.findLastIndex(({ set, actor }) => !set && actor?.id !== self);
        const expected = history
          .slice(cut + 1)
          .flatMap(({ set, actor }) => (set && actor !== null ? [actor.id] : []));
        expect(new Set(voters(history))).toEqual(new Set(expected));
        expect(new Set(voters(history)).size).toBe(voters(history).length);
      }),
      { numRuns: runs(2000) },
    );
  });
});

describe('a label that the page must show', () => {
  it.each([
    ['is there, whatever its capitals', ['bug', 'Approved-Plan'], 'ok'],
    ['is another one by now', ['approved-plan2'], 'label-missing'],
    ['is gone', [], 'label-missing'],
  ])('%s', async (_, labels, reason) => {
    const check = () => checkLabelShown(labels, 'approved-plan');
    expect(await reasonOf(check)).toBe(reason);
    if (reason !== 'ok') expect(check).toThrow('The label is no longer on the pull request.');
  });

  it('was set on the head and the base of today', () => {
    const labelling = event(true, 1);
    expect(() => checkCurrent(labelling)).not.toThrow();
    expect(() => checkCurrent({ ...labelling, current: false })).toThrowError(
      expect.objectContaining({
        reason: 'head-moved',
        message: 'The branch or its base was exchanged after the label was set.',
      }),
    );
  });
});

describe('the label of this run', () => {
  const setter = { id: 1, login: 'user1' };
  const mine = event(true, 1);

  it('is of whoever set it by the event of the run', () => {
    const labelling = lastLabelling([mine]);
    expect(() => checkSetBy(labelling, setter)).not.toThrow();
    expect(() => checkSetBy(labelling, undefined)).not.toThrow();
    expect(() => checkSetBy(labelling, { id: 2, login: 'user2' })).toThrowError(
      expect.objectContaining({
        reason: 'label-missing',
        message: 'user1 has set the label since.',
      }),
    );
  });
});
