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

/** What every token of a kind begins with is no secret. */
const publicPrefix = /^(?:gh[a-z]_|github_pat_|sk-(?:proj-|svcacct-|admin-|ant-)?|Bearer |Basic )/;

export function secretFinder(secrets: Secrets): FindSecret {
  const windows = new Windows();
  for (const [name, secret] of Object.entries(secrets)) {
    if (secret === undefined) continue;
    for (const { text, scale } of formsOf(secretPart(secret.trim()))) {
      windows.add(text, Math.ceil(windowLength * scale), name);
    }
  }
  return (content) => windows.find(content);
}

/** Header and claims of a signed token stand in many texts; what nobody else has is the signature. */
function secretPart(secret: string): string {
  const parts = secret.split('.');
  if (parts.length === 3 && parts.every((part) => part.length >= windowLength)) {
    return parts[2] as string;
  }
  return secret.replace(publicPrefix, '');
}

/** One way to write a secret, and how many characters it takes for one of the secret. */
interface Form {
  readonly text: string;
  readonly scale: number;
}

function formsOf(secret: string): Form[] {
  if (secret.length < shortest) return [];
  const bytes = Buffer.from(secret);
  const plain = [secret, [...secret].reverse().join(''), encodeURIComponent(secret)];
  const base64 = [0, 1, 2].map((offset) => base64Inside(bytes, offset));
  const hex = ['', 'x', '0x', 'u00'].flatMap((prefix) => {
    const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
    const scale = prefix.length + 2;
    return [digits, digits.map((pair) => pair.toUpperCase())].map((pairs) => ({
      text: pairs.map((pair) => prefix + pair).join(''),
      scale,
    }));
  });
  return [
    ...plain.map((text) => ({ text, scale: 1 })),
    ...base64.map((text) => ({ text, scale: 4 / 3 })),
    ...hex,
  ];
}

/** As the secret reads in the Base64 of a text that it begins in at this offset of three, without its edges. */
function base64Inside(bytes: Uint8Array, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}

/** 0 for what only separates; letters and digits are themselves. */
const significant = new Uint8Array(128);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789') {
  significant[character.charCodeAt(0)] = character.charCodeAt(0);
}

const base = 0x01000193;
const filterBits = 18;

/** Every window of every form, found in a text by a rolling hash of each length that occurs. */
class Windows {
  readonly #names = new Map<number, Map<string, string>>();
  readonly #filters = new Map<number, Uint8Array>();

  /** @param wanted length of a window; a text that is shorter is one */
  add(form: string, wanted: number, name: string): void {
    const text = [...form].filter((each) => significant[each.charCodeAt(0)]).join('');
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

  find(content: string | Uint8Array): string | undefined {
    for (const [length, names] of this.#names) {
      const found = scan(content, length, names, this.#filters.get(length) as Uint8Array);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function scan(
  content: string | Uint8Array,
  length: number,
  names: ReadonlyMap<string, string>,
  filter: Uint8Array,
): string | undefined {
  const ring = new Uint8Array(length);
  const text = typeof content === 'string' ? content : undefined;
  const bytes = typeof content === 'string' ? undefined : content;
  let leaving = 1;
  for (let power = 0; power < length; power++) leaving = Math.imul(leaving, base);
  let hash = 0;
  let seen = 0;
  for (let at = 0; at < content.length; at++) {
    const unit = text === undefined ? ((bytes as Uint8Array)[at] as number) : text.charCodeAt(at);
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
