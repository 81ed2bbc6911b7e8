/**
 * A planner and an editor that replace those of the Codex CLI: they ask the scripted model, and do what its answer says in the
 * workspace. The editor's patches go through the real gate, and its commands run where they may write: in after-run mode.
 * Whatever else a model can do needs the real CLI.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { toolNames } from '../../../src/codex/box/tools.ts';
import { keepingDeclined } from '../../../src/codex/editor/declined.ts';
import type { createEditor as realEditor } from '../../../src/codex/editor/editor.ts';
import { Gate } from '../../../src/codex/editor/gate.ts';
import { describePatch } from '../../../src/codex/editor/messages.ts';
import type { FileUpdate } from '../../../src/codex/editor/protocol.ts';
import {
  defaultModel,
  type InstallOptions,
  findCodex as reallyFind,
  locateCodex as reallyLocate,
} from '../../../src/codex/install/install.ts';
import type { createPlanner as realPlanner } from '../../../src/codex/planner/planner.ts';
import {
  type Enforcement,
  editingPrompt,
  type Prompt,
  planningPrompt,
} from '../../../src/codex/prompts.ts';
import { RunLog } from '../../../src/codex/run-log.ts';
import { type CodexOptions, projectTools } from '../../../src/codex/session.ts';
import type { Denial } from '../../../src/core/plan/attempts.ts';
import { checkCodexSettings } from '../../../src/core/policy/codex-settings.ts';
import { CodexStopped } from '../../../src/decision.ts';
import type {
  EditingTask,
  Editor,
  EditReport,
  Planner,
  PlanningTask,
  Proposal,
  Toolchain,
} from '../../../src/ports/agent.ts';
import { askModel, type Caller, type Item, ModelFailed } from '../model/index.ts';
import { codexPath as usualPath } from './action.ts';

/** The same name that the tests use, so that a loop can go on with the real CLI. */
const { version: codexVersion } = JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve('@openai/codex/package.json'), 'utf8'),
) as { version: string };
/** The usage that the scripted model states for its answers. */
const usageOf = (calls: number) => ({
  input: 10 * calls,
  cached: 0,
  output: 5 * calls,
  seconds: 0.1,
});
const workspaceInBox = '/workspace';

/** In the place of `src/codex/planner/planner.ts`. */
export const createPlanner: typeof realPlanner = (options) =>
  new ScriptedAgent(options, options.enforcement);

/** In the place of `src/codex/editor/editor.ts`. */
export const createEditor: typeof realEditor = (options) =>
  new ScriptedAgent(options, options.settings.enforcement, checkCodexSettings(options.settings));

/** Whether a test names another Codex than the one of the tests. The action looks for it as for a user's. */
const isNamed = ({ codexPath }: Pick<InstallOptions, 'codexPath'>) =>
  codexPath !== null && codexPath !== usualPath;

/** In the place of `src/codex/install/install.ts`. */
export const findCodex: typeof reallyFind = async (options) =>
  isNamed(options) ? reallyFind(options) : null;

export const locateCodex: typeof reallyLocate = async (options, found) =>
  isNamed(options) ? reallyLocate(options, found) : notUsed;

/** A scripted agent needs no Codex CLI. */
const notUsed = {
  version: Promise.resolve(codexVersion),
  binary: '/nonexistent',
  root: '/nonexistent',
  rootInBox: '/nonexistent',
  binaryInBox: '/nonexistent',
  bwrap: '/nonexistent',
};

export class ScriptedAgent implements Planner, Editor {
  readonly #options: CodexOptions;
  readonly #enforcement: Enforcement;
  readonly #warnings: readonly string[];

  constructor(options: CodexOptions, enforcement: Enforcement, warnings: readonly string[] = []) {
    this.#options = options;
    this.#enforcement = enforcement;
    this.#warnings = warnings;
  }

