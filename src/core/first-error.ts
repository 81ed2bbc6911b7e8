/**
 * The first error counts. A run that has failed still has to tell why, to record that, and to remove what it made. If one of
 * these fails as well, its error must not take the place of the first one. Otherwise the run would end for another reason,
 * and an approval could end, or stay, without a good reason.
 */
import { Stopped, stoppedByMachine } from '../decision.ts';

/** How to tell people of a failure that decides nothing. */
export interface Telling {
  /** What did not happen, as a sentence in words of the action. */
  readonly failed: string;
  /** Takes a line for people; the text is foreign. */
  readonly log: { warn(line: string): void };
}

/** Runs a step that must not decide how the run ends. It never throws: its failure is a warning. */
export async function tryTo(telling: Telling, step: () => unknown): Promise<void> {
  try {
    await step();
  } catch (error) {
    warnOf(error, telling);
  }
}

/**
 * Runs a task, and then what cleans up after it, however the task ended.
 * @returns what the task returns
 * @throws what the task throws, and nothing else
 */
export async function cleaningUp<T>(
  telling: Telling,
  task: () => Promise<T>,
  cleanUp: () => unknown,
): Promise<T> {
  try {
    return await task();
  } finally {
    await tryTo(telling, cleanUp);
  }
}

/**
 * Runs a task. If it fails, what follows from that is done.
 * @param follow gets the error of the task
 * @returns what the task returns
 * @throws what the task throws, and nothing else
 */
export async function followingUp<T>(
  telling: Telling,
  task: () => Promise<T>,
  follow: (error: unknown) => unknown,
): Promise<T> {
  try {
    return await task();
  } catch (error) {
    await tryTo(telling, () => follow(error));
    throw error;
  }
}

/** Tells of an error that decides nothing, because another one came first. It never throws. */
export function warnOf(error: unknown, { failed, log }: Telling): void {
  try {
    log.warn(`${failed} ${describe(error)}`);
  } catch {
    // What it says may hold a secret, which the log refuses.
    warnAlone(failed, log);
  }
}

function warnAlone(failed: string, log: Telling['log']): void {
  try {
    log.warn(failed);
  } catch {
    // Nobody can be told, and the first error still counts.
  }
}

/** A mistake in our code is told with the place where it was made. */
function describe(error: unknown): string {
  const known = error instanceof Stopped ? error : stoppedByMachine(error);
  if (known !== undefined) return known.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
