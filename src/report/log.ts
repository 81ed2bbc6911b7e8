import { revealInvisible } from '../core/text/characters.ts';

const gutter = '│ ';

/**
 * Foreign text for the log, each line after a gutter. The runner obeys `::command::` at the start of a line, even after
 * white space, and `##[command]` anywhere in a line. A single carriage return ends a line, too.
 * @see https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
 */
export function logLines(text: string): string[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => `${gutter}${revealInvisible(line).replaceAll('##[', '## [')}`);
}

/** One sentence for an annotation. `workflow-commands.ts` escapes line ends; nothing else has a meaning there but `##[`. */
export function annotation(text: string): string {
  return revealInvisible(text.replace(/[\r\n]+/g, ' ')).replaceAll('##[', '## [');
}
