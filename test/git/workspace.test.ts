import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FileChange, sameState, toTransition } from '../../src/core/plan/scope.ts';
import type { ObjectId } from '../../src/core/text/object-id.ts';
import { Stopped } from '../../src/decision.ts';
import { createGit, type GitTools } from '../../src/git/git.ts';
import { GitWorkspaces } from '../../src/git/workspaces.ts';
import type { Workspace } from '../../src/ports/workspaces.ts';
import { endRemovals } from '../../src/system/begin-removal.ts';
import { repositoryOf } from '../../src/system/workspace-folders.ts';
import { objectId } from '../support/object-ids.ts';
import { runs } from '../support/properties.ts';
import {
  blobId,
  type Entry,
  entry,
  fetchFromDisk,
  folder,
  nameOf,
  Repository,
  type Tree,
  treeOf,
} from './repository.ts';

/** The command that ends by a signal: by KILL the machine ends it, as it does if its memory is used up. */
let ending: { readonly command: string; readonly signal: 'KILL' | 'SEGV' } | undefined;
const kill = () => ['-c', `alias.kill=!kill -${ending?.signal} $PPID`, 'kill'];
const real = createGit(process.env, 'token');
/** As the action runs git, but it fetches from a repository on the disk instead of a server. */
const tools: GitTools = {
  ...real,
  git: (args, options) => real.git(args[0] === ending?.command ? kill() : args, options),
  fetch: fetchFromDisk,
};

const origin = new Repository();
const workspaces = new GitWorkspaces(tools, folder(), `file://${origin.directory}`);

const file = (content: string, mode = '100644'): Entry => ({ mode, content: Buffer.from(content) });
const tree = (files: Record<string, string | Entry>): Tree =>
  new Map(
    Object.entries(files).map(([path, one]) => [path, typeof one === 'string' ? file(one) : one]),
  );

/** Three commits, two of them on top of the other. */
function history(mergeBase: Tree, base: Tree, head: Tree) {
  const root = origin.commit(origin.tree(mergeBase));
  return {
    mergeBase: root,
    base: origin.commit(origin.tree(base), root),
    head: origin.commit(origin.tree(head), root),
  };
}

const single = (files: Tree) => workspaces.build(history(files, files, files));

/** The tree of a real merge, or undefined for a conflict. */
function merge(pins: { base: string; head: string }): string | undefined {
  origin.run('checkout', '--quiet', '--force', '--detach', pins.base);
  const merged = origin.try('merge', '--quiet', '--no-edit', '-m', 'x', pins.head);
  if (merged) return origin.id('rev-parse', 'HEAD^{tree}');
  origin.try('merge', '--abort');
  origin.run('reset', '--quiet', '--hard', pins.base);
  return undefined;
}

async function refusal(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
    return 'accepted';
  } catch (error) {
    expect(error).toBeInstanceOf(Stopped);
    return (error as Stopped).reason;
  }
}

/** Each character of a path is one byte of it. */
const onDisk = (directory: string, path: string) =>
  Buffer.concat([Buffer.from(`${directory}/`), Buffer.from(path, 'latin1')]);

function write(directory: string, path: string, { mode, content }: Entry): void {
  const at = onDisk(directory, path);
  mkdirSync(Buffer.from(dirname(at.toString('latin1')), 'latin1'), { recursive: true });
  if (mode === '120000') symlinkSync(content, at);
  else {
    writeFileSync(at, content);
    chmodSync(at, mode === '100755' ? 0o755 : 0o644);
  }
}

/** Everything below a folder, but git's own. */
function diskOf(directory: string, prefix = ''): Map<string, Entry> {
  const found = new Map<string, Entry>();
  for (const name of readdirSync(onDisk(directory, prefix), { encoding: 'latin1' })) {
    const path = prefix + name;
    if (path === '.git') continue;
    const at = onDisk(directory, path);
    const stat = lstatSync(at);
    if (stat.isDirectory()) {
      for (const [below, one] of diskOf(directory, `${path}/`)) found.set(below, one);
    } else if (stat.isSymbolicLink()) {
      found.set(path, { mode: '120000', content: readlinkSync(at, 'buffer') });
    } else {
      found.set(path, { mode: stat.mode & 0o100 ? '100755' : '100644', content: readFileSync(at) });
    }
  }
  return found;
}