  async describe(): Promise<Toolchain> {
    const { model, effort } = this.#options.choice;
    return {
      version: codexVersion,
      model: model ?? defaultModel(codexVersion) ?? 'unknown',
      effort,
      tools: toolNames(projectTools(this.#options)),
    };
  }

  async propose(task: PlanningTask): Promise<Proposal> {
    await task.ready;
    await this.#options.codex();
    const toolchain = await this.describe();
    const log = new RunLog();
    const answer = await this.#ask('plan', planningPrompt(task, this.#enforcement), log);
    log.add('plan: a script');
    return { answer: messageOf(answer), toolchain, usage: usageOf(1), log: log.text() };
  }

  async carryOut({ workspace, judge, ...task }: EditingTask): Promise<EditReport> {
    await this.#options.codex();
    const toolchain = await this.describe();
    const gate = new Gate({ workspace, workspaceInBox, judge });
    const log = new RunLog();
    const declined: Denial[] = [];
    const note = (fact: string) => {
      log.add(fact);
      this.#options.report(fact);
    };
    let calls = 0;
    for (let goesOn = true; goesOn; calls++) {
      const asked = this.#ask('edit', editingPrompt(task, this.#enforcement), log);
      const answer = await keepingDeclined(declined, () => asked);
      const deeds = answer.filter((item) => item.type !== 'message');
      if (deeds.length < answer.length) log.add(`message: ${messageOf(answer)}`);
      for (const item of deeds) {
        const command = this.#enforcement === 'after-run' ? commandOf(item) : undefined;
        if (command === undefined) declined.push(...apply(patchOf(item), gate, workspace, note));
        else log.add(`command: ${command} (exit ${runIn(workspace, command)})`);
      }
      goesOn = deeds.length > 0;
    }
    const nothing = { refusedRequests: [], assessments: [] };
    const made = { declined, ...nothing, warnings: this.#warnings };
    return { ...made, toolchain, usage: usageOf(calls), log: log.text() };
  }

  async #ask(caller: Caller, { rules, message }: Prompt, log: RunLog): Promise<readonly Item[]> {
    const { model } = await this.describe();
    try {
      return await askModel(this.#options.endpoint ?? '', caller, model, `${rules}\n${message}`);
    } catch (error) {
      if (!(error instanceof ModelFailed)) throw error;
      throw new CodexStopped('codex-failed', `Codex: ${error.message}`, log.text());
    }
  }
}

function messageOf(answer: readonly Item[]): string {
  const last = answer.findLast((item) => item.type === 'message');
  const [content] = (last?.content ?? []) as { text: string }[];
  if (content === undefined) throw new Error('a scripted planner can only say something');
  return content.text;
}

/** One file of a patch: the question for the gate, and the lines after the header. */
interface Hunk extends FileUpdate {
  readonly lines: readonly string[];
}

function patchOf(item: Item): readonly Hunk[] {
  if (item.type !== 'custom_tool_call' || item.name !== 'apply_patch') {
    throw new Error(`a scripted editor can only patch: a step with ${item.type} needs the bundle`);
  }
  const files = String(item.input)
    .replace(/^\*\*\* Begin Patch\n|\n\*\*\* End Patch$/g, '')
    .split(/^(?=\*\*\* (?:Add|Update|Delete) File: )/m);
  return files.map((file) => {
    const [head = '', ...rest] = file.replace(/\n$/, '').split('\n');
    const [, verb, path = ''] = /^\*\*\* (Add|Update|Delete) File: (.+)$/.exec(head) ?? [];
    if (verb === 'Add') return { path, kind: { type: 'add' }, lines: rest };
    if (verb === 'Delete') return { path, kind: { type: 'delete' }, lines: [] };
    const [, to = null] = /^\*\*\* Move to: (.+)$/.exec(rest[0] ?? '') ?? [];
    const lines = to === null ? rest : rest.slice(1);
    return { path, kind: { type: 'update', move_path: to }, lines };
  });
}

/** The command of an item; undefined for a patch, and for a command that asks to leave the sandbox. */
function commandOf(item: Item): string | undefined {
  if (item.type !== 'function_call' || item.name !== 'exec_command') return undefined;
  const { cmd, sandbox_permissions: asked } = JSON.parse(String(item.arguments));
  return asked === undefined ? String(cmd) : undefined;
}

/**
 * Without a sandbox: the command is the test's own, and stays in the workspace.
 * @returns the exit status
 */
function runIn(workspace: string, command: string): number | null {
  const { PATH } = process.env;
  // Above the workspace is the project's own repository.
  const env = { PATH, HOME: '/nonexistent', GIT_CEILING_DIRECTORIES: dirname(workspace) };
  return spawnSync('bash', ['-c', command], { cwd: workspace, env, stdio: 'ignore' }).status;
}

/** Writes a patch if the gate lets all of it pass; else says what it refused. */
function apply(
  patch: readonly Hunk[],
  gate: Gate,
  workspace: string,
  note: (fact: string) => void,
) {
  const { refused } = gate.rule(patch);
  if (refused.length > 0) {
    for (const { operation, path, detail } of refused)
      note(`Refused: ${operation} ${path}. ${detail}`);
    for (const file of patch) note(describePatch('declined', file));
    return refused;
  }
  gate.makeFolders(patch);
  const onDisk = (path: string) =>
    join(workspace, posix.relative(workspaceInBox, posix.resolve(workspaceInBox, path)));
  for (const { path, kind, lines } of patch) {
    note(describePatch('completed', { path, kind }));
    if (kind.type === 'delete') rmSync(onDisk(path));
    else if (kind.type === 'add') write(onDisk(path), added(lines));
    else {
      const text = changed(readFileSync(onDisk(path), 'utf8'), lines);
      if (kind.move_path != null) rmSync(onDisk(path));
      write(onDisk(kind.move_path ?? path), text);
    }
  }
  return [];
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function added(lines: readonly string[]): string {
  return lines.map((line) => `${line.slice(1)}\n`).join('');
}

/** One hunk: the lines that are replaced, and the new ones. As the CLI does, it compares whole lines. */
function changed(text: string, [mark, ...lines]: readonly string[]): string {
  const side = (sign: string) => `\n${added(lines.filter((line) => !line.startsWith(sign)))}`;
  const [before, after, more] = `\n${text}`.split(side('+'));
  if (mark !== '@@' || before === undefined || after === undefined || more !== undefined) {
    throw new Error('the patch does not apply');
  }
  return `${before}${side('-')}${after}`.slice(1);
}
