/**
 * Blocks of text that somebody else chose. A fence changes nothing in a text, so text can hide in it: after 600 blanks,
 * under 600 empty lines, or at the end of a line that runs off the screen. That is why long runs of blanks are written
 * out, and long lines are broken, with a mark at each break.
 */
import { revealBlanks } from '../core/text/blanks.ts';
import { revealInvisible } from '../core/text/characters.ts';
import { defuse } from '../core/text/shown-path.ts';
import { longestRun, takeWhileFits } from './fit.ts';

/** Before each line, because other bots read `/approve` at the start of a line even inside a fence. */
const gutter = '│ ';
/** Before the rest of a line that was broken. */
const continued = '│↪';
const minTicks = 4;
/** About as many columns as a comment has on a screen. */
const lineWidth = 100;
/** A wider word is broken. */
const longestWord = 30;

/** A block, each line after a gutter. */
export function block(text: string): string {
  return fence(linesOf(text).flatMap(withGutter));
}

/**
 * A block of the first lines that fit, and a line that says how many are left out.
 * @param maxLength of the whole block, in characters
 * @param rest makes that line, from the number of lines that are left out
 */
export function cutBlock(text: string, maxLength: number, rest: (lines: number) => string): string {
  const lines = linesOf(text).map(withGutter);
  const shown = fitting(lines, maxLength);
  const left = lines.length - shown.length;
  return fence([...shown.flat(), ...(left > 0 ? withGutter(rest(left)) : [])]);
}

/**
 * A block of a diff, which GitHub colours by the first character of each line.
 * @param diff hunks of a unified diff, their headers included
 */
export function diffBlock(diff: string): string {
  return fence(diff.split('\n').flatMap(withSign), 'diff');
}

/** The same as `cutBlock`, for a diff. */
export function cutDiffBlock(
  diff: string,
  maxLength: number,
  rest: (lines: number) => string,
): string {
  const lines = diff.split('\n').map(withSign);
  const shown = fitting(lines, maxLength);
  const left = lines.length - shown.length;
  return fence([...shown.flat(), ...(left > 0 ? withSign(` ${rest(left)}`) : [])], 'diff');
}

function linesOf(text: string): string[] {
  return display(text).split('\n');
}

function display(text: string): string {
  return defuse(revealBlanks(revealInvisible(text)));
}

function withGutter(line: string): string[] {
  const [first = '', ...rest] = wrap(line);
  return [
    first === '' ? gutter.trimEnd() : gutter + first,
    ...rest.map((part) => continued + part),
  ];
}

/** The sign of a line stays first. The gutter comes after it, before the text of the file. */
function withSign(line: string): string[] {
  const [, hunk, heading = ''] = /^(@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@)(.*)$/s.exec(line) ?? [];
  if (hunk !== undefined) {
    if (heading === '') return [hunk];
    return withGutter(display(heading)).map((part, at) => (at === 0 ? hunk : ' ') + part);
  }
  const [, sign = ' ', text = ''] = /^([-+ ]?)(.*)$/s.exec(line) ?? [];
  return withGutter(display(text)).map((part) => (sign || ' ') + part);
}

/** Parts of a line that fit the screen. Characters that belong together, and forms like `\u{200b}`, stay whole. */
function wrap(line: string): string[] {
  if (line.length <= lineWidth && !wide.test(line)) return [line];
  const parts: string[] = [];
  let [part, width] = ['', 0];
  // The text after the last blank of the part. The next part begins with it, so that short words stay whole.
  let [word, wordWidth] = ['', 0];
  for (const unit of unitsOf(line)) {
    const unitWidth = unit.length > 1 && unit.startsWith('\\u{') ? unit.length : widthOf(unit);
    if (width + unitWidth > lineWidth && part !== '') {
      const whole = unit !== ' ' && wordWidth <= longestWord && wordWidth < width;
      parts.push(whole ? part.slice(0, part.length - word.length) : part);
      [part, width] = whole ? [word, wordWidth] : ['', 0];
      [word, wordWidth] = [part, width];
    }
    part += unit;
    width += unitWidth;
    [word, wordWidth] = unit === ' ' ? ['', 0] : [word + unit, wordWidth + unitWidth];
  }
  return [...parts, part];
}

const writtenOut = /(\\u\{[0-9a-f]+(?:\*\d+)?\})/;
const segmenter = new Intl.Segmenter('en');

function* unitsOf(line: string): Generator<string> {
  for (const [at, text] of line.split(writtenOut).entries()) {
    if (at % 2 === 1) yield text;
    else if (/^[\x20-\x7e]*$/.test(text)) yield* text;
    else for (const { segment } of segmenter.segment(text)) yield* clusterOf(segment);
  }
}

/** In some scripts any number of letters, side by side, form one character. Such a long one may be broken. */
function clusterOf(segment: string): Iterable<string> {
  return segment.length > 40 ? segment : [segment];
}

/** Characters that take two columns in a monospaced font. */
const wide =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;

function widthOf(unit: string): number {
  return unit === '\t' ? 4 : wide.test(unit) ? 2 : 1;
}

function fence(lines: readonly string[], language = ''): string {
  const inside = lines.join('\n');
  const ticks = '`'.repeat(Math.max(minTicks, longestRun(inside, '`') + 1));
  return [ticks + language, inside, ticks].join('\n');
}

/** The first lines that fit, each whole. If a line makes the fence longer at both ends, those ticks count, too. */
function fitting(
  lines: readonly (readonly string[])[],
  maxLength: number,
): readonly (readonly string[])[] {
  let longest = minTicks;
  return takeWhileFits(lines, maxLength, (parts) => {
    const text = parts.join('\n');
    const before = longest;
    longest = Math.max(longest, longestRun(text, '`') + 1);
    return text.length + 1 + 2 * (longest - before);
  });
}
