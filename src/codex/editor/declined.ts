/** The file changes that Codex was refused, if it then ends without a result. */

import { type Denial, StoppedAfterRefusal } from '../../core/plan/attempts.ts';
import { CodexStopped } from '../../decision.ts';

/**
 * Runs a step of Codex. A refused file change ends an approval, so what was refused until then goes along if Codex stops.
 * @param declined grows while the step runs
 * @throws StoppedAfterRefusal if Codex stops after a refusal
 */
export async function keepingDeclined<T>(
  declined: readonly Denial[],
  step: () => Promise<T>,
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    const [first, ...others] = declined;
    if (first === undefined || !(error instanceof CodexStopped)) throw error;
    throw new StoppedAfterRefusal(error, [first, ...others]);
  }
}
