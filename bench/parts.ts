/** What is measured: each part by its name, so that one can be run alone. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { locateCodex, PINNED_VERSION } from '../src/codex/install/install.ts';
import type { PlannedFile } from '../src/core/plan/plan.ts';
import { checkParity } from '../src/core/plan/scope.ts';
import { parseRawDiff } from '../src/git/output.ts';
import { projectFolder } from '../test/support/loop/action.ts';
import {
  exampleScript,
  type Loop,
  type LoopOptions,
  startLoop,
} from '../test/support/loop/loop.ts';
import { remember } from '../test/support/loop/memory.ts';
import { editBare, planBare } from './bare-codex.ts';
import { clock, compare, type Figure, rounds, timeProgram } from './measure.ts';
import * as steps from './steps.ts';

/** @param add takes a figure at once, so that it is kept if a later one fails */
type Part = (add: (figure: Figure) => void) => Promise<readonly Figure[]>;

export const parts: Readonly<Record<string, Part>> = {
  plan: () =>
    onStage({}, async (loop) => [
      await compare(
        ['plan, a model that answers at once', () => steps.plan(loop)],
        ['bare `codex exec`, same flags', () => planBare(loop)],
        2,
      ),
    ]),
  'slow-plan': () => {
    const answer = exampleScript as { plan: () => string };
    const plan = () => new Promise<string>((done) => setTimeout(() => done(answer.plan()), 10_000));
    return onStage({ script: { plan } }, async (loop) => [
      await compare(
        ['plan, a model that takes 10 s', () => steps.plan(loop)],
        ['bare `codex exec`, same flags', () => planBare(loop)],
        1.05,
        { times: Math.min(rounds, 3), warmUp: false },
      ),
    ]);
  },
  comment: () =>
    onStage({}, async (loop) => [
      await compare(
        ['a comment that is ignored', () => steps.ignore(loop)],
        ['bare `node -e 0`', () => timeProgram(process.execPath, ['-e', '0'])],
        2,
        { times: 3 * rounds },
      ),
    ]),
  verify: () =>
    onStage({ scripted: true }, async (loop) => {
      await steps.prepare(loop, 'approved');
      // Each verification leaves a record that the next one reads.
      const restore = remember(loop);
      const verify = () => {
        restore();
        return steps.verify(loop);
      };
      return [
        await compare(
          ['verify, nothing moved', verify],
          ['start of plan to its first call', () => steps.startToFirstCall(loop)],
          2.5,
        ),
      ];
    }),
  approve: () =>
    onStage(
      { scripted: true, policy: 'limits: { files: 200 }\n', script: steps.manyFiles(200) },
      async (loop) => [
        await compare(
          [
            'approve, 200 new files in one patch',
            async () => {
              await steps.prepare(loop, 'planned');
              return steps.approve(loop);
            },
          ],
          ['bare `codex exec -s workspace-write`, same patch', () => editBare(loop)],
          1.3,
          { times: Math.min(rounds, 3), warmUp: false },
        ),
      ],
    ),
  execute: async () => [
    await compare(
      ['execute, 200 files', () => executeFiles(200)],
      ['execute, 2 files', () => executeFiles(2)],
      3,
    ),
  ],
  parity: async () => [await measureParity()],
  'tool-cache': async () => [await measureToolCache()],
  big: (add) => onStage({ scripted: true, files: manyBigFiles() }, (loop) => measureBig(loop, add)),
};

/** Jobs are on the disk, where a runner has them, and where bare Codex works, too. */
async function onStage<T>(options: LoopOptions, use: (loop: Loop) => Promise<T>): Promise<T> {
  const loop = await startLoop({ onDisk: true, ...options });
  try {
    return await use(loop);
  } finally {
    await loop.close();
  }
}

function executeFiles(count: number): Promise<number> {
  const options = { policy: 'limits: { files: 200 }\n', script: steps.manyFiles(count) };
  return onStage({ scripted: true, ...options }, async (loop) => {
    await steps.prepare(loop, 'verified');
    return steps.execute(loop);
  });
}

