/** Commits through GitHub's interface: trees with their content, and a branch moved from where it is. */
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ObjectId } from '../../src/core/text/object-id.ts';
import { Stopped } from '../../src/decision.ts';
import { GitHubCommits } from '../../src/github/commits.ts';
import type { Commits, FileEntry } from '../../src/ports/commits.ts';
import { anyCharacter } from '../support/any-character.ts';
import type { FileSpec } from '../support/github/index.ts';
import { objectId } from '../support/object-ids.ts';
import { openStage } from './stage.ts';

const stage = openStage();

let commits: Commits;

beforeEach(() => {
  commits = new GitHubCommits(stage.client);
});

const calls = (path: RegExp) =>
  stage.github.requests.filter((request) => request.method === 'POST' && path.test(request.path));

type Mode = '100644' | '100755' | '120000';

/** An entry as a sealed change has it: its id is git's own. */
function entry(
  path: string,
  content: string | Uint8Array | null,
  mode: Mode = '100644',
): FileEntry {
  if (content === null) return { path, after: null, content: null };
  const bytes = Buffer.from(content);
  const blob = objectId(stage.repo.git.writeBlob(bytes));
  return { path, after: { mode, blob }, content: bytes };
}

/** The tree that git itself makes of a tree and these entries. */
function expectedTree(base: string, entries: readonly FileEntry[]): ObjectId {
  const tree = stage.repo.git.editTree(
    base,
    new Map(
      entries.map(({ path, after }) => [
        path,
        after && { mode: after.mode as Mode, sha: after.blob },
      ]),
    ),
  );
  return objectId(tree);
}

const baseTree = (files: Record<string, FileSpec> = {}) =>
  objectId(stage.repo.git.treeId(stage.repo.push('base', files)) ?? '');

