/** The setting of these tests: the real CLI, a small repository, a private folder, and what is needed to look at them. */
import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { type CodexPackage, packageAt, packageOf } from '../../src/codex/install/codex-package.ts';
import type { CodexOptions } from '../../src/codex/session.ts';
import type { CodexSettings } from '../../src/core/policy/codex-settings.ts';
import { repositoryOf } from '../../src/system/workspace-folders.ts';
import { storeCommit, storeObject, storeTree } from '../support/loose-objects.ts';
import { type Script, type ScriptedModel, startModel } from '../support/model/index.ts';
import { makeTemporaryFolder, ramDiskSuitsPrograms } from '../support/ram-disk.ts';

/** `npm run codex:next` gives the folder of another version. */
const PACKAGES =
  process.env.CODEX_PACKAGES ?? join(import.meta.dirname, '../../node_modules/@openai');
export const KEY = 'sk-test-key-that-nobody-may-see';

export const platformPackage = join(PACKAGES, `codex-linux-${process.arch}`);
let found: Promise<CodexPackage> | undefined;
/** The CLI that is tested. It is asked for its version once, as in a step of the action. */
export const codex = () => {
  found ??= packageAt(platformPackage);
  return found;
};

/** The models that the pinned CLI knows: each gets tools of its own. */
export function catalogue(): string[] {
  const [triple = ''] = readdirSync(join(platformPackage, 'vendor'));
  const binary = join(platformPackage, 'vendor', triple, 'bin/codex');
  const printed = execFileSync(binary, ['debug', 'models', '--bundled'], {
    env: { CODEX_HOME: tmpdir() },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(printed).models.map(({ slug }: { slug: string }) => slug);
}

/** What a policy without a `codex` section means. */
export const defaultSettings: CodexSettings = {
  profile: null,
  enforcement: 'before-write',
  approvals: { policy: 'on-request', reviewer: 'user' },
  onOverride: 'fail',
  tools: false,
};

export const PLAN = JSON.stringify({
  title: 'Greet',
  summary: 'Says hello.',
  steps: [{ title: 'Say it', detail: 'In a.txt.', paths: ['a.txt'] }],
  files: [{ path: 'a.txt', operation: 'modify', reason: 'It greets.' }],
  commands: [],
  risks: [],
});

/** Makes a folder that everybody can pass through, as the box's user has to; it is removed when the test is over. */
type MakeFolder = () => string;

/** Takes care of a folder that was just made. */
function kept(made: string): string {
  chmodSync(made, 0o755);
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** A new folder on the disk. */
export const folder: MakeFolder = () => kept(mkdtempSync(join(tmpdir(), 'codex-tests-')));

/** A new folder on the RAM disk, if there is one that will do. */
const ramFolder: MakeFolder = () =>
  ramDiskSuitsPrograms ? kept(makeTemporaryFolder('codex-tests')) : folder();

export interface Setting {
  readonly model: ScriptedModel;
  readonly options: CodexOptions;
  /** What was reported as progress. */
  readonly lines: string[];
}

function settingIn(makeFolder: MakeFolder) {
  return {
    folder: makeFolder,

    /** A workspace of these files, all committed. Its repository lies beside it, as the box expects it. */
    repository(files: Readonly<Record<string, string>> = { 'a.txt': 'hello\n' }): string {
      const root = makeFolder();
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
      }
      mkdirSync(join(root, '.git'));
      commit(repositoryOf(root), files);
      onTestFinished(() => rmSync(repositoryOf(root), { recursive: true, force: true }));
      return root;
    },

    /** A scripted model, and options that lead Codex to it. */
    async setting(script: Script, changes: Partial<CodexOptions> = {}): Promise<Setting> {
      const model = await startModel(script);
      onTestFinished(() => model.close());
      const lines: string[] = [];
      const options: CodexOptions = {
        codex,
        apiKey: KEY,
        endpoint: model.endpoint,
        choice: { model: 'gpt-5.5', effort: null },
        temporary: makeFolder(),
        timeoutMs: 120_000,
        report: (line) => lines.push(line),
        tools: false,
        ...changes,
      };
      return { model, options, lines };
    },
  };
}

/** For tests in which boxed code looks for what lies outside of its box, which it cannot find on the RAM disk. */
export const onDisk = settingIn(folder);

/**
 * For all other tests. A run of Codex makes and removes hundreds of small files, and the RAM disk makes that much cheaper. A box has
 * another `/dev`, so boxed code cannot see these folders except for what the box shows of them.
 */
export const onRamDisk = settingIn(ramFolder);

/** A new repository with one commit of these files, on its branch `main`. It has no index, as one that the action builds. */
function commit(repository: string, files: Readonly<Record<string, string>>): void {
  const entries = Object.entries(files).map(([path, text]) => ({
    names: path.split('/'),
    mode: '100644',
    id: storeObject(repository, 'blob', Buffer.from(text)),
  }));
  const id = storeCommit(repository, storeTree(repository, entries), [], 'state');
  mkdirSync(join(repository, 'refs/heads'), { recursive: true });
  writeFileSync(join(repository, 'refs/heads/main'), `${id}\n`);
  writeFileSync(join(repository, 'HEAD'), 'ref: refs/heads/main\n');
  writeFileSync(join(repository, 'config'), '[core]\n\trepositoryformatversion = 0\n');
}

/**
 * A Codex that is a script: `body` is shell, run in the box with the arguments of Codex, with `node` on its path. It
 * passes the probe of the sandbox unless `probe` is another command.
 */
export async function fakeCodex(body: string, probe = 'exit 0'): Promise<CodexPackage> {
  const root = folder();
  const path = join(root, 'codex');
  mkdirSync(join(root, 'codex-resources'));
  symlinkSync((await codex()).bwrap, join(root, 'codex-resources/bwrap'));
  const script = [
    '#!/bin/sh',
    'case "$1" in',
    '  --version) echo "codex-cli 9.8.7"; exit 0;;',
    `  sandbox) ${probe};;`,
    'esac',
    body,
  ];
  writeFileSync(path, script.join('\n'), { mode: 0o755 });
  return packageOf(path, []);
}

/** A command that lasts longer than any test, with a number that no other test on this machine has. */
export const endless = () => `sleep ${randomInt(10 ** 8, 10 ** 9)}`;

/** The command lines of this machine's processes: to see that none is left behind. */
export function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return [];
      }
    });
}

/**
 * Sees that no process is left with this text in its command line. A process that was killed is gone a moment later, on a busy
 * machine a long one.
 */
export async function expectNoneLeft(text: string): Promise<void> {
  const left = () => commandLines().filter((line) => line.includes(text));
  await expect.poll(left, { timeout: 60_000 }).toEqual([]);
}
