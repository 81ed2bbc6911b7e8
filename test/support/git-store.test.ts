/** What the store of the embedded GitHub writes by itself is what git would write. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GitStore } from './github/git.ts';

let folder: string;
let git: GitStore;
let tree: string;
let first: string;
const alice = {
  name: 'alice',
  email: '5+alice@users.noreply.github.com',
  date: '2026-01-02T03:04:05Z',
};
const commit = (change: object) => ({
  tree,
  parents: [first],
  author: alice,
  committer: alice,
  message: 'Change',
  ...change,
});

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'));
  git = new GitStore(join(folder, 'git'), { defaultBranch: 'main' });
  tree = git.editTree(
    null,
    new Map([['a', { mode: '100644', sha: git.writeBlob(Buffer.from('a')) }]]),
  );
  first = git.commit(commit({ parents: [] }));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a commit', () => {
  const signed = (change: object) => {
    const by = { ...alice, ...change };
    return { author: by, committer: { ...by, name: 'GitHub' } };
  };
  it.each(
    Object.entries({
      usual: {},
      'first one': { parents: [] },
      'of a bot': signed({
        name: 'codex[bot]',
        email: '41898282+codex[bot]@users.noreply.github.com',
      }),
      'with a fraction of a second': signed({ date: '2026-01-02T03:04:05.999Z' }),
      'with a date of another form': signed({ date: 'Fri, 2 Jan 2026 03:04:05 +0200' }),
      'with a date before 1970': signed({ date: '@0 +0000' }),
      'with a name that git shortens': signed({ name: ' .alice, ' }),
      'with signs that git removes': signed({ name: 'al<i>ce', email: 'a@<b>' }),
      'with another script': signed({ name: 'Ålice' }),
      'without a message': { message: '' },
      'with lines at the end': { message: 'Change\n\nmore\n\n\n' },
      'with characters': { message: 'Tax: 1 €, “naïve” – 税' },
      'with characters that git does not know': { message: 'x \uffff \ufdd0 y' },
      'with a lone surrogate': { message: 'x \ud800 y' },
    }),
  )('%s', (_name, change) => {
    expect(git.commit(commit(change))).toBe(git.commitByGit(commit(change)));
    expect(git.run(['fsck', '--strict', '--no-dangling']).toString()).toBe('');
  });

  it('has each parent once', () => {
    const second = git.commit(commit({}));
    const twice = commit({ parents: [first, second, first] });
    expect(git.commit(twice)).toBe(git.commitByGit(twice));
  });

  it.each(
    Object.entries({
      'without its tree': { tree: '1'.repeat(40) },
      'of a parent that is no commit': { parents: ['2'.repeat(40)] },
      'with a NUL': { message: 'a\0b' },
      'of nobody': signed({ name: '', email: '' }),
    }),
  )('is refused %s', (_name, change) => {
    expect(() => git.commit(commit(change))).toThrow('git commit-tree');
  });
});

describe('a ref', () => {
  const read = (name: string) => git.run(['rev-parse', '--verify', name]).toString().trim();

  it('is made and moved, and git reads it', () => {
    const second = git.commit(commit({}));
    git.setRef('refs/heads/one', first);
    expect(read('refs/heads/one')).toBe(first);
    git.setRef('refs/heads/one', second, first);
    expect(read('refs/heads/one')).toBe(second);
    git.setRef('refs/heads/deep/er/new', first, null);
    expect(read('refs/heads/deep/er/new')).toBe(first);
    git.setRef('refs/heads/one', first);
    expect(read('refs/heads/one')).toBe(first);
  });

  it('is not moved from another commit', () => {
    const second = git.commit(commit({}));
    git.setRef('refs/heads/two', first);
    expect(() => git.setRef('refs/heads/two', second, second)).toThrow('git update-ref');
    expect(() => git.setRef('refs/heads/two', second, null)).toThrow('git update-ref');
    expect(() => git.setRef('refs/heads/missing', second, first)).toThrow('git update-ref');
    expect(git.ref('refs/heads/two')).toBe(first);
    expect(git.ref('refs/heads/missing')).toBe(null);
  });

  it('does not replace a folder of refs, nor stand in one', () => {
    git.setRef('refs/heads/three/a', first);
    expect(() => git.setRef('refs/heads/three', first)).toThrow('git update-ref');
    expect(() => git.setRef('refs/heads/three/a/b', first)).toThrow('git update-ref');
    expect(read('refs/heads/three/a')).toBe(first);
    git.deleteRef('refs/heads/three/a');
    git.setRef('refs/heads/three', first);
    expect(read('refs/heads/three')).toBe(first);
  });

  it('names a commit that exists', () => {
    expect(() => git.setRef('refs/heads/four', '3'.repeat(40))).toThrow('git update-ref');
    expect(() => git.setRef('refs/heads/four', tree)).toThrow('git update-ref');
    expect(git.ref('refs/heads/four')).toBe(null);
  });

  it('waits for the lock of another process', () => {
    const path = join(git.folder, 'refs/heads/five.lock');
    writeFileSync(path, '');
    expect(() => git.setRef('refs/heads/five', first)).toThrow('git update-ref');
    rmSync(path);
    git.setRef('refs/heads/five', first);
    expect(git.ref('refs/heads/five')).toBe(first);
  });

  it('is known when git has packed all of them', () => {
    const second = git.commit(commit({}));
    git.setRef('refs/heads/six', first);
    git.run(['pack-refs', '--all']);
    expect(() => git.setRef('refs/heads/six', second, null)).toThrow('git update-ref');
    git.setRef('refs/heads/six', second, first);
    expect(read('refs/heads/six')).toBe(second);
  });
});
