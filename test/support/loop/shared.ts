/**
 * The loop that most tests begin with, for all test files of a process: no options, and scripted agents. Each state is played when a
 * file first wants it. Whoever asks for it later gets it without anything that was done since.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { removeAfterThisProcess } from '../files/after-process.ts';
import { atEndOfFile } from '../files/at-end.ts';
import type { Script } from '../model/index.ts';
import { once } from '../once.ts';
import { type Loop, type StepInLoop, startLoop } from './loop.ts';
import { type States, Way } from './states.ts';

/** A loop in which a file changes what it likes. */
export interface SharedLoop {
  readonly loop: Loop;
  readonly states: States;
  /** What the steps left that lead to the state: plan, approve, verify, execute. */
  readonly steps: readonly StepInLoop[];
}

const opened = once(async () => {
  const loop = await startLoop({ scripted: true });
  // They live as long as this process, and are no reason for it to go on.
  loop.github.unref();
  loop.model.unref();
  await removeAfterThisProcess([loop.github.folder, loop.github.quickFolder]);
  return { loop, way: new Way(loop) };
});

/** Whether the file that now runs has asked for the loop. */
let inUse = false;

/**
 * The loop in this state. The states after it cannot be returned to, even if another file has played them.
 * @param script what the model answers from here on, and from each state that the loop is brought back to
 */
export async function shareLoop(state: keyof States, script?: Script): Promise<SharedLoop> {
  const { loop, way } = await opened();
  if (!inUse) atEndOfFile(giveBack);
  inUse = true;
  const states = withScript(await way.to(state), loop, script);
  states[state]();
  // Others go on with it, so nobody closes it.
  return { loop: { ...loop, close: async () => {} }, states, steps: way.stepsTo(state) };
}

function withScript(states: States, { model }: Loop, script: Script | undefined): States {
  if (script === undefined) return states;
  const follow = (restore: () => void) => () => {
    restore();
    // Turns count on, as if this script had given the answers before, too.
    Object.assign(model.present, { script });
  };
  const { fresh, planned, approved, verified, executed } = states;
  return {
    fresh: follow(fresh),
    planned: follow(planned),
    approved: follow(approved),
    verified: follow(verified),
    executed: follow(executed),
  };
}

async function giveBack(): Promise<void> {
  inUse = false;
  const { loop, way } = await opened();
  removeJobs(loop, way.stepsTo('executed'));
  // They are not undone.
  const violations = loop.github.violations.splice(0);
  if (violations.length > 0) throw new Error(violations.join('\n'));
}

/** The folders of jobs that have ended, but not those of the steps that files are given. */
function removeJobs({ github }: Loop, steps: readonly StepInLoop[]): void {
  const kept = new Set(steps.map(({ job }) => job.folder));
  for (const name of readdirSync(github.quickFolder)) {
    const folder = join(github.quickFolder, name);
    if (name.startsWith('run-') && !kept.has(folder))
      rmSync(folder, { recursive: true, force: true });
  }
}
