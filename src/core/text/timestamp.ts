/** RFC 3339 in UTC without fractions, as GitHub writes times. */
export function timestamp(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
