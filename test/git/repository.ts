/** Git repositories for these tests, made and read by git itself. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { ObjectId } from '../../src/core/text/object-id.ts';
import { type Fetch, GitError } from '../../src/git/git.ts';
import { atEndOfFile } from '../support/files/at-end.ts';
import { callGit } from '../support/github/git-runner.ts';
import { idOf, storeCommit, storeObject, storeTree } from '../support/loose-objects.ts';
import { objectId } from '../support/object-ids.ts';
import { makeTemporaryFolder } from '../support/ram-disk.ts';

/** A new folder, which is there until the end of the test file. */
export function folder(): string {
  const made = makeTemporaryFolder('git-test');
  atEndOfFile(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const environment = {
  PATH: process.env.PATH ?? '',
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

/** Runs git in a folder, with no configuration of the user. */
function git(cwd: string, args: readonly string[], input: string | Buffer = '', env = {}) {
  const answer = callGit({ args, cwd, env: { ...environment, ...env } }, Buffer.from(input));
  if (answer.error !== undefined) throw new Error(answer.error);
  return answer;
}

/** Fetches by git itself, from addresses that begin with `file:` too. */
export const fetchFromDisk: Fetch = async (args, { repository }) => {
  const env = { GIT_DIR: repository, GIT_IMPLICIT_WORK_TREE: '0' };
  const { status, stderr } = git(repository, ['fetch', ...args], '', env);
  if (status !== 0) throw new GitError('fetch', status ?? -1, Buffer.alloc(0), stderr);
};

export class Repository {
  readonly directory = folder();
  readonly #git = join(this.directory, '.git');
  /** What was made before: the tests make the same tree again and again. */
  readonly #trees = new WeakMap<Tree, ObjectId>();

  constructor() {
    this.run('init', '--quiet', '--initial-branch=main');
    this.run('config', 'core.protectNTFS', 'false');
    this.run('config', 'uploadpack.allowAnySHA1InWant', 'true');
    this.run('config', 'uploadpack.allowFilter', 'true');
  }

  run(...args: string[]): Buffer {
    return this.feed('', ...args);
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
    return git(this.directory, args);
  }

  /** Whether git ended well. */
  try(...args: string[]): boolean {
    return this.attempt(...args).status === 0;
  }

  feed(input: string | Buffer, ...args: string[]): Buffer {
    const { status, stdout, stderr } = git(this.directory, args, input);
    if (status !== 0) throw new Error(`git ${args[0]}: ${stderr}`);
    return stdout;
  }

  /** A tree of these files; links and submodules by their mode. */
  tree(files: Tree, store = true): ObjectId {
    const known = this.#trees.get(files);
    if (known !== undefined) return known;
    const entries = [...files].map(([path, { mode, content }]) => ({
      names: path.split('/'),
      mode,
      id: store && mode !== '160000' ? this.blob(content) : blobId(content),
    }));
    const tree = storeTree(this.#git, entries);
    if (store) this.#trees.set(files, tree);
    return tree;
  }

  blob(content: Buffer): ObjectId {
    return storeObject(this.#git, 'blob', content);
  }

  commit(tree: string, ...parents: string[]): ObjectId {
    return storeCommit(this.#git, tree, parents, 'x');
  }
}

export interface Entry {
  readonly mode: string;
  readonly content: Buffer;
}

/** Files by path; each character of a path is one byte of it. */
export type Tree = ReadonlyMap<string, Entry>;

export function blobId(content: Buffer): ObjectId {
  return idOf('blob', content);
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
