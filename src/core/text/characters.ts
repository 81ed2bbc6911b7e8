import { nameHidden, piecesOf } from './invisible.ts';

const allowedInText = new Set(['\t', '\n']);

/**
 * The first character of `text` that a reader does not see, tab and line feed aside. Soft hyphens and direction marks
 * count, so that a file name can hold none.
 */
export function findInvisible(text: string): string | undefined {
  for (const piece of piecesOf(text)) if (piece.is !== 'shown') return piece.text;
  return undefined;
}

/** A text that a reader sees all of, and what was left out to make it so. */
export interface VisibleText {
  readonly text: string;
  /** Names of the marks that were dropped, each once: `U+00AD (soft hyphen)`. */
  readonly dropped: readonly string[];
}

/**
 * Drops soft hyphens and direction marks, which people do not know that they typed. Doing it again changes nothing.
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

/** The first control character of `text`, tab and line feed aside. */
export function findControl(text: string): string | undefined {
  for (const [character] of text.matchAll(/\p{Cc}/gu)) {
    if (!allowedInText.has(character)) return character;
  }
  return undefined;
}

/**
 * Writes out what is not drawn, as `\u{200b}`; tab and line feed stay. A backslash that begins such a form is written
 * out too, so that two texts are never shown as one.
 */
export function revealInvisible(text: string): string {
  let shown = '';
  for (const piece of piecesOf(text.replaceAll('\\u{', '\\u{5c}u{'))) {
    shown += piece.is === 'shown' ? piece.text : writeOut(piece.text);
  }
  return shown;
}

/** In lower case as far as ASCII goes: no letter of another script becomes one of these, as the Kelvin sign would. */
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

/** More in a row than Unicode's stream-safe text has; putting them in order takes time that grows with their square. */
export function hasPiledMarks(text: string): boolean {
  const pile = /\p{M}{31}/u;
  return pile.test(text) || pile.test(text.normalize('NFC'));
}

/** NFC, line feeds alone, and no blanks at the end of a line or of the text. */
export function normaliseText(text: string): string {
  const lines = text.normalize('NFC').replaceAll('\r\n', '\n').replaceAll('\r', '\n').split('\n');
  return trimAtEnd(lines.map((line) => trimAtEnd(line, ' \t')).join('\n'), '\n');
}

/** By hand: `/[ \t]+$/` is quadratic on a long run of blanks inside a line. */
function trimAtEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1] as string)) end--;
  return text.slice(0, end);
}

function codePoint(character: string): string {
  return (character.codePointAt(0) as number).toString(16);
}

/** Whether a word mixes letters of Latin with those of an alphabet that has look-alikes of them. */
export function findMixedScript(text: string): boolean {
  return (
    /\p{Script=Latin}/u.test(text) &&
    /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}]/u.test(text)
  );
}
