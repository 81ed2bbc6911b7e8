import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';

/** The mode of a tree entry: file, executable, symbolic link, submodule, folder. */
export type Mode = '100644' | '100755' | '120000' | '160000' | '040000';

/** One entry of a tree. */
export interface TreeEntry {
  path: string;
  mode: Mode;
  type: 'blob' | 'tree' | 'commit';
  sha: string;
  size: number | null;
}

/** What stands at a path after an edit; null: nothing. */
export type Edit = { mode: Mode; sha: string } | null;

/** Who made a commit, and when (any date git accepts: commit dates prove nothing). */
export interface Signature {
  name: string;
  email: string;
  date: string;
}

/** A commit object. */
export interface Commit {
  sha: string;
  tree: string;
  parents: string[];
  author: Signature;
  committer: Signature;
  message: string;
}

/** One file of a comparison, as `git diff --find-renames` sees it. */
export interface DiffFile {
  status: 'added' | 'removed' | 'modified' | 'renamed' | 'changed';
  path: string;
  previous: string | null;
  /** The blob after the change, or the one before where the file is removed. */
  sha: string;
  additions: number;
  deletions: number;
  patch: string | null;
}

const MAX_OUTPUT = 1 << 30;

/** Environment of every git process: nobody's configuration, no prompt, one time zone. */
export const GIT_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: process.env.PATH ?? '/usr/bin:/bin',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  LC_ALL: 'C',
  TZ: 'UTC',
};

/**
 * A bare repository on disk, read and written with git's own plumbing. Calls block: each request
 * to the embedded GitHub sees and leaves one consistent state.
 */
export class GitStore {
  readonly folder: string;

  /** Opens (and with `create` makes) the bare repository in a folder. */
  constructor(folder: string, create?: { defaultBranch: string }) {
    this.folder = folder;
    if (!create) return;
    mkdirSync(folder, { recursive: true });
    this.run(['init', '--quiet', '--bare', `--initial-branch=${create.defaultBranch}`]);
    const settings = {
      'uploadpack.allowAnySHA1InWant': 'true',
      'uploadpack.allowFilter': 'true',
      'http.receivepack': 'true',
      'receive.hideRefs': 'refs/pull',
      'gc.auto': '0',
      'core.quotePath': 'false',
    };
    for (const [name, value] of Object.entries(settings)) this.run(['config', name, value]);
  }

  /** Runs git here; its standard output, or an error with what it said. */
  run(args: string[], options: { input?: Buffer | string; env?: Record<string, string> } = {}) {
    const result = this.attempt(args, options);
    if (result.status !== 0) throw new Error(`git ${args[0]}: ${result.stderr.trim()}`);
    return result.stdout;
  }

  /** Runs git here and reports its exit status. */
  attempt(
    args: string[],
    options: { input?: Buffer | string; env?: Record<string, string> } = {},
  ): { status: number | null; stdout: Buffer; stderr: string } {
    const result = spawnSync('git', args, {
      cwd: this.folder,
      env: { ...GIT_ENVIRONMENT, GIT_DIR: this.folder, ...options.env },
      input: options.input ?? '',
      maxBuffer: MAX_OUTPUT,
    });
    if (result.error) throw result.error;
    return { status: result.status, stdout: result.stdout, stderr: result.stderr.toString() };
  }

  /** The commit a ref, id or expression names; null where there is none. */
  commitId(expression: string): string | null {
    return this.#resolve(`${expression}^{commit}`);
  }

  /** The tree a ref or id names; null where there is none. */
  treeId(expression: string): string | null {
    return this.#resolve(`${expression}^{tree}`);
  }

