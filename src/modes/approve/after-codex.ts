/** What a lack of the machine means after Codex has worked on it. */

import { Stopped, stoppedByMachine } from '../../decision.ts';

/**
 * Whoever steers Codex can have it fill the disk right before its turn ends, so that its change can be neither read nor
 * recorded. If that counted as trouble of the machine, the label would stay, and Codex could be run again without end.
 * @param error that ended a run after Codex had worked
 * @returns the same, or limit-exceeded, which ends the approval, in place of what keeps the label
 */
export function afterCodex(error: unknown): unknown {
  const lack = error instanceof Stopped ? error : stoppedByMachine(error);
  if (lack?.reason !== 'platform-unsupported') return error;
  const detail = `The runner lacked something after Codex had worked. ${lack.message}`;
  return new Stopped('limit-exceeded', detail, { cause: error });
}