const sorted = (files: Tree) =>
  [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, { mode, content }]) => [path, mode, content.toString('latin1')]);

/** Files that a disk can have: no submodule, and links to somewhere. */
const diskEntry = entry.map(({ mode, content }) =>
  mode === '160000'
    ? { mode: '100644', content }
    : { mode, content: mode === '120000' ? Buffer.from('target') : content },
);

describe('a workspace', () => {
  it('is the merge that git makes, or the conflict', async () => {
    const line = fc.constantFrom('a', 'b', 'c', 'd');
    const lines = fc
      .array(line, { maxLength: 6 })
      .map((some) => some.map((one) => `${one}\n`).join(''));
    const files = fc
      .dictionary(fc.constantFrom('a', 'b', 'c/d', 'c/e'), lines, { maxKeys: 4 })
      .map((all) => tree(all));
    await fc.assert(
      fc.asyncProperty(
        files,
        files,
        files,
        fc.constantFrom('base', 'head', 'none'),
        async (root, one, other, still) => {
          const pins = history(
            root,
            still === 'base' ? root : one,
            still === 'head' ? root : other,
          );
          const expected = merge(pins);
          if (expected === undefined) {
            expect(await refusal(() => workspaces.build(pins))).toBe('merge-conflict');
            const small = () => workspaces.build(pins, [], { reach: 'trees' });
            expect(await refusal(small)).toBe('merge-conflict');
          } else {
            const workspace = await workspaces.build(pins);
            const small = await workspaces.build(pins, [], { reach: 'trees' });
            expect([small.commit, small.tree]).toEqual([workspace.commit, workspace.tree]);
            expect(workspace.tree).toBe(expected);
            rmSync(workspace.directory, { recursive: true });
          }
        },
      ),
      {
        numRuns: runs(25),
        // One of each kind at least.
        examples: [
          [tree({ a: 'a\n' }), tree({ a: 'b\n' }), tree({ a: 'a\n', b: 'a\n' }), 'none'],
          [tree({ a: 'a\n' }), tree({ a: 'b\n' }), tree({ a: 'c\n' }), 'none'],
        ],
      },
    );
  });

  it('has the same commit for the same pins, and another for others', async () => {
    const pins = history(tree({ a: '1\n' }), tree({ a: '1\n', b: '2\n' }), tree({ a: '3\n' }));
    const one = await workspaces.build(pins);
    const other = await workspaces.build(pins);
    expect(other.directory).not.toBe(one.directory);
    expect(other.commit).toBe(one.commit);
    const more = await workspaces.build({ ...pins, base: pins.mergeBase });
    expect(more.commit).not.toBe(one.commit);
  });

  it('has the bytes, modes and links of the tree on disk, and no change', async () => {
    await fc.assert(
      fc.asyncProperty(treeOf(diskEntry), async (files) => {
        const workspace = await single(files);
        expect(sorted(diskOf(workspace.directory))).toEqual(sorted(files));
        expect(await workspace.changes()).toEqual([]);
        expect(await workspace.changes({ unignoredAnd: [] })).toEqual([]);
        expect(Buffer.from(await workspace.patch([])).toString()).toBe('');
        rmSync(workspace.directory, { recursive: true });
      }),
      { numRuns: runs(25) },
    );
  });

  it('sees every change of the disk, and its patch makes the same change elsewhere', async () => {
    const elsewhere = new Repository();
    await fc.assert(
      fc.asyncProperty(treeOf(diskEntry), treeOf(diskEntry), async (before, after) => {
        const workspace = await single(before);
        for (const name of readdirSync(workspace.directory, { encoding: 'latin1' })) {
          if (name !== '.git') rmSync(onDisk(workspace.directory, name), { recursive: true });
        }
        for (const [path, one] of after) write(workspace.directory, path, one);

        const state = (one: Entry | undefined) =>
          one === undefined ? null : { mode: one.mode, blob: blobId(one.content) };
        const expected = [...new Set([...before.keys(), ...after.keys()])].flatMap(
          (path): FileChange[] => {
            const [from, to] = [state(before.get(path)), state(after.get(path))];
            const made = sameState(from, to) ? undefined : toTransition(from, to);
            return made === undefined ? [] : [{ path: nameOf(path), ...made }];
          },
        );
        const order = (changes: readonly FileChange[]) =>
          changes.toSorted((a, b) => (a.path < b.path ? -1 : 1));
        const changes = await workspace.changes();
        expect(order(changes)).toEqual(order(expected));

        if (changes.some(({ path }) => path.includes(' /'))) {
          // Of some of these git cannot read its own patch: then there is none.
          if ((await refusal(() => workspace.patch(changes))) !== 'accepted') return;
        }
        const patch = await workspace.patch(changes);
        expect(patch.length === 0).toBe(changes.length === 0);
        elsewhere.run('read-tree', elsewhere.tree(before));
        if (patch.length > 0) {
          expect(await workspace.replay(patch)).toEqual(changes);
          elsewhere.feed(
            Buffer.from(patch),
            'apply',
            '--cached',
            '--binary',
            '--whitespace=nowarn',
            '-',
          );
        }
        expect(elsewhere.id('write-tree')).toBe(origin.tree(after));
        rmSync(workspace.directory, { recursive: true });
      }),
      { numRuns: runs(30) },
    );
  });

  it('puts a replayed change on another tree, entry by entry', async () => {
    const base = tree({ a: '1\n', b: '2\n', c: '3\n' });
    const workspace = await single(base);
    writeFileSync(`${workspace.directory}/a`, 'new\n');
    rmSync(`${workspace.directory}/b`);
    mkdirSync(`${workspace.directory}/d`);
    writeFileSync(`${workspace.directory}/d/e`, Buffer.from([0, 255, 10]));
    const changes = await workspace.replay(await workspace.patch(await workspace.changes()));
    const made = await workspace.treeWith(workspace.commit, changes);
    expect(made).toBe(
      origin.tree(
        tree({
          a: 'new\n',
          c: '3\n',
          'd/e': { mode: '100644', content: Buffer.from([0, 255, 10]) },
        }),
      ),
    );
    const created = changes.find(({ path }) => path === 'd/e')?.after?.blob as ObjectId;
    const content = (await workspace.blobs([created])).get(created);
    expect(content && Buffer.from(content)).toEqual(Buffer.from([0, 255, 10]));
  });

  describe('of trees alone', () => {
    const before = tree({ a: '1\n2\n3\n', b: '2\n', 'c/d': '3\n' });
    const trees = (pins: { head: ObjectId; base: ObjectId }, also: readonly ObjectId[] = []) =>
      workspaces.build(pins, also, { reach: 'trees' });
    /** How many files are in its repository. */
    const stored = ({ directory }: Workspace) =>
      execFileSync('git', ['cat-file', '--batch-all-objects', '--batch-check'], {
        env: { PATH: process.env.PATH, GIT_DIR: repositoryOf(directory) },
      })
        .toString()
        .match(/ blob /g)?.length ?? 0;

    it('has no file, and replays a change all the same', async () => {
      const pins = history(before, before, before);
      const whole = await workspaces.build(pins);
      writeFileSync(`${whole.directory}/a`, '1\nx\n3\n');
      rmSync(`${whole.directory}/c/d`);
      writeFileSync(`${whole.directory}/new`, 'new\n');
      const changes = await whole.changes();
      const patch = await whole.patch(changes);
      const workspace = await trees(pins);
      expect(stored(workspace)).toBe(0);
      expect(readdirSync(workspace.directory)).toEqual(['.git']);
      expect(await workspace.replay(patch)).toEqual(changes);
      const made = await workspace.treeWith(pins.head, changes);
      expect(made).toBe(origin.tree(tree({ a: '1\nx\n3\n', b: '2\n', new: 'new\n' })));
      // Before and after of two files, and the new one; not the file that stays.
      expect(stored(workspace)).toBe(4);
    });

    it('shows a difference', async () => {
      const pins = history(before, tree({ a: '1\n2\n3\n', b: '4\n', 'c/d': '3\n' }), before);
      const workspace = await trees(pins, [pins.mergeBase]);
      const whole = await workspaces.build(pins, [pins.mergeBase]);
      const shown = await workspace.difference(pins.mergeBase, pins.base, ['b', 'none']);
      expect(shown).toContain('-2\n+4\n');
      expect(shown).toBe(await whole.difference(pins.mergeBase, pins.base, ['b', 'none']));
    });

    it('becomes a whole one', async () => {
      const pins = history(before, before, tree({ a: '1\n2\nx\n', b: '2\n', 'c/d': '3\n' }));
      const workspace = await trees(pins);
      await workspace.writeOut();
      expect(sorted(diskOf(workspace.directory))).toEqual(
        sorted(tree({ a: '1\n2\nx\n', b: '2\n', 'c/d': '3\n' })),
      );
      expect(await workspace.changes()).toEqual([]);
    });
  });

  it('puts no change on a tree if other files would go with it', async () => {
    const made = async (head: Record<string, string>, path: string) => {
      const merged = tree({ z: '1\n' });
      const pins = history(merged, merged, tree({ z: '1\n', ...head }));
      const workspace = await workspaces.build({ ...pins, base: pins.mergeBase });
      const blob = blobId(Buffer.from('1\n'));
      const change = { path, before: null, after: { mode: '100644', blob } } as FileChange;
      return refusal(() => workspace.treeWith(pins.head, [change]));
    };
    expect(await made({}, 'tool')).toBe('accepted');
    expect(await made({ 'tool/x': '1\n' }, 'tool')).toBe('base-moved');
    expect(await made({ tool: '2\n' }, 'tool/x')).toBe('base-moved');
    expect(await made({ tool: '1\n' }, 'tool')).toBe('base-moved');
  });

  it('makes no patch that git cannot read', async () => {
    const workspace = await single(tree({ 'blank /empty': '', 'blank /full': 'x\n' }));
    rmSync(`${workspace.directory}/blank /full`);
    const fine = await workspace.changes();
    expect(await workspace.replay(await workspace.patch(fine))).toEqual(fine);
    rmSync(`${workspace.directory}/blank /empty`);
    const changes = await workspace.changes();
    expect(await refusal(() => workspace.patch(changes))).toBe('path-invalid');
    // A git that crashes says nothing about the names.
    ending = { command: 'apply', signal: 'SEGV' };
    await expect(workspace.patch(changes)).rejects.toMatchObject({ name: 'Error', status: -1 });
    ending = undefined;
  });

  it('does not replay a change on what it was not made for', async () => {
    const workspace = await single(tree({ a: '1\n' }));
    writeFileSync(`${workspace.directory}/a`, '2\n');
    const patch = await workspace.patch(await workspace.changes());
    const other = await single(tree({ a: 'something else\n' }));
    expect(await refusal(() => other.replay(patch))).toBe('base-moved');
    // Neither says anything about the base: a patch that git cannot read, and a git that the machine ended.
    const unreadable = other.replay(Buffer.from('no patch'));
    await expect(unreadable).rejects.toMatchObject({ name: 'Error', status: 128 });
    ending = { command: 'apply', signal: 'KILL' };
    expect(await refusal(() => other.replay(patch))).toBe('platform-unsupported');
    ending = undefined;
    expect(await refusal(() => other.replay(patch))).toBe('base-moved');
  });

  it('leaves ignored files aside if it is asked to, those named aside', async () => {
    const workspace = await single(tree({ '.gitignore': 'out/\n*.log\n', a: '1\n' }));
    mkdirSync(`${workspace.directory}/out`);
    for (const name of ['out/x', 'out/y', 'z.log', 'new']) {
      writeFileSync(`${workspace.directory}/${name}`, 'x\n');
    }
    const paths = async (counted?: Parameters<typeof workspace.changes>[0]) =>
      (await workspace.changes(counted)).map(({ path }) => path);
    expect(await paths()).toEqual(['new', 'out/x', 'out/y', 'z.log']);
    expect(await paths({ unignoredAnd: [] })).toEqual(['new']);
    expect(await paths({ unignoredAnd: ['out/x', 'gone'] })).toEqual(['new', 'out/x']);
    const patch = await workspace.patch(await workspace.changes({ unignoredAnd: ['out/x'] }));
    expect((await workspace.replay(patch)).map(({ path }) => path)).toEqual(['new', 'out/x']);
  });

  it.each(['src/*', ':(top)*', ':(glob)**'])('takes the named path %s exactly', async (name) => {
    const workspace = await single(tree({ '.gitignore': 'ignored\n' }));
    for (const path of ['src/ignored', name]) {
      mkdirSync(dirname(`${workspace.directory}/${path}`), { recursive: true });
      writeFileSync(`${workspace.directory}/${path}`, 'x\n');
    }
    const changes = await workspace.changes({ unignoredAnd: [name] });
    expect(changes.map(({ path }) => path)).toEqual([name]);
  });

  it('has nothing below a folder that became a file, and nothing at a file that became a folder', async () => {
    const workspace = await single(tree({ 'tool/main': '1\n', other: '1\n' }));
    const at = (path: string) => `${workspace.directory}/${path}`;
    rmSync(at('tool'), { recursive: true });
    rmSync(at('other'));
    mkdirSync(at('other'));
    for (const path of ['tool', 'other/main']) writeFileSync(at(path), '2\n');
    const named = ['other', 'other/main', 'tool', 'tool/main'];
    const changes = await workspace.changes({ unignoredAnd: named });
    expect(changes.map(({ path }) => path).sort()).toEqual(named);
  });

  it('says how files differ between two commits', async () => {
    const pins = history(
      tree({ a: '1\n', b: '1\n' }),
      tree({ a: '2\n', b: '2\n' }),
      tree({ a: '1\n', b: '1\n' }),
    );
    const workspace = await workspaces.build(pins, [pins.mergeBase]);
    const difference = await workspace.difference(pins.mergeBase, pins.base, ['a']);
    expect(difference).toContain('-1\n+2\n');
    expect(difference).not.toContain('b/b');
    expect(await workspace.difference(pins.base, pins.base, ['a'])).toBe('');
  });

  it('fails if the server does not have a commit', async () => {
    const missing = objectId('a'.repeat(40));
    const pins = { head: missing, base: missing };
    expect(await refusal(() => workspaces.build(pins))).toBe('api-unavailable');
  });
});

