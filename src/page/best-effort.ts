import { Stopped } from '../decision.ts';
import type { Log } from '../ports/runner.ts';

/**
 * For steps that only show something, and so must not decide anything. If one fails, the run goes on with a warning.
 */
export async function bestEffort(
  log: Pick<Log, 'warn'>,
  step: () => Promise<unknown>,
): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (!(error instanceof Stopped) || error.reason === 'secret-detected') throw error;
    log.warn(`The page could not be updated: ${error.message}`);
  }
}
