/**
 * Finds the secrets of a run in what is about to leave it: whole or in part, plain or in a disguise that any model
 * knows. Whoever talks a model into printing a key also asks it to leave out the first characters, or to write it
 * backwards, since that is what scanners miss. Linear in the length of the text, whatever the text is.
 */

/** Secrets to look for, by the name that a person knows each by. */
export type Secrets = Readonly<Record<string, string | undefined>>;

/** Looks for the secrets it was made with; the name of the first that `content` holds a part of. */
export type FindSecret = (content: string | Uint8Array) => string | undefined;

/** So many characters in a row give a secret away; white space, dashes and the like between them do not count. */
const windowLength = 12;
/** What is shorter than that is looked for whole, down to this length: `test` is no secret. */
const shortest = 8;
/** A run of zeros is part of many a text, and says nothing of a secret that it is also part of. */
const fewestDistinct = 5;
/** Up to this length, words alone are no key that anybody was given. */
const longestWords = 32;

/** What every token of a kind begins with is no secret. */
const publicPrefix = /^(?:gh[a-z]_|github_pat_|sk-(?:proj-|svcacct-|admin-|ant-)?|Bearer |Basic )/;

export function secretFinder(secrets: Secrets): FindSecret {
  const windows = new Windows();
  const words = new Map<string, string>();
  for (const [name, value = ''] of Object.entries(secrets)) {
    const secret = value.trim();
    if (secret.length < shortest) continue;
    if (isWords(secret)) {
      words.set(secret, name);
      continue;
    }
    for (const { text, window } of formsOf(secretPart(secret))) windows.add(text, window, name);
  }
  const findIn = (text: string) =>
    [...words].find(([secret]) => text.includes(secret))?.[1] ?? windows.find(text);
  return (content) => {
    // Byte by byte, whatever the encoding: all that is looked for is ASCII.
    const text = typeof content === 'string' ? content : Buffer.from(content).toString('latin1');
    const read = resolveEscapes(text);
    return findIn(text) ?? (read === text ? undefined : findIn(read));
  };
}

/**
 * An endpoint of one's own takes anything for a key: `not-needed`, `lm-studio`. Prose is full of such words, so they
 * are looked for to the letter alone. Keys that somebody gives out have digits, or letters that make no word.
 */
function isWords(secret: string): boolean {
  const isWord = (part: string) => /^(?:[A-Z]?[a-z]*|[A-Z]*)$/.test(part);
  return secret.length <= longestWords && secret.split(/[-_. ]/).every(isWord);
}

/** Header and claims of a signed token stand in many texts; what nobody else has is the signature. */
function secretPart(secret: string): string {
  const parts = secret.split('.');
  if (parts.length === 3 && parts.every((part) => part.length >= windowLength)) {
    return parts[2] as string;
  }
  return secret.replace(publicPrefix, '');
}

/**
 * Line ends, tabs and what is not drawn are escaped on their way into a log, a comment or JSON, some of them twice. The
 * letters of an escape are none of the text, and a backslash before another one only separates.
 */
const escapes =
  /%([0-9a-fA-F]{2})|\\(?:u\{5c\}){0,4}(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|[0-7]{3}|[abfnrtv])/g;

function resolveEscapes(text: string): string {
  return text.replace(escapes, (_, ...codes: (string | undefined)[]) => {
    const code = Number.parseInt(codes.slice(0, 4).find(Boolean) ?? '', 16);
    return code < 128 ? String.fromCharCode(code) : ' ';
  });
}

/** One way to write a secret, and how many characters of it in a row give the secret away. */
interface Form {
  readonly text: string;
  readonly window: number;
}

function formsOf(secret: string): Form[] {
  if (secret.length < shortest) return [];
  const backwards = [...secret].reverse().join('');
  return [secret, backwards].flatMap((text) => {
    const bytes = Buffer.from(text);
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
    const octal = [...bytes].map((byte) => byte.toString(8).padStart(3, '0'));
    return [
      { text, window: windowLength },
      ...[0, 1, 2].map((offset) => ({ text: base64Inside(bytes, offset), window: base64Window })),
      ...['', 'x', '0x', 'u00'].map((prefix) => ({
        text: hex.map((pair) => prefix + pair).join(''),
        window: (prefix.length + 2) * windowLength,
      })),
      { text: octal.join(''), window: 3 * windowLength },
      // A decimal code has two or three digits.
      { text: bytes.join(''), window: 2 * windowLength },
    ];
  });
}

/** What is whole of a window wherever it begins: both of its ends may share a character with what is beside it. */
const base64Window = (windowLength * 8) / 6 - 1;

/** As the secret reads in the Base64 of a text that it begins in at this offset of three, without its edges. */
function base64Inside(bytes: Uint8Array, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}

/** 0 for what only separates; letters count in lower case, since a key in capitals is still most of the key. */
const significant = new Uint8Array(128);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789') {
  significant[character.charCodeAt(0)] = character.toLowerCase().charCodeAt(0);
}

const base = 0x01000193;
const filterBits = 18;

/** Every window of every form, found in a text by a rolling hash of each length that occurs. */
class Windows {
  readonly #names = new Map<number, Map<string, string>>();
  readonly #filters = new Map<number, Uint8Array>();

  /** @param wanted length of a window; a text that is shorter is one */
  add(form: string, wanted: number, name: string): void {
    const text = form.toLowerCase().replace(/[^a-z0-9]/g, '');
    const length = Math.min(wanted, text.length);
    if (length < shortest) return;
    for (let start = 0; start + length <= text.length; start++) {
      const window = text.slice(start, start + length);
      if (new Set(window).size >= fewestDistinct) this.#keep(window, name);
    }
  }

  #keep(window: string, name: string): void {
    const { length } = window;
    const names = this.#names.get(length) ?? new Map<string, string>();
    const filter = this.#filters.get(length) ?? new Uint8Array(1 << filterBits);
    names.set(window, name);
    let hash = 0;
    for (let at = 0; at < length; at++) hash = (Math.imul(hash, base) + window.charCodeAt(at)) | 0;
    filter[hash >>> (32 - filterBits)] = 1;
    this.#names.set(length, names);
    this.#filters.set(length, filter);
  }

  find(text: string): string | undefined {
    for (const [length, names] of this.#names) {
      const found = scan(text, length, names, this.#filters.get(length) as Uint8Array);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function scan(
  text: string,
  length: number,
  names: ReadonlyMap<string, string>,
  filter: Uint8Array,
): string | undefined {
  const ring = new Uint8Array(length);
  let leaving = 1;
  for (let power = 0; power < length; power++) leaving = Math.imul(leaving, base);
  let hash = 0;
  let seen = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    const character = unit < 128 ? (significant[unit] as number) : 0;
    if (character === 0) continue;
    const slot = seen % length;
    hash = (Math.imul(hash, base) + character - Math.imul(leaving, ring[slot] as number)) | 0;
    ring[slot] = character;
    seen++;
    if (seen >= length && filter[hash >>> (32 - filterBits)] === 1) {
      const start = seen % length;
      const window = String.fromCharCode(...ring.subarray(start), ...ring.subarray(0, start));
      const name = names.get(window);
      if (name !== undefined) return name;
    }
  }
  return undefined;
}
