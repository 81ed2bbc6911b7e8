import { describe, expect, it } from 'vitest';
import { findImpactedTests, toMatrix } from '../../../src/core/policy/impacted-tests.ts';
import { defaultPolicy } from '../../../src/core/policy/policy.ts';
import { parsePolicy } from '../../support/policy.ts';

describe('impacted tests', () => {
  const policy = parsePolicy(`
tests:
  - { paths: 'src/**', run: npm test }
  - { paths: ['docs/**', '*.md'], run: npm run docs }
  - { paths: 'src/api/**', run: npm run api }
  - { paths: 'lib/**', run: npm test }
`);

  it('name each command once, in the order of the policy, with the files that call for it', () => {
    expect(findImpactedTests(policy, ['README.md', 'lib/a', 'src/api/b'])).toEqual([
      { run: 'npm test', files: ['src/api/b', 'lib/a'] },
      { run: 'npm run docs', files: ['README.md'] },
      { run: 'npm run api', files: ['src/api/b'] },
    ]);
    expect(findImpactedTests(policy, ['other'])).toEqual([]);
    expect(findImpactedTests(defaultPolicy, ['src/a'])).toEqual([]);
  });
});

describe('the matrix', () => {
  const size = (matrix: object) => Buffer.byteLength(JSON.stringify(matrix));

  it('has an entry a command, each with a different name', () => {
    const tests = [
      { run: 'npm test', files: ['a'] },
      { run: 'npm run api\nnpm run db', files: [] },
      { run: 'npm run api\nnpm run web', files: [] },
      { run: 'x'.repeat(200), files: [] },
    ];
    const { include } = toMatrix(tests);
    expect(include.map(({ name }) => name)).toEqual([
      'npm test',
      'npm run api',
      'npm run api (2)',
      `${'x'.repeat(80)}…`,
    ]);
    expect(include.map(({ run, files }) => ({ run, files }))).toEqual(tests);
    expect(toMatrix([])).toEqual({ include: [] });
  });

  it('leaves out files before tests, and never a test', () => {
    const files = Array.from({ length: 200 }, (_, n) => `${n}${'x'.repeat(300)}`);
    const large = toMatrix([
      { run: 'one', files },
      { run: 'two', files },
    ]);
    expect(large.include).toEqual([
      { name: 'one', run: 'one', files: [] },
      { name: 'two', run: 'two', files: [] },
    ]);
    const many = Array.from({ length: 101 }, (_, n) => ({ run: `test ${n}`, files: ['a'] }));
    const [all, ...none] = toMatrix(many).include;
    expect(none).toEqual([]);
    expect(all?.run.split('\n')).toEqual(many.map(({ run }) => run));
    const long = Array.from({ length: 90 }, (_, n) => ({
      run: `${n}${'y'.repeat(700)}`,
      files: [],
    }));
    expect(toMatrix(long).include).toHaveLength(1);
    expect(size(toMatrix(long))).toBeLessThanOrEqual(64 * 1024);
  });

  it('is empty if nothing fits: then the job is refused', () => {
    expect(toMatrix([{ run: 'z'.repeat(70_000), files: [] }])).toEqual({ include: [] });
  });
});
