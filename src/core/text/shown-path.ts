/** How a path is shown to people: in ASCII only, so that a look-alike letter cannot name another file. */
import { revealBlanks } from './blanks.ts';
import { writeOut } from './characters.ts';

/**
 * Every character that is not ASCII is replaced by its number, and so are blanks at either end of a name and in long
 * runs.
 * @param path any text: also a path that a plan may not name
 */
export function showPath(path: string): string {
  const escaped = path
    .replaceAll('\\u{', '\\u{5c}u{')
    // At the beginning of a line, a link with this text would define another link.
    .replaceAll(']:', ']\\u{3a}')
    .replace(/[^\x20-\x7e]/gu, writeOut)
    // The second part begins at the first blank of a run alone: otherwise a long run takes time by its square.
    .replace(/(?<=^|\/) +|(?<! ) +(?=$|\/)/g, (blanks) => [...blanks].map(writeOut).join(''));
  return withoutColour(defuse(revealBlanks(escaped)));
}

/**
 * Breaks mentions, which other bots see even in code, and HTML comments: similar characters replace theirs. Where
 * such a similar character is really in the text, it is replaced by its number, so that two texts never look the
 * same.
 */
export function defuse(text: string): string {
  return text
    .replaceAll('＠', writeOut)
    .replaceAll('！', writeOut)
    .replace(/@(?=[A-Za-z0-9])/g, '＠')
    .replaceAll('<!--', '<！--');
}

/**
 * GitHub shows a dot of the colour beside a span of code that names one, and foreign text is to be mere text. A similar
 * character takes the place of its first sign; if that character is really there, it is written out.
 * https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#supported-color-models
 */
export function withoutColour(text: string): string {
  const [, before, sign, after] =
    /^(\s*)([#＃])([0-9a-f]{3,8}\s*)$/i.exec(text) ??
    /^(\s*(?:rgb|hsl)a?)([(（])(.*)$/is.exec(text) ??
    [];
  if (sign === undefined) return text;
  const similar = { '#': '＃', '(': '（' }[sign] ?? writeOut(sign);
  return `${before}${similar}${after}`;
}
