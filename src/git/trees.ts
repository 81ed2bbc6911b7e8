/** Makes trees out of other trees and object ids, in a separate index each time: no work tree is involved. */
import type { FileChange } from '../core/plan/scope.ts';
import { type ObjectId, parseObjectId } from '../core/text/object-id.ts';
import { Stopped } from '../decision.ts';
import { type Git, GitError, type GitOptions } from './git.ts';
import { encodePath } from './output.ts';

/**
 * @param options `index` is overwritten
 * @param from the object id of the tree to begin with; null for an empty one
 * @param flags for `git write-tree`
 * @returns the tree in which these entries replace those of `from`, without those whose name git does not take: it tells
 *   nobody of them, so compare the trees
 */
export async function writeTree(
  git: Git,
  options: GitOptions & { readonly index: string },
  from: string | null,
  changes: readonly Pick<FileChange, 'path' | 'after'>[],
  flags: readonly string[] = [],
): Promise<ObjectId> {
  await git(from === null ? ['read-tree', '--empty'] : ['read-tree', from], options);
  // Deletions come first: a file may replace a folder, and a folder a file.
  const lines = changes
    .toSorted((a, b) => Number(a.after !== null) - Number(b.after !== null))
    .map(({ path, after }) => {
      const { mode, blob } = after ?? { mode: '0', blob: from?.replaceAll(/./g, '0') };
      return Buffer.concat([Buffer.from(`${mode} ${blob}\t`), encodePath(path), Buffer.from([0])]);
    });
  const input = Buffer.concat(lines);
  await git(['update-index', '-z', '--index-info'], { ...options, input });
  return objectId(git(['write-tree', ...flags], options));
}

/**
 * The trees of fetched commits, by one process.
 * @throws Stopped internal if one of them is not there
 */
export async function readTrees<Commits extends readonly ObjectId[]>(
  git: Git,
  repository: string,
  commits: readonly [...Commits],
): Promise<{ [Index in keyof Commits]: ObjectId }> {
  const input = commits.map((commit) => `${commit}^{tree}\n`).join('');
  const output = await git(['cat-file', '--batch-check=%(objectname)'], { repository, input });
  const trees = output
    .toString('latin1')
    .trimEnd()
    .split('\n')
    .map((line) => parseObjectId(line) ?? notAnId());
  if (trees.length !== commits.length) notAnId();
  return trees as { [Index in keyof Commits]: ObjectId };
}

/** git neither writes nor adds some names: those that would be its own folder on another system. */
export async function takingPaths<T>(step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (cause) {
    // Other errors, such as a full disk, are not caused by a path.
    if (!(cause instanceof GitError && pathErrors.test(cause.stderr))) throw cause;
    throw new Stopped('path-invalid', `git does not take a path. ${cause.message}`, { cause });
  }
}

/** git does not say why it cannot create the folder of a submodule. The name can be too long, for example. */
const pathErrors = /invalid path|file name too long|cannot create submodule directory/i;

export async function objectId(output: Promise<Buffer>): Promise<ObjectId> {
  const id = (await output).toString('latin1').replace(/[\n\0]+$/, '');
  return parseObjectId(id) ?? notAnId();
}

function notAnId(): never {
  throw new Stopped('internal', 'git answered with something else than an object id.');
}
