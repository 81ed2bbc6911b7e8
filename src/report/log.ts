import { revealInvisible } from '../core/text/characters.ts';

const gutter = '│ ';

/**
 * Foreign text for the log, each line after a gutter. The runner takes `::command::` at the start of a line, after
 * any white space, and `##[command]` anywhere in one, and it ends a line at a lone carriage return, too.
 * @see https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function logLines(text: string): string[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => `${gutter}${revealInvisible(line).replaceAll('##[', '## [')}`);
}

/** One sentence for an annotation; the toolkit escapes line ends, and nothing else has a meaning there. */
export function annotation(text: string): string {
  return revealInvisible(text.replace(/[\r\n]+/g, ' ')).replaceAll('##[', '## [');
}
