/** The tests that a change calls for, run as the example runs them: on the commit, one job an entry of the matrix. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Loop, startLoop } from '../support/loop/loop.ts';

const policy = `version: 1
tests:
  - { paths: 'src/**', run: 'grep -q tax src/cart.ts && echo "cart has a tax"' }
  - { paths: 'src/tax.ts', run: 'echo "$FILES"' }
  - { paths: 'docs/**', run: echo never }
`;
const example = new URL('../../examples/impacted-tests.yml', import.meta.url);
const { jobs } = parse(readFileSync(example, 'utf8')) as {
  jobs: Record<string, { steps: { run?: string; env?: Record<string, string> }[] }>;
};

let loop: Loop;
beforeAll(async () => {
  loop = await startLoop({ scripted: true, policy });
});
afterEach(() => expect(loop.github.violations).toEqual([]));
afterAll(() => loop.close());

/** What GitHub does with the example's last job for one entry of the matrix. */
function runEntry(
  commit: string,
  entry: { readonly run: string; readonly files: unknown },
): string {
  const folder = mkdtempSync(join(tmpdir(), 'tested-'));
  execFileSync('git', [
    '--git-dir',
    loop.repo.git.folder,
    '--work-tree',
    folder,
    'checkout',
    '-q',
    commit,
    '--',
    '.',
  ]);
  const step = jobs.tests?.steps.find(({ run }) => run !== undefined);
  expect(step?.env).toEqual({
    FILES: ['${{', 'toJSON(matrix.files)', '}}'].join(' '),
    RUN: ['${{', 'matrix.run', '}}'].join(' '),
  });
  return execFileSync('bash', ['-e', '-c', step?.run ?? 'exit 1'], {
    cwd: folder,
    env: { PATH: process.env.PATH, FILES: JSON.stringify(entry.files), RUN: entry.run },
    encoding: 'utf8',
  });
}

describe('impacted tests', () => {
  it('are told by plan, verify and execute, and run on the commit', async () => {
    const planned = await loop.plan();
    await loop.approve();
    const verified = await loop.verify();
    const executed = await loop.execute();
    const expected = {
      include: [
        {
          name: 'grep -q tax src/cart.ts && echo "cart has a tax"',
          run: 'grep -q tax src/cart.ts && echo "cart has a tax"',
          files: ['src/cart.ts', 'src/tax.ts'],
        },
        { name: 'echo "$FILES"', run: 'echo "$FILES"', files: ['src/tax.ts'] },
      ],
    };
    for (const { outputs, decision } of [planned, verified, executed]) {
      expect(outputs['has-tests'], decision).toBe('true');
      expect(JSON.parse(outputs['test-matrix'] ?? ''), decision).toEqual(expected);
    }
    expect(executed.decision).toBe('executed');
    const ran = expected.include.map((entry) =>
      runEntry(executed.outputs['commit-sha'] ?? '', entry),
    );
    expect(ran[0]).toContain('cart has a tax');
    expect(ran[1]).toContain('["src/tax.ts"]');
  });

  it('that fail make the job fail, and names of files are no script', () => {
    const commit = loop.repo.tip();
    expect(() => runEntry(commit, { run: 'false\ntrue', files: [] })).toThrow();
    const hostile = { run: 'true', files: ['"; exit 7; "', '$(exit 8)', '`exit 9`'] };
    expect(runEntry(commit, hostile)).toContain('$(exit 8)');
  });

  it('are none if the policy names none', async () => {
    const step = await loop.plan('x', { inputs: { label: 'a,b' } });
    expect(step.outputs).toMatchObject({ 'has-tests': 'false', 'test-matrix': '{"include":[]}' });
  });
});
