import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';

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

const SETTINGS = `[uploadpack]
\tallowAnySHA1InWant = true
\tallowFilter = true
[http]
\treceivepack = true
[receive]
\thideRefs = refs/pull
[gc]
\tauto = 0
[core]
\tquotePath = false
`;

/** Objects up to this size are kept in memory once read: they never change. */
const MAX_KEPT = 1 << 20;

interface GitObject {
  type: string;
  content: Buffer;
}

/**
 * A bare repository on disk. Single objects and refs are read and written as git lays them out
 * (a process each would be most of a test's time), everything else by git's own plumbing. Calls
 * block: each request to the embedded GitHub sees and leaves one consistent state.
 */
export class GitStore {
  readonly folder: string;
  readonly #objects = new Map<string, GitObject>();
  /** What follows from object ids alone, and so never changes. */
  readonly #known = new Map<string, unknown>();

  /** Opens (and with `create` makes) the bare repository in a folder. */
  constructor(folder: string, create?: { defaultBranch: string }) {
    this.folder = folder;
    if (!create) return;
    mkdirSync(folder, { recursive: true });
    this.run(['init', '--quiet', '--bare', `--initial-branch=${create.defaultBranch}`]);
    appendFileSync(join(folder, 'config'), SETTINGS);
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

  /** Remembers what a computation over full object ids gave. */
  #once<T>(key: string, compute: () => T): T {
    if (this.#known.has(key)) return this.#known.get(key) as T;
    const value = compute();
    if (value !== null) this.#known.set(key, value);
    return value;
  }

  #object(sha: string): GitObject | null {
    const kept = this.#objects.get(sha);
    if (kept) return kept;
    const object = this.#readLoose(sha) ?? this.#readPacked(sha);
    if (object && object.content.length <= MAX_KEPT) this.#objects.set(sha, object);
    return object;
  }

  #loosePath(sha: string): string {
    return join(this.folder, 'objects', sha.slice(0, 2), sha.slice(2));
  }

  #readLoose(sha: string): GitObject | null {
    const path = this.#loosePath(sha);
    if (!SHA.test(sha) || !existsSync(path)) return null;
    return split(inflateSync(readFileSync(path)), 0x00);
  }

  #readPacked(sha: string): GitObject | null {
    if (!SHA.test(sha)) return null;
    const output = this.run(['cat-file', '--batch'], { input: `${sha}\n` });
    const object = split(output, 0x0a, sha.length + 1);
    if (object.type === 'missing') return null;
    return { ...object, content: object.content.subarray(0, -1) };
  }

  #write(type: string, content: Buffer): string {
    const whole = Buffer.concat([Buffer.from(`${type} ${content.length}\0`), content]);
    const sha = createHash('sha1').update(whole).digest('hex');
    const path = this.#loosePath(sha);
    if (!existsSync(path)) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(`${path}.new`, deflateSync(whole), { mode: 0o444 });
      renameSync(`${path}.new`, path);
    }
    return sha;
  }

  /** The commit a ref, id or expression names; null where there is none. */
  commitId(expression: string): string | null {
    if (this.typeOf(expression) === 'commit') return expression;
    return this.#resolve(`${expression}^{commit}`);
  }

  /** The tree a ref or id names; null where there is none. */
  treeId(expression: string): string | null {
    const type = this.typeOf(expression);
    if (type === 'tree') return expression;
    if (type === 'commit') return this.readCommit(expression)?.tree ?? null;
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
    const path = join(this.folder, name);
    if (isPlainRef(name) && !existsSync(join(this.folder, 'packed-refs'))) {
      if (!existsSync(path) || statSync(path).isDirectory()) return null;
      return readFileSync(path, 'utf8').trim();
    }
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
    const path = join(this.folder, name);
    if (before === undefined && isPlainRef(name) && existsSync(path) && statSync(path).isFile()) {
      writeFileSync(`${path}.lock`, `${sha}\n`, { flag: 'wx' });
      renameSync(`${path}.lock`, path);
      return;
    }
    const old = before === undefined ? [] : [before ?? '0'.repeat(40)];
    this.run(['update-ref', '--no-deref', '--', name, sha, ...old]);
  }

  /** Deletes a ref. */
  deleteRef(name: string): void {
    this.run(['update-ref', '-d', '--', name]);
  }

  /** The type of an object; null where it does not exist. */
  typeOf(sha: string): string | null {
    return this.#object(sha)?.type ?? null;
  }

  /** A blob's bytes; null where there is no such blob. */
  readBlob(sha: string): Buffer | null {
    const object = this.#object(sha);
    return object?.type === 'blob' ? object.content : null;
  }

  /** Stores bytes as a blob. */
  writeBlob(content: Buffer): string {
    return this.#write('blob', content);
  }

  /** Stores many blobs with one process; their ids, in the same order. */
  writeBlobs(contents: readonly Buffer[]): string[] {
    if (contents.length < MANY) return contents.map((content) => this.writeBlob(content));
    const parts: Buffer[] = [];
    for (const content of contents) {
      parts.push(Buffer.from(`blob\ndata ${content.length}\n`), content, Buffer.from('\n'));
    }
    this.run(['fast-import', '--quiet', '--done'], {
      input: Buffer.concat([...parts, Buffer.from('done\n')]),
    });
    return contents.map((content) => blobId(content));
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
    let found: { mode: Mode; sha: string } | null = null;
    for (const name of path.split('/')) {
      found = (at !== null && this.#entries(at).get(name)) || null;
      at = found?.mode === '040000' ? found.sha : null;
    }
    if (!found) return null;
    const type = typeOfMode(found.mode);
    const size = type === 'blob' ? (this.#object(found.sha)?.content.length ?? 0) : null;
    return { ...found, path, type, size };
  }

  /** The entries of one tree, by name. */
  #entries(sha: string): Map<string, { mode: Mode; sha: string }> {
    const entries = new Map<string, { mode: Mode; sha: string }>();
    if (sha === EMPTY_TREE) return entries;
    const content = this.#object(sha)?.content ?? Buffer.alloc(0);
    for (let at = 0; at < content.length; ) {
      const space = content.indexOf(0x20, at);
      const zero = content.indexOf(0x00, space);
      const mode = content.toString('latin1', at, space).padStart(6, '0') as Mode;
      const name = content.toString('utf8', space + 1, zero);
      entries.set(name, { mode, sha: content.toString('hex', zero + 1, zero + 21) });
      at = zero + 21;
    }
    return entries;
  }

  /**
   * Writes the tree that a base tree becomes by some edits. Names are not judged, so that a test
   * can build what git's own porcelain would refuse.
   */
  editTree(base: string | null, edits: ReadonlyMap<string, Edit>): string {
    const tree = base === null ? null : this.treeId(base);
    return this.#writeTree(tree, edits) ?? this.#write('tree', Buffer.alloc(0));
  }

  #writeTree(base: string | null, edits: ReadonlyMap<string, Edit>): string | null {
    const entries = base === null ? new Map<string, Edit & object>() : this.#entries(base);
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
      const sha = this.#writeTree(below, inside);
      if (sha) entries.set(folder, { mode: '040000', sha });
      else if (below !== null) entries.delete(folder);
    }
    if (entries.size === 0) return null;
    return this.#write('tree', treeContent(entries));
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
    const object = this.#object(sha);
    return object?.type === 'commit' ? parseCommit(sha, object.content.toString()) : null;
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

  /** How many commits a range of two commit ids, `a..b`, holds. */
  count(expression: string): number {
    return this.#once(`count ${expression}`, () =>
      Number(this.run(['rev-list', '--count', '--end-of-options', expression]).toString()),
    );
  }

  /** Whether one commit is reachable from another (or is the same). */
  isAncestor(ancestor: string, descendant: string): boolean {
    if (ancestor === descendant) return true;
    return this.#once(
      `ancestor ${ancestor} ${descendant}`,
      () => this.attempt(['merge-base', '--is-ancestor', ancestor, descendant]).status === 0,
    );
  }

  /** The best common ancestor of two commits; null for unrelated histories. */
  mergeBase(one: string, other: string): string | null {
    return this.#once(`merge-base ${one} ${other}`, () => {
      const result = this.attempt(['merge-base', one, other]);
      return result.status === 0 ? (lines(result.stdout)[0] ?? null) : null;
    });
  }

  /** The tree of a clean merge; null where the two conflict. */
  mergeTree(one: string, other: string): string | null {
    return this.#once(`merge-tree ${one} ${other}`, () => {
      const result = this.attempt(['merge-tree', '--write-tree', '--no-messages', one, other]);
      return result.status === 0 ? result.stdout.toString().trim() : null;
    });
  }

  /** The files that differ between two trees, with their patches. */
  diff(before: string, after: string): DiffFile[] {
    return this.#once(`diff ${before} ${after}`, () => this.#diff(before, after));
  }

  #diff(before: string, after: string): DiffFile[] {
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

