import { expect, it } from 'vitest';
import { last, mapAll, waitForAll } from '../../src/core/lists.ts';

it('finds the last item of a list that is not empty', () => {
  expect(last([1])).toBe(1);
  expect(last([1, 2, 3])).toBe(3);
});

it('changes every item, in order', () => {
  expect(mapAll([1, 2, 3], (one) => one * 2)).toEqual([2, 4, 6]);
  expect(mapAll([1], String)).toEqual(['1']);
});

const later = <T>(milliseconds: number, end: () => T) =>
  new Promise<void>((done) => setTimeout(done, milliseconds)).then(end);

function fail(name: string): never {
  throw new Error(name);
}

it('waits for all, and gives their results in order', async () => {
  expect(await waitForAll([later(2, () => 'a'), later(1, () => 2)])).toEqual(['a', 2]);
});

it('throws what the first of the list threw, after all have ended', async () => {
  let ended = false;
  const all = waitForAll([
    later(1, () => 'a'),
    later(3, () => fail('first')),
    later(2, () => fail('second')),
    later(4, () => {
      ended = true;
    }),
  ]);
  await expect(all).rejects.toThrow('first');
  expect(ended).toBe(true);
});
