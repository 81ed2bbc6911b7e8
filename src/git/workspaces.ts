/** Builds workspaces: fetches what a merge needs, makes it as git does, and writes it out for Codex. */
import { mkdir, mkdtemp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ObjectId } from '../core/text/object-id.ts';
import { Stopped } from '../decision.ts';
import type {
  BuildOptions,
  BuildReach,
  Pins,
  Place,
  Workspace,
  Workspaces,
} from '../ports/workspaces.ts';
import { repositoryOf } from '../system/workspace-folders.ts';
import { GitError, type GitTools } from './git.ts';
import { findMergeBases, type HistoryLimits, type MergeBases } from './history.ts';
import { refetch } from './objects.ts';
import { parseConflicts } from './output.ts';
import { createRepository, writeSettings } from './repository.ts';
import { writeStandIns } from './stand-ins.ts';
import { objectId, readTrees } from './trees.ts';
import { checkVersion } from './version.ts';
import { GitWorkspace } from './workspace.ts';

const fetchTimeoutMs = 600_000;

/**
 * What Codex reads and what is hashed are the blobs themselves: this file overrides every `.gitattributes` of the
 * pull request, which could convert line ends, expand keywords or merge without a conflict.
 */
const plainAttributes = '* -text !eol !ident !filter !working-tree-encoding !merge !diff\n';

/** Builds workspaces under a private folder of the action. An existing checkout is neither read nor written. */
export class GitWorkspaces implements Workspaces {
  readonly #tools: GitTools;
  readonly #folder: string;
  readonly #url: string;
  readonly #limits: HistoryLimits | undefined;
  #version: Promise<void> | undefined;

  /**
   * @param folder absolute path of a private folder that nobody else writes to
   * @param url of the repository on the server
   */
  constructor(tools: GitTools, folder: string, url: string, limits?: HistoryLimits) {
    this.#tools = tools;
    this.#folder = folder;
    this.#url = url;
    this.#limits = limits;
  }