describe('attributes of a pull request', () => {
  const attributes = [
    '* text=auto eol=crlf ident',
    '*.txt text eol=crlf',
    '*.c ident',
    '*.u16 working-tree-encoding=UTF-16',
    '*.f filter=evil diff=evil merge=evil',
    '*.union merge=union',
    '*.ours merge=ours',
    '*.bin binary',
    '[attr]mine -diff -merge',
    '*.mine mine',
    '',
  ].join('\n');
  const files = {
    '.gitattributes': attributes,
    'a.txt': 'one\ntwo\r\nthree\n',
    'b.c': '$Id$\n',
    'c.u16': 'text\n',
    'd.f': 'plain\n',
    'sub/.gitattributes': '* text eol=crlf\n',
    'sub/e': 'one\n',
    'f.bin': 'one\ntwo\n',
    'g.mine': 'one\ntwo\n',
  };

  it('change no byte, neither on the disk nor in a change', async () => {
    const workspace = await single(tree(files));
    expect(sorted(diskOf(workspace.directory))).toEqual(sorted(tree(files)));
    expect(await workspace.changes()).toEqual([]);
    for (const [path, content] of [
      ['a.txt', 'one\r\ntwo\r\n'],
      ['b.c', '$Id: 1234 $\n'],
      ['c.u16', 'text again\n'],
      ['f.bin', 'one\n'],
      ['g.mine', 'one\n'],
    ] as const) {
      writeFileSync(`${workspace.directory}/${path}`, content);
    }
    const changes = await workspace.changes();
    expect(changes.map(({ path, after }) => [path, after?.blob])).toEqual([
      ['a.txt', blobId(Buffer.from('one\r\ntwo\r\n'))],
      ['b.c', blobId(Buffer.from('$Id: 1234 $\n'))],
      ['c.u16', blobId(Buffer.from('text again\n'))],
      ['f.bin', blobId(Buffer.from('one\n'))],
      ['g.mine', blobId(Buffer.from('one\n'))],
    ]);
    const patch = await workspace.patch(changes);
    expect(await workspace.replay(patch)).toEqual(changes);
    // What can be read as text is shown as text, whatever the attributes say of it.
    expect(Buffer.from(patch).toString()).not.toContain('GIT binary patch');
  });

  it('say which files GitHub does not show in a diff', async () => {
    const workspace = await single(
      tree({
        '.gitattributes': [
          'gen/** linguist-generated=true',
          'gen/by-hand.ts linguist-generated=false',
          '*.lock linguist-generated',
          '*.min.js -diff',
          '*.map binary',
          '*.py diff=python',
          '',
        ].join('\n'),
        'sub/.gitattributes': '* -diff\n',
        'gen/a.ts': '1\n',
      }),
    );
    const hidden = ['gen/a.ts', 'gen/new.ts', 'x.lock', 'x.min.js', 'x.map', 'sub/*', 'sub/a b.ts'];
    const shown = ['gen/by-hand.ts', 'a.py', 'a.ts', '.gitattributes'];
    expect([...(await workspace.hiddenInDiffs([...hidden, ...shown]))]).toEqual(hidden);
    expect(await workspace.changes()).toEqual([]);
  });

  it('written by Codex change no byte either', async () => {
    const workspace = await single(tree({ 'a.txt': 'one\n' }));
    writeFileSync(`${workspace.directory}/.gitattributes`, attributes);
    writeFileSync(`${workspace.directory}/a.txt`, 'one\r\n');
    const changes = await workspace.changes();
    expect(changes.map(({ path, after }) => [path, after?.blob])).toEqual([
      ['.gitattributes', blobId(Buffer.from(attributes))],
      ['a.txt', blobId(Buffer.from('one\r\n'))],
    ]);
  });

  it('can be asked whether its head merges with another base, without another workspace', async () => {
    const pins = history(tree({ a: '1\n' }), tree({ a: '1\n', b: 'x\n' }), tree({ a: '2\n' }));
    const other = origin.commit(origin.tree(tree({ a: '3\n' })), pins.base);
    const fine = origin.commit(origin.tree(tree({ a: '1\n', b: 'y\n' })), pins.base);
    const workspace = await workspaces.build(pins, [other, fine]);
    const merges = (base: ObjectId) =>
      refusal(() => workspaces.checkMerges(workspace, { head: pins.head, base }));
    expect(await merges(fine)).toBe('accepted');
    expect(await merges(other)).toBe('merge-conflict');
    expect(await workspace.changes()).toEqual([]);
  });

  it.each(['union', 'ours', 'binary', 'evil'])(
    'do not decide a merge: merge=%s',
    async (driver) => {
      const at = (content: string) =>
        tree({ '.gitattributes': `* merge=${driver}\n`, a: `1\n${content}\n3\n`, b: '1\n2\n3\n' });
      const conflict = history(at('2'), at('x'), at('y'));
      expect(await refusal(() => workspaces.build(conflict))).toBe('merge-conflict');
      const clean = history(
        at('2'),
        tree({ ...Object.fromEntries(at('2')), b: '1\n2\nbase\n' }),
        tree({ ...Object.fromEntries(at('2')), a: 'head\n2\n3\n' }),
      );
      const workspace = await workspaces.build(clean);
      expect(readFileSync(`${workspace.directory}/a`, 'utf8')).toBe('head\n2\n3\n');
      expect(readFileSync(`${workspace.directory}/b`, 'utf8')).toBe('1\n2\nbase\n');
    },
  );
});

