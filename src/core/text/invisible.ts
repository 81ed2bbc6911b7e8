/**
 * Which characters a reader sees, and which only a program does.
 *
 * Text can be hidden in text: tag characters spell whole sentences that no screen draws, variation selectors and
 * zero-width characters carry bits, bidirectional overrides show another order than the one that is read ("Trojan
 * Source"). The same characters make flags, families and Persian words. So a sequence is told by what it is part of:
 * emoji exactly as Unicode recommends them (UTS #51, RGI), joiners between letters of scripts that join, one at a time.
 */

/** A part of a text: shown, drawn as nothing but harmless, or hidden. */
export type Piece =
  | { readonly is: 'shown'; readonly text: string }
  | { readonly is: 'mark' | 'hidden'; readonly text: string; readonly name: string };

/** What most texts have none of; emoji that are one character are not among it. */
const suspicious =
  /[[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800\u{13441}\u{13442}\u{16fe4}\u{1d159}]--[\t\n]]/v;

const emojiAt = /\p{RGI_Emoji}/vy;
/** A keycap begins with one of these, and alone they are plain text. */
const keycapBase = /^[0-9#*]$/;
const onePresentation = /^\p{Emoji}$/u;

/** Scripts whose letters join, or that ask for a joiner in their spelling. */
const joiningScripts = [
  ...['Arabic', 'Syriac', 'Mongolian', 'Nko', 'Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati'],
  ...['Oriya', 'Tamil', 'Telugu', 'Kannada', 'Malayalam', 'Sinhala', 'Khmer', 'Tibetan'],
];
const joiningLetter = new RegExp(
  `^[[${joiningScripts.map((script) => `\\p{Script_Extensions=${script}}`).join('')}]&&[\\p{L}\\p{M}]]$`,
  'v',
);

const textPresentation = '\ufe0e';
const emojiPresentation = '\ufe0f';
const nonJoiner = '\u200c';
const joiner = '\u200d';

/** Soft hyphen and direction marks: keyboards and word processors put them in, and they change no word. */
const marks = new Map([
  ['\u00ad', 'soft hyphen'],
  ['\u200e', 'left-to-right mark'],
  ['\u200f', 'right-to-left mark'],
  ['\u061c', 'Arabic letter mark'],
]);

/** Names of what is hidden; the first that fits. */
const carriers: readonly (readonly [RegExp, string])[] = [
  [/[\u202a-\u202e\u2066-\u2069]/u, 'bidirectional override'],
  [/[\u{e0000}-\u{e007f}]/u, 'tag character'],
  [/[\ufe00-\ufe0f\u{e0100}-\u{e01ef}\u180b-\u180d\u180f]/u, 'variation selector'],
  [/[\u200c\u200d]/u, 'joiner'],
  [/[\u2028\u2029]/u, 'line separator'],
  [/\p{Cc}/u, 'control character'],
  [/\p{Cs}/u, 'half of a surrogate pair'],
  [/\p{Co}/u, 'private-use character'],
  [/(?=\P{Default_Ignorable_Code_Point})\p{Cn}/u, 'unassigned character'],
  [/./su, 'invisible character'],
];

/**
 * Takes a text apart, in one pass. Tab and line feed count as shown. What is shown depends on the version of Unicode that
 * Node knows; a newer emoji is hidden, so it is refused and never passed over.
 */
export function* piecesOf(text: string): Generator<Piece> {
  if (!suspicious.test(text)) {
    if (text !== '') yield { is: 'shown', text };
    return;
  }
  let previous = '';
  for (let at = 0; at < text.length; ) {
    const emoji = emojiFrom(text, at);
    const character = emoji ?? String.fromCodePoint(text.codePointAt(at) as number);
    at += character.length;
    if (emoji !== undefined || !suspicious.test(character)) {
      yield { is: 'shown', text: character };
      previous = character;
      continue;
    }
    const mark = marks.get(character);
    if (mark !== undefined) {
      yield { is: 'mark', text: character, name: mark };
    } else if (isPresentation(character, previous) || joins(character, previous, text, at)) {
      yield { is: 'shown', text: character };
      previous = character;
    } else {
      yield { is: 'hidden', text: character, name: nameCarrier(character) };
      previous = character;
    }
  }
}

/** The longest recommended emoji that begins here. */
function emojiFrom(text: string, at: number): string | undefined {
  // None begins with a letter, and looking for one takes far longer than this.
  const unit = text.charCodeAt(at);
  if (unit < 0xa9 && !keycapBase.test(text.charAt(at))) return undefined;
  emojiAt.lastIndex = at;
  const found = emojiAt.exec(text)?.[0];
  return found === undefined || keycapBase.test(found) ? undefined : found;
}

/** A selector behind one character that has a text and an emoji form. */
function isPresentation(character: string, previous: string): boolean {
  return (
    (character === textPresentation || character === emojiPresentation) &&
    onePresentation.test(previous) &&
    !keycapBase.test(previous)
  );
}

/** A joiner between two letters that join, or, as in Malayalam, at the end of a word. */
function joins(character: string, previous: string, text: string, next: number): boolean {
  if (character !== joiner && character !== nonJoiner) return false;
  if (!joiningLetter.test(previous)) return false;
  const point = text.codePointAt(next);
  const following = point === undefined ? '' : String.fromCodePoint(point);
  return joiningLetter.test(following) || (character === joiner && following.trim() === '');
}

function nameCarrier(character: string): string {
  return carriers.find(([pattern]) => pattern.test(character))?.[1] ?? 'invisible character';
}
