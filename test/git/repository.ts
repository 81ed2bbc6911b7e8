/** Git repositories for these tests, made and read by git itself. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import type { ObjectId } from '../../src/core/text/object-id.ts';
import { type Fetch, GitError } from '../../src/git/git.ts';
import { atEndOfFile } from '../support/files/at-end.ts';
import { objectId } from '../support/object-ids.ts';

/** A new folder, which is there until the end of the test file. */
export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'git-test-'));
  atEndOfFile(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const environment = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'x',
  GIT_AUTHOR_EMAIL: 'x@localhost',
  GIT_COMMITTER_NAME: 'x',
  GIT_COMMITTER_EMAIL: 'x@localhost',
  GIT_AUTHOR_DATE: '2001-01-01T00:00:00Z',
  GIT_COMMITTER_DATE: '2001-01-01T00:00:00Z',
};

/** Fetches by git itself, from addresses that begin with `file:` too. */
export const fetchFromDisk: Fetch = async (args, { repository }) => {
  const env = { ...environment, GIT_DIR: repository, GIT_IMPLICIT_WORK_TREE: '0' };
  const { status, stderr } = spawnSync('git', ['fetch', ...args], { env });
  if (status !== 0) throw new GitError('fetch', status ?? -1, Buffer.alloc(0), String(stderr));
};

export class Repository {
  readonly directory = folder();
  /** What was made before. Each start of git costs, and the tests make the same tree and commit again and again. */
  readonly #trees = new WeakMap<Tree, ObjectId>();
  readonly #commits = new Map<string, ObjectId>();

  constructor() {
    this.run('init', '--quiet', '--initial-branch=main');
    this.run('config', 'core.protectNTFS', 'false');
    this.run('config', 'uploadpack.allowAnySHA1InWant', 'true');
    this.run('config', 'uploadpack.allowFilter', 'true');
  }

  run(...args: string[]): Buffer {
    return execFileSync('git', args, { cwd: this.directory, env: environment, stdio: 'pipe' });
  }

  /** The object id that git answers with. */
  id(...args: string[]): ObjectId {
    return objectId(
      this.run(...args)
        .toString()
        .trim(),
    );
  }

  attempt(...args: string[]): { status: number | null; stdout: Buffer } {
    return spawnSync('git', args, { cwd: this.directory, env: environment });
  }

  /** Whether git ended well. */
  try(...args: string[]): boolean {
    return spawnSync('git', args, { cwd: this.directory, env: environment }).status === 0;
  }

  feed(input: string | Buffer, ...args: string[]): Buffer {
    return execFileSync('git', args, {
      cwd: this.directory,
      env: environment,
      input,
      stdio: 'pipe',
    });
  }

  /** A tree of these files; links and submodules by their mode. */
  tree(files: Tree, store = true): ObjectId {
    const known = this.#trees.get(files);
    if (known !== undefined) return known;
    rmSync(join(this.directory, '.git/index'), { force: true });
    const lines = [...files].flatMap(([path, { mode, content }]) => [
      Buffer.from(`${mode} ${store && mode !== '160000' ? this.blob(content) : blobId(content)}\t`),
      Buffer.from(path, 'latin1'),
      Buffer.from([0]),
    ]);
    this.feed(Buffer.concat(lines), 'update-index', '-z', '--index-info');
    const tree = this.id('write-tree', '--missing-ok');
    if (store) this.#trees.set(files, tree);
    return tree;
  }

  /** Stores a file as git does, without a start of git: most of what these tests store are files. */
  blob(content: Buffer): ObjectId {
    const id = blobId(content);
    const path = join(this.directory, '.git/objects', id.slice(0, 2), id.slice(2));
    if (existsSync(path)) return id;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, deflateSync(Buffer.concat([blobHeader(content), content])));
    return id;
  }

  commit(tree: string, ...parents: string[]): ObjectId {
    const key = [tree, ...parents].join();
    const known = this.#commits.get(key);
    if (known !== undefined) return known;
    const named = parents.flatMap((parent) => ['-p', parent]);
    const commit = this.id('commit-tree', '-m', 'x', ...named, tree);
    this.#commits.set(key, commit);
    return commit;
  }
}

export interface Entry {
  readonly mode: string;
  readonly content: Buffer;
}

/** Files by path; each character of a path is one byte of it. */
export type Tree = ReadonlyMap<string, Entry>;

export function blobId(content: Buffer): ObjectId {
  return objectId(createHash('sha1').update(blobHeader(content)).update(content).digest('hex'));
}

function blobHeader({ length }: Buffer): Buffer {
  return Buffer.from(`blob ${length}\0`);
}

/** As the code that is tested names a path: each name of it in UTF-8, or as hexadecimal digits if it is none. */
export function nameOf(path: string): string {
  const names = path.split('/').map((name) => {
    const bytes = Buffer.from(name, 'latin1');
    const text = bytes.toString('utf8');
    return Buffer.from(text, 'utf8').equals(bytes) ? text : `\0bytes:${bytes.toString('hex')}`;
  });
  return names.join('/');
}

/** Names that git has to quote, that are no UTF-8, that look like options, patterns or magic. */
const awkwardNames = [
  ...['a', 'b', 'c', 'A', 'new\nline', 'tab\there', '"quoted"', "it's", ' leading', 'trailing '],
  ...[
    '-rf',
    '--',
    '*',
    '?',
    '[a]',
    ':(glob)x',
    ':!x',
    '!x',
    '#x',
    '$(id)',
    'a;b',
    'a&b',
    '~',
    '@{u}',
  ],
  ...['HEAD', 'refs', 'objects', '.gitignored', 'x.git', '%00', '=>', '{a => b}'],
].map((name) => Buffer.from(name).toString('latin1'));
const bytes = [
  '\xff',
  '\xfe',
  '\xc3\xa9',
  'e\xcc\x81',
  '\x80',
  '\xf0\x9f\x98\x80',
  '\x01',
  '\x7f',
  '\xe2\x80\xae',
];
export const name = fc.oneof(
  fc.constantFrom(...awkwardNames),
  fc
    .array(fc.constantFrom('a', 'b', ...bytes), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.join('')),
);

const content = fc.oneof(
  fc
    .constantFrom('', 'a', 'a\n', 'a\r\nb\r\n', '$Id$\n', 'x\n'.repeat(50))
    .map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 40 }).map((some) => Buffer.from(some)),
);
export const entry: fc.Arbitrary<Entry> = fc.record({
  mode: fc.constantFrom('100644', '100644', '100644', '100755', '120000', '160000'),
  content,
});

/** Trees in which no path is a folder of another one. */
export function treeOf(entries: fc.Arbitrary<Entry>, maxLength = 8): fc.Arbitrary<Tree> {
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));
  return fc
    .uniqueArray(fc.tuple(path, entries), { selector: ([path]) => path, maxLength })
    .map((files) => {
      const kept = new Map<string, Entry>();
      for (const [path, entry] of files) {
        const clashes = [...kept.keys()].some(
          (other) => path.startsWith(`${other}/`) || other.startsWith(`${path}/`),
        );
        if (!clashes) kept.set(path, entry);
      }
      return kept;
    });
}
