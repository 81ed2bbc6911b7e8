import { lowerAscii } from './characters.ts';

/** GitHub keeps one label for all spellings in ASCII case; nothing else is folded. */
export function sameLabel(one: string, other: string): boolean {
  return lowerAscii(one) === lowerAscii(other);
}
