/** What the tests of the editor have in common. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEditor } from '../../../src/codex/editor/editor.ts';
import type { CodexOptions } from '../../../src/codex/session.ts';
import type { Judge } from '../../../src/core/plan/attempts.ts';
import type { CodexSettings } from '../../../src/core/policy/codex-settings.ts';
import { type Answer, say } from '../../support/model/index.ts';
import { defaultSettings, onRamDisk, PLAN } from '../setting.ts';

const { repository, setting } = onRamDisk;

/** How a judge declines. */
export const NOT_PLANNED = {
  reason: 'outside-plan',
  detail: 'The plan does not name it.',
} as const;

/** Approves these paths, whatever is done to them. */
export const only =
  (...paths: string[]): Judge =>
  ({ path }) =>
    paths.includes(path) ? null : NOT_PLANNED;

interface Variation {
  readonly judge?: Judge;
  readonly workspace?: string;
  readonly settings?: Partial<CodexSettings>;
  readonly options?: Partial<CodexOptions>;
}

/** Lets the model do `steps`, one a turn, and then say that it is done. */
export async function edit(steps: readonly Answer[], { judge, ...rest }: Variation = {}) {
  const script = { edit: [...steps, say('I am done.')] };
  const { options, model, lines } = await setting(script, rest.options);
  const workspace = rest.workspace ?? repository({ 'a.txt': 'hello\n', 'b.txt': 'other\n' });
  const editor = createEditor({ ...options, settings: { ...defaultSettings, ...rest.settings } });
  const task = {
    workspace,
    prompt: 'Greet\n',
    plan: PLAN,
    instructions: null,
    struck: [],
    judge: judge ?? only('a.txt'),
  };
  const read = (path: string) =>
    existsSync(join(workspace, path)) ? readFileSync(join(workspace, path), 'utf8') : null;
  return { model, lines, options, workspace, read, report: () => editor.carryOut(task) };
}
