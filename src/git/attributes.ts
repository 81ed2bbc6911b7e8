/** What the `.gitattributes` files of a tree say of paths. */
import { join } from 'node:path';
import type { ObjectId } from '../core/text/object-id.ts';
import type { Git } from './git.ts';
import { encodePath, parseAttributes } from './output.ts';
import { createRepository } from './repository.ts';

export interface AttributesOptions {
  readonly git: Git;
  /** Absolute path of the repository that has the tree. Its own attributes, which would win, are left out. */
  readonly repository: string;
  /** Absolute path of a folder of the action, which is made if it is not there. */
  readonly folder: string;
  readonly tree: ObjectId;
}

/**
 * @returns a function that tells the value of each attribute for each path: `set`, `unset`, `unspecified`, or the
 *   text that it is set to
 */
export async function openAttributes({
  git,
  repository: alternate,
  folder,
  tree,
}: AttributesOptions): Promise<AskAttributes> {
  const repository = join(folder, 'attributes');
  await createRepository(repository, { alternate, bare: true });
  await git(['read-tree', tree], { repository });
  return async (attributes, paths) => {
    const input = Buffer.concat(paths.flatMap((path) => [encodePath(path), Buffer.from([0])]));
    const output = await git(['check-attr', '--cached', '-z', '--stdin', ...attributes], {
      repository,
      input,
    });
    const found = new Map(paths.map((path) => [path, new Map<string, string>()]));
    for (const { path, attribute, value } of parseAttributes(output)) {
      found.get(path)?.set(attribute, value);
    }
    return found;
  };
}

export type AskAttributes = (
  attributes: readonly string[],
  paths: readonly string[],
) => Promise<ReadonlyMap<string, ReadonlyMap<string, string>>>;
