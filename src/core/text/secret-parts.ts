/**
 * What of a key is secret. A key is random, so no part of it is in another text by chance. But some servers take any
 * word for a key, some keys begin with the name of a product, and those words are in many texts.
 */

/** So many characters in a row give a secret away; white space, dashes and the like between them do not count. */
export const windowLength = 12;
/** Of a window, so many characters must be no part of a word or a sequence: 36^4 ways to choose them. */
const fewestSurprises = 4;

/** What every token of a kind begins with is no secret. */
const publicPrefix = /^(?:gh[a-z]_|github_pat_|sk-(?:proj-|svcacct-|admin-|ant-)?|Bearer |Basic )/;

/**
 * The stretches of a secret in which any 12 characters give it away: all of a random key, nothing of `dummy-api-key`, and
 * of `acme-production-x7Kq9pZ2mN4v` its end.
 * @param key as somebody gave it to the action
 */
export function secretParts(key: string): string[] {
  const secret = withoutPublicPart(key);
  const surprising = findSurprises(secret);
  // What only separates counts in no window.
  const places = [...secret.matchAll(/[A-Za-z0-9]/g)].map(({ index }) => index);
  const length = Math.min(windowLength, places.length);
  /** How many of the places before each one, and of all, are surprising. */
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

/** Places of the characters that are no part of a word and do not just go on from the one before, as in 1234 or xxxx. */
function findSurprises(secret: string): Set<number> {
  const tokens = [...secret.matchAll(/[A-Za-z0-9]+/g)].map((match) => ({
    text: match[0],
    at: match.index,
    isWord: isWord(match[0]),
  }));
  const lengthOf = (some: typeof tokens) => some.reduce((sum, { text }) => sum + text.length, 0);
  const words = tokens.filter((token) => token.isWord);
  // In random characters something that looks like a word comes about here and there. People put words in front.
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

/** Letters as people write words, perhaps with a number at the end: `key`, `KEY`, `ApiKey`, `test123`. */
function isWord(token: string): boolean {
  const [, letters = '', digits = ''] = /^([A-Za-z]+)(\d{0,4})$/.exec(token) ?? [];
  if (letters === '' || letters.length > longestWord || (digits && letters.length < 3))
    return false;
  if (/^(?:[A-Z]?[a-z]+|[A-Z]+)$/.test(letters)) {
    // Nobody can say what has no vowel, or six other letters in a row.
    return letters.length < 5 || (/[aeiouy]/i.test(letters) && !/[^aeiouy]{6}/i.test(letters));
  }
  const parts = letters.split(/(?=[A-Z])/);
  return parts.every((part) => /^[A-Z]?[a-z]+$/.test(part) && /.[aeiouy]|[aeiouy]./i.test(part));
}

/** Header and claims of a signed token are in many texts; what nobody else has is the signature. */
function withoutPublicPart(secret: string): string {
  const parts = secret.split('.');
  if (parts.length === 3 && parts.every((part) => part.length >= windowLength)) {
    return parts[2] as string;
  }
  return secret.replace(publicPrefix, '');
}
