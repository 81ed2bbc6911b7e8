/** What the store of the embedded GitHub writes by itself is what git would write. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GitStore } from './github/git.ts';
import type { Mode } from './github/git-objects.ts';
import { makeTemporaryFolder } from './ram-disk.ts';

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
  folder = makeTemporaryFolder('store');
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

describe('a history', () => {
  /** Each commit has up to two parents from before it, and a tree that one of ten files makes. */
  const histories = fc.array(
    fc.record({ parents: fc.array(fc.nat(), { maxLength: 2 }), file: fc.nat(9) }),
    { minLength: 2, maxLength: 12 },
  );
  const lastTwo = (ids: readonly string[]) => [ids.at(-1) ?? '', ids.at(-2) ?? ''] as const;

  /** @param minutes of each commit after a common time; they need not grow */
  function make(
    made: typeof histories extends fc.Arbitrary<infer T> ? T : never,
    minutes: readonly number[] = [],
  ): string[] {
    const ids: string[] = [];
    for (const [index, { parents, file }] of made.entries()) {
      const before = [...new Set(parents.map((at) => ids[at % Math.max(1, index)]))];
      const known = before.filter((id) => id !== undefined);
      const base = known[0] === undefined ? null : (git.treeId(known[0]) ?? null);
      const sha = git.writeBlob(Buffer.from(`${index}\n`));
      const own = git.editTree(base, new Map([[`file-${file}`, { mode: '100644', sha }]]));
      const committer = { ...alice, date: `2026-01-02T03:0${minutes[index] ?? 4}:05Z` };
      ids.push(git.commit(commit({ tree: own, parents: known, message: `${index}`, committer })));
    }
    return ids;
  }

  it('is compared as git compares it', () => {
    const check = fc.property(histories, (made) => {
      const [one, other] = lastTwo(make(made));
      const bases = git.attempt(['merge-base', '--all', one, other]).stdout.toString();
      const all = bases.split('\n').filter((line) => line !== '');
      expect(git.mergeBase(one, other)).toBe(all[0] ?? null);
      expect(git.isAncestor(other, one)).toBe(all.includes(other));
      const count = git.run(['rev-list', '--count', `${one}..${other}`]).toString();
      expect(git.count(`${one}..${other}`)).toBe(Number(count));
      if (all.length > 0) expect(git.mergeTree(one, other)).toBe(git.mergeByGit(one, other));
    });
    fc.assert(check, { numRuns: 60 });
  });

  it('is listed as git lists it', () => {
    const times = fc.array(fc.nat(3), { minLength: 12, maxLength: 12 });
    const check = fc.property(histories, times, (made, minutes) => {
      const [one, other] = lastTwo(make(made, minutes));
      for (const expression of [one, `${one}..${other}`, `${other}..${one}`]) {
        const listed = git.run(['log', '--format=%H %P', expression]).toString();
        const commits = git.log([expression]);
        const lines = commits.map(({ sha, parents }) => `${sha} ${parents.join(' ')}\n`);
        expect(lines.join('')).toBe(listed);
        // With an option, git is asked.
        const plain = (log: object) => JSON.stringify(log).replaceAll('+00:00', 'Z');
        expect(plain(commits)).toBe(plain(git.log([expression], { max: 1000 })));
      }
    });
    fc.assert(check, { numRuns: 40 });
  });

  it('is compared again once a commit is there that was not', () => {
    const later = commit({ message: 'Later' });
    const other = new GitStore(join(folder, 'other'), { defaultBranch: 'main' });
    other.editTree(
      null,
      new Map([['a', { mode: '100644', sha: other.writeBlob(Buffer.from('a')) }]]),
    );
    other.commit(commit({ parents: [] }));
    const id = other.commit(later);
    expect(git.isAncestor(first, id)).toBe(false);
    expect(git.commit(later)).toBe(id);
    expect(git.isAncestor(first, id)).toBe(true);
  });

  it('is left to git if it is long', () => {
    const ids = [first];
    for (let index = 0; index < 600; index++) {
      ids.push(git.commit(commit({ parents: [ids.at(-1)], message: `${index}` })));
    }
    expect(git.count(`${first}..${ids.at(-1)}`)).toBe(600);
    expect(git.isAncestor(first, ids.at(-1) ?? '')).toBe(true);
    expect(git.isAncestor(ids.at(-1) ?? '', first)).toBe(false);
    expect(git.mergeBase(ids[300] ?? '', ids.at(-1) ?? '')).toBe(ids[300]);
  });
});

