import { lstatSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileChange, FileState } from '../core/plan/scope.ts';
import { type ObjectId, parseObjectId } from '../core/text/object-id.ts';
import { Stopped } from '../decision.ts';
import type { CountedFiles, Pins, Workspace, Workspaces } from '../ports/workspaces.ts';
import { type Git, GitError } from './git.ts';
import { parseAttributes, parseConflicts, parseRawDiff, parseTree } from './output.ts';

const fetchTimeoutMs = 600_000;

/**
 * What Codex reads and what is hashed are the blobs themselves: this file goes before any `.gitattributes` of the
 * pull request, which could convert line ends, expand keywords or merge without a conflict.
 */
const plainAttributes = '* -text !eol !ident !filter !working-tree-encoding !merge !diff\n';

const patchCommand = [
  'diff',
  '--full-index',
  '--no-renames',
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
];

/** The stand-in commits say nothing about anybody, so the same trees make the same commits everywhere. */
const nobody = Object.fromEntries(
  ['AUTHOR', 'COMMITTER'].flatMap((role) => [
    [`GIT_${role}_NAME`, 'codex-plan'],
    [`GIT_${role}_EMAIL`, 'codex-plan@localhost'],
    [`GIT_${role}_DATE`, '2000-01-01T00:00:00Z'],
  ]),
) as Record<string, string>;

/** Builds workspaces under a private folder of the action. Nothing of a checkout that is there is read or written. */
export class GitWorkspaces implements Workspaces {
  readonly #git: Git;
  readonly #folder: string;
  readonly #url: string;

  constructor(git: Git, folder: string, url: string) {
    this.#git = git;
    this.#folder = folder;
    this.#url = url;
  }

  async build(pins: Pins, also: readonly string[] = []): Promise<Workspace> {
    const directory = await mkdtemp(join(this.#folder, 'workspace-'));
    const git = (args: readonly string[], env: Record<string, string> = {}) =>
      this.#git(args, { cwd: directory, env });
    await git(['init', '--quiet', '--template=', '--initial-branch=merge']);
    await mkdir(join(directory, '.git', 'info'));
    await writeFile(join(directory, '.git', 'info', 'attributes'), plainAttributes);
    await this.#fetch(directory, [pins.head, pins.base, pins.mergeBase, ...also]);
    const commit = await this.#merge(git, pins);
    const tree = await objectId(git(['rev-parse', '--verify', `${commit}^{tree}`]));
    await git(['update-ref', 'refs/heads/merge', commit]);
    await takingUp(git(['read-tree', '--reset', '-u', tree]));
    return new GitWorkspace(this.#git, directory, commit, tree);
  }

  /** By commit id, so no name of a branch ever reaches a command line. */
  async #fetch(directory: string, commits: readonly string[]): Promise<void> {
    try {
      await this.#git(
        [
          'fetch',
          '--quiet',
          '--depth=1',
          '--no-tags',
          '--no-write-fetch-head',
          '--no-recurse-submodules',
          this.#url,
          ...new Set(commits),
        ],
        { cwd: directory, timeoutMs: fetchTimeoutMs },
      );
    } catch (cause) {
      if (!(cause instanceof GitError)) throw cause;
      throw new Stopped('api-unavailable', `The commits could not be fetched. ${cause.message}`, {
        cause,
      });
    }
  }

  async #merge(
    git: (args: readonly string[], env?: Record<string, string>) => Promise<Buffer>,
    pins: Pins,
  ): Promise<ObjectId> {
    const standIn = (treeish: string, parents: readonly string[]) =>
      objectId(
        git(
          [
            'commit-tree',
            '-m',
            'stand-in',
            ...parents.flatMap((parent) => ['-p', parent]),
            treeish,
          ],
          nobody,
        ),
      );
    const root = await standIn(`${pins.mergeBase}^{tree}`, []);
    const [base, head] = await Promise.all([
      standIn(`${pins.base}^{tree}`, [root]),
      standIn(`${pins.head}^{tree}`, [root]),
    ]);
    try {
      const tree = await objectId(
        git(['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', base, head]),
      );
      return await standIn(tree, [base, head]);
    } catch (error) {
      if (!(error instanceof GitError) || error.status !== 1) throw error;
      const paths = parseConflicts(error.stdout);
      throw new Stopped(
        'merge-conflict',
        `These files conflict with the base: ${paths.map((path) => JSON.stringify(path)).join(', ')}.`,
      );
    }
  }
}

class GitWorkspace implements Workspace {
  readonly directory: string;
  readonly commit: ObjectId;
  readonly tree: ObjectId;
  readonly #git: Git;

  constructor(git: Git, directory: string, commit: ObjectId, tree: ObjectId) {
    this.#git = git;
    this.directory = directory;
    this.commit = commit;
    this.tree = tree;
  }

