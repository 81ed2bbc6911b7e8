/** How the demo writes to a terminal. */
import { styleText } from 'node:util';
import type { ModeName } from '../src/modes/index.ts';
import type { Comment } from '../test/support/github/index.ts';
import type { StepResult } from '../test/support/loop/action.ts';

export function show(text: string): void {
  process.stdout.write(`${text.trimEnd()}\n`);
}

export function heading(text: string): void {
  show(`\n${styleText('bold', `━━ ${text} ${'━'.repeat(Math.max(2, 90 - text.length))}`)}\n`);
}

/** Groups become headings; other workflow commands are for a runner. */
export function showLog(text: string): void {
  for (const line of text.split('\n')) {
    const [, title] = /^::group::(.*)$/.exec(line) ?? [];
    if (title !== undefined) show(styleText('dim', `  ▸ ${title}`));
    if (/^(?:│ |Cost: )/.test(line)) show(styleText('dim', `  ${line}`));
  }
}

export function showStep(mode: ModeName, result: StepResult): void {
  const colour = result.status === 0 ? 'green' : 'red';
  const time = `${(result.milliseconds / 1000).toFixed(1)} s`;
  show(
    styleText(
      colour,
      `  ${mode}: ${result.decision} (${result.reason}), exit status ${result.status}, ${time}`,
    ),
  );
  const { detail } = JSON.parse(result.outputs.result ?? '{}') as { detail?: string };
  if (detail) show(`  ${detail}`);
}

export function showComment(comment: Comment): void {
  show(styleText('cyan', `\n  ┌─ ${comment.user?.login ?? 'ghost'} comments`));
  for (const line of comment.body.split('\n')) {
    if (!line.startsWith('<!--')) show(`  ${styleText('cyan', '│')} ${line}`);
  }
  show(`  ${styleText('cyan', '└─')}\n`);
}