  #resolve(expression: string): string | null {
    const result = this.attempt([
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      expression,
    ]);
    return result.status === 0 ? result.stdout.toString().trim() : null;
  }

  /** The object a full ref points to; null where there is no such ref. */
  ref(name: string): string | null {
    const result = this.attempt(['show-ref', '--verify', '--hash', '--', name]);
    return result.status === 0 ? result.stdout.toString().trim() : null;
  }

  /** All refs, or those below a prefix, sorted. */
  refs(prefix = 'refs/'): { ref: string; sha: string; type: string }[] {
    const format = '%(refname)%00%(objectname)%00%(objecttype)';
    return lines(this.run(['for-each-ref', `--format=${format}`]))
      .map((line) => line.split('\0'))
      .filter(([ref]) => ref?.startsWith(prefix))
      .map(([ref = '', sha = '', type = '']) => ({ ref, sha, type }));
  }

  /** Whether git accepts a full ref name. */
  validRef(name: string): boolean {
    return this.attempt(['check-ref-format', name]).status === 0;
  }

  /** Points a ref at an object, only from `before` where that is given. */
  setRef(name: string, sha: string, before?: string | null): void {
    const old = before === undefined ? [] : [before ?? '0'.repeat(40)];
    this.run(['update-ref', '--no-deref', '--', name, sha, ...old]);
  }

  /** Deletes a ref. */
  deleteRef(name: string): void {
    this.run(['update-ref', '-d', '--', name]);
  }

  /** The type of an object; null where it does not exist. */
  typeOf(sha: string): string | null {
    const result = this.attempt(['cat-file', '-t', sha]);
    return result.status === 0 ? result.stdout.toString().trim() : null;
  }

  /** A blob's bytes; null where there is no such blob. */
  readBlob(sha: string): Buffer | null {
    const result = this.attempt(['cat-file', 'blob', sha]);
    return result.status === 0 ? result.stdout : null;
  }

  /** Stores bytes as a blob. */
  writeBlob(content: Buffer): string {
    return this.run(['hash-object', '-w', '--stdin'], { input: content }).toString().trim();
  }

  /** Stores many blobs with one process; their ids, in the same order. */
  writeBlobs(contents: readonly Buffer[]): string[] {
    if (contents.length < 3) return contents.map((content) => this.writeBlob(content));
    const parts: Buffer[] = [];
    for (const content of contents) {
      parts.push(Buffer.from(`blob\ndata ${content.length}\n`), content, Buffer.from('\n'));
    }
    this.run(['fast-import', '--quiet', '--done'], {
      input: Buffer.concat([...parts, Buffer.from('done\n')]),
    });
    return contents.map((content) => objectId('blob', content));
  }

  /** Entries of a tree: one level, or with `recursive` every level (folders included). */
  tree(treeish: string, recursive = false): TreeEntry[] {
    const output = this.run(['ls-tree', '-z', '-l', ...(recursive ? ['-r', '-t'] : []), treeish]);
    return zeroSeparated(output).map((record) => {
      const tab = record.indexOf('\t');
      const [mode = '', type = '', sha = '', size = ''] = record.slice(0, tab).split(/ +/);
      return {
        path: record.slice(tab + 1),
        mode: mode as Mode,
        type: type as TreeEntry['type'],
        sha,
        size: size === '-' ? null : Number(size),
      };
    });
  }

  /** The entry at a path of a tree or commit; null where there is none. */
  entry(treeish: string, path: string): TreeEntry | null {
    let at = this.treeId(treeish);
    let found: TreeEntry | null = null;
    for (const name of path.split('/')) {
      if (at === null) return null;
      found = this.tree(at).find((entry) => entry.path === name) ?? null;
      at = found?.type === 'tree' ? found.sha : null;
    }
    return found && { ...found, path };
  }

  /**
   * Writes the tree that a base tree becomes by some edits. Names are not judged, so that a test
   * can build what git's own porcelain would refuse.
   */
  editTree(base: string | null, edits: ReadonlyMap<string, Edit>): string {
    const pending: Buffer[] = [];
    const sha = this.#writeTree(base, edits, pending);
    if (pending.length > 0) {
      this.run(['mktree', '-z', '--missing', '--batch'], { input: Buffer.concat(pending) });
    }
    return sha ?? EMPTY_TREE;
  }

  #writeTree(
    base: string | null,
    edits: ReadonlyMap<string, Edit>,
    pending: Buffer[],
  ): string | null {
    const entries = new Map<string, { mode: Mode; sha: string }>();
    if (base !== null) {
      for (const { path, mode, sha } of this.tree(base)) entries.set(path, { mode, sha });
    }
    const folders = new Map<string, Map<string, Edit>>();
    for (const [path, edit] of edits) {
      const slash = path.indexOf('/');
      if (slash < 0) {
        if (edit) entries.set(path, edit);
        else entries.delete(path);
        continue;
      }
      const folder = path.slice(0, slash);
      const inside = folders.get(folder) ?? new Map<string, Edit>();
      inside.set(path.slice(slash + 1), edit);
      folders.set(folder, inside);
    }
    for (const [folder, inside] of folders) {
      const present = entries.get(folder);
      const below = present?.mode === '040000' ? present.sha : null;
      const sha = this.#writeTree(below, inside, pending);
      if (sha) entries.set(folder, { mode: '040000', sha });
      else if (below !== null) entries.delete(folder);
    }
    if (entries.size === 0) return null;
    return treeObject(entries, pending);
  }

  /** Makes a commit object. */
  commit(commit: Omit<Commit, 'sha'>): string {
    const { author, committer } = commit;
    const parents = commit.parents.flatMap((parent) => ['-p', parent]);
    return this.run(['commit-tree', commit.tree, ...parents], {
      input: commit.message,
      env: {
        GIT_AUTHOR_NAME: author.name,
        GIT_AUTHOR_EMAIL: author.email,
        GIT_AUTHOR_DATE: author.date,
        GIT_COMMITTER_NAME: committer.name,
        GIT_COMMITTER_EMAIL: committer.email,
        GIT_COMMITTER_DATE: committer.date,
      },
    })
      .toString()
      .trim();
  }

  /** Reads a commit object; null where the id names none. */
  readCommit(sha: string): Commit | null {
    return this.#log(['--max-count=1', '--no-walk', sha])[0] ?? null;
  }

  /** Commits reachable from an expression, newest first; `path` keeps those that touch it. */
  log(
    expressions: string[],
    options: { path?: string; since?: string; until?: string; max?: number } = {},
  ): Commit[] {
    return this.#log([
      `--max-count=${options.max ?? 100_000}`,
      ...(options.since ? [`--since=${options.since}`] : []),
      ...(options.until ? [`--until=${options.until}`] : []),
      '--end-of-options',
      ...expressions,
      '--',
      ...(options.path ? [`:(literal)${options.path}`] : []),
    ]);
  }

  #log(args: string[]): Commit[] {
    const format = ['%H', '%T', '%P', '%an', '%ae', '%aI', '%cn', '%ce', '%cI', '%B'].join('%x01');
    const result = this.attempt(['log', '-z', `--format=${format}`, ...args]);
    if (result.status !== 0) return [];
    return zeroSeparated(result.stdout).map((record) => {
      const [
        sha = '',
        tree = '',
        parents = '',
        an = '',
        ae = '',
        ad = '',
        cn = '',
        ce = '',
        cd = '',
        message = '',
      ] = record.split('\x01');
      return {
        sha,
        tree,
        parents: parents === '' ? [] : parents.split(' '),
        author: { name: an, email: ae, date: ad },
        committer: { name: cn, email: ce, date: cd },
        message: message.replace(/\n$/, ''),
      };
    });
  }

  /** How many commits an expression such as `a..b` names. */
  count(expression: string): number {
    return Number(this.run(['rev-list', '--count', '--end-of-options', expression]).toString());
  }

  /** Whether one commit is reachable from another (or is the same). */
  isAncestor(ancestor: string, descendant: string): boolean {
    return this.attempt(['merge-base', '--is-ancestor', ancestor, descendant]).status === 0;
  }

  /** The best common ancestor of two commits; null for unrelated histories. */
  mergeBase(one: string, other: string): string | null {
    const result = this.attempt(['merge-base', one, other]);
    return result.status === 0 ? (lines(result.stdout)[0] ?? null) : null;
  }

  /** The tree of a clean merge; null where the two conflict. */
  mergeTree(one: string, other: string): string | null {
    const result = this.attempt(['merge-tree', '--write-tree', '--no-messages', one, other]);
    return result.status === 0 ? result.stdout.toString().trim() : null;
  }

  /** The files that differ between two trees, with their patches. */
  diff(before: string, after: string): DiffFile[] {
    const options = ['--find-renames', '--no-color', '--no-ext-diff'];
    const raw = zeroSeparated(
      this.run(['diff-tree', '-r', '-z', '--raw', '--no-abbrev', ...options, before, after]),
    );
    const files: DiffFile[] = [];
    for (let at = 0; at < raw.length; ) {
      const [beforeMode = '', afterMode = '', beforeSha = '', afterSha = '', letter = ''] = (
        raw[at++] ?? ''
      )
        .slice(1)
        .split(' ');
      const first = raw[at++] ?? '';
      const renamed = letter.startsWith('R');
      const path = renamed ? (raw[at++] ?? '') : first;
      files.push({
        status: statusOf(letter, beforeMode !== afterMode && beforeSha === afterSha),
        path,
        previous: renamed ? first : null,
        sha: letter === 'D' ? beforeSha : afterSha,
        additions: 0,
        deletions: 0,
        patch: null,
      });
    }
    this.#fillStatistics(files, before, after, options);
    return files;
  }

  #fillStatistics(files: DiffFile[], before: string, after: string, options: string[]): void {
    const numbers = zeroSeparated(
      this.run(['diff-tree', '-r', '-z', '--numstat', ...options, before, after]),
    );
    const patches = this.patch(before, after).split(/^(?=diff --git )/m);
    for (let at = 0, index = 0; at < numbers.length; index++) {
      const [added = '', deleted = '', path = ''] = (numbers[at++] ?? '').split('\t');
      if (path === '') at += 2;
      const file = files[index];
      if (!file || added === '-') continue;
      file.additions = Number(added);
      file.deletions = Number(deleted);
      const patch = patches[index] ?? '';
      const hunks = patch.search(/^@@ /m);
      if (hunks >= 0) file.patch = patch.slice(hunks).replace(/\n$/, '');
    }
  }

  /** The whole difference of two trees as one patch. */
  patch(before: string, after: string): string {
    return this.run([
      'diff-tree',
      '-r',
      '-p',
      '--no-color',
      '--no-ext-diff',
      '--find-renames',
      before,
      after,
    ]).toString();
  }
}

