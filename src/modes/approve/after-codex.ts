/** What an error means after Codex has worked. */

import { Stopped, toStopped } from '../../decision.ts';

/**
 * How a run stops by an error. A mistake in our code stops it like everything else: what Codex did
 * is still recorded.
 *
 * Whoever steers Codex can have it fill the disk right before its turn ends, so that its change can be neither read nor
 * recorded. If that counted as trouble of the machine, the label would stay, and Codex could be run again without end.
 * @param error that ended a run after Codex had worked
 * @returns limit-exceeded, which ends the approval, in place of a lack that keeps the label; every other stop as it is
 */
export function afterCodex(error: unknown): Stopped {
  const stopped = toStopped(error);
  if (stopped.reason !== 'platform-unsupported') return stopped;
  const detail = `The runner lacked something after Codex had worked. ${stopped.message}`;
  return new Stopped('limit-exceeded', detail, { cause: error });
}
