/** A process that runs steps one after another. `scripted.ts` starts it. */
import { runAsProcess, type StepCall } from './as-process.ts';

/** What `scripted.ts` is told. */
export interface ServedStep {
  readonly status: number;
  /** Standard output. */
  readonly log: string;
}

process.on('message', (call: StepCall) => {
  runAsProcess(call).then(
    ({ status, log }) => process.send?.({ status, log } satisfies ServedStep),
    (error: unknown) => process.send?.({ status: -1, log: String(error) } satisfies ServedStep),
  );
});
