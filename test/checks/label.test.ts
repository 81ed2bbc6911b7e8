import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Label, LabelChange, Labelling, TimelineEvent } from '../../src/core/life/timeline.ts';
import { Stopped, voidsApproval } from '../../src/decision.ts';
import type { Labels } from '../../src/ports/labels.ts';
import type { LabelEventDetails } from '../../src/ports/timeline.ts';
import { reasonOf } from '../support/reason.ts';
import { buildTools } from '../support/tools.ts';

const approving: Label = { id: 'LA_1', name: 'approved-plan' };
const lookAlike: Label = { id: 'LA_2', name: 'approved-plan' };
const bug: Label = { id: 'LA_3', name: 'bug' };

let nextId = 1;
const set = (by: number, label = approving): Labelling => ({
  id: `LE_${nextId++}`,
  kind: 'set',
  label,
  actor: { id: by, login: `user${by}`, type: 'User' },
  at: '2026-01-01T00:00:00Z',
});
/** The same event so long after the first second of the year, or before it. */
const at = (labelling: Labelling, after: string): Labelling => {
  const [hours = 0, minutes = 0, seconds = 0] = after.replace('-', '').split(':').map(Number);
  const distance =
    ((hours * 60 + minutes) * 60 + seconds) * 1000 * (after.startsWith('-') ? -1 : 1);
  return { ...labelling, at: new Date(Date.parse(labelling.at) + distance).toISOString() };
};
const removed = (by: number): LabelChange => ({ ...set(by), kind: 'removed' });

/** Labels of a pull request, which can be removed. */
function labelsOn(carried: readonly Label[], change: Partial<Labels> = {}) {
  const gone: Label[] = [];
  const labels: Partial<Labels> = {
    carried: async () => carried,
    remove: async (_, label) => {
      gone.push(label);
      return 'removed';
    },
    ...change,
  };
  return { labels, gone };
}

/** Reads the event log once, so that the room knows the label that it shows. */
const timelineWith = (carried: readonly Label[], events: readonly TimelineEvent[] = []) => ({
  read: async () => ({ events, carried }),
});

describe('the label', () => {
  it.each(['approved-plan', 'Approved-Plan', 'APPROVED-PLAN'])('is known as %s', (name) => {
    expect(buildTools().label.isNamed(name)).toBe(true);
  });

  it.each(['approved-plan ', 'approved_plan', 'approved-pl\u00e0n', ''])('is not %j', (name) => {
    expect(buildTools().label.isNamed(name)).toBe(false);
  });

  it('is created under its name', async () => {
    const wanted: string[] = [];
    const ensure = async (name: string) => void wanted.push(name);
    await buildTools({ labels: { ensure } }).label.ensureExists();
    expect(wanted).toEqual(['approved-plan']);
  });
});

describe('the event log', () => {
  const read = (carried: readonly Label[], events: readonly TimelineEvent[] = []) =>
    buildTools({ timeline: timelineWith(carried, events) }).label.readLog(12);

  it('has the label of the configured name, however it is spelt', async () => {
    const spelt = { id: 'LA_1', name: 'Approved-Plan' };
    expect((await read([bug, spelt])).label).toEqual(spelt);
    expect((await read([bug])).label).toBeUndefined();
    expect((await read([])).label).toBeUndefined();
  });

  it('has all events, and the ids of all labels', async () => {
    const events = [set(1), removed(1)];
    expect(await read([bug, approving], events)).toEqual({
      events,
      carried: new Set(['LA_3', 'LA_1']),
      label: approving,
    });
  });
});

