/**
 * Does something when it is first asked for, and gives the same result to every caller. So several tests can look at one run, each
 * at another property of it. If the run fails, each of these tests fails.
 */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
