/**
 * Which characters a reader sees, and which only a program sees.
 *
 * Text can be hidden in text: tag characters spell whole sentences that no screen draws, variation selectors and
 * zero-width characters carry bits, bidirectional overrides show another order than the one that is read ("Trojan
 * Source"). The same characters make flags, families and Persian words. So a character is judged by the sequence that
 * it is part of: emoji exactly as Unicode recommends them (UTS #51, RGI), joiners between letters of scripts that
 * join, one at a time.
 */

/** A part of a text: shown; or one character that is not drawn, and that is harmless or hidden. */
export interface Piece {
  readonly is: 'shown' | 'mark' | 'hidden';
  readonly text: string;
}

/** Nothing in such a text is hidden. */
const plain = /^[\t\n\x20-\x7e]*$/;

/**
 * Compiling expressions with Unicode tables takes as long as a whole run for an ordinary comment, so each is made
 * when it is first needed.
 */
function late<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Characters that are not drawn by themselves. For blanks see `blanks.ts`. */
const suspicious = late(
  () =>
    /[[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800\u{13441}\u{13442}\u{16fe4}\u{1d159}]--[\t\n]]/v,
);
/**
 * An emoji that has suspicious characters in it, as long as possible, or one suspicious character. The search for
 * emoji is slow, so it is tried only at a beginning that fits. Compiling it takes 40 ms, because it lists all emoji.
 */
const special = late(
  () =>
    new RegExp(
      `((?=\\p{Emoji}\\p{Emoji_Modifier}?[\\ufe0f\\u200d\\u{e0020}-\\u{e007f}])\\p{RGI_Emoji})|${suspicious().source}`,
      'gv',
    ),
);

/** Characters that have a text form and an emoji form. Digits have both, too, but nobody selects a form for them. */
const twoForms = late(() => /^[\p{Emoji}--[\p{Emoji_Modifier}\p{Regional_Indicator}0-9#*]]$/v);

/** Scripts whose letters join, or whose spelling needs joiners. */
const joiningScripts = [
  ...['Arabic', 'Syriac', 'Mongolian', 'Nko', 'Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati'],
  ...['Oriya', 'Tamil', 'Telugu', 'Kannada', 'Malayalam', 'Sinhala', 'Khmer', 'Tibetan'],
];
const joiningLetter = late(
  () =>
    new RegExp(
      `^[[${joiningScripts.map((script) => `\\p{Script_Extensions=${script}}`).join('')}]&&[\\p{L}\\p{M}]]$`,
      'v',
    ),
);

const textPresentation = '\ufe0e';
const emojiPresentation = '\ufe0f';
const nonJoiner = '\u200c';
const joiner = '\u200d';

/** Soft hyphen and direction marks: keyboards and word processors insert them, and they change no word. */
const marks = new Map([
  ['\u00ad', 'soft hyphen'],
  ['\u200e', 'left-to-right mark'],
  ['\u200f', 'right-to-left mark'],
  ['\u061c', 'Arabic letter mark'],
]);

/** Names of hidden characters; the first that matches counts. */
const carriers = late((): readonly (readonly [RegExp, string])[] => [
  [/[\u202a-\u202e\u2066-\u2069]/u, 'bidirectional override'],
  [/[\u{e0000}-\u{e007f}]/u, 'tag character'],
  [/[\ufe00-\ufe0f\u{e0100}-\u{e01ef}\u180b-\u180d\u180f]/u, 'variation selector'],
  [/[\u200c\u200d]/u, 'joiner'],
  [/[\u2028\u2029]/u, 'line separator'],
  [/\p{Cc}/u, 'control character'],
  [/\p{Cs}/u, 'half of a surrogate pair'],
  [/\p{Co}/u, 'private-use character'],
  [/(?=\P{Default_Ignorable_Code_Point})\p{Cn}/u, 'unassigned character'],
]);

/**
 * Divides a text into pieces, in one pass. Tab and line feed count as shown. The version of Unicode that Node knows
 * decides what is shown. A newer emoji counts as hidden, so it is refused and not overlooked.
 */
export function* piecesOf(text: string): Generator<Piece> {
  // Every match of the slow expression below has a suspicious character in it.
  if (plain.test(text) || !suspicious().test(text)) {
    if (text !== '') yield { is: 'shown', text };
    return;
  }
  let previous = '';
  let end = 0;
  for (const { 0: found, 1: emoji, index } of text.matchAll(special())) {
    if (index > end) {
      yield { is: 'shown', text: text.slice(end, index) };
      previous = lastOf(text, index);
    }
    end = index + found.length;
    if (emoji === undefined && marks.has(found)) {
      yield { is: 'mark', text: found };
      continue;
    }
    const shown =
      emoji !== undefined || isPresentation(found, previous) || joins(found, previous, text, end);
    yield { is: shown ? 'shown' : 'hidden', text: found };
    previous = found;
  }
  if (end < text.length) yield { is: 'shown', text: text.slice(end) };
}

/** The name of the kind of a hidden character. */
export function nameHidden(character: string): string {
  return (
    marks.get(character) ??
    carriers().find(([pattern]) => pattern.test(character))?.[1] ??
    'invisible character'
  );
}

/** The character before a position. */
function lastOf(text: string, end: number): string {
  const low = text.charCodeAt(end - 1);
  const isPair = low >= 0xdc00 && low <= 0xdfff && end > 1;
  return text.slice(end - (isPair ? 2 : 1), end);
}

/** One selector after a character that has two forms. */
function isPresentation(character: string, previous: string): boolean {
  return (
    (character === textPresentation || character === emojiPresentation) && twoForms().test(previous)
  );
}

/** A joiner between two letters that join, or, as in Malayalam, at the end of a word. */
function joins(character: string, previous: string, text: string, next: number): boolean {
  if (character !== joiner && character !== nonJoiner) return false;
  if (!joiningLetter().test(previous)) return false;
  const point = text.codePointAt(next);
  const following = point === undefined ? '' : String.fromCodePoint(point);
  return joiningLetter().test(following) || (character === joiner && following.trim() === '');
}