describe('a difference of two trees', () => {
  const treeOf = (files: Readonly<Record<string, readonly [Mode, string]>>) => {
    const edits = Object.entries(files).map(([path, [mode, content]]) => {
      return [path, { mode, sha: git.writeBlob(Buffer.from(content, 'latin1')) }] as const;
    });
    return git.editTree(null, new Map(edits));
  };
  const long = Array.from({ length: 20 }, (_, index) => `line ${index}\n`).join('');

  it('names each kind of change, with its lines and its patch', () => {
    const before = treeOf({
      binary: ['100644', 'a\0b'],
      changed: ['100644', 'old\n'],
      gone: ['100644', 'gone\n'],
      link: ['100644', 'a file\n'],
      'moved from': ['100644', long],
      program: ['100644', 'run\n'],
      same: ['100644', 'same\n'],
    });
    const after = treeOf({
      'a\tb\nc': ['100644', 'odd\n'],
      binary: ['100644', 'a\0c'],
      changed: ['100644', 'new\ndiff --git a/x b/x\n'],
      link: ['120000', 'target'],
      'moved to': ['100644', `${long}more\n`],
      program: ['100755', 'run\n'],
      same: ['100644', 'same\n'],
    });
    const files = git.diff(before, after).map(({ sha: _, ...file }) => file);
    expect(files).toEqual([
      change('added', 'a\tb\nc', 1, 0, '@@ -0,0 +1 @@\n+odd'),
      change('modified', 'binary', 0, 0, null),
      change('modified', 'changed', 2, 1, '@@ -1 +1,2 @@\n-old\n+new\n+diff --git a/x b/x'),
      change('removed', 'gone', 0, 1, '@@ -1 +0,0 @@\n-gone'),
      change('changed', 'link', 1, 1, expect.stringContaining('-a file')),
      {
        ...change('renamed', 'moved to', 1, 0, expect.stringContaining('+more')),
        previous: 'moved from',
      },
      change('changed', 'program', 0, 0, null),
    ]);
    expect(git.diff(after, after)).toEqual([]);
  });

  it.each(
    Object.entries({ CR: '\r', 'line separator': '\u2028', 'paragraph separator': '\u2029' }),
  )('takes a %s for a part of the line', (_name, sign) => {
    const odd = `x${sign}diff --git a/x b/x`;
    const content = (text: string) => Buffer.from(text).toString('latin1');
    const name = `b${sign}@@ b`;
    const before = treeOf({
      a: ['100644', 'old\n'],
      [name]: ['100644', 'old\n'],
      c: ['100644', 'old\n'],
    });
    const after = treeOf({
      a: ['100644', content(`${odd}\n`)],
      [name]: ['100644', 'new\n'],
      c: ['100644', 'new\n'],
    });
    expect(git.diff(before, after).map(({ path, patch }) => ({ path, patch }))).toEqual([
      { path: 'a', patch: `@@ -1 +1 @@\n-old\n+${odd}` },
      { path: name, patch: '@@ -1 +1 @@\n-old\n+new' },
      { path: 'c', patch: '@@ -1 +1 @@\n-old\n+new' },
    ]);
  });

  const change = (
    status: string,
    path: string,
    additions: number,
    deletions: number,
    patch: string | null,
  ) => ({ status, path, previous: null, additions, deletions, patch });
});