/** The id of git's tree without entries. */
export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** The id git gives to an object. */
export function objectId(type: 'blob' | 'tree', content: Buffer): string {
  return createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex');
}

function treeObject(
  entries: ReadonlyMap<string, { mode: Mode; sha: string }>,
  pending: Buffer[],
): string {
  const sorted = [...entries]
    .map(([name, entry]) => ({ name: Buffer.from(name), ...entry }))
    .sort((a, b) => Buffer.compare(sortKey(a), sortKey(b)));
  const content: Buffer[] = [];
  for (const { name, mode, sha } of sorted) {
    const type = mode === '040000' ? 'tree' : mode === '160000' ? 'commit' : 'blob';
    pending.push(Buffer.from(`${mode} ${type} ${sha}\t`), name, Buffer.from('\0'));
    const short = Buffer.from(`${mode.replace(/^0/, '')} `);
    content.push(short, name, Buffer.from('\0'), Buffer.from(sha, 'hex'));
  }
  pending.push(Buffer.from('\0'));
  return objectId('tree', Buffer.concat(content));
}

/** Git sorts a folder as if its name ended in a slash. */
function sortKey(entry: { name: Buffer; mode: Mode }): Buffer {
  return entry.mode === '040000' ? Buffer.concat([entry.name, Buffer.from('/')]) : entry.name;
}

function statusOf(letter: string, modeOnly: boolean): DiffFile['status'] {
  if (letter === 'A') return 'added';
  if (letter === 'D') return 'removed';
  if (letter.startsWith('R')) return 'renamed';
  return modeOnly || letter === 'T' ? 'changed' : 'modified';
}

function zeroSeparated(output: Buffer): string[] {
  const records = output.toString().split('\0');
  if (records.at(-1) === '') records.pop();
  return records;
}

function lines(output: Buffer): string[] {
  return output
    .toString()
    .split('\n')
    .filter((line) => line !== '');
}
