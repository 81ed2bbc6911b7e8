import { expect } from 'vitest';

/** Sixteen times the input: linear takes 16 times as long, and up to 30 with larger memory; quadratic 256 times. */
const limit = 80;
/** What takes less cannot be measured. */
const shortest = 50;
const rounds = 5;

/**
 * Checks that the time of a computation grows with the size of its input, not with its square. It measures the processor
 * time, and takes the best of some runs. Other work on the machine can double a time, and the limit lies
 * far from both, so it does not change the result.
 * @param make an input of about a size
 * @param size of a middle input, for which the computation takes a millisecond or so
 */
export function expectLinear<Input>(
  make: (size: number) => Input,
  run: (input: Input) => unknown,
  size: number,
): void {
  const smaller = make(Math.floor(size / 4));
  const larger = make(size * 4);
  let small = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) small = Math.min(small, cost(run, smaller));
  let growth = Number.POSITIVE_INFINITY;
  // A run that was fast enough is not repeated.
  for (let round = 0; round < rounds && growth >= limit; round++) {
    growth = Math.min(growth, cost(run, larger) / Math.max(shortest, small));
  }
  // One small run can be far faster than the others. Sixteen of them leave as much memory to clean up as the large one.
  const sixteen = () => {
    for (let time = 0; time < 16; time++) run(smaller);
  };
  for (let round = 0; round < rounds && growth >= limit; round++) {
    const each = cost(sixteen, undefined) / 16;
    growth = Math.min(growth, cost(run, larger) / Math.max(shortest, each));
  }
  expect(growth, 'growth for 16 times the input').toBeLessThan(limit);
}

/** Microseconds of the processor. The time of the thread alone is too coarse on some kernels. */
function cost<Input>(run: (input: Input) => unknown, input: Input): number {
  const start = process.cpuUsage();
  run(input);
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

/**
 * Checks that a computation stays below a limit of processor time. For code that would take far longer, or would never end,
 * without its guard.
 * @param seconds several times what it normally takes
 */
export async function expectCheap<Output>(
  seconds: number,
  run: () => Output | Promise<Output>,
): Promise<Output> {
  const start = process.cpuUsage();
  const output = await run();
  const { user, system } = process.cpuUsage(start);
  expect((user + system) / 1e6, 'seconds of processor time').toBeLessThan(seconds);
  return output;
}
