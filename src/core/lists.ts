/** A list with at least one item. */
export type NonEmpty<T> = readonly [T, ...T[]];

export function last<T>(list: NonEmpty<T>): T {
  return list.at(-1) ?? list[0];
}

export function mapAll<T, U>([first, ...rest]: NonEmpty<T>, change: (item: T) => U): [U, ...U[]] {
  return [change(first), ...rest.map(change)];
}

/**
 * Waits for all of them, also if some fail.
 * @throws what the first of the list that failed threw, whichever failed first
 */
export async function waitForAll<T extends readonly unknown[]>(
  started: readonly [...{ [Index in keyof T]: Promise<T[Index]> }],
): Promise<T> {
  await Promise.allSettled(started);
  return (await Promise.all(started)) as unknown as T;
}
