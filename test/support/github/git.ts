import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { listBetween, type Relation, relate } from './ancestry.ts';
import { type DiffFile, diffTrees, patchOfTrees } from './git-diff.ts';
import { type Commit, GitObjects, type Mode, type TreeEntry } from './git-objects.ts';
import { attemptGit, type GitInput, lines, runGit, zeroSeparated } from './git-process.ts';

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

/**
 * A bare repository on disk: its objects, its refs, and what git's plumbing commands compute from
 * them. Calls block, so each request to the embedded GitHub sees and leaves one consistent state.
 */
export class GitStore extends GitObjects {
  /** Results that depend on object ids alone, and so never change. */
  readonly #known = new Map<string, unknown>();

  /** Opens (and with `create` makes) the bare repository in a folder. */
  constructor(folder: string, create?: { defaultBranch: string }) {
    super(folder);
    if (!create) return;
    mkdirSync(folder, { recursive: true });
    this.run(['init', '--quiet', '--bare', `--initial-branch=${create.defaultBranch}`]);
    appendFileSync(join(folder, 'config'), SETTINGS);
  }

  /** Runs git here; its standard output, or an error with what it said. */
  run(args: string[], options: GitInput = {}): Buffer {
    return runGit(this.folder, args, options);
  }

  /** Runs git here and reports its exit status. */
  attempt(args: string[], options: GitInput = {}): ReturnType<typeof attemptGit> {
    return attemptGit(this.folder, args, options);
  }

  /** Remembers the result of a computation on full object ids. */
  #once<T>(key: string, compute: () => T): T {
    if (this.#known.has(key)) return this.#known.get(key) as T;
    const value = compute();
    if (value !== null) this.#known.set(key, value);
    return value;
  }

  /** The commit a ref, id or expression names; null if there is none. */
  commitId(expression: string): string | null {
    // A branch, which it mostly is, is looked up without starting git.
    const id = expression.startsWith('refs/') ? this.ref(expression) : expression;
    if (id !== null && this.typeOf(id) === 'commit') return id;
    return this.#resolve(`${expression}^{commit}`);
  }

  /** The tree a ref or id names; null if there is none. */
  treeId(expression: string): string | null {
    return this.treeOf(expression) ?? this.#resolve(`${expression}^{tree}`);
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

  /** The object a full ref points to; null if there is no such ref. */
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

  /** Points a ref at an object; if `before` is given, only if the ref is there now. */
  setRef(name: string, sha: string, before?: string | null): void {
    if (this.#setPlainRef(name, sha, before)) return;
    const old = before === undefined ? [] : [before ?? '0'.repeat(40)];
    this.run(['update-ref', '--no-deref', '--', name, sha, ...old]);
  }

  /** Moves or makes the file of a ref under git's own lock. False if git must do it, or say why it does not. */
  #setPlainRef(name: string, sha: string, before: string | null | undefined): boolean {
    const path = join(this.folder, name);
    if (!isPlainRef(name) || this.typeOf(sha) !== 'commit') return false;
    if (existsSync(join(this.folder, 'packed-refs'))) return false;
    try {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(`${path}.lock`, `${sha}\n`, { flag: 'wx' });
    } catch {
      // A ref has the name of a folder of this one, or another process has the lock.
      return false;
    }
    try {
      if (before !== undefined && this.ref(name) !== before) return false;
      // Fails if there is a folder: other refs may be in it.
      renameSync(`${path}.lock`, path);
      return true;
    } catch {
      return false;
    } finally {
      rmSync(`${path}.lock`, { force: true });
    }
  }

  /** Deletes a ref. */
  deleteRef(name: string): void {
    this.run(['update-ref', '-d', '--', name]);
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

  /** Makes a commit object. */
  commit(commit: Omit<Commit, 'sha'>): string {
    return this.writeCommit(commit) ?? this.commitByGit(commit);
  }

  /** As `commit`, with git's own command. */
  commitByGit(commit: Omit<Commit, 'sha'>): string {
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

  /** Commits reachable from an expression, newest first; `path` keeps those that touch it. */
  log(
    expressions: string[],
    options: { path?: string; since?: string; until?: string; max?: number } = {},
  ): Commit[] {
    return (
      this.#short(expressions, options) ??
      this.#log([
        `--max-count=${options.max ?? 100_000}`,
        ...(options.since ? [`--since=${options.since}`] : []),
        ...(options.until ? [`--until=${options.until}`] : []),
        '--end-of-options',
        ...expressions,
        '--',
        ...(options.path ? [`:(literal)${options.path}`] : []),
      ])
    );
  }

  /** The log of commit ids, if all of it is wanted and it is short. */
  #short(expressions: string[], options: object): Commit[] | null {
    const [expression = '', another] = expressions;
    const [, before, , after] = range.exec(expression) ?? [];
    if (before === undefined || another !== undefined || Object.keys(options).length > 0)
      return null;
    const read = (id: string) => this.readCommit(id);
    const commits =
      after === undefined ? listBetween(null, before, read) : listBetween(before, after, read);
    return commits === undefined ? null : [...commits];
  }

