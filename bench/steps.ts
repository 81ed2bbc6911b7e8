/** Steps of the action, as a runner starts them: without a cache of compiled code. */
import type { StepOptions } from '../test/support/loop/action.ts';
import type { Loop, StepInLoop } from '../test/support/loop/loop.ts';
import { create, patch, type Script, say } from '../test/support/model/index.ts';
import { prompt } from './bare-codex.ts';

const cold: StepOptions = {
  bundle: true,
  env: { NODE_COMPILE_CACHE: undefined },
  timeoutMs: 600_000,
};

export async function timeOf(step: Promise<StepInLoop>, decision: string): Promise<number> {
  const result = await step;
  if (result.decision !== decision) throw new Error(`${result.reason}\n${result.log}`);
  return result.milliseconds;
}

export const plan = (loop: Loop) => timeOf(loop.plan(prompt, cold), 'planned');
export const approve = (loop: Loop) => timeOf(loop.approve(cold), 'approved');
export const verify = (loop: Loop) => timeOf(loop.verify(cold), 'verified');
export const execute = (loop: Loop) => timeOf(loop.execute(cold), 'executed');

/** A comment that is no command. */
export function ignore(loop: Loop): Promise<number> {
  const event = loop.repo.as('alice').comment(loop.pull.number, 'looks good');
  return timeOf(loop.step('plan', event, cold), 'ignored');
}

/** From the start of mode plan to its first request to GitHub. */
export async function startToFirstCall(loop: Loop): Promise<number> {
  const before = loop.github.requests.length;
  const started = performance.now();
  let first: number | undefined;
  const watch = setInterval(() => {
    if (loop.github.requests.length > before) first ??= performance.now() - started;
  }, 1);
  const event = loop.repo.as('mallory').comment(loop.pull.number, '/codex x');
  const result = await loop.step('plan', event, cold);
  clearInterval(watch);
  if (result.reason !== 'actor-denied' || first === undefined) throw new Error(result.log);
  return first;
}

/** A model that plans this many new files, and then makes them in one patch. */
export function manyFiles(count: number): Script {
  const paths = Array.from({ length: count }, (_, index) => `new/f${index}.ts`);
  const proposal = {
    title: 'Generate',
    summary: 'Many files.',
    steps: [{ title: 'Generate', detail: 'All.', paths: paths.slice(0, 1) }],
    files: paths.map((path) => ({ path, operation: 'create', reason: 'new' })),
    commands: [],
    risks: [],
  };
  const edit = [patch(...paths.map((path) => create(path, 'export {};\n'))), say('Done.')];
  return {
    plan: () => JSON.stringify(proposal),
    edit: (call) => edit[call.turn % edit.length] ?? 'Done.',
  };
}

/** A plan that nobody measures, with scripted agents where the loop has them. */
export async function prepare(
  loop: Loop,
  upTo: 'planned' | 'approved' | 'verified',
): Promise<void> {
  await timeOf(loop.plan(prompt), 'planned');
  if (upTo === 'planned') return;
  await timeOf(loop.approve(), 'approved');
  if (upTo === 'approved') return;
  await timeOf(loop.verify(), 'verified');
}
