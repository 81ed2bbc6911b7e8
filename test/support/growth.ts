import { expect } from 'vitest';

/**
 * Checks that the time of a computation grows with the size of its input, not with its square. It takes the processor time of the
 * best of three runs, so that other work on the machine does not change the result. The larger input is not tried again
 * after a run that was fast enough.
 * @param size of the smaller input, large enough to take a millisecond or so
 */
export function expectLinear<Input>(
  make: (size: number) => Input,
  run: (input: Input) => unknown,
  size: number,
): void {
  const smaller = make(size);
  const small = Math.max(1000, Math.min(...[1, 2, 3].map(() => cost(run, smaller))));
  const larger = make(4 * size);
  // Four times the input: linear takes 4 times as long, quadratic 16 times.
  let growth = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3 && growth >= 10; round++) {
    growth = Math.min(growth, cost(run, larger) / small);
  }
  expect(growth, 'growth for four times the input').toBeLessThan(10);
}

/** Microseconds of the processor. */
function cost<Input>(run: (input: Input) => unknown, input: Input): number {
  const start = process.cpuUsage();
  run(input);
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

/**
 * Checks that a computation stays below a limit of processor time, which other work on the machine hardly changes. For
 * code that would take seconds, or would never end, without its guard.
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