describe('a tree', () => {
  it('takes text along, and blobs for what is none', async () => {
    const base = baseTree({ 'gone.txt': 'x\n', 'a/b.txt': 'x\n' });
    const entries = [
      entry('text.txt', 'Grüße\r\n\tund 👋\n'),
      entry('run.sh', '#!/bin/sh\n', '100755'),
      entry('link', '../elsewhere', '120000'),
      entry('empty', ''),
      entry('latin.txt', Buffer.from([0x47, 0xfc, 0x0a])),
      entry('zero.bin', Buffer.from('a\0b')),
      entry('bell.txt', 'a\x07b\n'),
      entry('bom.txt', '\ufefftext\n'),
      entry('large.txt', 'line\n'.repeat(60_000)),
      entry('gone.txt', null),
      entry('a/b.txt', null),
      entry('a', 'now a file\n'),
    ];
    expect(await commits.writeTree(base, entries)).toBe(expectedTree(base, entries));
    expect(calls(/git\/blobs/)).toHaveLength(5);
    expect(calls(/git\/trees/)).toHaveLength(1);
  });

  it('comes in parts that GitHub takes: 200 files in three calls', async () => {
    const base = baseTree();
    const entries = Array.from({ length: 201 }, (_, index) => entry(`f${index}.ts`, `${index}\n`));
    expect(await commits.writeTree(base, entries)).toBe(expectedTree(base, entries));
    const sizes = calls(/git\/trees/).map(({ body }) => (body as { tree: unknown[] }).tree.length);
    expect(sizes).toEqual([100, 100, 1]);
    expect(stage.github.counted()).toHaveLength(3);
  });

  it('comes in parts of a megabyte', async () => {
    const base = baseTree();
    const entries = Array.from({ length: 12 }, (_, index) =>
      entry(`f${index}.ts`, `${index}\n${'"\n'.repeat(60_000)}`),
    );
    expect(await commits.writeTree(base, entries)).toBe(expectedTree(base, entries));
    const parts = calls(/git\/trees/);
    expect(parts.length).toBeGreaterThan(1);
    for (const { raw } of parts) expect(raw.length).toBeLessThan(1024 * 1024 + 1024);
  });

  it('lets a folder take the place of a file in whichever part, and back', async () => {
    const base = baseTree({ x: 'a file\n', 'y/z': 'a folder\n' });
    const filling = Array.from({ length: 99 }, (_, index) => entry(`f${index}`, 'f\n'));
    const entries = [
      entry('x/inside', 'x\n'),
      entry('y', 'y\n'),
      ...filling,
      entry('x', null),
      entry('y/z', null),
    ];
    expect(await commits.writeTree(base, entries)).toBe(
      expectedTree(expectedTree(base, entries.slice(-2)), entries.slice(0, -2)),
    );
  });

  it('is git’s own, whatever it holds', async () => {
    const name = fc.stringMatching(/^[a-z]{1,3}(\/[a-z]{1,3}){0,2}$/);
    const content = fc.oneof(
      fc.string({ unit: anyCharacter, maxLength: 30 }),
      fc.uint8Array({ maxLength: 30 }),
    );
    const mode = fc.constantFrom<Mode>('100644', '100755', '120000');
    const base = baseTree();
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(name, content, mode), { selector: ([path]) => path, maxLength: 8 }),
        async (files) => {
          // No name may be the folder of another.
          const names = files.map(([path]) => path);
          const clean = files.filter(([path]) => !names.some((one) => path.startsWith(`${one}/`)));
          fc.pre(clean.length > 0);
          const entries = clean.map(([path, bytes, its]) => entry(path, bytes, its));
          expect(await commits.writeTree(base, entries)).toBe(expectedTree(base, entries));
        },
      ),
      { numRuns: 15 },
    );
  });

  it('is none if GitHub stores something else', async () => {
    const blob = stage.repo.git.writeBlob(Buffer.from('else'));
    stage.github.fault({ path: /git\/blobs/, edit: (answer) => ({ ...answer, sha: blob }) });
    const written = commits.writeTree(baseTree(), [entry('zero.bin', Buffer.from('a\0b'))]);
    await expect(written).rejects.toMatchObject({ reason: 'digest-mismatch' });
  });

  it('survives an answer that is lost', async () => {
    const base = baseTree();
    const entries = [entry('a.ts', 'a\n'), entry('zero.bin', Buffer.from('a\0b'))];
    stage.github.fault({ path: /git\/blobs/, status: 502, when: 'after' });
    stage.github.fault({ path: /git\/trees/, drop: true, when: 'after' });
    expect(await commits.writeTree(base, entries)).toBe(expectedTree(base, entries));
  });
});

