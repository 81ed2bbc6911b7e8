/** The first line of the comment that lists the commands. */
export const helpMarker = '<!-- codex-help -->';

/** @param command the slash command, as the workflow names it */
export function renderHelp(command: string): string {
  const lines: readonly (readonly [string, string])[] = [
    [`${command} <request>`, 'asks for a plan'],
    [`${command}-revise <feedback>`, 'asks for the plan again, changed as you say'],
    [`${command}-without <path> …`, 'takes files out of the plan, without asking Codex'],
    [`${command}-withdraw`, 'ends the plan'],
    [`${command}-help`, 'shows this list'],
  ];
  return lines.map(([usage, meaning]) => `- \`${usage}\` ${meaning}`).join('\n');
}
