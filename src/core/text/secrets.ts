/**
 * Finds the secrets of a run in what is about to leave it.
 *
 * The promise: no comment, artifact, commit, output or log line that this action writes holds 12 characters in a row of a
 * key or token that the action was given, in plain text or in one of the disguises that any model knows (backwards,
 * Base64, hexadecimal, character codes, escapes, upper or lower case, with anything between the characters). It is the
 * second line of defence: the first is that no program that a model can steer has a key within reach. It is there because
 * whoever talks a model into printing a key also asks it to leave out the first characters or to write it backwards,
 * since a search for the key as it is misses that.
 *
 * What it does not promise: that a disguise made up for the purpose is seen.
 *
 * A key is random; that is what makes it a key, and it is why 12 of its characters are in no other text. Some servers
 * take anything for a key (`not-needed`, `lm-studio`, `test1234`), and some keys begin with the name of a product. Such
 * words are in many texts and are no secret, so a part of a key counts only if enough of it is no word and no sequence
 * like 1234. Otherwise every text that says "not needed" would be refused, and the gate would be switched off.
 *
 * The search takes time in proportion to the text, whatever the text is, since strangers choose the text.
 */

import { secretParts, windowLength } from './secret-parts.ts';

/** Secrets to look for, by the name that a person knows each by. */
export type Secrets = Readonly<Record<string, string | undefined>>;

/** Looks for the secrets it was made with; the name of the first that `content` holds a part of. */
export type FindSecret = (content: string | Uint8Array) => string | undefined;

/** What is shorter than that is looked for whole, down to this length. */
const shortest = 8;
/** A run of zeros is part of many a text, and says nothing of a secret that it is also part of. */
const fewestDistinct = 5;

export function secretFinder(secrets: Secrets): FindSecret {
  // Made when it is first needed: with long tokens it takes as long as all that a run does until then.
  let made: Windows | undefined;
  return (content) => {
    made ??= windowsOf(secrets);
    const windows = made;
    // Byte by byte, whatever the encoding: all that is looked for is ASCII.
    const text = typeof content === 'string' ? content : Buffer.from(content).toString('latin1');
    return readings(text)
      .map((reading) => windows.find(reading))
      .find((name) => name !== undefined);
  };
}

function windowsOf(secrets: Secrets): Windows {
  const windows = new Windows();
  for (const [name, value = ''] of Object.entries(secrets)) {
    for (const { text, window } of secretParts(value.trim()).flatMap(formsOf)) {
      windows.add(text, window, name);
    }
  }
  return windows;
}

/**
 * Line ends, tabs and what is not drawn are escaped on their way into a log, a comment or JSON, some of them twice, and a
 * page writes punctuation as entities. The letters of an escape are none of the text, and a backslash before another one
 * only separates.
 */
const escapes =
  /%([0-9a-fA-F]{2})|\\(?:u\{5c\}){0,4}(?:u\{([0-9a-fA-F]{1,6})(?:\*\d+)?\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|[0-7]{3}|[abfnrtv])|&#(\d{1,7});|&nbsp;|<\/?span>/g;

/** A text as it is written, and as it reads when its escapes are resolved, and those that come to light by that. */
function readings(text: string): string[] {
  const read = [text];
  for (let times = 0; times < 4; times++) {
    const next = resolveEscapes(read.at(-1) as string);
    if (next === read.at(-1)) break;
    read.push(next);
  }
  return read;
}

/** Where a block on a page breaks a long line, as text and as the bytes of UTF-8: it may part an escape. */
const brokenLines = /\n(?:[-+ ]?(?:│|\xe2\x94\x82) )*[-+ ]?(?:│↪|\xe2\x94\x82\xe2\x86\xaa)/g;
const emptyComments = /<!-- -->/g;

function resolveEscapes(text: string): string {
  const whole = text.replace(brokenLines, '').replace(emptyComments, '');
  return whole.replace(escapes, (_, ...codes: (string | undefined)[]) => {
    const hexadecimal = codes.slice(0, 4).find(Boolean);
    const code = hexadecimal ? Number.parseInt(hexadecimal, 16) : Number(codes[4]);
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
    const hex = bytes.toString('hex').match(/../g) ?? [];
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
  readonly #byLength = new Map<number, WindowsOfLength>();

  /** @param wanted length of a window; a text that is shorter is one */
  add(form: string, wanted: number, name: string): void {
    const text = form.toLowerCase().replace(/[^a-z0-9]/g, '');
    const length = Math.min(wanted, text.length);
    if (length < shortest) return;
    const windows = this.#byLength.get(length) ?? new WindowsOfLength(length);
    windows.add(text, name);
    this.#byLength.set(length, windows);
  }

  find(text: string): string | undefined {
    for (const windows of this.#byLength.values()) {
      const found = windows.find(text);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

/** So often a window is looked up in the forms themselves, before a table of all windows is made. */
const lookups = 200;

class WindowsOfLength {
  readonly #length: number;
  /** `base` to the power of the length. */
  readonly #leaving: number;
  readonly #forms: { readonly text: string; readonly name: string }[] = [];
  readonly #filter = new Uint8Array(1 << filterBits);
  #lookedUp = 0;
  /** Made late: a long token has tens of thousands of windows, and most runs have little to search. */
  #names: Map<string, string> | undefined;

  constructor(length: number) {
    this.#length = length;
    let leaving = 1;
    for (let power = 0; power < length; power++) leaving = Math.imul(leaving, base);
    this.#leaving = leaving;
  }

  /** @param text significant characters in lower case, at least one window of them */
  add(text: string, name: string): void {
    this.#forms.push({ text, name });
    this.#names = undefined;
    const [length, leaving, filter] = [this.#length, this.#leaving, this.#filter];
    const units = Buffer.from(text, 'latin1');
    let hash = 0;
    for (let at = 0; at < units.length; at++) {
      hash = (Math.imul(hash, base) + (units[at] as number)) | 0;
      if (at >= length) hash = (hash - Math.imul(leaving, units[at - length] as number)) | 0;
      if (at >= length - 1) filter[hash >>> (32 - filterBits)] = 1;
    }
  }

  find(text: string): string | undefined {
    const length = this.#length;
    const ring = new Uint8Array(length);
    let hash = 0;
    let seen = 0;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      const character = unit < 128 ? (significant[unit] as number) : 0;
      if (character === 0) continue;
      const slot = seen % length;
      const left = Math.imul(this.#leaving, ring[slot] as number);
      hash = (Math.imul(hash, base) + character - left) | 0;
      ring[slot] = character;
      seen++;
      if (seen >= length && this.#filter[hash >>> (32 - filterBits)] === 1) {
        const start = seen % length;
        const window = String.fromCharCode(...ring.subarray(start), ...ring.subarray(0, start));
        const name = this.#nameOf(window);
        if (name !== undefined) return name;
      }
    }
    return undefined;
  }

  #nameOf(window: string): string | undefined {
    if (new Set(window).size < fewestDistinct) return undefined;
    if (this.#names === undefined && this.#lookedUp++ < lookups) {
      return this.#forms.findLast(({ text }) => text.includes(window))?.name;
    }
    this.#names ??= this.#listNames();
    return this.#names.get(window);
  }

  #listNames(): Map<string, string> {
    const names = new Map<string, string>();
    for (const { text, name } of this.#forms) {
      for (let start = 0; start + this.#length <= text.length; start++) {
        names.set(text.slice(start, start + this.#length), name);
      }
    }
    return names;
  }
}
