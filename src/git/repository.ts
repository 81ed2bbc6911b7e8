import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface RepositoryOptions {
  /** For all paths, before what any `.gitattributes` says. */
  readonly attributes?: string;
  /** Absolute path of another repository, whose objects are this one's too. */
  readonly alternate?: string;
  /** Some commands want a work tree unless the repository says that it is bare. */
  readonly bare?: boolean;
}

/**
 * Makes an empty repository of the action, with the files that git needs. This saves two processes each time,
 * compared with `git init`. Unless it is to be bare, it can be the `.git` of a work tree, as it is in the box.
 * https://git-scm.com/docs/gitrepository-layout
 */
export async function createRepository(
  path: string,
  { attributes, alternate, bare = false }: RepositoryOptions = {},
): Promise<void> {
  for (const folder of ['objects/info', 'refs/heads', 'info']) {
    await mkdir(join(path, folder), { recursive: true });
  }
  await writeFile(join(path, 'HEAD'), 'ref: refs/heads/merge\n');
  await writeSettings(path, bare);
  if (attributes !== undefined) await writeFile(join(path, 'info', 'attributes'), attributes);
  if (alternate !== undefined) {
    await writeFile(join(path, 'objects/info/alternates'), `${join(alternate, 'objects')}\n`);
  }
}

/**
 * Replaces all settings of a repository that this action made. A fetch that leaves files out adds the server to them, so
 * that git asks it for a missing file later. Without that setting git says that the file is missing.
 */
export async function writeSettings(path: string, bare = false): Promise<void> {
  const settings = ['repositoryformatversion = 0', 'filemode = true', `bare = ${bare}`];
  await writeFile(join(path, 'config'), `[core]\n\t${settings.join('\n\t')}\n`);
}
