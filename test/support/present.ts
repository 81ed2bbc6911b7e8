/** The value itself. Fails the test if there is none: nothing after it would mean anything. */
export function present<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('There is nothing here.');
  return value;
}
