/**
 * Does something when it is first asked for, and gives everybody what came of it: several tests look at one run, each at another
 * property. If the run fails, each of them fails.
 */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
