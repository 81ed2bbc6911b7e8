import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { alone, alonePatterns, smallPatterns } from '../../alone.ts';
import { atEndOfFile } from './at-end.ts';

const root = new URL('../../../', import.meta.url);

/** They run before each file, and not once. */
const setUps = ['shared.ts', 'each.ts'];

/** Name of a file → what is said about the file itself, and not about one of its tests. */
async function runLeaving(): Promise<ReadonlyMap<string, string>> {
  const { PATH, HOME } = process.env;
  const folder = mkdtempSync(join(tmpdir(), 'leaving-'));
  atEndOfFile(() => rmSync(folder, { recursive: true }));
  const report = join(folder, 'report.json');
  const program = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--config=test/support/files/leaving/vitest.config.ts',
    '--root=.',
    '--reporter=json',
    `--outputFile=${report}`,
  ];
  await new Promise<void>((resolve) => {
    // It fails: that is what is tested.
    execFile(process.execPath, program, { cwd: root, env: { PATH, HOME } }, () => resolve());
  });
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
    testResults: { name: string; status: string; message: string }[];
  };
  return new Map(
    testResults.map(({ name, status, message }) => [basename(name), `${status}: ${message}`]),
  );
}

it('a file fails if it leaves something to the next one, or replaces modules', async () => {
  const results = await runLeaving();
  expect(results.size).toBe(3);
  expect(results.get('nothing.leaves.ts')).toBe('passed: ');
  expect(results.get('much.leaves.ts')).toMatch(/^failed: .*what this file leaves to the next one/);
  expect(results.get('replacing.leaves.ts')).toMatch(/^failed: .*needs a process alone/s);
});

it('each file that is to be alone is there, and each folder that is to have small processes', () => {
  expect(Object.values(alone).every((reason) => reason.length > 10)).toBe(true);
  for (const pattern of [...alonePatterns, ...smallPatterns]) {
    expect(globSync(pattern, { cwd: root })).not.toEqual([]);
  }
});

it('no helper has hooks, or opens something, when it is loaded: it is loaded for many files', () => {
  const helpers = globSync('test/**/*.ts', { cwd: root }).filter(
    (name) => !/\.(?:test|leaves)\.ts$/.test(name) && !setUps.includes(basename(name)),
  );
  expect(helpers.length).toBeGreaterThan(100);
  const breaches = helpers.filter((name) =>
    /^(?:(?:before|after)(?:All|Each)\(|(?:const .*= )?await (?:start|open)|vi\.)/m.test(
      readFileSync(new URL(name, root), 'utf8'),
    ),
  );
  expect(breaches).toEqual([]);
});
