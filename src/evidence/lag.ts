/** GitHub's lists can lag some seconds behind what was done, and one answer can be older than the one before. */

const pauseMs = 1000;
const attempts = 4;

/**
 * Reads again and again for some seconds what a list may not have yet.
 * @param isComplete whether it has what is looked for
 * @param first what was read before
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
