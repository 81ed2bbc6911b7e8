import { expect, it } from 'vitest';
import { usesOwnActions } from '../../../src/core/text/workflow-file.ts';

const step = (uses: string) => `on: push\njobs:\n  gate:\n    steps:\n      - ${uses}\n`;

it.each([
  ['an action of another repository', step('uses: octo/action@v1')],
  ['a picture of a container', step('uses: docker://alpine:3')],
  ['a command with such a path', step('run: "./gradlew # uses: ./x"')],
  [
    'a reusable workflow, which GitHub names',
    'jobs: { part: { uses: ./.github/workflows/part.yml } }',
  ],
  ['no job', 'on: push\njobs: {}\n'],
  ['nothing', ''],
])('a workflow is all in its file, with %s', (_, text) => {
  expect(usesOwnActions(text)).toBe(false);
});

it.each([
  ['an action of its commit', step('uses: ./')],
  ['one in a folder', step('uses: ./.github/actions/gate')],
  ['one in quotes', step("uses: './.github/actions/gate'")],
  ['one with blanks', step('"uses": "  ./x"')],
  ['one in a flow mapping', 'jobs: { gate: { steps: [{ uses: ./x }] } }'],
  ['one behind others', `${step('uses: octo/action@v1')}      - uses: ./x\n`],
  ['one behind an anchor', `x: &gate ./x\n${step('uses: *gate')}`],
  ['one where workflows are', step('uses: ./.github/workflows/action')],
  ['a file that is no YAML', 'jobs: {'],
])('a workflow is not all in its file, with %s', (_, text) => {
  expect(usesOwnActions(text)).toBe(true);
});
