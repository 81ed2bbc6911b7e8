/** When a request is made again, and after how long. */
import { describe, expect, it } from 'vitest';
import { Patience, usualTiming } from '../../src/github/patience.ts';
import type { Failure } from '../../src/github/refusals.ts';

const now = new Date('2026-03-02T09:00:00Z');
const at = (time: string) => Date.parse(time) / 1000;
const failure = (status: number | undefined, headers: Record<string, string> = {}): Failure => ({
  ...(status === undefined ? {} : { status }),
  words: '',
  headers,
  cause: undefined,
});
const patience = () => new Patience(usualTiming);

describe('a rate limit', () => {
  it.each([
    ['for as long as GitHub says', { 'retry-after': '60' }, 60_000],
    ['until GitHub says', { 'retry-after': 'Mon, 02 Mar 2026 09:01:30 GMT' }, 90_000],
    ['for a minute, if GitHub says nothing', {}, 60_000],
    ['for a minute, if what GitHub says cannot be read', { 'retry-after': 'soon' }, 60_000],
    [
      'until the hour ends',
      {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(at('2026-03-02T09:05:00Z')),
      },
      301_000,
    ],
    [
      'not until the hour ends, if some of it is left',
      {
        'x-ratelimit-remaining': '7',
        'x-ratelimit-reset': String(at('2026-03-02T09:05:00Z')),
      },
      60_000,
    ],
  ])('is waited for %s', (_, headers, pause) => {
    expect(patience().next(failure(429, headers), 1, false, now)).toEqual({ pause, limited: true });
  });

  it('is waited for longer each time, if GitHub names no time', () => {
    const one = patience();
    const next = (attempt: number) => one.next(failure(429), attempt, false, now);
    expect([next(1), next(2), next(3)].map((each) => 'pause' in each && each.pause)).toEqual([
      60_000, 120_000, 240_000,
    ]);
    expect(next(4)).toEqual({ giveUp: true, again: new Date('2026-03-02T09:08:00Z') });
  });

  it('is waited for by one client no longer than its patience lasts', () => {
    const one = patience();
    const next = (seconds: number) =>
      one.next(failure(429, { 'retry-after': String(seconds) }), 1, false, now);
    expect(next(590)).toMatchObject({ limited: true });
    expect(next(11)).toEqual({ giveUp: true, again: new Date('2026-03-02T09:00:11Z') });
    expect(next(10)).toMatchObject({ limited: true });
    expect(next(1)).toMatchObject({ giveUp: true });
  });

  it('is named with the time at which it ends, if that is too far off', () => {
    const headers = {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(at('2026-03-02T10:00:00Z')),
    };
    expect(patience().next(failure(403, headers), 1, true, now)).toEqual({
      giveUp: true,
      again: new Date('2026-03-02T10:00:01Z'),
    });
  });
});

describe('trouble', () => {
  it('is met four times by what may be repeated', () => {
    const pauses = [1, 2, 3, 4].map((n) => patience().next(failure(502), n, true, now));
    expect(pauses).toEqual([
      { pause: 500, limited: false },
      { pause: 1000, limited: false },
      { pause: 2000, limited: false },
      { giveUp: true },
    ]);
  });

  it('is met once by what may not, unless GitHub never got it', () => {
    expect(patience().next(failure(502), 1, false, now)).toEqual({ giveUp: true });
    expect(patience().next(failure(undefined), 1, false, now)).toEqual({ giveUp: true });
    const unsent = { ...failure(undefined), unsent: true };
    expect(patience().next(unsent, 1, false, now)).toMatchObject({ pause: 500 });
  });

  it('is no refusal', () => {
    for (const status of [401, 403, 404, 422]) {
      expect(patience().next(failure(status), 1, true, now)).toEqual({ giveUp: true });
    }
  });
});
