import { lowerAscii } from './characters.ts';

/** GitHub treats names that differ only in the case of ASCII letters as one label; it folds nothing else. */
export function sameLabel(one: string, other: string): boolean {
  return lowerAscii(one) === lowerAscii(other);
}
