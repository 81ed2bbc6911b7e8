import { expect, it } from 'vitest';
import { last, mapAll } from '../../src/core/lists.ts';

it('finds the last item of a list that is not empty', () => {
  expect(last([1])).toBe(1);
  expect(last([1, 2, 3])).toBe(3);
});

it('changes every item, in order', () => {
  expect(mapAll([1, 2, 3], (one) => one * 2)).toEqual([2, 4, 6]);
  expect(mapAll([1], String)).toEqual(['1']);
});