  async reserve(): Promise<Place> {
    // Begun early. What it finds is told when something is built.
    this.#checkVersion().catch(() => undefined);
    const folder = await mkdtemp(join(this.#folder, 'workspace-'));
    const directory = join(folder, 'tree');
    // In the box the repository is mounted on `.git`. On the host that folder stays empty.
    await mkdir(join(directory, '.git'), { recursive: true });
    await createRepository(repositoryOf(directory), { attributes: plainAttributes });
    return { directory };
  }

  async build(
    pins: Pins,
    also: readonly ObjectId[] = [],
    { reach = 'files', place, whileFetching }: BuildOptions = {},
  ): Promise<Workspace> {
    const { directory } = place ?? (await this.reserve());
    const folder = dirname(directory);
    const repository = repositoryOf(directory);
    await this.#checkVersion();
    const { bases, tree, trees, fetched } = await this.#merge(
      folder,
      repository,
      pins,
      also,
      reach,
      whileFetching,
    );
    const treeOf = (commit: ObjectId) => trees.get(commit) as ObjectId;
    const commit = await writeStandIns(repository, {
      base: treeOf(pins.base),
      head: treeOf(pins.head),
      mergeBases: bases.map(treeOf),
      merge: tree,
    });
    const workspace = new GitWorkspace({
      ...{ tools: this.#tools, folder, directory, repository, commit, tree },
      trees: new Map([...trees, [commit, tree]]),
      ...{ head: pins.head, mergeBases: bases, reach, commits: fetched },
      fetch: (options, objects) => this.#fetch(repository, options, objects),
    });
    if (reach === 'files') await workspace.writeOut();
    return workspace;
  }

  async checkMerges({ directory }: Pick<Workspace, 'directory'>, pins: Pins): Promise<void> {
    const folder = await mkdtemp(join(this.#folder, 'merge-'));
    await this.#merge(folder, repositoryOf(directory), pins, [], 'files');
  }

  /** Checked once, before anything is fetched. */
  #checkVersion(): Promise<void> {
    this.#version ??= checkVersion(this.#tools.git, this.#folder);
    return this.#version;
  }

  /**
   * Fetches what the merge needs, and makes it.
   * @param folder for the history
   * @param repository of the workspace, which gets the trees
   */
  async #merge(
    folder: string,
    repository: string,
    pins: Pins,
    also: readonly ObjectId[],
    reach: BuildReach,
    whileFetching?: () => void,
  ): Promise<Merged> {
    const history = join(folder, 'history');
    await createRepository(history, { attributes: plainAttributes });
    const options = ['--depth=1', ...(reach === 'trees' ? ['--filter=blob:none'] : [])];
    const needed = [pins.head, pins.base, ...also];
    // At once: mostly, the merge base is the base itself. Both end before anything is removed.
    const both = [
      this.#findBases(history, pins),
      this.#fetch(repository, options, needed),
    ] as const;
    whileFetching?.();
    const [found, fetched] = await Promise.allSettled(both);
    if (found.status === 'rejected') throw found.reason;
    if (fetched.status === 'rejected') throw fetched.reason;
    const { bases, involved } = found.value;
    const missing = involved.filter((commit) => !needed.includes(commit));
    if (missing.length > 0) await this.#fetch(repository, options, missing);
    if (reach === 'trees') await writeSettings(repository);
    const all = [...new Set([...needed, ...missing])];
    const merge = () => mergeTree(this.#tools.git, { history, repository }, pins);
    const [made, trees] = await Promise.all([
      reach === 'files' ? merge() : merge().catch(() => undefined),
      readTrees(this.#tools.git, repository, all),
    ]);
    // git may have needed files that were not fetched. Its answer without them does not count.
    if (made === undefined) await this.#fetch(repository, refetch, all);
    return {
      bases,
      fetched: all,
      tree: made ?? (await merge()),
      trees: new Map(all.map((commit, index) => [commit, trees[index] as ObjectId])),
    };
  }

  /** In a repository that Codex does not see: its commits lack their trees. */
  #findBases(history: string, { head, base }: Pins): Promise<MergeBases> {
    const fetchCommits = (depth: number) =>
      this.#fetch(history, ['--filter=tree:0', `--depth=${depth}`], [head, base]);
    return findMergeBases(this.#tools, history, { head, base }, fetchCommits, this.#limits);
  }

  /** By object id, so no name of a branch ever reaches a command line. */
  async #fetch(
    repository: string,
    options: readonly string[],
    objects: readonly ObjectId[],
  ): Promise<void> {
    try {
      await this.#tools.fetch(
        [
          ...['--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules'],
          // Maintenance may go on in the background, in a folder that this job removes.
          '--no-auto-maintenance',
          ...options,
          this.#url,
          ...new Set(objects),
        ],
        { repository, timeoutMs: fetchTimeoutMs },
      );
    } catch (cause) {
      if (!(cause instanceof GitError)) throw cause;
      throw new Stopped('api-unavailable', `The commits could not be fetched. ${cause.message}`, {
        cause,
      });
    }
  }
}

/** A merge that was made. */
interface Merged {
  readonly bases: MergeBases['bases'];
  readonly tree: ObjectId;
  /** All commits that were fetched, and the trees of them. */
  readonly fetched: readonly ObjectId[];
  readonly trees: ReadonlyMap<ObjectId, ObjectId>;
}

/** git's own merge of the commits themselves: their history lies in one repository, their trees in the other. */
async function mergeTree(
  git: GitTools['git'],
  { history, repository }: { readonly history: string; readonly repository: string },
  { base, head }: Pins,
): Promise<ObjectId> {
  const options = { repository: history, objects: join(repository, 'objects') };
  const command = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages'];
  try {
    return await objectId(git([...command, base, head], options));
  } catch (error) {
    if (!(error instanceof GitError) || error.status !== 1) throw error;
    const paths = parseConflicts(error.stdout);
    throw new Stopped(
      'merge-conflict',
      `These files conflict with the base: ${paths.map((path) => JSON.stringify(path)).join(', ')}.`,
    );
  }
}
