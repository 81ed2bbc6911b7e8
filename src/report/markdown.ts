/**
 * Writers for text that somebody else chose: a prompt, a plan, a file name. It stays text: it ends no fence, makes no
 * link or image, pings nobody, is no command to another bot and no marker of ours. Real full-width twins of the
 * characters that are broken are written out, so that two texts never look the same.
 */
import { revealInvisible, writeOut } from '../core/text/characters.ts';

const gutter = '│ ';
const minTicks = 4;

/** A block, each line behind a gutter: other bots read `/approve` at the start of a line even inside a fence. */
export function block(text: string): string {
  return fence(display(text).split('\n'));
}

/**
 * A block of the first lines that fit, and how many are left out.
 * @param maxLength of the block in characters, as it is written out
 */
export function cutBlock(text: string, maxLength: number, rest: (lines: number) => string): string {
  const lines = display(text).split('\n');
  let longest = minTicks;
  const shown = takeWhileFits(lines, maxLength, (line) => {
    const before = longest;
    longest = Math.max(longest, longestRun(line, '`') + 1);
    return gutter.length + line.length + 1 + 2 * (longest - before);
  });
  const left = lines.length - shown.length;
  return fence(left > 0 ? [...shown, rest(left)] : shown);
}

/**
 * One line of code; line feeds are written out.
 * @param maxLength a longer one is cut
 */
export function code(text: string, maxLength = Number.POSITIVE_INFINITY): string {
  return codeSpan(display(text), maxLength);
}

/** A path as code; whatever is not ASCII is escaped, since a look-alike letter names another file. */
export function pathCode(path: string, maxLength = Number.POSITIVE_INFINITY): string {
  const escaped = path.replaceAll('\\u{', '\\u{5c}u{').replace(/[^\x20-\x7e]/gu, writeOut);
  return codeSpan(defuse(escaped), maxLength);
}

/** @param rows cells that are Markdown already, with bars only inside code */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeBars).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A table of the first rows that fit, and how many are left out. */
export function cutTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  maxLength: number,
  rest: (rows: number) => string,
): string {
  const width = (cells: readonly string[]) =>
    cells.reduce((sum, cell) => sum + escapeBars(cell).length + 3, 2);
  const shown = takeWhileFits(rows, maxLength, width);
  const left = rows.length - shown.length;
  return [table(head, shown), ...(left > 0 ? [rest(left)] : [])].join('\n\n');
}

/**
 * A cell ends at a bar even inside code. A backslash keeps it from that, unless another one stands before it, so
 * those are written out.
 */
function escapeBars(cell: string): string {
  return cell.replace(/\\*\|/g, (found) => `${'\\u{5c}'.repeat(found.length - 1)}\\|`);
}

/** A link of our own; the address is made of ids alone. */
export function link(text: string, address: string): string {
  return `[${text}](${address})`;
}

function display(text: string): string {
  return defuse(revealInvisible(text));
}

/** No mention and no comment of HTML, and no text that looks like what they become. */
function defuse(text: string): string {
  return text
    .replaceAll('＠', writeOut)
    .replaceAll('！', writeOut)
    .replace(/@(?=[A-Za-z0-9])/g, '＠')
    .replaceAll('<!--', '<！--');
}

function fence(lines: readonly string[]): string {
  const inside = lines.map((line) => (line === '' ? gutter.trimEnd() : gutter + line)).join('\n');
  const ticks = '`'.repeat(Math.max(minTicks, longestRun(inside, '`') + 1));
  return [ticks, inside, ticks].join('\n');
}

/** Markdown takes one blank off both ends where both have one, and a span needs some content. */
function codeSpan(text: string, maxLength: number): string {
  const whole = text.replace(/[\n\t]/g, writeOut);
  const line = whole.length > maxLength ? `${whole.slice(0, maxLength).toWellFormed()} …` : whole;
  const ticks = '`'.repeat(longestRun(line, '`') + 1);
  const pad = /^`|`$|^ .* $|^ *$/.test(line) ? ' ' : '';
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

function takeWhileFits<T>(
  items: readonly T[],
  maxLength: number,
  lengthOf: (item: T) => number,
): readonly T[] {
  let left = maxLength;
  const end = items.findIndex((item) => {
    left -= lengthOf(item);
    return left < 0;
  });
  return end === -1 ? items : items.slice(0, end);
}

function longestRun(text: string, character: string): number {
  let longest = 0;
  let run = 0;
  for (const each of text) {
    run = each === character ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}
