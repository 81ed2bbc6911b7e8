/** Reads the inputs and runs the mode. It is loaded late, because most comments do not need it. */

import './system/zod-settings.ts';

import { type ReadInput, readMode } from './inputs.ts';
import { modeNames, modes } from './modes/index.ts';
import type { ModeResult } from './ports/outcome.ts';
import { createTools, type Surroundings } from './wiring.ts';

export { endRemovals } from './system/begin-removal.ts';

/**
 * Reads the inputs, and runs the mode that they name.
 * @param begin is told the mode as soon as its inputs are known to be fine
 * @throws Stopped for every end but a good one
 */
export async function runStep(
  read: ReadInput,
  surroundings: Surroundings,
  begin: (mode: string) => void,
): Promise<ModeResult> {
  const name = readMode(read, modeNames);
  const { inputs, run } = modes[name].prepare(read);
  begin(name);
  return run(createTools(inputs, surroundings));
}
