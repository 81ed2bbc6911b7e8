/**
 * Blanks that hide text. A reader looks at some hundred columns and some dozen lines; text after 600 blanks or under 600 empty
 * lines is read by a model and seen by nobody.
 */

/** A tab is wider on some screens; what counts is that nothing hides after this many columns. */
const tabWidth = 4;
const widestRun = 40;
const mostEmptyLines = 8;

const runs = /[\t\p{Zs}]{2,}/gu;
const emptyLines = new RegExp(`(?<=\\n|^)(?:[\\t\\p{Zs}]*\\n){${mostEmptyLines + 1},}`, 'gu');

/**
 * Writes out runs of blanks that are wider than a reader expects, as `\u{20*600}`, and long runs of empty lines, as one
 * line `\u{a*600}`. Other blanks stay.
 * @param text in which each `\u{` is a character that is written out already
 */
export function revealBlanks(text: string): string {
  return text
    .replace(emptyLines, (lines) => `${writeOutRun(lines.slice(0, -1))}\n`)
    .replace(runs, (run) => (widthOf(run) > widestRun ? writeOutRun(run) : run));
}

/** Each stretch of one character with its number. */
function writeOutRun(run: string): string {
  return run.replace(/(.)\1*/gsu, (same, character: string) => {
    const point = (character.codePointAt(0) as number).toString(16);
    const count = same.length / character.length;
    return `\\u{${point}${count > 1 ? `*${count}` : ''}}`;
  });
}

function widthOf(blanks: string): number {
  let width = 0;
  for (const blank of blanks) width += blank === '\t' ? tabWidth : blank === '\u3000' ? 2 : 1;
  return width;
}
