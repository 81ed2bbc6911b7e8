import { expect, it } from 'vitest';
import { expectLinear } from './growth.ts';

/** @returns something, so that nothing of the work can be left out */
function work(times: number): number {
  let sum = 0;
  for (let index = 0; index < times; index++) sum = (sum * 31 + index) % 1_000_003;
  return sum;
}

const ofSize = (size: number) => size;

it('a computation that grows with its input passes', () => {
  expectLinear(ofSize, (size) => work(size * 100), 2000);
});

it('one that grows with the square of its input does not', () => {
  // Its small run takes so long that what the first calls cost, before the code is compiled, does not hide the growth.
  expect(() => expectLinear(ofSize, (size) => work((size * size) / 4), 2000)).toThrow('growth');
});

it('one passes whose first runs are faster than all others', () => {
  let calls = 0;
  const linear = (size: number) => (++calls <= 5 ? 0 : work(size * 100));
  expectLinear(ofSize, linear, 20_000);
});
