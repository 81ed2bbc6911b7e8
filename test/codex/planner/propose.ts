import { createPlanner } from '../../../src/codex/planner/planner.ts';
import type { CodexOptions } from '../../../src/codex/session.ts';
import type { Script } from '../../support/model/index.ts';
import { commandLines, onRamDisk } from '../setting.ts';

const { repository, setting } = onRamDisk;

/** A plan that is made afresh, for a workspace still to be named. */
export const task = {
  prompt: 'Greet the world\n',
  anchor: null,
  purpose: 'plan',
  instructions: null,
  struck: [],
} as const;

/** Whether Codex is running in a box that shows a folder of this one. */
export const isRunning = (temporary: string) =>
  commandLines().some((line) => line.includes(temporary) && line.includes(' exec '));

/** A planner that a model with this script answers. */
export async function propose(
  script: Script,
  changes: Partial<CodexOptions> = {},
  workspace = repository(),
) {
  const all = await setting(script, changes);
  const planner = createPlanner({ ...all.options, enforcement: 'before-write' });
  return { ...all, workspace, proposal: () => planner.propose({ ...task, workspace }) };
}
