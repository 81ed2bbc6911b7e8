/**
 * Finds the secrets of a run in everything that the run is about to publish.
 *
 * The promise: no comment, artifact, commit, output or log line that this action writes holds 12 characters in a row
 * of a key or token that the action was given, in plain text or in one of the encodings that any model knows
 * (backwards, Base64, hexadecimal, character codes, escapes, upper or lower case, with anything between the
 * characters). It is the second line of defence: the first is that no program that a model can steer has a key within
 * reach. It exists because somebody who makes a model print a key can also make it leave out the first characters or
 * write the key backwards, which a plain search for the key would miss.
 *
 * What it does not promise: that it finds an encoding that was invented to hide a key.
 *
 * A key is random; that is what makes it a key, and it is why 12 of its characters are in no other text. Some servers
 * accept anything as a key (`not-needed`, `lm-studio`, `test1234`), and some keys begin with the name of a product.
 * Such words are in many texts and are no secret, so a part of a key counts only if enough of it is neither a word
 * nor a sequence like 1234. Otherwise every text that says "not needed" would be refused, and people would switch the
 * gate off.
 *
 * The time of the search grows only linearly with the text, whatever the text is, because strangers choose it.
 */

import { secretParts, windowLength } from './secret-parts.ts';
import { shortest, Windows } from './secret-windows.ts';

/** Secrets to look for, by the name that a person knows each by. */
export type Secrets = Readonly<Record<string, string | undefined>>;

/**
 * Looks for the secrets that it was made with. It returns the name of the first secret of which `content` has a part.
 */
export type FindSecret = (content: string | Uint8Array) => string | undefined;

export function secretFinder(secrets: Secrets): FindSecret {
  // Made when it is first needed: for long tokens this takes as long as everything that a run does before.
  let made: Windows | undefined;
  return (content) => {
    made ??= windowsOf(secrets);
    const windows = made;
    // Byte by byte, whatever the encoding is: everything that is looked for is ASCII.
    const text = typeof content === 'string' ? content : latin1(content);
    return readings(text)
      .map((reading) => windows.find(reading))
      .find((name) => name !== undefined);
  };
}

function latin1({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
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
 * Line ends, tabs and characters that are not drawn are escaped in logs, comments and JSON, sometimes twice, and a
 * page writes punctuation as entities. The letters of an escape are not part of the text, and a backslash before
 * another backslash is only a separator.
 */
const escapes =
  /%([0-9a-fA-F]{2})|\\(?:u\{5c\}){0,4}(?:u\{([0-9a-fA-F]{1,6})(?:\*\d+)?\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|[0-7]{3}|[abfnrtv])|&#(\d{1,7});|&nbsp;|<\/?span>/g;

/** A text as it is written, then with its escapes resolved, then with the escapes resolved that this produced. */
function readings(text: string): string[] {
  const read = [text];
  for (let times = 0; times < 4; times++) {
    const next = resolveEscapes(read.at(-1) as string);
    if (next === read.at(-1)) break;
    read.push(next);
  }
  return read;
}

/** The mark with which a page breaks a long line, as text and as the bytes of UTF-8: it can be inside an escape. */
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

/** One way to write a secret, and how many characters in a row reveal it. */
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

/** The characters of a window that are always complete: both ends may share a character with their neighbours. */
const base64Window = (windowLength * 8) / 6 - 1;

/**
 * The secret in the Base64 of a text in which it begins at this offset (modulo three), without its first and last
 * characters.
 */
function base64Inside(bytes: Uint8Array, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}
