/** The signals by which a runner ends a job that is cancelled, or that has reached its own time limit. */

/**
 * First SIGINT, after 7.5 seconds SIGTERM, and 2.5 seconds later the process is killed.
 * https://docs.github.com/en/actions/reference/workflow-cancellation-reference
 */
const signals = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs a task that has something to end before the process does. Otherwise a signal ends the process at once.
 * @param stop called at the first signal. From then on no signal ends the process: it goes on to its end, as long as the
 *   runner lets it
 * @returns what the task returns
 * @throws what the task throws, and what `interrupted` gives if the task ended well although there was a signal
 */
export async function interruptible<T>(
  stop: () => void,
  interrupted: () => Error,
  task: () => Promise<T>,
): Promise<T> {
  let isInterrupted = false;
  const react = () => {
    isInterrupted = true;
    stop();
  };
  const release = () => {
    if (!isInterrupted) for (const signal of signals) process.off(signal, react);
  };
  for (const signal of signals) process.on(signal, react);
  const value = await task().finally(release);
  if (isInterrupted) throw interrupted();
  return value;
}
