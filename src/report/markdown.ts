/**
 * Writers for text that somebody else chose: a prompt, a plan, a file name. It stays text: it ends no fence, makes no
 * link or image, pings nobody, is no command to another bot and no marker of ours. Real full-width twins of the
 * characters that are broken are written out, so that two texts never look the same.
 */
import { revealInvisible } from '../plan/characters.ts';

const gutter = '│ ';

/** A block, each line behind a gutter: other bots read `/approve` at the start of a line even inside a fence. */
export function block(text: string): string {
  const lines = display(text).split('\n');
  const ticks = '`'.repeat(Math.max(4, longestRun(text, '`') + 1));
  return [ticks, ...lines.map((line) => `${gutter}${line}`.trimEnd()), ticks].join('\n');
}

/**
 * One line of code; line feeds are written out. Fits into a table cell: the bar between cells is broken instead of
 * escaped, since parsers differ on what a backslash before an escaped bar means.
 */
export function code(text: string): string {
  const line = display(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('|', '｜');
  const ticks = '`'.repeat(longestRun(line, '`') + 1);
  const pad = line.startsWith('`') || line.endsWith('`') || line.trim() === '' ? ' ' : '';
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

/** A path as code; whatever is not ASCII is escaped, since a look-alike letter names another file. */
export function pathCode(path: string): string {
  return code(escapePath(path));
}

export function escapePath(path: string): string {
  return path.replace(/[^\x20-\x7e]/gu, (character) => {
    const point = character.codePointAt(0) as number;
    return `\\u{${point.toString(16)}}`;
  });
}

/** @param rows cells that are Markdown already */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A link of our own; the address is made of ids alone. */
export function link(text: string, address: string): string {
  return `[${text}](${address})`;
}

function display(text: string): string {
  return revealInvisible(text)
    .replaceAll('＠', '\\u{ff20}')
    .replaceAll('！', '\\u{ff01}')
    .replaceAll('｜', '\\u{ff5c}')
    .replace(/@(?=[A-Za-z0-9])/g, '＠')
    .replaceAll('<!--', '<！--');
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
