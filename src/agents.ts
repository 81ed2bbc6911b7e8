/** Builds planner and editor when a mode needs them, from the inputs of the job and from the policy. */

import { createEditor } from './codex/editor/editor.ts';
import { findCodex, locateCodex } from './codex/install/install.ts';
import { createPlanner } from './codex/planner/planner.ts';
import type { CodexOptions } from './codex/session.ts';
import { codexSettings } from './core/policy/codex-settings.ts';
import type { PolicySource } from './evidence/policy.ts';
import type { ToolInputs } from './modes/mode.ts';
import type { Editor, Planner } from './ports/agent.ts';
import type { Log } from './ports/runner.ts';
import { stopwatch } from './report/words.ts';
import { maskSecret } from './runner.ts';

const defaultTimeoutMinutes = 20;

/** The policy is read only when Codex is needed, so that an event that does not matter costs no call. */
export function plannerUnder(policy: PolicySource, options: JobOptions): Planner {
  const create = async () => {
    const { enforcement, tools } = codexSettings(await policy.read());
    return createPlanner({ ...withMaskedKey(options), enforcement, tools });
  };
  return {
    propose: async (task) => (await create()).propose(task),
    describe: async () => (await create()).describe(),
  };
}

export function editorUnder(
  policy: PolicySource,
  options: JobOptions,
  profile: string | undefined,
): Editor {
  return {
    carryOut: async (task) => {
      const settings = codexSettings(await policy.read(), profile);
      const { tools } = settings;
      return createEditor({ ...withMaskedKey(options), settings, tools }).carryOut(task);
    },
  };
}

/** The settings of Codex that come from the job; the others come from the policy. */
export type JobOptions = Omit<CodexOptions, 'tools'>;

function withMaskedKey(options: JobOptions): JobOptions {
  if (options.apiKey !== '') maskSecret(options.apiKey);
  return options;
}

interface CodexSurroundings extends Pick<CodexOptions, 'temporary' | 'onAsked' | 'removeLater'> {
  readonly log: Log;
}

/** Codex is found or installed once, when it is first needed; `findCodex` begins to look, and installs nothing. */
export function codexOptions(
  inputs: ToolInputs,
  { temporary, log, onAsked, removeLater }: CodexSurroundings,
): JobOptions & { readonly findCodex: () => Promise<unknown> } {
  const began = Date.now();
  const report = (line: string) => log.progress(`${stopwatch(Date.now() - began)}  ${line}`);
  let found: ReturnType<typeof findCodex> | undefined;
  let codex: ReturnType<CodexOptions['codex']> | undefined;
  const options = {
    version: inputs.codexVersion ?? null,
    codexPath: inputs.codexPath ?? null,
    forbidden: [process.env.GITHUB_WORKSPACE, temporary].filter((one) => one !== undefined),
    temporary,
    report,
  };
  const find = () => {
    found ??= findCodex(options);
    return found;
  };
  return {
    findCodex: find,
    codex: () => {
      codex ??= locateCodex(options, find());
      return codex;
    },
    apiKey: inputs.openaiApiKey ?? '',
    endpoint: inputs.responsesApiEndpoint ?? null,
    choice: { model: inputs.model ?? null, effort: inputs.effort ?? null },
    temporary,
    timeoutMs: (inputs.timeoutMinutes ?? defaultTimeoutMinutes) * 60_000,
    report,
    ...(onAsked && { onAsked }),
    ...(removeLater && { removeLater }),
  };
}
