/**
 * What the repository ignores, by the `.gitignore` files of the merge alone: those that boxed code wrote are not
 * obeyed, and git does not look at the folder that it wrote to. The rules are written out into a folder of the action
 * instead.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileState } from '../core/plan/scope.ts';
import { GitError, type GitTools } from './git.ts';
import { writeTree } from './trees.ts';

export interface RulesOptions {
  readonly tools: GitTools;
  readonly repository: string;
  /** Absolute path of a folder that is not there yet. */
  readonly folder: string;
  /** All files of the merge. */
  readonly files: ReadonlyMap<string, FileState>;
}

/**
 * @param paths one character for each byte; a folder ends with `/`
 * @returns those that are ignored
 */
export async function listIgnored(
  { tools, repository, folder, files }: RulesOptions,
  paths: readonly string[],
): Promise<ReadonlySet<string>> {
  // git reads no rules through a link, either.
  const rules = [...files]
    .filter(([path, { mode }]) => /(?:^|\/)\.gitignore$/.test(path) && mode.startsWith('100'))
    .map(([path, after]) => ({ path, after }));
  const asked = paths.filter((path) => path !== '');
  if (rules.length === 0 || asked.length === 0) return new Set();
  const tree = join(folder, 'tree');
  await mkdir(tree, { recursive: true });
  const options = { repository, index: join(folder, 'index') };
  await tools.checkOut(await writeTree(tools.git, options, null, rules), tree, options);
  const lines = Buffer.from(asked.map((path) => `./${path}\0`).join(''), 'latin1');
  try {
    const ignored = (await tools.listIgnored(lines, tree, options)).toString('latin1');
    return new Set(ignored.split('\0').map((line) => line.slice(2)));
  } catch (error) {
    if (error instanceof GitError && error.status === 1) return new Set();
    throw error;
  }
}