describe('the event log of a run that a label started', () => {
  const setter = { id: 1 };
  const mine = set(1);

  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Reads from a list that shows one answer after the other, the last one for ever. */
  async function read(answers: readonly (readonly TimelineEvent[])[]) {
    let asked = 0;
    const timeline = {
      read: async () => ({
        events: answers[Math.min(asked++, answers.length - 1)] ?? [],
        carried: [approving],
      }),
    };
    const { label } = buildTools({ timeline });
    const since = Date.now();
    const reading = label.readLogWith(12, approving, setter).then(
      ({ events }) => events,
      (error: Stopped) => ({
        stopped: `${error.reason}: ${error.message}`,
        voids: voidsApproval(error, 'approve'),
      }),
    );
    await vi.runAllTimersAsync();
    return { read: await reading, asked, waited: Date.now() - since };
  }

  it.each<[string, (readonly TimelineEvent[])[], number]>([
    ['at once if it has the event', [[set(2), mine]], 1],
    ['at once if the label was removed since', [[mine, removed(2)]], 1],
    ['again if it has none yet', [[], [mine]], 2],
    ['again if it has another one’s only', [[set(2)], [set(2)], [mine]], 3],
    ['again if it has the same person’s for another label', [[set(1, lookAlike)], [mine]], 2],
    ['again if it has a removal only', [[removed(1)], [mine]], 2],
    ['again if the account is gone', [[{ ...mine, actor: null }], [mine]], 2],
    ['again if the label of the event is gone', [[{ ...mine, label: null }], [mine]], 2],
  ])('is read %s', async (_, answers, times) => {
    expect(await read(answers)).toEqual({
      read: answers.at(-1),
      asked: times,
      waited: (times - 1) * 1000,
    });
  });

  /** The label stays: another run may have to answer it. */
  const refused = (who: string) => ({
    stopped: `label-missing: GitHub names ${who} as the person who set the label last, and the run is about another label event.`,
    voids: false,
  });

  it.each<[string, (readonly TimelineEvent[])[], string]>([
    ['nobody', [[]], 'nobody'],
    ['somebody else', [[], [set(2)]], 'user2'],
    ['somebody else since', [[mine, set(2)]], 'user2'],
    ['somebody by a look-alike', [[set(1, lookAlike)]], 'nobody'],
  ])('is no ground to decide on after four times, if it names %s', async (_, answers, who) => {
    expect(await read(answers)).toEqual({ read: refused(who), asked: 4, waited: 3000 });
  });
});

