import { afterEach, describe, expect, it, vi } from 'vitest';
import type { LabelEvent } from '../../src/core/life/labelling.ts';
import { Stopped } from '../../src/decision.ts';
import { reasonOf } from '../support/reason.ts';
import { buildRooms } from '../support/rooms.ts';

let nextId = 1;
const event = (set: boolean, by: number | null): LabelEvent => ({
  id: nextId++,
  set,
  actor: by === null ? null : { id: by, login: `user${by}`, type: 'User' },
  at: '2026-01-01T00:00:00Z',
  viaApp: false,
  current: true,
});

describe('taking the label off', () => {
  it('warns where that fails, and lets the refusal stand', async () => {
    const failing = {
      remove: () => Promise.reject(new Stopped('permission-missing', 'Needs more.')),
    };
    const { label, warnings } = buildRooms({ labels: failing });
    await label.tryRemove(12);
    expect(warnings).toEqual([
      'The label approved-plan is still on, take it off by hand. Needs more.',
    ]);
  });

  it('does not hide a mistake of ours', async () => {
    const broken = { remove: () => Promise.reject(new TypeError('x')) };
    await expect(buildRooms({ labels: broken }).label.tryRemove(12)).rejects.toThrow(TypeError);
  });

  it('says nothing where it is off', async () => {
    const removed: unknown[] = [];
    const remove = async (...args: unknown[]) => void removed.push(args);
    const { label, warnings } = buildRooms({ labels: { remove } });
    await label.tryRemove(12);
    expect([removed, warnings]).toEqual([[[12, 'approved-plan']], []]);
  });
});

describe('the label before an irreversible step', () => {
  const last = event(true, 1);
  const labelWith = (history: readonly LabelEvent[]) =>
    buildRooms({ labels: { history: async () => history } }).label;
  const check = (history: readonly LabelEvent[]) =>
    reasonOf(() => labelWith(history).checkStillSet(12, last));

  it('is the one that was decided on', async () => {
    expect(await check([event(true, 2), last])).toBe('ok');
    expect(await check([last, event(true, 1)])).toBe('label-missing');
    expect(await check([last, event(false, 1)])).toBe('label-missing');
    expect(await check([])).toBe('label-missing');
    const anew = labelWith([last, event(true, 1)]);
    await expect(anew.checkStillSet(12, last)).rejects.toThrow('The label was set anew meanwhile.');
  });
});

describe('the history behind an event', () => {
  const setter = { id: 1, login: 'user1' };
  const mine = event(true, 1);

  afterEach(() => {
    vi.useRealTimers();
  });

  /** Reads the history from a list that shows one answer after the other, the last one for ever. */
  async function read(answers: readonly (readonly LabelEvent[])[], by: typeof setter | undefined) {
    vi.useFakeTimers();
    let asked = 0;
    const history = async () => answers[Math.min(asked++, answers.length - 1)] ?? [];
    const { label } = buildRooms({ labels: { history } });
    const since = Date.now();
    const reading = label.historyWith(12, by);
    await vi.runAllTimersAsync();
    return { events: await reading, asked, waited: Date.now() - since };
  }

  it.each<[string, (readonly LabelEvent[])[], number]>([
    ['at once where it has the event', [[event(true, 2), mine]], 1],
    ['again where it ends with an earlier one', [[mine, event(false, 9)], [mine]], 2],
    ['again where it has none yet', [[], [mine]], 2],
    ['again where it has another one’s only', [[event(true, 2)], [event(true, 2)], [mine]], 3],
    ['again where it has the label taken off only', [[event(false, 1)], [mine]], 2],
    ['again where the account is gone', [[event(true, null)], [mine]], 2],
  ])('is read %s', async (_, answers, times) => {
    expect(await read(answers, setter)).toEqual({
      events: answers.at(-1),
      asked: times,
      waited: (times - 1) * 1000,
    });
  });

  it('is what it is after four times', async () => {
    const late = [event(true, 2)];
    expect(await read([[], late], setter)).toEqual({ events: late, asked: 4, waited: 3000 });
  });

  it('is read once where no event set the label', async () => {
    expect(await read([[]], undefined)).toEqual({ events: [], asked: 1, waited: 0 });
  });
});

describe('the label after a step', () => {
  const removedAfter = async (kind: 'approve' | 'later', error?: Error) => {
    const removed: number[] = [];
    const remove = async (pullRequest: number) => void removed.push(pullRequest);
    const { label } = buildRooms({ labels: { remove } });
    const step = async () => {
      if (error !== undefined) throw error;
      return 'done';
    };
    const ended = label.removedIfVoid(12, kind, step);
    if (error === undefined) expect(await ended).toBe('done');
    else await expect(ended).rejects.toBe(error);
    return removed;
  };

  it('is removed if the approval is over, and the error goes on', async () => {
    expect(await removedAfter('later', new Stopped('head-moved', 'x'))).toEqual([12]);
    expect(await removedAfter('approve', new Stopped('plan-invalid', 'x'))).toEqual([12]);
  });

  it('stays after success and after passing trouble', async () => {
    expect(await removedAfter('later')).toEqual([]);
    expect(await removedAfter('later', new Stopped('plan-invalid', 'x'))).toEqual([]);
    expect(await removedAfter('approve', new Stopped('codex-timeout', 'x'))).toEqual([]);
  });
});
