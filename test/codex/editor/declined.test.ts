import { describe, expect, it } from 'vitest';
import { keepingDeclined } from '../../../src/codex/editor/declined.ts';
import { type Denial, StoppedAfterRefusal } from '../../../src/core/plan/attempts.ts';
import { CodexStopped, Stopped } from '../../../src/decision.ts';

const refusal = (path: string): Denial => ({
  path,
  operation: 'modify',
  reason: 'outside-plan',
  detail: 'The plan does not have it.',
});
const timeout = new CodexStopped('codex-timeout', 'Codex took too long.', 'the log');

/** What a step ends with if it fails, after files were refused while it ran. */
function end(error: unknown, ...refused: readonly Denial[]): Promise<unknown> {
  const declined: Denial[] = [];
  const step = async () => {
    declined.push(...refused);
    throw error;
  };
  return keepingDeclined(declined, step).catch((thrown: unknown) => thrown);
}

describe('a step of Codex', () => {
  it('returns its result, whatever was refused', async () => {
    expect(await keepingDeclined([refusal('a.txt')], async () => 5)).toBe(5);
  });

  it('that stops after refusals tells each of them, in order, and why it stopped', async () => {
    const stopped = await end(timeout, refusal('b.txt'), refusal('a.txt'));
    expect(stopped).toBeInstanceOf(StoppedAfterRefusal);
    expect(stopped).toMatchObject({
      reason: 'codex-timeout',
      message: 'Codex took too long.',
      log: 'the log',
      cause: timeout,
      declined: [refusal('b.txt'), refusal('a.txt')],
    });
  });

  it('that stops before anything was refused stops as it did', async () => {
    expect(await end(timeout)).toBe(timeout);
  });

  it.each([new TypeError('x'), new Stopped('secret-detected', 'x')])(
    'that fails for another reason fails as it did: %s',
    async (error) => {
      expect(await end(error, refusal('a.txt'))).toBe(error);
    },
  );
});