describe('removing the label', () => {
  it('removes it by its id, and leaves all others alone', async () => {
    const { labels, gone } = labelsOn([bug, approving]);
    const { label, warnings } = buildTools({ labels });
    expect(label.hasRemoved).toBe(false);
    expect(await label.tryRemove(12)).toBe(true);
    expect(label.hasRemoved).toBe(true);
    expect([gone, warnings]).toEqual([[approving], []]);
  });

  it('removes nothing that is not there', async () => {
    const { labels, gone } = labelsOn([bug]);
    const none = buildTools({ labels }).label;
    expect(await none.tryRemove(12)).toBe(true);
    expect(none.hasRemoved).toBe(false);
    expect(gone).toEqual([]);
  });

  it('removes the label that this run saw, whatever its name is now', async () => {
    const renamed = { id: approving.id, name: 'something-else' };
    const { labels, gone } = labelsOn([renamed, bug]);
    const { label } = buildTools({ labels, timeline: timelineWith([approving]) });
    await label.remove(12);
    expect(gone).toEqual([]);
    await label.readLog(12);
    await label.remove(12);
    expect(gone).toEqual([renamed]);
  });

  it('removes the label of the event that started the run, whatever its name is now', async () => {
    const renamed = { id: approving.id, name: 'something-else' };
    const { labels, gone } = labelsOn([renamed, lookAlike]);
    const { label } = buildTools({ labels, timeline: timelineWith([renamed], [set(1, renamed)]) });
    await label.readLogWith(12, approving, { id: 1 });
    await label.remove(12);
    expect(gone).toEqual([renamed, lookAlike]);
  });

  it('removes further labels that somebody finds, and looks for them only if others are there', async () => {
    const docs = { id: 'LA_4', name: 'docs' };
    const { labels, gone } = labelsOn([approving, docs, bug]);
    const others = async () => new Set([bug.id]);
    await buildTools({ labels }).label.remove(12, others);
    expect(gone).toEqual([approving, bug]);
    const alone = labelsOn([approving]);
    const never = () => Promise.reject(new Error('asked'));
    await buildTools({ labels: alone.labels }).label.remove(12, never);
    expect(alone.gone).toEqual([approving]);
  });

  it.each<[string, readonly Label[], (one: Labelling) => readonly TimelineEvent[], Label[]]>([
    ['if that label event is still the newest', [approving], (one) => [one], [approving]],
    ['not if it was set again', [approving], (one) => [one, set(1)], []],
    ['not if another label has its name by now', [lookAlike], (one) => [one], []],
    ['not if it is off', [], (one) => [one], []],
  ])(
    'removes what one label event set, and says whether it did: %s',
    async (_, carried, events, expected) => {
      const one = set(1);
      const { labels, gone } = labelsOn(carried);
      const { label } = buildTools({ labels, timeline: timelineWith(carried, events(one)) });
      expect(await label.removeSetBy(12, one)).toBe(expected.length > 0);
      expect(gone).toEqual(expected);
    },
  );

  it.each<[string, readonly Label[], (one: Labelling) => readonly TimelineEvent[], Label[]]>([
    ['stays if it was set again since', [approving], (one) => [one, removed(1), set(2)], []],
    ['goes if it was not', [approving], (one) => [set(2), removed(2), one], [approving]],
    ['goes if only a removal came since', [approving], (one) => [one, removed(2)], [approving]],
    [
      'goes if only another one was set since',
      [approving],
      (one) => [one, set(2, bug)],
      [approving],
    ],
    ['goes if the log lags behind the event', [approving], () => [set(2)], [approving]],
    [
      'goes whatever it is called by now, and one that took its name since stays',
      [{ ...approving, name: 'x' }, lookAlike],
      (one) => [one, set(2, lookAlike)],
      [{ ...approving, name: 'x' }],
    ],
  ])('with the event decided on: it %s', async (_, carried, events, expected) => {
    const one = set(1);
    const { labels, gone } = labelsOn(carried);
    const { label } = buildTools({ labels, timeline: timelineWith(carried, events(one)) });
    label.remember(approving);
    label.rememberDecided(one);
    expect(await label.tryRemove(12)).toBe(true);
    expect(gone).toEqual(expected);
  });

  it.each<[string, Labelling[], readonly Label[]]>([
    ['goes if nobody has set it later', [], [approving]],
    ['stays if somebody else has set it since', [at(set(2), '00:00:01')], []],
    ['goes if somebody else set it in the same second', [at(set(2), '00:00:00')], [approving]],
    ['goes if the same person has just set it', [at(set(1), '00:01:00')], [approving]],
    ['stays if the same person has set it later', [at(set(1), '00:01:01')], []],
    ['goes if another one was set since', [at(set(2, bug), '00:05:00')], [approving]],
  ])('of a run that ends before it knows its event: it %s', async (_, since, expected) => {
    const { labels, gone } = labelsOn([approving]);
    const timeline = timelineWith([approving], [at(set(1), '00:00:00'), ...since]);
    const { label } = buildTools({ labels, timeline });
    label.rememberStart({ id: 1 }, '2026-01-01T00:00:00Z');
    expect(await label.tryRemove(12)).toBe(true);
    expect(gone).toEqual(expected);
  });

  it.each<[string, readonly TimelineEvent[]]>([
    ['older than its own event', [at(set(1), '00:05:00')]],
    [
      'older than its own event, and than one by somebody else',
      [at(set(2), '00:02:00'), at(set(1), '00:05:00')],
    ],
    [
      'newer than all that the log has of that person',
      [at(set(1), '-00:05:00'), at(set(2), '00:02:00')],
    ],
  ])('of such a run goes if the time is %s: it says nothing then', async (_, events) => {
    const { labels, gone } = labelsOn([approving]);
    const { label } = buildTools({ labels, timeline: timelineWith([approving], events) });
    label.rememberStart({ id: 1 }, '2026-01-01T00:00:00Z');
    expect(await label.tryRemove(12)).toBe(true);
    expect(gone).toEqual([approving]);
  });

  it('of such a run goes if the time of the event is unknown, or the log cannot be read', async () => {
    const later = at(set(2), '00:05:00');
    for (const [sent, read] of [
      [null, timelineWith([approving], [later]).read],
      ['2026-01-01T00:00:00Z', async () => Promise.reject(new Stopped('api-unavailable', ''))],
    ] as const) {
      const { labels, gone } = labelsOn([approving]);
      const { label } = buildTools({ labels, timeline: { read } });
      label.rememberStart({ id: 1 }, sent);
      expect(await label.tryRemove(12)).toBe(true);
      expect(gone).toEqual([approving]);
    }
  });

  it('warns if that fails, and lets the refusal be', async () => {
    const failing = async () => Promise.reject(new Stopped('permission-missing', 'Needs more.'));
    for (const change of [{ remove: failing }, { carried: failing }]) {
      const { labels } = labelsOn([approving], change);
      const { label, warnings } = buildTools({ labels });
      expect(await label.tryRemove(12)).toBe(false);
      expect(warnings).toEqual([
        'The label approved-plan could not be removed; remove it by hand. Needs more.',
      ]);
    }
  });

  it('does not hide a mistake of ours', async () => {
    const { labels } = labelsOn([approving], { remove: () => Promise.reject(new TypeError('x')) });
    await expect(buildTools({ labels }).label.tryRemove(12)).rejects.toThrow(TypeError);
    const read = () => Promise.reject(new TypeError('x'));
    const { label } = buildTools({ ...labelsOn([approving]), timeline: { read } });
    label.rememberStart({ id: 1 }, '2026-01-01T00:00:00Z');
    await expect(label.tryRemove(12)).rejects.toThrow(TypeError);
  });
});