describe('a planned file that cannot be changed', () => {
  const binary = { mode: '100644', content: Buffer.from([0x89, 0x50, 0, 0xff, 0xfe]) };
  const latin = { mode: '100644', content: Buffer.from('caf\xe9\n', 'latin1') };
  const files = tree({
    '.gitattributes': [
      '*.psd filter=lfs diff=lfs merge=lfs -text',
      '*.secret filter=git-crypt diff=git-crypt',
      'plain.psd !filter',
      'unset.psd -filter',
      '*.png binary',
      '*.lock -diff',
      '* -text',
      '',
    ].join('\n'),
    'nested/.gitattributes': '* filter=other\n',
    sub: { mode: '160000', content: Buffer.from('x') },
    link: { mode: '120000', content: Buffer.from('src') },
    'src/a.ts': 'a\n',
    'src/lib/b.ts': 'b\n',
    'image.png': binary,
    'latin.txt': latin,
    'nul.txt': 'a\0b\n',
    'run.sh': file('#!/bin/sh\n', '100755'),
    'old.psd': 'version https://git-lfs.github.com/spec/v1\n',
    'old.secret': 'x',
    'odd/\xff': 'x',
    'blank ': 'x\n',
    ' blank/x': 'x\n',
  });
  type Scope = Parameters<Workspace['findUnsupported']>[0];
  const create = (path: string) => ({ path, operation: 'create' }) as Scope[number];
  const modify = (path: string) => ({ path, operation: 'modify' }) as Scope[number];
  const remove = (path: string) => ({ path, operation: 'delete' }) as Scope[number];
  const built = single(files);
  const why = async (scope: Scope, patchesOnly = false) =>
    Object.fromEntries(
      (await (await built).findUnsupported(scope as Scope, patchesOnly)).map((one) => [
        one.path,
        one.why,
      ]),
    );

  it('is named with the reason', async () => {
    expect(
      await why([
        ...['sub/x', 'link/x', 'src/a.ts/x', 'src/a.ts/x/y', 'src', 'src/lib', 'odd'].map(create),
        ...['new.psd', 'deep/new.secret', 'nested/new'].map(create),
        ...['old.psd', 'old.secret', 'src/a.ts', 'image.png', 'latin.txt'].map(modify),
        ...['new', 'src/c.ts', 'src/lib/x/y', 'new.png', 'plain.psd', 'unset.psd'].map(create),
        ...['nul.txt', 'run.sh'].map(modify),
      ]),
    ).toEqual({
      'sub/x': 'It lies in the submodule "sub".',
      'link/x': 'It lies below the symbolic link "link".',
      'src/a.ts/x': 'It lies below the file "src/a.ts".',
      'src/a.ts/x/y': 'It lies below the file "src/a.ts".',
      src: 'There is a folder at this path.',
      'src/lib': 'There is a folder at this path.',
      odd: 'There is a folder at this path.',
      'new.psd': 'git transforms it: .gitattributes says filter=lfs.',
      'deep/new.secret': 'git transforms it: .gitattributes says filter=git-crypt.',
      'nested/new': 'git transforms it: .gitattributes says filter=other.',
      'old.psd': 'git transforms it: .gitattributes says filter=lfs.',
      'old.secret': 'git transforms it: .gitattributes says filter=git-crypt.',
    });
  });

  it('by patches is also what is not text', async () => {
    const byPatch = 'Codex changes text by patches, and';
    expect(
      await why(
        [
          ...['image.png', 'latin.txt', 'nul.txt', 'run.sh', 'src/a.ts'].map(modify),
          ...['new.png', 'new.lock', 'new.ts'].map(create),
        ],
        true,
      ),
    ).toEqual({
      'image.png': `${byPatch} it is not UTF-8.`,
      'latin.txt': `${byPatch} it is not UTF-8.`,
      'nul.txt': `${byPatch} it is binary: it holds a NUL.`,
      'new.png': `${byPatch} .gitattributes says binary.`,
    });
    const gone = ['image.png', 'latin.txt', 'nul.txt', 'old.psd', 'src/a.ts'].map(remove);
    expect(Object.keys(await why(gone, true))).toEqual(['image.png', 'latin.txt']);
    const blanks = [modify('blank '), modify(' blank/x')];
    expect(await why(blanks, true)).toEqual({
      'blank ': `${byPatch} drops the white space at the end of its name.`,
    });
    expect(Object.keys(await why([remove('blank ')], true))).toEqual(['blank ']);
    expect(await why(blanks)).toEqual({});
    expect(await why(gone)).toEqual({});
  });

  it('takes the place of what the same plan deletes', async () => {
    expect(await why([remove('src/a.ts'), create('src/a.ts/x')])).toEqual({});
    expect(await why([remove('src/lib/b.ts'), create('src/lib')])).toEqual({});
    const whole = [remove('src/lib/b.ts'), remove('src/a.ts'), create('src')];
    expect(await why(whole)).toEqual({});
    expect(Object.keys(await why([remove('src/a.ts'), create('src')]))).toEqual(['src']);
    expect(Object.keys(await why([remove('link'), create('link/x')]))).toEqual(['link/x']);
  });

  it('lies below a file that the same plan creates', async () => {
    expect(await why([create('new'), create('new/deep/x'), create('newer/x')])).toEqual({
      'new/deep/x': 'It lies below the file "new", which the plan creates.',
    });
    const moved = [remove('src/a.ts'), create('src/a.ts/x'), create('src/a.ts/x/y')];
    expect(Object.keys(await why(moved))).toEqual(['src/a.ts/x/y']);
  });

  it('is found on the head, too, on which it would be committed', async () => {
    const root = tree({ z: '1\n', x: '1\n' });
    const pins = history(root, tree({ z: '1\n' }), tree({ z: '1\n', x: '1\n' }));
    const workspace = await workspaces.build(pins);
    expect(await workspace.findUnsupported([create('x/y')], true)).toEqual([
      { path: 'x/y', why: 'It lies below the file "x".' },
    ]);
  });
});

