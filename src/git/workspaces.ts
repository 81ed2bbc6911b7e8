import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectId } from '../core/text/object-id.ts';
import { Stopped } from '../decision.ts';
import type { Pins, Workspace, Workspaces } from '../ports/workspaces.ts';
import { repositoryOf } from '../system/workspace-folders.ts';
import { GitError, type GitOptions, type GitTools } from './git.ts';
import { parseConflicts } from './output.ts';
import { objectId, takingPaths } from './trees.ts';
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

  /**
   * @param folder absolute path of a private folder that nobody else writes to
   * @param url of the repository on the server
   */
  constructor(tools: GitTools, folder: string, url: string) {
    this.#tools = tools;
    this.#folder = folder;
    this.#url = url;
  }

  async build(pins: Pins, also: readonly ObjectId[] = []): Promise<Workspace> {
    const folder = await mkdtemp(join(this.#folder, 'workspace-'));
    const directory = join(folder, 'tree');
    const repository = repositoryOf(directory);
    const { git, checkOut } = this.#tools;
    await createRepository(git, repository);
    await this.#fetch(repository, [pins.head, pins.base, pins.mergeBase, ...also]);
    const commit = await this.#merge(repository, pins);
    const tree = await objectId(git(['rev-parse', '--verify', `${commit}^{tree}`], { repository }));
    await git(['update-ref', 'refs/heads/merge', commit], { repository });
    // In the box the repository is mounted on `.git`. On the host that folder stays empty.
    await mkdir(join(directory, '.git'), { recursive: true });
    await takingPaths(checkOut(tree, directory, { repository }));
    return new GitWorkspace({ tools: this.#tools, folder, directory, repository, commit, tree });
  }

  /** By commit id, so no name of a branch ever reaches a command line. */
  async #fetch(repository: string, commits: readonly ObjectId[]): Promise<void> {
    try {
      await this.#tools.fetch(
        [
          '--quiet',
          '--depth=1',
          '--no-tags',
          '--no-write-fetch-head',
          '--no-recurse-submodules',
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

  async #merge(repository: string, pins: Pins): Promise<ObjectId> {
    const { git } = this.#tools;
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
          { repository, identity: nobody },
        ),
      );
    const root = await standIn(`${pins.mergeBase}^{tree}`, []);
    const [base, head] = await Promise.all([
      standIn(`${pins.base}^{tree}`, [root]),
      standIn(`${pins.head}^{tree}`, [root]),
    ]);
    try {
      const tree = await objectId(
        git(['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', base, head], {
          repository,
        }),
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

/** Bare by its place, but not by its word: in the box it is the `.git` of a work tree. */
async function createRepository(git: GitTools['git'], repository: string): Promise<void> {
  await mkdir(join(repository, 'info'), { recursive: true });
  const options: GitOptions = { repository };
  await git(['init', '--quiet', '--bare', '--template=', '--initial-branch=merge'], options);
  await git(['config', 'core.bare', 'false'], options);
  await writeFile(join(repository, 'info', 'attributes'), plainAttributes);
}
