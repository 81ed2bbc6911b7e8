/**
 * Runs the tests of boxes, isolation, planner and editor with the newest Codex CLI, or with the version that is given. What
 * is installed here stays as it is. The exit status is that of the tests.
 *
 *   node scripts/codex-next.ts [version]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const tests = ['isolation', 'instructions.test.ts', 'box', 'planner', 'editor'];

const folder = mkdtempSync(join(tmpdir(), 'codex-next-'));
try {
  process.exitCode = main(process.argv[2] ?? 'latest');
} finally {
  rmSync(folder, { recursive: true });
}

function main(wanted: string): number {
  const installed = run('npm', [
    ...['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts'],
    `@openai/codex@${wanted}`,
  ]);
  if (installed !== 0) return installed;
  const packages = join(folder, 'node_modules/@openai');
  const { version } = JSON.parse(readFileSync(join(packages, 'codex/package.json'), 'utf8'));
  console.log(`The tests run with Codex ${version}.`);
  return run(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      ...tests.map((name) => `test/codex/${name}`),
    ],
    { CODEX_PACKAGES: packages },
  );
}

function run(command: string, args: readonly string[], more: Record<string, string> = {}): number {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...more },
    stdio: 'inherit',
  });
  if (error !== undefined) throw error;
  return status ?? 1;
}
