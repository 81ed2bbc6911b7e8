/** Settings of the property tests: import it for its effect. A run is repeated with the seed that it printed. */
import fc from 'fast-check';

const seed = Number(process.env.FC_SEED ?? Date.now() % 0x7fffffff);
console.info(`fast-check: FC_SEED=${seed}`);
fc.configureGlobal({ seed, numRuns: Number(process.env.FC_RUNS ?? 1000) });

/** So many runs where `FC_RUNS` is 1000, or in proportion to it. */
export function runs(count: number): number {
  return Math.max(1, Math.round((count * Number(process.env.FC_RUNS ?? 1000)) / 1000));
}