/** 100,000 files, 200 MB of text that does not repeat. */
function manyBigFiles(): Record<string, string> {
  const files: Record<string, string> = {};
  let seed = 1;
  for (let index = 0; index < 100_000; index++) {
    let text = '';
    while (text.length < 2000) {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) | 0;
      text += `${(seed >>> 0).toString(36)}\n`;
    }
    files[`big/d${index % 300}/e${index % 7}/f${index}.txt`] = text;
  }
  return files;
}

async function measureBig(loop: Loop, add: (figure: Figure) => void): Promise<readonly Figure[]> {
  const base = ['`git fetch --depth=1` and checkout', () => fetchAndCheckout(loop)] as const;
  const options = { times: Math.min(rounds, 3), warmUp: false };
  add(await compare(['100,000 files: plan', () => steps.plan(loop)], base, 1.3, options));
  const approve = async () => {
    await steps.prepare(loop, 'planned');
    return steps.approve(loop);
  };
  add(await compare(['100,000 files: approve', approve], base, 1.8, options));
  add(await compare(['100,000 files: verify', () => steps.verify(loop)], base, 1.5, options));
  const once = { ...options, times: 1 };
  add(await compare(['100,000 files: execute', () => steps.execute(loop)], base, 0.5, once));
  return [];
}

async function fetchAndCheckout(loop: Loop): Promise<number> {
  const folder = scratch();
  const git = (...args: string[]) => timeProgram('git', args, { cwd: folder });
  try {
    await git('init', '--quiet');
    return (
      (await git('fetch', '--quiet', '--depth=1', `file://${loop.repo.git.folder}`, 'HEAD')) +
      (await git('checkout', '--quiet', 'FETCH_HEAD'))
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Two commits that differ in 10,000 files. */
function measureParity(): Promise<Figure> {
  const folder = scratch();
  const git = (args: string[], input = '') =>
    execFileSync('git', args, { cwd: folder, input, maxBuffer: 1 << 28 });
  git(['init', '--quiet']);
  const names = Array.from({ length: 10_000 }, (_, index) => `src/d${index % 90}/f${index}.ts`);
  const commit = (text: string, from: string) => {
    const files = names.map((name) => `M 100644 inline ${name}\ndata ${text.length}\n${text}\n`);
    const head = `commit refs/heads/main\ncommitter a <a@b> 0 +0000\ndata 1\nx\n${from}`;
    git(['fast-import', '--quiet'], `${head}${files.join('')}\n`);
    return git(['rev-parse', 'main']).toString().trim();
  };
  const [before, after] = [commit('a', ''), commit('b', 'from refs/heads/main^0\n')];
  const diff = ['diff-tree', '-r', '-z', '--raw', '--no-renames', '--no-abbrev', before, after];
  const scope = names.map((path) => ({ path, operation: 'modify', reason: 'x' })) as PlannedFile[];
  const check = async () => {
    const started = performance.now();
    const { denials, untouched } = checkParity(scope, parseRawDiff(git(diff)));
    if (denials.length + untouched.length > 0) throw new Error('no parity');
    return performance.now() - started;
  };
  const bare = async () => {
    const started = performance.now();
    git(diff);
    return performance.now() - started;
  };
  return compare(
    ['parity of 10,000 changed files', check],
    ['`git diff-tree --raw`', bare],
    3,
  ).finally(() => rmSync(folder, { recursive: true, force: true }));
}

async function measureToolCache(): Promise<Figure> {
  const cache = scratch();
  const folder = join(cache, 'codex-cli', PINNED_VERSION, process.arch);
  mkdirSync(folder, { recursive: true });
  const from = join(projectFolder, 'node_modules/@openai', `codex-linux-${process.arch}`);
  cpSync(join(from, 'vendor'), join(folder, 'vendor'), { recursive: true });
  const find = async () => {
    const started = performance.now();
    const options = { version: null, codexPath: null, forbidden: [] };
    const report = (line: string) => {
      throw new Error(line);
    };
    await locateCodex({ ...options, temporary: cache, report });
    return performance.now() - started;
  };
  process.env.RUNNER_TOOL_CACHE = cache;
  try {
    return await clock('Codex found in a warm tool cache and checked', find, 0.2);
  } finally {
    delete process.env.RUNNER_TOOL_CACHE;
    rmSync(cache, { recursive: true, force: true });
  }
}

function scratch(): string {
  return mkdtempSync(join(projectFolder, 'node_modules/.cache/bench-'));
}
