/** The same Codex without the action around it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inBox, TOKEN_VARIABLE } from '../src/codex/box/box.ts';
import { noTools } from '../src/codex/box/tools.ts';
import { planArguments } from '../src/codex/configuration.ts';
import { packageOf } from '../src/codex/install/codex-package.ts';
import { planningPrompt } from '../src/codex/prompts.ts';
import { planOutputSchema } from '../src/core/plan/plan.ts';
import { codexPath, projectFolder } from '../test/support/loop/action.ts';
import type { Loop } from '../test/support/loop/loop.ts';
import { timeProgram } from './measure.ts';

export const codex = await packageOf(codexPath, []);
export const prompt = 'add a tax';

/** A plan with the same CLI, flags, prompt, schema and files. */
export function planBare(loop: Loop): Promise<number> {
  const job = { prompt, anchor: null, purpose: 'plan', instructions: null, struck: [] } as const;
  const task = planningPrompt(job, 'before-write');
  const choice = { model: null, effort: null };
  const surroundings = { codexRoot: codex.root, choice, tools: noTools };
  return inFolder(loop, (workspace, folder) => {
    const schema = join(folder, 'schema.json');
    writeFileSync(schema, JSON.stringify(planOutputSchema()));
    const base = loop.model.endpoint.replace(/\/responses$/, '');
    const args = planArguments(surroundings, schema, task.rules).map((argument) =>
      argument
        .replaceAll(`http://127.0.0.1:${inBox.port}/v1`, base)
        .replaceAll(inBox.workspace, workspace),
    );
    return { args, input: task.message };
  });
}

/** Whatever the model patches, in Codex's own sandbox that may write to the workspace. */
export function editBare(loop: Loop): Promise<number> {
  const base = loop.model.endpoint.replace(/\/responses$/, '');
  const provider = `{name="bench",base_url="${base}",wire_api="responses"}`;
  return inFolder(loop, (workspace) => ({
    args: [
      ...['exec', '-', '--ephemeral', '--ignore-user-config', '--skip-git-repo-check', '--json'],
      ...['-C', workspace, '-s', 'workspace-write', '-m', 'gpt-5.5'],
      ...['-c', 'model_provider=bench', '-c', `model_providers.bench=${provider}`],
    ],
    input: 'do it',
  }));
}

async function inFolder(
  loop: Loop,
  prepare: (workspace: string, folder: string) => { args: readonly string[]; input: string },
): Promise<number> {
  const folder = mkdtempSync(join(projectFolder, 'node_modules/.cache/bench-'));
  const workspace = join(folder, 'workspace');
  execFileSync('git', ['clone', '--quiet', loop.repo.git.folder, workspace]);
  const { args, input } = prepare(workspace, folder);
  const home = join(folder, 'home');
  mkdirSync(home);
  const env = { PATH: process.env.PATH, CODEX_HOME: home, [TOKEN_VARIABLE]: 'none' };
  try {
    return await timeProgram(codex.binary, args, { env, input });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
