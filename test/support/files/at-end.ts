/**
 * What helpers do when a test file has ended. A helper is loaded once for all files of a process, so an `afterAll` of its own, at the
 * top of its module, would run after the first of these files and never again.
 */
const actions: (() => unknown)[] = [];

/** Does something at the end of the test file that now runs. */
export function atEndOfFile(action: () => unknown): void {
  actions.push(action);
}

/**
 * Does it all, the last first. For the set-up of the files alone.
 * @throws the error of what failed, after everything else was done; all of them in one AggregateError
 */
export async function endFile(): Promise<void> {
  const errors: unknown[] = [];
  for (const action of actions.splice(0).toReversed()) {
    try {
      await action();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 1) throw new AggregateError(errors, errors.join('\n'));
  if (errors.length === 1) throw errors[0];
}
