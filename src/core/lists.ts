/** A list with at least one item. */
export type NonEmpty<T> = readonly [T, ...T[]];

export function last<T>(list: NonEmpty<T>): T {
  return list.at(-1) ?? list[0];
}

export function mapAll<T, U>([first, ...rest]: NonEmpty<T>, change: (item: T) => U): [U, ...U[]] {
  return [change(first), ...rest.map(change)];
}