  #log(args: string[]): Commit[] {
    const found = () => {
      const commits = this.#runLog(args);
      return commits.length === 0 ? null : commits;
    };
    const commits = namesIdsOnly(args) ? this.#once(`log ${args.join(' ')}`, found) : found();
    return [...(commits ?? [])];
  }

  #runLog(args: string[]): Commit[] {
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
    const [before = '', after = ''] = expression.split('..');
    return this.#once(
      `count ${expression}`,
      () =>
        this.#relation(before, after)?.onlyOther ??
        Number(this.run(['rev-list', '--count', '--end-of-options', expression]).toString()),
    );
  }

  /** Whether one commit is reachable from another (or is the same). */
  isAncestor(ancestor: string, descendant: string): boolean {
    if (ancestor === descendant) return true;
    const isBefore = this.#once(
      `ancestor ${ancestor} ${descendant}`,
      () => this.#relation(ancestor, descendant)?.isBefore ?? this.#askGit(ancestor, descendant),
    );
    return isBefore ?? false;
  }

  /** Null if one of the commits is not there: it may come later. */
  #askGit(ancestor: string, descendant: string): boolean | null {
    const { status } = this.attempt(['merge-base', '--is-ancestor', ancestor, descendant]);
    return status === 0 || status === 1 ? status === 0 : null;
  }

  /** The best common ancestor of two commits; null for unrelated histories. */
  mergeBase(one: string, other: string): string | null {
    return this.#once(`merge-base ${one} ${other}`, () => {
      const bases = this.#relation(one, other)?.bases;
      if (bases !== undefined && bases.length < 2) return bases[0] ?? null;
      const result = this.attempt(['merge-base', one, other]);
      return result.status === 0 ? (lines(result.stdout)[0] ?? null) : null;
    });
  }

  /** The tree of a clean merge; null if the two conflict. */
  mergeTree(one: string, other: string): string | null {
    return this.#once(
      `merge-tree ${one} ${other}`,
      () => this.#mergeOfOneSide(one, other) ?? this.mergeByGit(one, other),
    );
  }

  /** As `mergeTree`, with git's own command. */
  mergeByGit(one: string, other: string): string | null {
    const result = this.attempt(['merge-tree', '--write-tree', '--no-messages', one, other]);
    return result.status === 0 ? result.stdout.toString().trim() : null;
  }

  /** If only one side has changed anything, the merge is that side. */
  #mergeOfOneSide(one: string, other: string): string | null {
    const [base, another] = this.#relation(one, other)?.bases ?? [];
    if (base === undefined || another !== undefined) return null;
    const [before, ours, theirs] = [base, one, other].map((id) => this.treeOf(id));
    if (before === ours) return theirs ?? null;
    return before === theirs ? (ours ?? null) : null;
  }

  /** Undefined if git has to find it out. */
  #relation(one: string, other: string): Relation | undefined {
    return relate(one, other, (id) => this.readCommit(id)?.parents ?? null);
  }

  /** The files that differ between two trees or commits, with their patches. */
  diff(before: string, after: string): DiffFile[] {
    return this.#once(`diff ${before} ${after}`, () => diffTrees(this.folder, before, after));
  }

  /** The whole difference of two trees or commits as one patch. */
  patch(before: string, after: string): string {
    return patchOfTrees(this.folder, before, after);
  }
}

/** Whether a log begins at commit ids alone: such a log is the same each time, a branch's is not. */
function namesIdsOnly(args: string[]): boolean {
  const expressions = args.slice(args.indexOf('--end-of-options') + 1, args.indexOf('--'));
  return expressions.every((expression) => range.test(expression));
}

/** A commit id, or two with what is between them. */
const range = /^([0-9a-f]{40})(\.\.([0-9a-f]{40}))?$/;

/** The file of a ref, whatever its name. */
function isPlainRef(name: string): boolean {
  const usual = /^refs(\/[\w@#$%&'()+,;=!{}`|-][\w.@#$%&'()+,;=!{}`| -]*)+$/u.test(name);
  return usual && !name.includes('..') && !name.endsWith('.lock') && !name.includes('@{');
}
