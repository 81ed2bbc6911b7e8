/** Builds workspaces: fetches what a merge needs, makes it as git does, and writes it out for Codex. */
import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectId } from '../core/text/object-id.ts';
import { Stopped } from '../decision.ts';
import type { Pins, Workspace, Workspaces } from '../ports/workspaces.ts';
import { repositoryOf } from '../system/workspace-folders.ts';
import { GitError, type GitTools } from './git.ts';
import { findMergeBases, type HistoryLimits, type MergeBases } from './history.ts';
import { parseConflicts } from './output.ts';
import { createRepository } from './repository.ts';
import { objectId, takingPaths } from './trees.ts';
import { checkVersion } from './version.ts';
import { GitWorkspace } from './workspace.ts';

const fetchTimeoutMs = 600_000;

/**
 * What Codex reads and what is hashed are the blobs themselves: this file goes before any `.gitattributes` of the
 * pull request, which could convert line ends, expand keywords or merge without a conflict.
 */
const plainAttributes = '* -text !eol !ident !filter !working-tree-encoding !merge !diff\n';

/** The stand-in commits say nothing about anybody, so the same trees make the same commits everywhere. */
const nobody = Object.fromEntries(
  ['AUTHOR', 'COMMITTER'].flatMap((role) => [
    [`GIT_${role}_NAME`, 'codex-plan'],
    [`GIT_${role}_EMAIL`, 'codex-plan@localhost'],
    [`GIT_${role}_DATE`, '2000-01-01T00:00:00Z'],
  ]),
);

/** Builds workspaces under a private folder of the action. Nothing of a checkout that is there is read or written. */
export class GitWorkspaces implements Workspaces {
  readonly #tools: GitTools;
  readonly #folder: string;
  readonly #url: string;
  readonly #limits: HistoryLimits | undefined;

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

  async build(pins: Pins, also: readonly ObjectId[] = []): Promise<Workspace> {
    const folder = await mkdtemp(join(this.#folder, 'workspace-'));
    const directory = join(folder, 'tree');
    const repository = repositoryOf(directory);
    const history = join(folder, 'history');
    const { git, checkOut } = this.#tools;
    await createRepository(history, { attributes: plainAttributes });
    await checkVersion(git, history);
    await createRepository(repository, { attributes: plainAttributes });

    const { bases, involved } = await this.#findBases(history, pins);
    await this.#fetch(repository, ['--depth=1'], [pins.head, pins.base, ...involved, ...also]);
    const tree = await mergeTree(git, { history, repository }, pins);
    const commit = await this.#standIns(repository, pins, bases, tree);
    await git(['update-ref', 'refs/heads/merge', commit], { repository });
    // In the box the repository is mounted on `.git`. On the host that folder stays empty.
    await mkdir(join(directory, '.git'), { recursive: true });
    await takingPaths(checkOut(tree, directory, { repository }));
    return new GitWorkspace({
      ...{ tools: this.#tools, folder, directory, repository, commit, tree },
      ...{ head: pins.head, mergeBases: bases },
    });
  }

  async checkMerges({ directory }: Pick<Workspace, 'directory'>, pins: Pins): Promise<void> {
    const history = join(await mkdtemp(join(this.#folder, 'merge-')), 'history');
    await createRepository(history, { attributes: plainAttributes });
    const repository = repositoryOf(directory);
    const { involved } = await this.#findBases(history, pins);
    await this.#fetch(repository, ['--depth=1'], [pins.head, pins.base, ...involved]);
    await mergeTree(this.#tools.git, { history, repository }, pins);
  }

  /** In a repository that Codex does not see: its commits lack their trees. */
  #findBases(history: string, { head, base }: Pins): Promise<MergeBases> {
    const fetchCommits = (depth: number) =>
      this.#fetch(history, ['--filter=tree:0', `--depth=${depth}`], [head, base]);
    return findMergeBases(this.#tools, history, { head, base }, fetchCommits, this.#limits);
  }

  /** By commit id, so no name of a branch ever reaches a command line. */
  async #fetch(
    repository: string,
    options: readonly string[],
    commits: readonly ObjectId[],
  ): Promise<void> {
    try {
      await this.#tools.fetch(
        [
          ...['--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules'],
          ...options,
          this.#url,
          ...new Set(commits),
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

  /** The merge for Codex to look at: `HEAD^1` is the base, `HEAD^2` the head, below them is what they have in common. */
  async #standIns(
    repository: string,
    pins: Pins,
    bases: readonly ObjectId[],
    tree: ObjectId,
  ): Promise<ObjectId> {
    const standIn = (treeish: string, parents: readonly string[]) =>
      objectId(
        this.#tools.git(
          [
            'commit-tree',
            '-m',
            'stand-in',
            ...parents.flatMap((parent) => ['-p', parent]),
            treeish,
          ],
          { repository, identity: nobody },
        ),
      );
    const roots = await Promise.all(bases.map((base) => standIn(`${base}^{tree}`, [])));
    // Two merge bases can have one tree, and git wants no parent twice.
    const parents = [...new Set(roots)];
    const [base, head] = await Promise.all([
      standIn(`${pins.base}^{tree}`, parents),
      standIn(`${pins.head}^{tree}`, parents),
    ]);
    return standIn(tree, [base, head]);
  }
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
