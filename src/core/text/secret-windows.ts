/**
 * The search for parts of secrets in a text, whatever is between their characters. Its time grows only linearly with the
 * text: a rolling hash goes over the text once for each length of a part, and few parts of a text need more than that.
 */

/** Secrets that are shorter than a window are only looked for as a whole, and those that are shorter than this are not looked for. */
export const shortest = 8;
/** Runs of zeros are in many texts, so they do not reveal a secret that has one, too. */
const fewestDistinct = 5;

/** 0 for separators. Letters count in lower case, because a key in capitals still reveals most of the key. */
const significant = new Uint8Array(128);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789') {
  significant[character.charCodeAt(0)] = character.toLowerCase().charCodeAt(0);
}

/** The significant characters of a text, as bytes. */
function significantOf(text: string): Buffer {
  const characters = Buffer.allocUnsafe(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    const character = unit < 128 ? (significant[unit] as number) : 0;
    if (character !== 0) characters[length++] = character;
  }
  return characters.subarray(0, length);
}

/** Every window of every form of the secrets: any of them in a text reveals the secret. */
export class Windows {
  readonly #byLength = new Map<number, WindowsOfLength>();

  /**
   * @param form one way to write a secret
   * @param wanted the length of a window in significant characters; a shorter form is one window
   * @param name the name of the secret
   */
  add(form: string, wanted: number, name: string): void {
    const characters = significantOf(form);
    const length = Math.min(wanted, characters.length);
    if (length < shortest) return;
    const windows = this.#byLength.get(length) ?? new WindowsOfLength(length);
    windows.add(characters, name);
    this.#byLength.set(length, windows);
  }

  /** The name of the secret of which the text has a window; undefined if it has none. */
  find(text: string): string | undefined {
    const characters = significantOf(text);
    for (const windows of this.#byLength.values()) {
      const found = windows.find(characters);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

const base = 0x01000193;
/** The size of a filter, as a power of two. */
const filterBits = 18;
/** The number of lookups in the forms themselves before a table of all windows is made. */
const lookups = 200;

/** Two bits of a filter for each hash: with one, ordinary words have so many hits that the lookups take longer than all else. */
const firstBit = (hash: number) => hash >>> (32 - filterBits);
const secondBit = (hash: number) =>
  Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> (32 - filterBits);

class WindowsOfLength {
  readonly #length: number;
  /** `base` to the power of the length. */
  readonly #leaving: number;
  readonly #forms: { readonly text: string; readonly name: string }[] = [];
  readonly #filter = new Uint8Array(1 << (filterBits - 3));
  #lookedUp = 0;
  /** Made only when it is needed: a long token has tens of thousands of windows, and most runs search little. */
  #names: Map<string, string> | undefined;

  constructor(length: number) {
    this.#length = length;
    let leaving = 1;
    for (let power = 0; power < length; power++) leaving = Math.imul(leaving, base);
    this.#leaving = leaving;
  }

  /** @param characters significant ones, at least one window of them */
  add(characters: Buffer, name: string): void {
    this.#forms.push({ text: characters.toString('latin1'), name });
    this.#names = undefined;
    this.#roll(characters, (hash) => {
      this.#setBit(firstBit(hash));
      this.#setBit(secondBit(hash));
      return undefined;
    });
  }

  /** @param characters significant ones */
  find(characters: Buffer): string | undefined {
    return this.#roll(characters, (hash, end) => {
      if (!this.#hasBit(firstBit(hash)) || !this.#hasBit(secondBit(hash))) return undefined;
      return this.#nameOf(characters.toString('latin1', end - this.#length, end));
    });
  }

  /** Calls a function with the hash and the end of each window, until it has an answer. */
  #roll(
    characters: Buffer,
    use: (hash: number, end: number) => string | undefined,
  ): string | undefined {
    const [length, leaving] = [this.#length, this.#leaving];
    let hash = 0;
    for (let at = 0; at < characters.length; at++) {
      hash = (Math.imul(hash, base) + (characters[at] as number)) | 0;
      if (at >= length) hash = (hash - Math.imul(leaving, characters[at - length] as number)) | 0;
      if (at < length - 1) continue;
      const answer = use(hash, at + 1);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  #setBit(bit: number): void {
    this.#filter[bit >>> 3] = (this.#filter[bit >>> 3] as number) | (1 << (bit & 7));
  }

  #hasBit(bit: number): boolean {
    return ((this.#filter[bit >>> 3] as number) & (1 << (bit & 7))) !== 0;
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
