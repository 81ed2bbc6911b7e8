/** git makes each tree and each difference once, and answers every new question itself. */
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { parsePath } from '../../src/core/text/paths.ts';
import { createGit } from '../../src/git/git.ts';
import { MadeTrees } from '../../src/git/made-trees.ts';
import { type Fetched, Objects } from '../../src/git/objects.ts';
import { Repository } from './repository.ts';

const repository = new Repository();
const blob = (content: string) => repository.blob(Buffer.from(content));
const file = (content: string, mode = '100644') => ({ mode, content: Buffer.from(content) });
const tree = repository.tree(new Map([['a.txt', file('a\n')]]));
const other = repository.tree(new Map([['b.txt', file('b\n')]]));

let started: string[];
let failing: boolean;
let reach: Fetched['reach'];

function open() {
  const tools = createGit(process.env, '');
  const fetched: Fetched = {
    tools: {
      ...tools,
      git: async (args, options) => {
        started.push(args.join(' '));
        if (failing) throw new Error('The disk is full.');
        return tools.git(args, options);
      },
    },
    folder: repository.directory,
    repository: join(repository.directory, '.git'),
    tree,
    trees: new Map(),
    reach,
    commits: [],
    fetch: async () => {},
  };
  const objects = new Objects(fetched);
  return { made: new MadeTrees(fetched, objects), objects };
}

const written = (path: string, content: string, mode = '100644') => [
  { path: parsePath(path), after: { mode, blob: blob(content) } },
];

beforeEach(() => {
  started = [];
  failing = false;
  reach = 'files';
});

it('makes a tree once', async () => {
  const { made } = open();
  const first = await made.write(tree, written('new.txt', 'new\n'));
  expect(started).toHaveLength(3);
  expect(await made.write(tree, written('new.txt', 'new\n'))).toBe(first);
  expect(started).toHaveLength(3);
  const files = { 'a.txt': file('a\n'), 'new.txt': file('new\n') };
  expect(first).toBe(repository.tree(new Map(Object.entries(files))));
});

it('compares two trees once, in each direction', async () => {
  const { made } = open();
  const [there, back] = [await made.diff(tree, other), await made.diff(other, tree)];
  expect(await made.diff(tree, other)).toEqual(there);
  expect(started).toHaveLength(2);
  expect(there.map(({ path, after }) => [path, after?.blob])).toEqual([
    ['a.txt', undefined],
    ['b.txt', blob('b\n')],
  ]);
  expect(back.map(({ path, after }) => [path, after?.blob])).toEqual([
    ['a.txt', blob('a\n')],
    ['b.txt', undefined],
  ]);
});

it('makes another tree of anything else', async () => {
  const { made } = open();
  const changes = [
    written('new.txt', 'new\n'),
    written('new.txt', 'other\n'),
    written('new.txt', 'new\n', '100755'),
    written('a.txt', 'new\n'),
    [{ path: parsePath('a.txt'), after: null }],
    [...written('new.txt', 'new\n'), ...written('a.txt', 'new\n')],
    [],
  ];
  const trees = new Set<string>();
  for (const from of [tree, other]) {
    // The other one has no such file to remove.
    for (const change of changes) trees.add(await made.write(from, change));
  }
  expect(trees.size).toBe(2 * changes.length - 1);
});

it('asks again after the content of all files was fetched', async () => {
  reach = 'trees';
  const { made, objects } = open();
  const first = await made.write(tree, written('new.txt', 'new\n'));
  expect(started.at(-1)).toBe('write-tree --missing-ok');
  await objects.fetchAll();
  expect(await made.write(tree, written('new.txt', 'new\n'))).toBe(first);
  expect(started.at(-1)).toBe('write-tree');
});

it('asks again after a failure', async () => {
  const { made } = open();
  failing = true;
  await expect(made.write(tree, written('new.txt', 'new\n'))).rejects.toThrow('full');
  await expect(made.diff(tree, other)).rejects.toThrow('full');
  failing = false;
  expect(await made.diff(tree, other)).toHaveLength(2);
  expect(await made.write(tree, [])).toBe(tree);
  await made.write(tree, written('new.txt', 'new\n'));
});
