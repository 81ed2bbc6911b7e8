/**
 * Writers for text that somebody else chose: a prompt, a plan, a file name. It stays text: it ends no fence, makes no
 * link or image, notifies nobody, is no command to another bot and no marker of the action.
 */
import { revealBlanks } from '../core/text/blanks.ts';
import { revealInvisible, writeOut } from '../core/text/characters.ts';
import { defuse, showPath, withoutColour } from '../core/text/shown-path.ts';
import { longestRun, takeWhileFits } from './fit.ts';

export { block, cutBlock, cutDiffBlock, diffBlock } from './fences.ts';

/**
 * One line of code; line feeds are written out.
 * @param maxLength a longer one is cut
 */
export function code(text: string, maxLength = Number.POSITIVE_INFINITY): string {
  return codeSpan(withoutColour(defuse(revealBlanks(revealInvisible(text)))), maxLength);
}

/**
 * One line of code that people copy from the job summary. A summary notifies nobody, so no character has to be replaced
 * by a look-alike, as in a comment.
 */
export function copyable(text: string): string {
  return codeSpan(revealInvisible(text), Number.POSITIVE_INFINITY);
}

/** A path as code; whatever is not ASCII is escaped, since a look-alike letter names another file. */
export function pathCode(path: string, maxLength = Number.POSITIVE_INFINITY): string {
  return codeSpan(showPath(path), maxLength);
}

/**
 * The first paths as code, and how many more there are.
 * @param maxLength a longer path is cut
 */
export function firstPaths(paths: readonly string[], maxLength?: number): string {
  const rest = paths.length - mostPaths;
  const shown = paths.slice(0, mostPaths).map((path) => pathCode(path, maxLength));
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ');
}

const mostPaths = 5;

/** @param rows cells that are Markdown already, with bars only inside code */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapeBars).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A table of the first rows that fit, and a line that says how many are left out. */
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
 * A bar ends a cell, even inside code. A backslash before the bar prevents this, but not if another backslash comes
 * before that one. So backslashes that are there already are written out.
 */
function escapeBars(cell: string): string {
  return cell.replace(/\\*\|/g, (found) => `${'\\u{5c}'.repeat(found.length - 1)}\\|`);
}

/**
 * A link that the action makes.
 * @param text Markdown that a writer made: words of the action, `line`, `pathCode`, or `code` of a text without
 *   brackets
 * @param address made of ids, numbers and percent-encoded paths alone
 */
export function link(text: string, address: string): string {
  return `[${text}](${address})`;
}

/** Markdown removes one blank at each end if both ends have one. A span must not be empty. */
function codeSpan(text: string, maxLength: number): string {
  const whole = text.replace(/[\n\t]/g, writeOut);
  const line = whole.length > maxLength ? `${whole.slice(0, maxLength).toWellFormed()} …` : whole;
  const ticks = '`'.repeat(longestRun(line, '`') + 1);
  const pad = /^`|`$|^ .* $|^ *$/.test(line) ? ' ' : '';
  return `${ticks}${pad}${line}${pad}${ticks}`;
}
