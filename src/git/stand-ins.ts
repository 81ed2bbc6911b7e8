/**
 * Commits that stand in for those of the pull request: Codex gets their trees, and nothing of their history. They are
 * written without git, which would take a process for each.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectId } from '../core/text/object-id.ts';
import { algorithmOf, storeCommit } from './blobs.ts';

/** What the merge of a workspace is made of: trees. */
export interface MergedTrees {
  readonly base: ObjectId;
  readonly head: ObjectId;
  /** Those of the merge bases, in git's order. */
  readonly mergeBases: readonly ObjectId[];
  readonly merge: ObjectId;
}

/** Author and date are constant, so the same trees give the same commits everywhere. */
const nobody = 'codex-plan <codex-plan@localhost> 946684800 +0000';

/**
 * Writes the merge for Codex to look at: `HEAD^1` is the base, `HEAD^2` the head, and before them is what both have in common.
 * @param repository absolute path of a repository that this action made, whose `HEAD` names the branch `merge`
 * @returns the commit of the merge
 */
export async function writeStandIns(repository: string, trees: MergedTrees): Promise<ObjectId> {
  const write = (tree: ObjectId, parents: readonly ObjectId[]): ObjectId => {
    const lines = [
      `tree ${tree}`,
      ...parents.map((parent) => `parent ${parent}`),
      `author ${nobody}`,
      `committer ${nobody}`,
      '',
      'stand-in',
      '',
    ];
    return storeCommit(repository, Buffer.from(lines.join('\n')), algorithmOf(tree));
  };
  // Two of them can have the same tree, and git does not accept the same parent twice.
  const parents = [...new Set(trees.mergeBases.map((tree) => write(tree, [])))];
  const base = write(trees.base, parents);
  const head = write(trees.head, parents);
  const merge = write(trees.merge, [...new Set([base, head])]);
  await writeFile(join(repository, 'refs/heads/merge'), `${merge}\n`);
  return merge;
}
