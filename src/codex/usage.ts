/** What a run of Codex used. */

import type { Usage } from '../core/records/fields.ts';

export type Tokens = Omit<Usage, 'seconds'>;

export const noTokens: Tokens = { input: 0, cached: 0, output: 0 };

/** Measures the time from now on. */
export function startClock(): (tokens: Tokens) => Usage {
  const began = performance.now();
  return (tokens) => ({ ...tokens, seconds: Math.round((performance.now() - began) / 100) / 10 });
}
