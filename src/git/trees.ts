/** Makes trees out of other trees and object ids, in a separate index each time: no work tree is involved. */
import type { FileChange } from '../core/plan/scope.ts';
import { type ObjectId, parseObjectId } from '../core/text/object-id.ts';
import { Stopped } from '../decision.ts';
import { type Git, GitError, type GitOptions } from './git.ts';
import { encodePath } from './output.ts';

/**
 * @param options `index` is overwritten
 * @param from the object id of the tree to begin with; null for an empty one
 * @returns the tree in which these entries replace those of `from`
 * @throws Stopped path-invalid if git holds a name for its own folder
 */
export async function writeTree(
  git: Git,
  options: GitOptions & { readonly index: string },
  from: string | null,
  changes: readonly Pick<FileChange, 'path' | 'after'>[],
): Promise<ObjectId> {
  await git(from === null ? ['read-tree', '--empty'] : ['read-tree', from], options);
  // What goes away goes first: a file may lie at the place of a folder, and the other way round.
  const lines = changes
    .toSorted((a, b) => Number(a.after !== null) - Number(b.after !== null))
    .map(({ path, after }) => {
      const { mode, blob } = after ?? { mode: '0', blob: from?.replaceAll(/./g, '0') };
      return Buffer.concat([Buffer.from(`${mode} ${blob}\t`), encodePath(path), Buffer.from([0])]);
    });
  const input = Buffer.concat(lines);
  await takingPaths(git(['update-index', '-z', '--index-info'], { ...options, input }));
  return objectId(git(['write-tree'], options));
}

/** Some names git neither writes out nor takes up: those that are its own folder on another system. */
export async function takingPaths<T>(step: Promise<T>): Promise<T> {
  try {
    return await step;
  } catch (cause) {
    // Everything else, such as a full disk, is nothing that a path is to blame for.
    if (!(cause instanceof GitError && /invalid path|file name too long/i.test(cause.stderr))) {
      throw cause;
    }
    throw new Stopped('path-invalid', `git does not take a path. ${cause.message}`, { cause });
  }
}

export async function objectId(output: Promise<Buffer>): Promise<ObjectId> {
  const id = (await output).toString('latin1').replace(/[\n\0]+$/, '');
  const parsed = parseObjectId(id);
  if (parsed !== undefined) return parsed;
  throw new Stopped('internal', 'git answered with something else than an object id.');
}
