import { describe, expect, it } from 'vitest';
import { RestEvents } from '../../src/github/rest-events.ts';

const at = (second: number) => new Date(Date.UTC(2026, 2, 2) + second * 1000).toISOString();

/** A list of so many events, one a second, of which these are label events; 100 on a page. */
function listOf(
  count: number,
  labelled: Readonly<Record<number, string>>,
  second = (n: number) => n,
) {
  const events = Array.from({ length: count }, (_, n) => ({
    node_id: labelled[n] ?? `RE_${n}`,
    created_at: at(second(n)),
    label: labelled[n] === undefined ? null : { name: 'approved-plan' },
    performed_via_github_app: labelled[n]?.endsWith('app') ? { id: 1 } : null,
  }));
  const asked: number[] = [];
  const read = async (page: number) => {
    asked.push(page);
    const last = Math.max(1, Math.ceil(count / 100));
    return {
      answer: events.slice((page - 1) * 100, page * 100),
      last: page === last ? undefined : last,
    };
  };
  return { search: new RestEvents(read), asked };
}

const person = { viaApp: false, labelName: 'approved-plan' };

describe('a label event in the list of all events', () => {
  it.each([0, 1, 4_999, 2_500, 2_499, 100, 99])(
    'is found among 5,000 others, in a few calls: number %i',
    async (place) => {
      const { search, asked } = listOf(5_000, { [place]: 'LE_1' });
      const found = await search.find([{ id: 'LE_1', at: at(place) }]);
      expect(found).toEqual(new Map([['LE_1', person]]));
      expect(asked.length).toBeLessThanOrEqual(8);
      expect(new Set(asked).size).toBe(asked.length);
    },
  );

  it('is found among many of its second', async () => {
    const { search } = listOf(3_000, { 1700: 'LE_1' }, (n) => Math.min(n, 500));
    expect([...(await search.find([{ id: 'LE_1', at: at(500) }])).keys()]).toEqual(['LE_1']);
  });

  it('is found in a short list whatever its order, and the newest in two calls', async () => {
    const { search } = listOf(350, { 3: 'LE_1', 340: 'LE_2_app' }, (n) => -n);
    const wanted = [
      { id: 'LE_2_app', at: at(340) },
      { id: 'LE_1', at: at(3) },
    ];
    expect(await search.find(wanted)).toEqual(
      new Map([
        ['LE_2_app', { viaApp: true, labelName: 'approved-plan' }],
        ['LE_1', person],
      ]),
    );
    const newest = listOf(350, { 349: 'LE_1' });
    await newest.search.find([{ id: 'LE_1', at: at(349) }]);
    expect(newest.asked).toEqual([1, 4]);
  });

  it('is missing if the list does not have it', async () => {
    for (const count of [0, 50, 5_000]) {
      const { search, asked } = listOf(count, {});
      expect((await search.find([{ id: 'LE_1', at: at(count / 2) }])).size).toBe(0);
      expect(asked.length).toBeLessThanOrEqual(9);
    }
  });

  it('is not looked for without end', async () => {
    const { search, asked } = listOf(20_000, { 19999: 'LE_1' }, () => 0);
    expect((await search.find([{ id: 'LE_1', at: at(0) }])).size).toBe(0);
    expect(asked.length).toBe(40);
  });
});
