import canonicalize from 'canonicalize';

/** Why a text is not accepted as JSON; the message is a sentence without foreign text. */
export class JsonError extends Error {}

/**
 * Reads one JSON document, more strictly than `JSON.parse`: two readers of an ambiguous text could see two plans.
 * @throws JsonError for a duplicate key, a lone surrogate, `__proto__` as a key, an integer that a double cannot
 *   hold, or nesting deeper than `maxDepth`
 */
export function parseJson(text: string, maxDepth = 16): unknown {
  if (!text.isWellFormed()) throw new JsonError('It holds a lone surrogate.');
  checkDepth(text, maxDepth);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new JsonError('It is not one JSON document.');
  }
  checkKeys(text);
  checkValues(value);
  return value;
}

/** RFC 8785: one byte string for one value, whatever the key order it was written in. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('a value without a JSON form');
  return text;
}

/**
 * The same value with every text made well-formed: a text that was cut in the middle of a character has no canonical
 * form. Used for texts that somebody else chose, so that nobody can prevent a record.
 */
export function toWellFormed<T>(value: T): T {
  return wellFormed(value) as T;
}

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, wellFormed(one)]));
}

/** Visits the structure of a text in one pass; strings are passed with their quotes. */
function scan(text: string, visit: (token: string, at: number) => void): void {
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (character === '"') {
      const start = at++;
      while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
      visit(text.slice(start, at + 1), start);
    } else if ('{}[]:,'.includes(character)) {
      visit(character, at);
    }
  }
}

/**
 * Checked before parsing: deep nesting exhausts the stack of `JSON.parse` and of all recursive functions after it.
 */
function checkDepth(text: string, maxDepth: number): void {
  let depth = 0;
  scan(text, (token) => {
    if (token === '{' || token === '[') depth++;
    if (token === '}' || token === ']') depth--;
    if (depth > maxDepth) throw new JsonError(`It nests deeper than ${maxDepth} levels.`);
  });
}

/** Checked after parsing, so the text is known to be JSON: a string before a colon is a key. */
function checkKeys(text: string): void {
  const open: Set<string>[] = [];
  let last = '';
  scan(text, (token) => {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const key = JSON.parse(last) as string;
      const keys = open.at(-1) as Set<string>;
      if (keys.has(key)) throw new JsonError('It names a key twice.');
      if (key === '__proto__') throw new JsonError('It uses a key that is not allowed.');
      if (!key.isWellFormed()) throw new JsonError('It holds a lone surrogate.');
      keys.add(key);
    }
    last = token;
  });
}

function checkValues(value: unknown): void {
  if (typeof value === 'string' && !value.isWellFormed()) {
    throw new JsonError('It holds a lone surrogate.');
  }
  if (
    typeof value === 'number' &&
    (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER)
  ) {
    throw new JsonError('It holds a number that cannot be kept exactly.');
  }
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(checkValues);
}