  async files(treeish: string): Promise<ReadonlyMap<string, FileState>> {
    return parseTree(await this.#run(['ls-tree', '-r', '-z', '--full-tree', `${treeish}^{tree}`]));
  }

  /** Asked in a repository folder of its own, without the attributes of ours that go before those of the tree. */
  async hiddenInDiffs(paths: readonly string[]): Promise<ReadonlySet<string>> {
    const repository = join(this.directory, '.git', 'attributes-of-the-tree');
    await mkdir(join(repository, 'refs'), { recursive: true });
    await writeFile(join(repository, 'HEAD'), 'ref: refs/heads/merge\n');
    const env = {
      GIT_DIR: repository,
      GIT_OBJECT_DIRECTORY: join(this.directory, '.git', 'objects'),
      GIT_INDEX_FILE: join(repository, 'index'),
    };
    await this.#run(['read-tree', '--reset', this.tree], env);
    const attributes = await this.#git(
      ['check-attr', '--cached', '-z', '--stdin', 'linguist-generated', 'diff'],
      { cwd: this.directory, env, input: paths.map((path) => `${path}\0`).join('') },
    );
    return new Set(
      parseAttributes(attributes)
        .filter(({ attribute, value }) =>
          attribute === 'diff' ? value === 'unset' : value === 'set' || value === 'true',
        )
        .map(({ path }) => path),
    );
  }

  async changes(counted: CountedFiles = 'all'): Promise<readonly FileChange[]> {
    return this.#diff(await this.#changedTree(counted));
  }

  async patch(counted: CountedFiles = 'all'): Promise<Uint8Array> {
    return this.#run([...patchCommand, '--binary', this.tree, await this.#changedTree(counted)]);
  }

  async difference(from: string, to: string, paths: readonly string[]): Promise<string> {
    const diff = await this.#run([...patchCommand, from, to, '--', ...paths]);
    return diff.toString('utf8');
  }

  async replay(patch: Uint8Array): Promise<readonly FileChange[]> {
    const env = { GIT_INDEX_FILE: join(this.directory, '.git', 'index-of-replay') };
    await this.#run(['read-tree', '--reset', this.tree], env);
    try {
      await this.#git(['apply', '--cached', '--binary', '--whitespace=nowarn', '-'], {
        cwd: this.directory,
        env,
        input: patch,
      });
    } catch (cause) {
      if (!(cause instanceof GitError)) throw cause;
      throw new Stopped('base-moved', 'The sealed change does not apply to the merge of today.', {
        cause,
      });
    }
    return this.#diff(await objectId(this.#run(['write-tree'], env)));
  }

  treeOf(commit: ObjectId): Promise<ObjectId> {
    return objectId(this.#run(['rev-parse', '--verify', `${commit}^{tree}`]));
  }

  async treeWith(commit: ObjectId, changes: readonly FileChange[]): Promise<ObjectId> {
    const env = { GIT_INDEX_FILE: join(this.directory, '.git', 'index-of-commit') };
    await this.#run(['read-tree', '--reset', `${commit}^{tree}`], env);
    const lines = changes.map(({ path, before, after }) =>
      after === null
        ? `0 ${before?.blob ?? ''}\t${path}\0`
        : `${after.mode} ${after.blob}\t${path}\0`,
    );
    await this.#git(['update-index', '-z', '--index-info'], {
      cwd: this.directory,
      env,
      input: lines.join(''),
    });
    const tree = await objectId(this.#run(['write-tree'], env));
    // A file in the place of a folder, or the other way round, takes everything there with it.
    const made = await this.#diff(tree, `${commit}^{tree}`);
    const asked = new Set(changes.map(({ path, after }) => `${after?.blob} ${path}`));
    const other = made.find(({ path, after }) => !asked.has(`${after?.blob} ${path}`));
    if (other !== undefined || made.length !== changes.length) {
      const what = other === undefined ? 'it has some of it already' : JSON.stringify(other.path);
      throw new Stopped('base-moved', `The change does not fit on the branch: ${what}.`);
    }
    return tree;
  }

  blob(id: string): Promise<Uint8Array> {
    return this.#run(['cat-file', 'blob', id]);
  }

  /** Through an index that Codex never saw. */
  async #changedTree(counted: CountedFiles): Promise<ObjectId> {
    const env = { GIT_INDEX_FILE: join(this.directory, '.git', 'index-of-changes') };
    await this.#run(['read-tree', '--reset', this.tree], env);
    await takingUp(
      this.#run(['add', '--all', ...(counted === 'all' ? ['--force'] : []), '.'], env),
    );
    if (counted !== 'all') await this.#addIgnored(counted.unignoredAnd, env);
    return objectId(this.#run(['write-tree'], env));
  }

  async #addIgnored(paths: readonly string[], env: Record<string, string>): Promise<void> {
    const there = paths.filter((path) => isThere(join(this.directory, path)));
    if (there.length > 0) await takingUp(this.#run(['add', '--force', '--', ...there], env));
  }

  async #diff(tree: string, before: string = this.tree): Promise<readonly FileChange[]> {
    return parseRawDiff(
      await this.#run([
        'diff-tree',
        '-r',
        '-z',
        '--raw',
        '--no-renames',
        '--no-abbrev',
        '--ignore-submodules=none',
        before,
        tree,
      ]),
    );
  }

  #run(args: readonly string[], env: Record<string, string> = {}): Promise<Buffer> {
    return this.#git(args, { cwd: this.directory, env });
  }
}

/** Nothing is below a folder that has become a file. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return false;
    throw error;
  }
}

/** Some names git neither writes out nor takes up: those that are its own folder on another system. */
async function takingUp<T>(step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (cause) {
    if (!(cause instanceof GitError)) throw cause;
    throw new Stopped('path-invalid', `git does not take a path. ${cause.message}`, { cause });
  }
}

async function objectId(output: Promise<Buffer>): Promise<ObjectId> {
  const id = parseObjectId((await output).toString('latin1').replace(/[\n\0]+$/, ''));
  if (id !== undefined) return id;
  throw new Stopped('internal', 'git answered with something else than an object id.');
}