describe('a branch', () => {
  const head = () => stage.pull.head.sha;
  /** A commit on the head that nobody has moved the branch to. */
  const next = (message = 'Carry out the plan') =>
    stage.repo.push('elsewhere', { 'n.ts': 'n\n' }, { parent: head(), message });
  const move = (from: string, to: string) =>
    commits.moveForward('feature/x', objectId(from), objectId(to));

  it('moves from where it was thought to be', async () => {
    const [from, to] = [head(), next()];
    expect(await move(from, to)).toBe('moved');
    expect(head()).toBe(to);
    expect(await move(from, to)).toBe('moved');
    expect(stage.github.writes()).toHaveLength(1);
  });

  it('stays where it is if that is elsewhere: ahead, aside, behind, or gone', async () => {
    const [from, to] = [head(), next()];
    const ahead = stage.repo.as('alice').pushTo(1, { 'late.ts': 'late\n' }).payload.after as string;
    expect(await move(from, to)).toBe('elsewhere');
    expect(head()).toBe(ahead);
    // From here the move would be a fast-forward, which REST's interface makes.
    stage.repo.as('alice').resetTo(1, stage.repo.tip());
    expect(await move(from, to)).toBe('elsewhere');
    expect(head()).toBe(stage.repo.tip());
    stage.repo.moveBranch('feature/x', null);
    expect(await move(from, to)).toBe('elsewhere');
    expect(stage.github.writes()).toHaveLength(0);
  });

  it('is not overtaken by somebody who is quicker, even backwards', async () => {
    const [from, to] = [head(), next()];
    const stop = stage.github.onRequest(({ body }) => {
      if (!String((body as { query?: string })?.query).includes('updateRefs')) return;
      stage.repo.as('alice').resetTo(1, stage.repo.tip());
    });
    expect(await move(from, to)).toBe('elsewhere');
    stop();
    expect(head()).toBe(stage.repo.tip());
  });

  it('stays if a rule wants it to, and says so in GitHub’s words', async () => {
    const [from, to] = [head(), next('fix it')];
    stage.repo.rules.push({ message: 'Commit message must match ^(feat|fix): .+' });
    await expect(move(from, to)).rejects.toMatchObject({
      reason: 'github-refused',
      message: expect.stringContaining(
        '"Repository rule violations found Commit message must match ^(feat|fix): .+"',
      ),
    });
    stage.repo.rules.splice(0, 1, {
      kind: 'protection',
      message: 'Changes must be made through a pull request.',
    });
    await expect(move(from, to)).rejects.toMatchObject({
      reason: 'github-refused',
      message: expect.stringContaining('"Changes must be made through a pull request."'),
    });
    expect(head()).toBe(from);
  });

  it.each([
    ['signatures', 'Commits must have verified signatures.'],
    ['a linear history', 'This branch must not contain merge commits.'],
    ['no such file', 'Changes to one or more files are restricted.\n\n- .github/workflows/x.yml'],
    ['smaller files', 'File size limit exceeded.'],
    ['no update at all', 'Cannot update this protected ref.'],
  ])('stays if a rule wants %s, whatever type GraphQL gives it', async (_, message) => {
    const [from, to] = [head(), next()];
    for (const type of [undefined, 'UNPROCESSABLE', 'REPOSITORY_RULE_VIOLATION']) {
      stage.repo.rules.splice(0, 1, { message, type });
      stage.github.requests.length = 0;
      await expect(move(from, to)).rejects.toMatchObject({
        reason: 'github-refused',
        message: expect.stringContaining(message.replace(/\s+/g, ' ')),
      });
      expect(stage.github.writes()).toHaveLength(1);
    }
    expect(head()).toBe(from);
  });

  it('is looked at again before each repeat, and stays if something speaks against it', async () => {
    const [from, to] = [head(), next()];
    stage.github.fault({ graphql: /updateRefs/, status: 502, times: 3 });
    let looks = 0;
    const look = async () => {
      if (++looks === 3) throw new Stopped('label-missing', 'x');
    };
    const moved = commits.moveForward('feature/x', objectId(from), objectId(to), look);
    await expect(moved).rejects.toMatchObject({ reason: 'label-missing' });
    expect([looks, head()]).toEqual([3, from]);
  });

  it('has moved if only the answer was lost, whatever speaks against it by then', async () => {
    const [from, to] = [head(), next()];
    stage.github.fault({ graphql: /updateRefs/, drop: true, when: 'after' });
    const look = () => Promise.reject(new Stopped('head-moved', 'x'));
    expect(await commits.moveForward('feature/x', objectId(from), objectId(to), look)).toBe(
      'moved',
    );
    expect(head()).toBe(to);
  });

  it.each([
    ['is lost', { drop: true, when: 'after' as const }],
    ['is trouble', { status: 502, when: 'after' as const }],
    ['is no JSON', { garbage: 'truncated' as const }],
  ])('has moved also if the answer %s', async (_, fault) => {
    const [from, to] = [head(), next()];
    stage.github.fault({ graphql: /updateRefs/, ...fault });
    expect(await move(from, to)).toBe('moved');
    expect(head()).toBe(to);
  });

  it('has not moved if GitHub never did it', async () => {
    const [from, to] = [head(), next()];
    stage.github.fault({ graphql: /updateRefs/, status: 502, times: 4 });
    await expect(move(from, to)).rejects.toMatchObject({ reason: 'api-unavailable' });
    expect(head()).toBe(from);
    expect(await move(from, to)).toBe('moved');
  });

  it('is not moved without the permission', async () => {
    const token = stage.github.findToken(stage.job.token);
    if (token) token.permissions = { contents: 'read' };
    await expect(move(head(), next())).rejects.toMatchObject({
      reason: 'permission-missing',
      message: expect.stringContaining('contents: write'),
    });
  });
});