const SHA = /^[0-9a-f]{40}$/;

/** From this many blobs on, one git process that packs them is quicker than a file each. */
const MANY = 500;

/** The id of git's tree without entries. */
export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** The id git gives to a blob. */
function blobId(content: Buffer): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

function treeContent(entries: ReadonlyMap<string, { mode: Mode; sha: string }>): Buffer {
  const sorted = [...entries]
    .map(([name, entry]) => ({ name: Buffer.from(name), ...entry }))
    .sort((a, b) => Buffer.compare(sortKey(a), sortKey(b)));
  const content: Buffer[] = [];
  for (const { name, mode, sha } of sorted) {
    const short = Buffer.from(`${mode.replace(/^0/, '')} `);
    content.push(short, name, Buffer.from('\0'), Buffer.from(sha, 'hex'));
  }
  return Buffer.concat(content);
}

function typeOfMode(mode: Mode): TreeEntry['type'] {
  if (mode === '040000') return 'tree';
  return mode === '160000' ? 'commit' : 'blob';
}

/** Takes `type size` and its end mark off an object. */
function split(whole: Buffer, mark: number, from = 0): GitObject {
  const end = whole.indexOf(mark, from);
  const [type = ''] = whole.toString('latin1', from, end).split(' ');
  return { type, content: whole.subarray(end + 1) };
}

/** A ref whose file is where its name says, whatever the name. */
function isPlainRef(name: string): boolean {
  const usual = /^refs(\/[\w@#$%&'()+,;=!{}`|-][\w.@#$%&'()+,;=!{}`| -]*)+$/u.test(name);
  return usual && !name.includes('..') && !name.endsWith('.lock') && !name.includes('@{');
}

function parseCommit(sha: string, text: string): Commit {
  const end = text.indexOf('\n\n');
  const headers = text.slice(0, end).split('\n');
  const all = (name: string) =>
    headers
      .filter((line) => line.startsWith(`${name} `))
      .map((line) => line.slice(name.length + 1));
  return {
    sha,
    tree: all('tree')[0] ?? '',
    parents: all('parent'),
    author: parseSignature(all('author')[0] ?? ''),
    committer: parseSignature(all('committer')[0] ?? ''),
    message: text.slice(end + 2).replace(/\n$/, ''),
  };
}

function parseSignature(text: string): Signature {
  const [, name = '', email = '', seconds = '0'] = /^(.*?) ?<(.*)> (\d+) [+-]\d+$/.exec(text) ?? [];
  return { name, email, date: new Date(Number(seconds) * 1000).toISOString() };
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
