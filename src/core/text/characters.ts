import { nameHidden, piecesOf } from './invisible.ts';

const allowedInText = new Set(['\t', '\n']);

/**
 * The first character of `text` that a reader does not see, except tab and line feed. Soft hyphens and direction
 * marks count, so a file name cannot contain them.
 */
export function findInvisible(text: string): string | undefined {
  for (const piece of piecesOf(text)) if (piece.is !== 'shown') return piece.text;
  return undefined;
}

/** A text in which a reader sees everything, and what was dropped from it. */
export interface VisibleText {
  readonly text: string;
  /** Names of the marks that were dropped, each once: `U+00AD (soft hyphen)`. */
  readonly dropped: readonly string[];
}

/**
 * Drops soft hyphens and direction marks: people do not know that they typed them. A second time changes nothing.
 * @throws InvisibleError if anything else is hidden in the text
 */
export function dropMarks(text: string): VisibleText {
  const shown: string[] = [];
  const dropped = new Set<string>();
  for (const piece of piecesOf(text)) {
    if (piece.is === 'hidden') throw new InvisibleError(describe(piece.text));
    if (piece.is === 'shown') shown.push(piece.text);
    else dropped.add(describe(piece.text));
  }
  return { text: shown.join(''), dropped: [...dropped] };
}

/** The message names the character: `U+202E (bidirectional override)`. */
export class InvisibleError extends Error {}

function describe(character: string): string {
  return `${nameCharacter(character)} (${nameHidden(character)})`;
}

/** The first control character of `text`, except tab and line feed. */
export function findControl(text: string): string | undefined {
  for (const [character] of text.matchAll(/\p{Cc}/gu)) {
    if (!allowedInText.has(character)) return character;
  }
  return undefined;
}

/**
 * Replaces each character that is not drawn by its number, as `\u{200b}`; tab and line feed stay. A backslash that
 * begins such a form is replaced, too, so that two different texts never look the same.
 */
export function revealInvisible(text: string): string {
  let shown = '';
  for (const piece of piecesOf(text.replaceAll('\\u{', '\\u{5c}u{'))) {
    shown += piece.is === 'shown' ? piece.text : writeOut(piece.text);
  }
  return shown;
}

/** Lower case for ASCII letters only: with full Unicode rules the Kelvin sign would become a `k`. */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** `\u{200b}`: a character as the number of its code point. */
export function writeOut(character: string): string {
  return `\\u{${codePoint(character)}}`;
}

/** `U+200B`, for messages. */
export function nameCharacter(character: string): string {
  return `U+${codePoint(character).toUpperCase().padStart(4, '0')}`;
}

/**
 * More combining marks in a row than Unicode's stream-safe text has. The time to sort them grows with the square of
 * their number.
 */
export function hasPiledMarks(text: string): boolean {
  const pile = /\p{M}{31}/u;
  return pile.test(text) || pile.test(text.normalize('NFC'));
}

/** NFC, line feeds alone, and no blanks at the end of a line or of the text. */
export function normaliseText(text: string): string {
  const lines = text.normalize('NFC').replaceAll('\r\n', '\n').replaceAll('\r', '\n').split('\n');
  return trimAtEnd(lines.map((line) => trimAtEnd(line, ' \t')).join('\n'), '\n');
}

/** Without a regular expression: `/[ \t]+$/` takes quadratic time on a long run of blanks inside a line. */
function trimAtEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1] as string)) end--;
  return text.slice(0, end);
}

function codePoint(character: string): string {
  return (character.codePointAt(0) as number).toString(16);
}

/** Whether a word mixes Latin letters with letters of an alphabet that has look-alikes of them. */
export function mixesScripts(text: string): boolean {
  return (
    /\p{Script=Latin}/u.test(text) &&
    /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}]/u.test(text)
  );
}
