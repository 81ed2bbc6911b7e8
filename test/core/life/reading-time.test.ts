import { describe, expect, it } from 'vitest';
import {
  checkTimeToRead,
  hadTimeToRead,
  type ReadingTimes,
} from '../../../src/core/life/reading-time.ts';
import { Stopped } from '../../../src/decision.ts';
import { at } from './samples.ts';

const times: ReadingTimes = {
  publishedAt: at('09:00'),
  shownSince: at('09:00'),
  requestEditedAt: undefined,
  seconds: 10,
};

function reasonAt(time: string, change: Partial<ReadingTimes> = {}): string {
  try {
    checkTimeToRead(at(time), { ...times, ...change });
    return 'ok';
  } catch (error) {
    if (error instanceof Stopped) return error.reason;
    throw error;
  }
}

type Row = readonly [what: string, time: string, change: Partial<ReadingTimes>, reason: string];

const edited = { requestEditedAt: at('10:00') };
const table: readonly Row[] = [
  ['before the plan', '08:59:59', {}, 'approval-precedes-plan'],
  ['with the plan', '09:00:00', {}, 'plan-too-fresh'],
  ['before anybody could read the plan', '09:00:09', {}, 'plan-too-fresh'],
  ['once there was the time to read', '09:00:10', {}, 'ok'],
  ['with the plan, if no time is asked for', '09:00:00', { seconds: 0 }, 'ok'],
  [
    'right after an edit of the plan comment',
    '09:30:09',
    { shownSince: at('09:30') },
    'plan-too-fresh',
  ],
  ['some time after an edit of the plan comment', '09:30:10', { shownSince: at('09:30') }, 'ok'],
  ['before an edit of the request', '09:59:59', edited, 'plan-altered'],
  ['in the second of an edit of the request', '10:00:00', edited, 'plan-altered'],
  [
    'in that second, if no time is asked for',
    '10:00:00',
    { ...edited, seconds: 0 },
    'plan-altered',
  ],
  ['a second later, if no time is asked for', '10:00:01', { ...edited, seconds: 0 }, 'ok'],
  ['before anybody could read the request again', '10:00:09', edited, 'plan-too-fresh'],
  ['once there was the time to read it again', '10:00:10', edited, 'ok'],
  [
    'long after an edit that was before the plan',
    '09:00:10',
    { requestEditedAt: at('08:00') },
    'ok',
  ],
];

describe('a label that is set', () => {
  it.each(table)('%s', (_, time, change, reason) => {
    expect(reasonAt(time, change)).toBe(reason);
  });

  it.each(table)(
    '%s, counts as a vote exactly if it is no reason to stop',
    (_, time, change, reason) => {
      expect(hadTimeToRead(at(time), { ...times, ...change })).toBe(reason === 'ok');
    },
  );

  it('is told which time counts', () => {
    const check = (time: string, change: Partial<ReadingTimes>) => () =>
      checkTimeToRead(at(time), { ...times, ...change });
    expect(check('08:00', {})).toThrow(
      `The label was set at ${at('08:00')}, before the plan was published at ${at('09:00')}.`,
    );
    expect(check('09:00:05', {})).toThrow(
      `The label was set at ${at('09:00:05')}, and the plan comment last changed at ${at('09:00')}: the policy gives people 10 seconds to read it (approvers.review-seconds).`,
    );
    expect(check('10:00:05', edited)).toThrow(
      `The label was set at ${at('10:00:05')}, and the request was edited at ${at('10:00')}: the policy gives people 10 seconds to read it (approvers.review-seconds).`,
    );
    expect(check('09:30', edited)).toThrow('The request was edited after the label was set.');
  });
});
