/**
 * Measures side by side, in one run, so that a noisy machine slows both sides of each ratio: mode plan against the bare
 * `codex exec` that it wraps, a start of the bundle against a bare Node, patches in the box against patches under a profile
 * that lists what can be read, and how soon verify sees that the head moved.
 */
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { inBox, TOKEN_VARIABLE } from '../src/codex/box/box.ts';
import { noTools } from '../src/codex/box/tools.ts';
import { GATE, planArguments } from '../src/codex/configuration.ts';
import { createEditor } from '../src/codex/editor/editor.ts';
import { type CodexPackage, packageOf } from '../src/codex/install/codex-package.ts';
import { planningPrompt } from '../src/codex/prompts.ts';
import { planOutputSchema } from '../src/core/plan/plan.ts';
import { codexSettings } from '../src/core/policy/codex-settings.ts';
import { defaultPolicy } from '../src/core/policy/policy.ts';
import { repositoryOf } from '../src/system/workspace-folders.ts';
import { codexPath, projectFolder } from '../test/support/loop/action.ts';
import { type Loop, startLoop } from '../test/support/loop/loop.ts';
import { create, patch, say, startModel } from '../test/support/model/index.ts';

const rounds = Number(process.env.BENCH_ROUNDS ?? 7);
const prompt = 'add a tax';
const codex = await packageOf(codexPath, []);
const loop = await startLoop();
try {
  await main();
} finally {
  await loop.close();
}

async function main(): Promise<void> {
  const [plan, bare] = await alternate(
    () => planWithAction(loop),
    () => planBare(loop),
  );
  print('plan, the whole mode', plan, 'bare codex exec, same flags', bare, 1.3);
  const [cold, node] = await alternate(() => startBundle(loop), startNode);
  print('start to an ignored comment', cold, 'bare node', node);
  const listing = listingCodex();
  const [whole, listed] = await alternate(
    () => patchFiles(codex),
    async () => patchFiles(await packageOf(listing, [])),
  );
  print('20 new files, the box is the list', whole, 'a profile that lists', listed, 0.6);
  const verify = await timesOfVerify();
  print('verify, the head moved', verify, 'start to an ignored comment', cold);
}

/** Runs both in turn, so that whatever else the machine does meets both. */
async function alternate(one: () => Promise<number>, other: () => Promise<number>) {
  const times: [number[], number[]] = [[], []];
  await one();
  await other();
  for (let round = 0; round < rounds; round++) {
    times[0].push(await one());
    times[1].push(await other());
  }
  return times;
}

async function planWithAction(stage: Loop): Promise<number> {
  const result = await stage.plan(prompt);
  if (result.decision !== 'planned') throw new Error(result.log);
  return result.milliseconds;
}

