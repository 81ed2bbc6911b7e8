/**
 * Characters that make a text say something else to a reader than to a program: controls, bidirectional overrides
 * ("Trojan Source"), and what Unicode says is drawn as nothing (zero-width, tag and variation characters). The marks
 * of interlinear annotation hide what they enclose, though Unicode does not call them ignorable, and half a surrogate
 * pair is nothing at all.
 */
const invisible =
  /[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufff9-\ufffb]/u;
const invisibles = new RegExp(invisible, 'gu');
const allowedInText = new Set(['\t', '\n']);

/** The first character of `text` that is not drawn as what it is, tab and line feed aside. */
export function findInvisible(text: string): string | undefined {
  for (const [character] of text.matchAll(invisibles)) {
    if (!allowedInText.has(character)) return character;
  }
  return undefined;
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
  return text
    .replaceAll('\\u{', '\\u{5c}u{')
    .replace(invisibles, (character) =>
      allowedInText.has(character) ? character : writeOut(character),
    );
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
