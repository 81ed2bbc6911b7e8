/** GitHub's lists can be some seconds late, and one answer can be older than the answer before it. */

const pauseMs = 1000;
const attempts = 4;

/**
 * Reads a list again for some seconds, as long as something may be missing.
 * @param isComplete whether the list has what is needed
 * @param first what was read already
 * @returns what was read last, complete or not
 */
export async function readUntil<T>(
  read: () => Promise<T>,
  isComplete: (found: T) => boolean,
  first?: T,
): Promise<T> {
  let found = first ?? (await read());
  for (let attempt = 1; attempt < attempts && !isComplete(found); attempt++) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    found = await read();
  }
  return found;
}
