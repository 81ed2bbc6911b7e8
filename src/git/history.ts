/**
 * Finds the merge bases of head and base in a history of commits alone, which is small enough to fetch: without trees
 * and files a commit takes about 250 bytes. Two branches that merged each other have several merge bases, and git
 * merges these first, which may again need merge bases. If only one of several bases is used, the tree silently
 * differs from git's.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NonEmpty } from '../core/lists.ts';
import type { ObjectId } from '../core/text/object-id.ts';
import { Stopped } from '../decision.ts';
import { GitError, type GitTools } from './git.ts';

export interface HistoryLimits {
  /** How many generations are fetched first: enough for most branches. Each further time it is four times as many. */
  readonly depth: number;
  /** 200,000 commits take about 50 MB. */
  readonly commits: number;
  /** Each further merge base takes a separate tree. */
  readonly bases: number;
}

export const historyLimits: HistoryLimits = { depth: 64, commits: 200_000, bases: 100 };

export interface MergeBases {
  /** The best common ancestors of head and base, in git's own order; never empty. */
  readonly bases: NonEmpty<ObjectId>;
  /** All commits whose trees git reads for the merge, in addition to head and base. */
  readonly involved: readonly ObjectId[];
}

/**
 * @param repository absolute path of an empty repository of the action, which will hold the history
 * @param fetchCommits fetches both commits and their history to this depth, without trees
 * @throws Stopped merge-conflict if there is no common ancestor, limit-exceeded
 */
export async function findMergeBases(
  { git }: Pick<GitTools, 'git'>,
  repository: string,
  { head, base }: { readonly head: ObjectId; readonly base: ObjectId },
  fetchCommits: (depth: number) => Promise<void>,
  limits: HistoryLimits = historyLimits,
): Promise<MergeBases> {
  const list = async (...args: string[]) =>
    (await git(args, { repository }))
      .toString('latin1')
      .split('\n')
      .filter(Boolean)
      .map((line) => line as ObjectId);

  for (let { depth } = limits; ; depth *= 4) {
    await fetchCommits(depth);
    const found = await new Search(list, await readBoundary(repository), limits).run(base, head);
    if (found !== undefined) return found;
    const count = await git(['rev-list', '--count', base, head], { repository });
    if (Number(count.toString('latin1')) > limits.commits) {
      throw tooLarge(`Their common history lies more than ${limits.commits} commits back`);
    }
  }
}

type ListCommits = (...args: string[]) => Promise<ObjectId[]>;

/** The history, as far as it was fetched. */
class Search {
  readonly #list: ListCommits;
  /** Commits whose parents were not fetched. */
  readonly #boundary: ReadonlySet<string>;
  readonly #limits: HistoryLimits;
  readonly #involved = new Set<ObjectId>();
  #visits = 0;

  constructor(list: ListCommits, boundary: ReadonlySet<string>, limits: HistoryLimits) {
    this.#list = list;
    this.#boundary = boundary;
    this.#limits = limits;
  }

  /** Undefined if more of the history is needed to be sure. */
  async run(base: ObjectId, head: ObjectId): Promise<MergeBases | undefined> {
    const bases = await this.#visit([base], head);
    if (bases === undefined) return undefined;
    const [first, ...others] = bases;
    if (first === undefined) {
      throw new Stopped('merge-conflict', 'The branch and its base have no common ancestor.');
    }
    if (this.#involved.size > this.#limits.bases) throw this.#tooMany();
    return { bases: [first, ...others], involved: [...this.#involved] };
  }

  /**
   * The merge bases of a commit and the (imagined) merge of others, and what the merge of these bases needs.
   *
   * Why this is certain: as long as every commit that only one side has was fetched with its parents, no common ancestor
   * is missing among those found. One too many can be found, an ancestor of another by a way that was not fetched. But
   * then there are several, they are merged, and the same is asked of them.
   */
  async #visit(
    ours: readonly ObjectId[],
    theirs: ObjectId,
  ): Promise<readonly ObjectId[] | undefined> {
    if (++this.#visits > 2 * this.#limits.bases) throw this.#tooMany();
    // The bases count only if the history is deep enough. They are computed at the same time, which is faster.
    const [onlyOne, bases] = await Promise.all([
      this.#listOfOneSide(ours, theirs),
      this.#list('merge-base', '--all', theirs, ...ours).catch(noneAtAll),
    ]);
    if (onlyOne.some((commit) => this.#boundary.has(commit))) return undefined;
    for (const base of bases) this.#involved.add(base);
    // git merges the oldest two, then the result with the next one, and so on.
    const oldestFirst = bases.toReversed();
    for (const [index, next] of oldestFirst.entries()) {
      if (index === 0) continue;
      if ((await this.#visit(oldestFirst.slice(0, index), next)) === undefined) return undefined;
    }
    return bases;
  }

  /** The commits that only one side has. */
  async #listOfOneSide(ours: readonly ObjectId[], theirs: ObjectId): Promise<readonly ObjectId[]> {
    const [first] = ours;
    if (ours.length === 1) return this.#list('rev-list', `${first}...${theirs}`);
    const lists = await Promise.all([
      this.#list('rev-list', ...ours, `^${theirs}`),
      this.#list('rev-list', theirs, ...ours.map((one) => `^${one}`)),
    ]);
    return lists.flat();
  }

  #tooMany(): Stopped {
    return tooLarge(`Their merge needs more than ${this.#limits.bases} common ancestors`);
  }
}

/** `git merge-base` says by its status alone that there is none. */
function noneAtAll(error: unknown): ObjectId[] {
  if (error instanceof GitError && error.status === 1) return [];
  throw error;
}

/** git lists them in a file, which is not there if the history is complete. */
async function readBoundary(repository: string): Promise<ReadonlySet<string>> {
  try {
    const text = await readFile(join(repository, 'shallow'), 'latin1');
    return new Set(text.split('\n').filter(Boolean));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Set();
    throw error;
  }
}

function tooLarge(why: string): Stopped {
  return new Stopped(
    'limit-exceeded',
    `The histories of the branch and its base are too far apart. ${why}. Update the branch with its base.`,
  );
}