/** The same CLI, flags, prompt, schema and files, without the action around it. */
async function planBare(stage: Loop): Promise<number> {
  const folder = mkdtempSync(join(projectFolder, 'node_modules/.cache/bench-'));
  const workspace = join(folder, 'workspace');
  const schema = join(folder, 'schema.json');
  writeFileSync(schema, JSON.stringify(planOutputSchema()));
  execFileSync('git', ['clone', '--quiet', stage.repo.git.folder, workspace]);
  const job = { prompt, anchor: null, purpose: 'plan', instructions: null, struck: [] } as const;
  const task = planningPrompt(job, 'before-write');
  const choice = { model: null, effort: null };
  const surroundings = { codexRoot: codex.root, choice, tools: noTools };
  const args = planArguments(surroundings, schema, task.rules).map((argument) =>
    argument
      .replaceAll(
        `http://127.0.0.1:${inBox.port}/v1`,
        stage.model.endpoint.replace(/\/responses$/, ''),
      )
      .replaceAll(inBox.workspace, workspace),
  );
  const env = {
    PATH: process.env.PATH,
    CODEX_HOME: join(folder, 'home'),
    [TOKEN_VARIABLE]: 'none',
  };
  mkdirSync(env.CODEX_HOME);
  try {
    return await time(codex.binary, args, {
      env,
      input: task.message,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A plan of twenty new files is carried out, each patch ruled on. */
async function patchFiles(chosen: CodexPackage): Promise<number> {
  const names = Array.from({ length: 20 }, (_, index) => `new/${index}.txt`);
  const model = await startModel({
    edit: [patch(...names.map((name) => create(name, 'x'))), say('done')],
  });
  const folder = mkdtempSync(join(projectFolder, 'node_modules/.cache/bench-'));
  chmodSync(folder, 0o755);
  const workspace = join(folder, 'workspace');
  mkdirSync(join(workspace, '.git'), { recursive: true });
  execFileSync('git', ['init', '--quiet', '--bare', repositoryOf(workspace)]);
  const editor = createEditor({
    codex: async () => chosen,
    apiKey: 'none',
    endpoint: model.endpoint,
    choice: { model: 'gpt-5.5', effort: null },
    temporary: join(folder, 'temporary'),
    timeoutMs: 600_000,
    report: () => {},
    tools: false,
    settings: codexSettings(defaultPolicy),
  });
  try {
    const started = performance.now();
    await editor.carryOut({
      ...{ workspace, prompt, plan: '{}', instructions: null, struck: [] },
      judge: () => null,
    });
    const took = performance.now() - started;
    if (!existsSync(join(workspace, 'new/19.txt'))) throw new Error('nothing was patched');
    return took;
  } finally {
    await model.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same Codex, under a profile that lists what can be read, as a plan is made under. */
function listingCodex(): string {
  const folder = mkdtempSync(join(projectFolder, 'node_modules/.cache/bench-'));
  chmodSync(folder, 0o755);
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'codex-resources'));
  linkSync(codex.binary, join(folder, 'real'));
  linkSync(codex.bwrap, join(folder, 'codex-resources/bwrap'));
  const profile = `permissions.${GATE}.filesystem={":minimal"="read",":workspace_roots"={"."="read"},"${folder}"="read"}`;
  const script = [
    '#!/bin/bash',
    'for each in "$@"; do shift',
    `  case "$each" in permissions.*) each='${profile}';; esac`,
    '  set -- "$@" "$each"',
    'done',
    `exec ${folder}/real "$@"`,
  ];
  writeFileSync(join(folder, 'codex'), script.join('\n'), { mode: 0o755 });
  return join(folder, 'codex');
}

async function startBundle(stage: Loop): Promise<number> {
  const event = stage.repo.as('alice').comment(stage.pull.number, 'looks good');
  const result = await stage.step('plan', event);
  if (result.decision !== 'ignored') throw new Error(result.log);
  return result.milliseconds;
}

function startNode(): Promise<number> {
  return time(process.execPath, ['-e', '0']);
}

async function timesOfVerify(): Promise<number[]> {
  await loop.plan(prompt);
  await loop.approve();
  loop.repo.as('frank').push(loop.pull.head.ref, { 'docs/note.md': 'Moved.\n' });
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const result = await loop.verify();
    if (result.reason !== 'head-moved') throw new Error(result.log);
    times.push(result.milliseconds);
  }
  return times;
}

function time(
  file: string,
  args: readonly string[],
  { env, input = '' }: { env?: NodeJS.ProcessEnv; input?: string } = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(file, args, { ...(env && { env }), stdio: ['pipe', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (text) => {
      errors += text;
    });
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) resolve(performance.now() - started);
      else reject(new Error(`${file} ended with ${status}: ${errors}`));
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

function print(
  what: string,
  times: readonly number[],
  against: string,
  others: readonly number[],
  aim?: number,
): void {
  const [one, other] = [median(times), median(others)];
  const ratio = (one / other).toFixed(2);
  const goal = aim === undefined ? '' : ` (aim: at most ${aim})`;
  console.log(
    `${what}: ${one.toFixed(0)} ms; ${against}: ${other.toFixed(0)} ms; ratio ${ratio}${goal}`,
  );
}

function median(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}
