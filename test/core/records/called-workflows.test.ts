import { describe, expect, it } from 'vitest';
import { mayCallWorkflows } from '../../../src/core/records/called-workflows.ts';

const job = 'runs-on: ubuntu-latest\n    steps: [{ uses: o/r@v1 }]';

describe('a workflow', () => {
  it('calls no other if no job of it does', () => {
    expect(mayCallWorkflows(`on: push\njobs:\n  a:\n    ${job}\n  b:\n    ${job}\n`)).toBe(false);
  });

  it.each([
    ['a job uses one', `jobs:\n  a:\n    ${job}\n  b:\n    uses: ./.github/workflows/b.yml\n`],
    [
      'the key is written with an escape',
      'jobs: { a: { "\\x75ses": "o/r/.github/workflows/b.yml@v1" } }',
    ],
    ['a job is an alias of one that does', 'x: &x { uses: o/r/b.yml@v1 }\njobs: { a: *x }'],
    [
      'a job takes the keys of another place',
      'x: &x { uses: o/r/b.yml@v1 }\njobs: { a: { <<: *x } }',
    ],
    ['it has no jobs', 'on: push\n'],
    ['its jobs are a list', 'jobs: [a]\n'],
    ['a job is a word', 'jobs: { a: b }\n'],
    ['it is no YAML', 'jobs: {\n'],
    ['it is empty', ''],
  ])('may call others if %s', (_, text) => {
    expect(mayCallWorkflows(text)).toBe(true);
  });
});
