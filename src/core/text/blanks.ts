/**
 * Blanks that hide text. People see about a hundred columns and a few dozen lines. Text after 600 blanks or below 600
 * empty lines is read by a model and seen by nobody.
 */

/** Some screens show tabs wider. Important is only that nothing can hide after this many columns. */
const tabWidth = 4;
const widestRun = 40;
const mostEmptyLines = 8;

const runs = /[\t\p{Zs}]{2,}/gu;
const emptyLines = new RegExp(`(?<=\\n|^)(?:[\\t\\p{Zs}]*\\n){${mostEmptyLines + 1},}`, 'gu');

/**
 * Writes out runs of blanks that are wider than a reader expects, as `\u{20*600}`, and long runs of empty lines, as
 * one line `\u{a*600}`. Other blanks stay.
 * @param text in which each `\u{` already stands for a character that was written out
 */
export function revealBlanks(text: string): string {
  return text
    .replace(emptyLines, (lines) => `${writeOutRun(lines.slice(0, -1))}\n`)
    .replace(runs, (run) => (widthOf(run) > widestRun ? writeOutRun(run) : run));
}

/** Each run of one character, with its length. */
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
