/** Mode execute: commits exactly the change that was approved. */
import type { InputsOf } from '../inputs.ts';
import { type Outcome, refuse } from './outcome.ts';
import type { World } from './world.ts';

export async function execute(_world: World, _inputs: InputsOf<'execute'>): Promise<Outcome> {
  return refuse('internal', 'Mode execute is not part of this version.');
}