describe('what lies in a workspace', () => {
  it('starts no program: hooks, filters, monitors and diff drivers of the repository', async () => {
    const marker = `${folder()}/ran`;
    const command = `touch ${marker}`;
    const workspace = await single(
      tree({
        '.gitattributes': '* filter=x diff=x\n',
        '.gitconfig': `[core]\n\tfsmonitor = ${command}\n`,
        '.husky/pre-commit': file(`#!/bin/sh\n${command}\n`, '100755'),
        '.gitmodules':
          '[submodule "x"]\n\tpath = x\n\turl = ext::sh -c touch%20/tmp/x\n\tupdate = !touch\n',
        a: '1\n',
      }),
    );
    writeFileSync(`${workspace.directory}/a`, '2\n');
    await workspace.replay(await workspace.patch(await workspace.changes()));
    expect(existsSync(marker)).toBe(false);
  });

  it('is seen if it is a bare repository in a folder, and runs nothing', async () => {
    const marker = `${folder()}/ran`;
    const bare = {
      'bare/HEAD': 'ref: refs/heads/main\n',
      'bare/config': `[core]\n\tbare = true\n\tfsmonitor = touch ${marker}\n`,
      'bare/objects/x': 'x',
      'bare/refs/x': 'x',
    };
    const workspace = await single(tree(bare));
    writeFileSync(`${workspace.directory}/bare/HEAD`, 'ref: refs/heads/other\n');
    expect((await workspace.changes()).map(({ path }) => path)).toEqual(['bare/HEAD']);
    expect(existsSync(marker)).toBe(false);
  });

  it("cannot be written out with a short name of git's folder", async () => {
    expect(await refusal(() => single(tree({ 'git~1': 'x' })))).toBe('path-invalid');
  });
});

describe('a work tree that nobody reads any more', () => {
  it.each([
    { size: 3, there: true },
    { size: 2000, there: false },
  ])('of $size files: is still there when others are gone: $there', async ({ size, there }) => {
    const names = Array.from({ length: size }, (_, index) => `f${index}`);
    const files = tree(Object.fromEntries(names.map((name) => [name, 'x\n'])));
    const workspace = await single(files);
    workspace.discardFiles();
    // The list of the files says how many there are, and is still there.
    expect((await workspace.files(workspace.tree)).size).toBe(size);
    await endRemovals();
    expect(existsSync(workspace.directory)).toBe(there);
  });
});
