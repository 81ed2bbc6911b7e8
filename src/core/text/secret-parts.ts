/**
 * Which parts of a key are secret. A key is random, so no part of it is in another text by chance. But some servers
 * accept any word as a key, and some keys begin with the name of a product. Those words are in many texts.
 */

/** This many characters in a row reveal a secret; white space, dashes and the like between them do not count. */
export const windowLength = 12;
/**
 * In each window, this many characters must not be part of a word or a sequence: there are 36^4 ways to choose them.
 */
const fewestSurprises = 4;

/** The prefix that all tokens of a kind have is not secret. */
const publicPrefix = /^(?:gh[a-z]_|github_pat_|sk-(?:proj-|svcacct-|admin-|ant-)?|Bearer |Basic )/;

/**
 * The parts of a secret in which any 12 characters reveal it: all of a random key, nothing of `dummy-api-key`, and
 * the end of `acme-production-x7Kq9pZ2mN4v`.
 * @param key as somebody gave it to the action
 */
export function secretParts(key: string): string[] {
  const secret = withoutPublicPart(key);
  const surprising = findSurprises(secret);
  // Separators do not count in a window.
  const places = [...secret.matchAll(/[A-Za-z0-9]/g)].map(({ index }) => index);
  const length = Math.min(windowLength, places.length);
  /** For each place, how many of the places before it are surprising; and at the end, how many of all. */
  const before = new Uint32Array(places.length + 1);
  for (const [index, place] of places.entries()) {
    before[index + 1] = (before[index] as number) + (surprising.has(place) ? 1 : 0);
  }
  const counts = (first: number) =>
    (before[first + length] as number) - (before[first] as number) >= fewestSurprises;
  const parts: string[] = [];
  let start: number | undefined;
  for (let first = 0; first + length <= places.length; first++) {
    if (!counts(first)) continue;
    start ??= first;
    if (first + length < places.length && counts(first + 1)) continue;
    const from = start === 0 ? 0 : places[start];
    parts.push(secret.slice(from, places[first + length]));
    start = undefined;
  }
  return parts;
}

/** Places of the characters that are not part of a word, and that do not continue a sequence like 1234 or xxxx. */
function findSurprises(secret: string): Set<number> {
  const tokens = [...secret.matchAll(/[A-Za-z0-9]+/g)].map((match) => ({
    text: match[0],
    at: match.index,
    isWord: isWord(match[0]),
  }));
  const lengthOf = (some: typeof tokens) => some.reduce((sum, { text }) => sum + text.length, 0);
  const words = tokens.filter((token) => token.isWord);
  // Random characters look like a word now and then. People put real words at the beginning.
  const firstOther = tokens.findIndex(
    ({ text, isWord }) => !isWord || !/^(?:[A-Z]?[a-z]+|[A-Z]+)$/.test(text),
  );
  const wordsThatCount =
    2 * lengthOf(words) > lengthOf(tokens) ? words : tokens.slice(0, firstOther);
  const surprising = new Set<number>();
  for (const token of tokens) {
    if (wordsThatCount.includes(token)) continue;
    for (let index = 0; index < token.text.length; index++) {
      const step =
        index === 0 ? 2 : token.text.charCodeAt(index) - token.text.charCodeAt(index - 1);
      if (Math.abs(step) > 1) surprising.add(token.at + index);
    }
  }
  return surprising;
}

const longestWord = 15;

/** Letters as people write words, with or without a number at the end: `key`, `KEY`, `ApiKey`, `test123`. */
function isWord(token: string): boolean {
  const [, letters = '', digits = ''] = /^([A-Za-z]+)(\d{0,4})$/.exec(token) ?? [];
  if (letters === '' || letters.length > longestWord || (digits && letters.length < 3))
    return false;
  if (/^(?:[A-Z]?[a-z]+|[A-Z]+)$/.test(letters)) {
    // No word has no vowel, or six consonants in a row.
    return letters.length < 5 || (/[aeiouy]/i.test(letters) && !/[^aeiouy]{6}/i.test(letters));
  }
  const parts = letters.split(/(?=[A-Z])/);
  return parts.every((part) => /^[A-Z]?[a-z]+$/.test(part) && /.[aeiouy]|[aeiouy]./i.test(part));
}

/** Header and claims of a signed token are in many texts; only the signature is secret. */
function withoutPublicPart(secret: string): string {
  const parts = secret.split('.');
  if (parts.length === 3 && parts.every((part) => part.length >= windowLength)) {
    return parts[2] as string;
  }
  return secret.replace(publicPrefix, '');
}
