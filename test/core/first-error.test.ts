import { describe, expect, it } from 'vitest';
import { cleaningUp, followingUp, tryTo } from '../../src/core/first-error.ts';
import { Stopped } from '../../src/decision.ts';

const first = new Stopped('head-moved', 'The branch moved.');
const later = new Stopped('api-unavailable', 'GitHub is down.');
const fail = (error: unknown) => () => Promise.reject(error);
const failAtOnce = (error: unknown) => () => {
  throw error;
};

/** What was told, and where to tell it. */
function listen() {
  const warnings: string[] = [];
  const log = { warn: (line: string) => void warnings.push(line) };
  const telling = { failed: 'It was not removed.', log };
  return { warnings, telling };
}

describe('a step that decides nothing', () => {
  it('is done, and says nothing', async () => {
    const { warnings, telling } = listen();
    let done = false;
    await tryTo(telling, () => {
      done = true;
    });
    expect(done).toBe(true);
    expect(warnings).toEqual([]);
  });

  it.each([fail(later), failAtOnce(later)])('is a warning if it fails', async (step) => {
    const { warnings, telling } = listen();
    await tryTo(telling, step);
    expect(warnings).toEqual(['It was not removed. GitHub is down.']);
  });

  it('says what the machine lacks, and where a mistake of ours was made', async () => {
    const { warnings, telling } = listen();
    await tryTo(telling, fail(Object.assign(new Error('ENOSPC: write'), { code: 'ENOSPC' })));
    await tryTo(telling, fail(new TypeError('x is not a function')));
    await tryTo(telling, fail('odd'));
    expect(warnings).toEqual([
      "It was not removed. The runner's disk is full: ENOSPC: write.",
      expect.stringMatching(/^It was not removed\. TypeError: x is not a function\n.+test\/core/s),
      'It was not removed. odd',
    ]);
  });

  it('does not tell the secret that it failed with, and never throws', async () => {
    const told: string[] = [];
    const refuse = (line: string) => {
      if (line.includes('sk-secret')) throw new Stopped('secret-detected', 'x');
      told.push(line);
    };
    await tryTo(
      { failed: 'It was not removed.', log: { warn: refuse } },
      fail(new Error('sk-secret')),
    );
    expect(told).toEqual(['It was not removed.']);
    await tryTo({ failed: 'x', log: { warn: failAtOnce(later) } }, fail(later));
  });
});

describe('a task', () => {
  it('returns its value, and is cleaned up after', async () => {
    const { warnings, telling } = listen();
    const order: string[] = [];
    const task = async () => {
      order.push('task');
      return 5;
    };
    expect(await cleaningUp(telling, task, () => order.push('clean'))).toBe(5);
    expect(order).toEqual(['task', 'clean']);
    expect(await cleaningUp(telling, task, fail(later))).toBe(5);
    expect(warnings).toEqual(['It was not removed. GitHub is down.']);
  });

  it('that failed keeps its error, whatever cleaning up does', async () => {
    for (const cleanUp of [() => {}, fail(later), failAtOnce(later), fail(new TypeError('x'))]) {
      const { telling } = listen();
      await expect(cleaningUp(telling, fail(first), cleanUp)).rejects.toBe(first);
    }
  });

  it('that failed keeps its error, whatever follows from it', async () => {
    for (const follow of [() => {}, fail(later), failAtOnce(later), fail(new TypeError('x'))]) {
      const { telling } = listen();
      await expect(followingUp(telling, fail(first), follow)).rejects.toBe(first);
    }
  });

  it('has nothing that follows if it did not fail', async () => {
    const { telling, warnings } = listen();
    const errors: unknown[] = [];
    expect(
      await followingUp(
        telling,
        async () => 5,
        (error) => errors.push(error),
      ),
    ).toBe(5);
    await followingUp(telling, fail(first), (error) => errors.push(error)).catch(() => {});
    expect(errors).toEqual([first]);
    expect(warnings).toEqual([]);
  });
});
