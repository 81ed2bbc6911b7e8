/** GitHub keeps one label for all spellings in ASCII case; nothing else is folded. */
export function sameLabel(one: string, other: string): boolean {
  const lower = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return lower(one) === lower(other);
}