describe('the label waits for another answer', () => {
  const renamed = { ...approving, name: 'x' };

  it.each<[string, readonly Label[], boolean]>([
    ['if it was set again', [approving], true],
    ['if it was set again, whatever its name is now', [renamed], true],
    ['if another label of its name was set', [lookAlike], true],
    ['not if only other labels were set', [bug], false],
    ['not if nothing was set', [], false],
  ])('%s', async (_, later, expected) => {
    const one = set(1);
    const events = [one, ...later.map((label) => set(2, label))];
    const { label } = buildTools({ timeline: timelineWith([], events) });
    label.remember(approving);
    label.rememberDecided(one);
    expect(await label.wasSetAgain(12)).toBe(expected);
  });

  it('not if no label event is known, or the log cannot be read', async () => {
    const read = () => Promise.reject(new Stopped('api-unavailable', ''));
    const { label } = buildTools({ timeline: { read } });
    expect(await label.wasSetAgain(12)).toBe(false);
    label.rememberStart({ id: 1 }, '2026-01-01T00:00:00Z');
    expect(await label.wasSetAgain(12)).toBe(false);
  });
});

describe('a label event', () => {
  const one = set(1);
  const other = set(2);
  type Details = Readonly<Record<string, LabelEventDetails>>;

  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Which of both events are genuine, by a list that shows one answer after the other, the last one for ever. */
  async function genuine(...answers: readonly [...Details[], Details]) {
    let asked = 0;
    const readDetails = async () =>
      new Map(Object.entries(answers[Math.min(asked++, answers.length - 1)] ?? {}));
    const { label } = buildTools({ timeline: { readDetails } });
    const looking = label.findGenuine(12, [one, other]).then(
      (found) => [...found],
      (error: Stopped) => `${error.reason}: ${error.message}`,
    );
    await vi.runAllTimersAsync();
    return { found: await looking, asked };
  }
  const plain = { viaApp: false, labelName: 'approved-plan' };

  it('is genuine if a person set the label under its name', async () => {
    const details = { [one.id]: plain, [other.id]: { ...plain, labelName: 'Approved-Plan' } };
    expect(await genuine(details)).toEqual({ found: [one.id, other.id], asked: 1 });
  });

  it.each<[string, LabelEventDetails]>([
    ['an app acted for the person', { ...plain, viaApp: true }],
    ['the label had another name then', { ...plain, labelName: 'bug' }],
  ])('is not genuine if %s', async (_, details) => {
    expect(await genuine({ [one.id]: plain, [other.id]: details })).toEqual({
      found: [one.id],
      asked: 1,
    });
  });

  it('is looked for again if GitHub does not list it yet', async () => {
    const both = { [one.id]: plain, [other.id]: plain };
    expect(await genuine({}, { [one.id]: plain }, both)).toEqual({
      found: [one.id, other.id],
      asked: 3,
    });
  });

  it('that is never listed is passing trouble, and no ground to end an approval', async () => {
    expect(await genuine({ [one.id]: plain })).toEqual({
      found: `api-unavailable: GitHub's list of events does not have the label that user2 set at ${other.at}.`,
      asked: 4,
    });
  });
});

describe('the label after a step', () => {
  const removedAfter = async (kind: 'approve' | 'later', error?: Error) => {
    const { labels, gone } = labelsOn([approving]);
    const { label } = buildTools({ labels });
    const step = async () => {
      if (error !== undefined) throw error;
      return 'done';
    };
    const ended = label.removingIfVoid(12, kind, step);
    if (error === undefined) expect(await ended).toBe('done');
    else await expect(ended).rejects.toBe(error);
    return gone;
  };

  it('is removed if the approval is over, and the error goes on', async () => {
    expect(await removedAfter('later', new Stopped('head-moved', 'x'))).toEqual([approving]);
    expect(await removedAfter('approve', new Stopped('plan-invalid', 'x'))).toEqual([approving]);
    expect(await removedAfter('approve', new TypeError('x'))).toEqual([approving]);
  });

  it('stays after success and after passing trouble', async () => {
    expect(await removedAfter('later')).toEqual([]);
    expect(await removedAfter('later', new Stopped('plan-invalid', 'x'))).toEqual([]);
    expect(await removedAfter('approve', new Stopped('codex-timeout', 'x'))).toEqual([]);
    expect(await removedAfter('later', new TypeError('x'))).toEqual([]);
  });

  it.each([new Stopped('api-unavailable', 'x'), new TypeError('x')])(
    'that cannot be removed does not hide why the step ended: %s',
    async (later) => {
      const carried = () => Promise.reject(later);
      const { label, warnings } = buildTools({ labels: { carried } });
      const step = () => Promise.reject(new Stopped('head-moved', 'y'));
      expect(await reasonOf(() => label.removingIfVoid(12, 'later', step))).toBe('head-moved');
      expect(warnings).toEqual([expect.stringMatching(/could not be removed; remove it by hand/)]);
    },
  );
});
