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

/** All attributes that decide anything here: one process tells them all. */
const asked = ['filter', 'diff', 'merge', 'text', 'linguist-generated'];

/**
 * @returns a function that tells the value of each of these attributes for each path: `set`, `unset`, `unspecified`, or
 *   the text that it is set to. It asks git once about each path.
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
  const known = new Map<string, Attributes>();
  return async (paths) => {
    const fresh = paths.filter((path) => !known.has(path));
    if (fresh.length > 0) {
      const input = Buffer.concat(fresh.flatMap((path) => [encodePath(path), Buffer.from([0])]));
      const command = ['check-attr', '--cached', '-z', '--stdin', ...asked];
      const output = await git(command, { repository, input });
      const found = new Map(fresh.map((path) => [path, new Map<string, string>()]));
      for (const { path, attribute, value } of parseAttributes(output)) {
        found.get(path)?.set(attribute, value);
      }
      for (const [path, values] of found) known.set(path, values);
    }
    return new Map(paths.map((path) => [path, known.get(path) ?? none]));
  };
}

/** The values by the names of the attributes. */
export type Attributes = ReadonlyMap<string, string>;

const none: Attributes = new Map();

export type AskAttributes = (paths: readonly string[]) => Promise<ReadonlyMap<string, Attributes>>;

/** The paths among these that GitHub folds or leaves out when it shows a diff. */
export function hiddenBy(found: ReadonlyMap<string, Attributes>): ReadonlySet<string> {
  const hidden = [...found].filter(([, attributes]) => {
    const generated = attributes.get('linguist-generated') ?? '';
    return attributes.get('diff') === 'unset' || ['set', 'true'].includes(generated);
  });
  return new Set(hidden.map(([path]) => path));
}
