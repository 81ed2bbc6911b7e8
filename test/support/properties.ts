/** Settings of the property tests: import it for its effect. A run is repeated with the seed that it printed. */
import fc from 'fast-check';

/** A few hundred find what is broken; `npm run test:nightly` tries a thousand. */
const base = Number(process.env.FC_RUNS ?? 300);

const seed = Number(process.env.FC_SEED ?? Date.now() % 0x7fffffff);
console.info(`fast-check: FC_SEED=${seed}`);
fc.configureGlobal({ seed, numRuns: base });

/** So many runs where `FC_RUNS` is 1000, or in proportion to it. */
export function runs(count: number): number {
  return Math.max(1, Math.round((count * base) / 1000));
}
