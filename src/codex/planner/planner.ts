/**
 * The planner: `codex exec`, read-only, with the plan's schema. Whether it worked is decided from its events and its exit
 * status together, since a failed turn was seen to exit with 0.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { planOutputSchema } from '../../core/plan/plan.ts';
import { CodexStopped, Stopped } from '../../decision.ts';
import type { Planner, PlanningTask, Proposal } from '../../ports/agent.ts';
import { inBox } from '../box/box.ts';
import type { Ended } from '../box/process.ts';
import { describeTools, toolNames } from '../box/tools.ts';
import { planArguments } from '../configuration.ts';
import { defaultModel } from '../install/install.ts';
import { type Enforcement, planningPrompt } from '../prompts.ts';
import { keepingLog, oneLine, RunLog } from '../run-log.ts';
import { type CodexOptions, projectTools, type SessionOptions, withSession } from '../session.ts';
import { startClock } from '../usage.ts';
import { ExecEvents } from './exec-events.ts';

const SCHEMA_NAME = 'plan-schema.json';

export interface PlannerOptions extends CodexOptions {
  /** How the plan will be carried out: by patches alone, or by commands too. */
  readonly enforcement: Enforcement;
}

export function createPlanner(options: PlannerOptions): Planner {
  return {
    propose: (task) => propose(options, task),
    describe: async () => {
      const version = await (await options.codex()).version;
      const { model, effort } = options.choice;
      const tools = toolNames(projectTools(options));
      return { version, model: model ?? defaultModel(version), effort, tools };
    },
  };
}

async function propose(options: PlannerOptions, task: PlanningTask): Promise<Proposal> {
  const { workspace, ready = Promise.resolve() } = task;
  try {
    return await ask(options, task, { workspace, writable: false, ready });
  } catch (error) {
    // A reason not to ask at all comes before a problem of Codex.
    await ready;
    throw error;
  }
}

/**
 * Codex starts at once, because it takes as long to get ready to ask the model as it takes to build a workspace. Its first
 * request waits in the proxy until everything is ready.
 */
function ask(
  options: PlannerOptions,
  task: PlanningTask,
  wanted: SessionOptions,
): Promise<Proposal> {
  return withSession(options, wanted, async (session) => {
    const { codex, tools, home, proxy, run } = session;
    const { choice } = options;
    const log = new RunLog();
    writeFileSync(join(home, SCHEMA_NAME), JSON.stringify(planOutputSchema()));
    proxy.onObjection = (objection) => {
      log.add(objection);
      options.report(oneLine(objection));
    };
    const events = new ExecEvents(log, options.report);
    const schema = `${inBox.home}/${SCHEMA_NAME}`;
    const { rules, message } = planningPrompt(task, options.enforcement);
    const running = run(
      planArguments({ codexRoot: codex.rootInBox, choice, tools }, schema, rules),
      { onLine: (line) => events.take(line) },
    );
    running.write(message);
    running.closeInput();
    const version = await codex.version;
    log.add(`plan: codex ${version}, ${task.anchor === null ? 'afresh' : 'anchored'}`);
    for (const line of describeTools(tools)) log.add(line);
    await session.whenReady();
    const measure = startClock();
    running.startTime();
    const answer = await keepingLog(log, async () => {
      const last = finalMessage(events, await running.ended);
      if (events.ranCommands) session.checkCommandBox(version);
      return last;
    });
    const model = proxy.askedModel;
    if (model === null) {
      throw new CodexStopped('codex-failed', 'Codex answered without asking a model.', log.text());
    }
    log.add(`model: ${model}, answered by ${proxy.answeredModel ?? 'a model without a name'}`);
    const { effort } = choice;
    const toolchain = { version, model, effort, tools: toolNames(tools) };
    return { answer, toolchain, usage: measure(events.tokens), log: log.text() };
  });
}

function finalMessage(events: ExecEvents, ended: Ended): string {
  if (ended.fault !== null) throw ended.fault;
  if (events.failure !== null) throw new Stopped('codex-failed', `Codex: ${events.failure}`);
  if (ended.code !== 0) {
    const said = oneLine(ended.stderr.trim().slice(-500));
    throw new Stopped('codex-failed', `Codex ended with status ${ended.code}. ${said}`.trim());
  }
  if (!events.completed) throw new Stopped('codex-failed', 'Codex ended before its turn did.');
  if (events.message === null) throw new Stopped('codex-failed', 'Codex ended without a message.');
  return events.message;
}
