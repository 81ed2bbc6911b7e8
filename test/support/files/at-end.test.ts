import { expect, it } from 'vitest';
import { atEndOfFile, endFile } from './at-end.ts';

it('does everything, the last first, and each once', async () => {
  const done: number[] = [];
  for (const number of [1, 2, 3]) atEndOfFile(() => done.push(number));
  await endFile();
  await endFile();
  expect(done).toEqual([3, 2, 1]);
});

it('goes on if parts fail, and throws their errors', async () => {
  const done: number[] = [];
  atEndOfFile(() => done.push(1));
  for (const message of ['second', 'first']) {
    atEndOfFile(() => Promise.reject(new Error(message)));
  }
  await expect(endFile()).rejects.toThrow(/first\n.*second/);
  expect(done).toEqual([1]);
});
