/**
 * Everything that the action writes at GitHub meets trouble once, before and after it is done. A run that was paid for
 * must not fail over it, and nothing may be there twice.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { GitHubAsking } from '../../src/github/asking.ts';
import { GitHubComments } from '../../src/github/comments.ts';
import { GitHubCommits } from '../../src/github/commits.ts';
import { GitHubLabels } from '../../src/github/labels.ts';
import { GitHubStatuses } from '../../src/github/statuses.ts';
import type { FileEntry } from '../../src/ports/commits.ts';
import type { Fault } from '../support/github/index.ts';
import { objectId } from '../support/object-ids.ts';
import { label, openStage } from './stage.ts';

const stage = openStage();

type Row = readonly [what: string, act: () => Promise<unknown>, done: () => unknown, is: unknown];

const comments = () => new GitHubComments(stage.client);
const own = async () => comments().create(1, 'our comment');
const bodies = () => stage.pull.comments.slice(1).map(({ body }) => body);
const minimized = () => stage.pull.comments.at(-1)?.minimized;

const head = () => stage.pull.head.sha;
const tree = () => stage.repo.git.treeId(head()) ?? '';
const binary = Buffer.from('a\0b');
const entry = (path: string, content: Buffer): FileEntry => {
  const blob = objectId(stage.repo.git.writeBlob(content));
  return { path, after: { mode: '100644', blob }, content };
};
const commits = () => new GitHubCommits(stage.client);
const parents = async () =>
  stage.repo.git.log([await commits().createCommit('x', objectId(tree()), objectId(head()))])[0]
    ?.parents;

const labels = () => new GitHubLabels(stage.client);
const approving = () => ({ id: stage.repo.findLabel(label)?.nodeId ?? '', name: label });

/** By the file of the adapter, one for each write in it. */
const writes: Readonly<Record<string, readonly Row[]>> = {
  'asking.ts': [
    ['ask', () => new GitHubAsking(stage.client).ask(1, 'assignee', ['ada']), () => null, null],
    [
      'release',
      () => new GitHubAsking(stage.client).release(1, 'assignee', ['ada']),
      () => null,
      null,
    ],
  ],
  'comments.ts': [
    ['create', own, bodies, ['our comment']],
    ['update', async () => comments().update((await own()).id, 'new'), bodies, ['new']],
    ['minimise', async () => comments().minimise(await own()), minimized, 'outdated'],
    ['minimise and edit', async () => comments().minimise(await own(), 'new'), bodies, ['new']],
    [
      'react',
      async () => comments().react((await own()).id, 'eyes'),
      () => stage.pull.comments.at(-1)?.reactions.length,
      1,
    ],
  ],
  'commits.ts': [
    [
      'a blob',
      () => commits().writeTree(objectId(tree()), [entry('zero.bin', binary)]),
      () => null,
      null,
    ],
    [
      'a tree',
      () => commits().writeTree(objectId(tree()), [entry('a.txt', Buffer.from('a\n'))]),
      () => null,
      null,
    ],
    ['a commit', async () => expect(await parents()).toEqual([head()]), () => null, null],
    [
      'a move',
      async () => {
        const to = stage.repo.push('elsewhere', { 'n.ts': 'n\n' }, { parent: head() });
        const moved = await commits().moveForward('feature/x', objectId(head()), objectId(to));
        expect([moved, head()]).toEqual(['moved', to]);
      },
      () => null,
      null,
    ],
  ],
  'labels.ts': [
    [
      'remove',
      () => {
        stage.repo.as('tina').label(1, label);
        return labels().remove(1, approving());
      },
      () => stage.pull.labels,
      [],
    ],
    [
      'ensure',
      () => labels().ensure('wanted'),
      () => stage.repo.labels.filter(({ name }) => name === 'wanted').length,
      1,
    ],
  ],
  'statuses.ts': [
    [
      'set',
      () =>
        new GitHubStatuses(stage.client).set(head(), {
          context: 'codex-plan',
          state: 'pending',
          description: 'Awaiting',
          url: null,
        }),
      () => stage.repo.statuses.at(-1)?.state,
      'pending',
    ],
  ],
};

const faults: readonly (readonly [string, Omit<Fault, 'method' | 'path'>])[] = [
  ['before it is done', { status: 502 }],
  ['after it is done', { status: 502, when: 'after' }],
  ['by a connection that is reset after it is done', { drop: true, when: 'after' }],
  ['by the page of a proxy in between', { garbage: 'html' }],
  ['by a limit on new content', { status: 422, message: 'was submitted too quickly' }],
];

// No run begins with a write, and GitHub's time is known by then.
beforeEach(async () => {
  await comments().list(1);
});

const changing = /^\s*mutation/;

describe.each(Object.entries(writes))('what %s writes', (file, rows) => {
  it('is all here', () => {
    const source = readFileSync(new URL(`../../src/github/${file}`, import.meta.url), 'utf8');
    expect(rows).toHaveLength(findWrites(source).length);
  });

  describe.each(rows)('%s', (_, act, done, is) => {
    it.each(faults)('survives trouble %s', async (_, fault) => {
      const handles = [
        ...['POST', 'PATCH', 'DELETE'].map((method) =>
          stage.github.fault({ ...fault, method, path: /^\/repos/ }),
        ),
        stage.github.fault({ ...fault, graphql: changing }),
      ];
      await act();
      expect(handles.reduce((sum, { hits }) => sum + hits, 0)).toBeGreaterThan(0);
      expect(done()).toEqual(is);
    });
  });
});

describe('every other adapter', () => {
  it('only reads', () => {
    const folder = new URL('../../src/github/', import.meta.url);
    const others = readdirSync(folder).filter((file) => !(file in writes) && file !== 'client.ts');
    const writing = others.filter(
      (file) => findWrites(readFileSync(new URL(file, folder), 'utf8')).length > 0,
    );
    expect(writing).toEqual([]);
  });
});

/** The routes and mutations that a source holds. */
function findWrites(source: string): string[] {
  return source.match(/['`](?:(?:POST|PATCH|PUT|DELETE) |\s*mutation\()/g) ?? [];
}
