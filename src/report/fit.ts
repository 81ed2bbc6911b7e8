/** Finds out what fits into a limit. */

/**
 * The first items that fit together.
 * @param lengthOf is asked for one item after the other, once each
 */
export function takeWhileFits<T>(
  items: readonly T[],
  maxLength: number,
  lengthOf: (item: T) => number,
): readonly T[] {
  let left = maxLength;
  const end = items.findIndex((item) => {
    left -= lengthOf(item);
    return left < 0;
  });
  return end === -1 ? items : items.slice(0, end);
}

/** The length of the longest run of a character. */
export function longestRun(text: string, character: string): number {
  let longest = 0;
  let run = 0;
  for (const each of text) {
    run = each === character ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
