/** The table of mode doctor: what was found, why it matters, and what to paste. */

import { line } from './foreign-text.ts';
import { copyable, table } from './markdown.ts';

/**
 * One line of the table. `about` and `why` are words of the action. The others may hold foreign text: a login, a path,
 * or a sentence of GitHub.
 */
export interface CheckLine {
  /** In order, worth a look, or broken. */
  readonly mark: '✓' | '⚠' | '✗';
  readonly about: string;
  readonly found: string;
  readonly why: string;
  /** Null if there is nothing to do. */
  readonly paste: string | null;
}

/** A sentence that is longer is cut in the table; `doctor.json` has all of it. */
const mostLength = 600;

/** For the job summary. */
export function renderCheckTable(lines: readonly CheckLine[]): string {
  const rows = lines.map(({ mark, about, found, why, paste }) => [
    mark,
    about,
    line(found, mostLength),
    why,
    (paste ?? '').split('\n').filter(Boolean).map(copyable).join('<br>'),
  ]);
  return [
    '## Doctor',
    countMarks(lines),
    table(['', 'what', 'found', 'why it matters', 'paste'], rows),
  ].join('\n\n');
}

/** The same for the log, one paragraph for each entry. */
export function logCheckTable(lines: readonly CheckLine[]): string[] {
  return lines.flatMap(({ mark, about, found, why, paste }) => [
    `${mark} ${about}: ${found}`,
    ...(mark === '✓' ? [] : [`    why: ${why}`]),
    ...(paste === null ? [] : paste.split('\n').map((one) => `    paste: ${one}`)),
  ]);
}

/** How many lines have each mark. */
export function countMarks(lines: readonly CheckLine[]): string {
  const count = (mark: CheckLine['mark']) => lines.filter((one) => one.mark === mark).length;
  return `${count('✓')} in order (✓), ${count('⚠')} worth a look (⚠), ${count('✗')} broken (✗).`;
}
