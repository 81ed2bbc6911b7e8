import type { Account } from './accounts.ts';
import type { Edit, Mode } from './git-objects.ts';
import type { Repository } from './repository.ts';

/**
 * A file of a commit: text, bytes, a symbolic link, a submodule, an executable, or null to
 * delete it.
 */
export type FileSpec =
  | string
  | Uint8Array
  | { symlink: string }
  | { gitlink: string }
  | { executable: string | Uint8Array }
  | { mode: Mode; sha: string }
  | null;

/** Path → the file there. */
export type Files = Record<string, FileSpec>;

/** How a commit is made and where it goes. */
export interface PushOptions {
  message?: string;
  /** Commit to build on; by default the branch's tip, or the default branch's if the branch is new. Null: none. */
  parent?: string | null;
  /** Further parents, for a merge commit. */
  merge?: readonly string[];
  /** Author and committer date, which anybody can forge; the clock's time if left out. */
  date?: string;
  /** Author of the commit; who pushes it when left out. */
  author?: { name: string; email: string };
  /** Who pushes. */
  by?: Account;
  /** Whether the branch may move to a commit that is not a descendant. */
  force?: boolean;
}

/** The mail address by which GitHub knows an account in a commit. */
export function emailOf(account: Account): string {
  return `${account.id}+${account.login}@users.noreply.github.com`;
}

/** Commits files on top of a branch; the commit's id. No ref moves. */
export function commitFiles(
  repository: Repository,
  by: Account,
  branch: string,
  files: Files,
  options: PushOptions = {},
): string {
  const { git } = repository;
  const start =
    git.ref(`refs/heads/${branch}`) ?? git.ref(`refs/heads/${repository.defaultBranch}`);
  const parent = options.parent === undefined ? start : options.parent;
  const tree = git.editTree(parent, writeFiles(repository, files));
  const author = options.author ?? { name: by.login, email: emailOf(by) };
  const signature = { ...author, date: options.date ?? repository.github.clock.iso };
  return git.commit({
    tree,
    parents: [...(parent ? [parent] : []), ...(options.merge ?? [])],
    author: signature,
    committer: signature,
    message: options.message ?? `Change ${Object.keys(files)[0] ?? 'nothing'}`,
  });
}

/** Stores the contents of files; the edits that put them into a tree. */
export function writeFiles(repository: Repository, files: Files): Map<string, Edit> {
  const edits = new Map<string, Edit>();
  const stored: { path: string; mode: Mode; content: Buffer }[] = [];
  for (const [path, spec] of Object.entries(files)) {
    if (spec === null) edits.set(path, null);
    else if (typeof spec === 'string' || spec instanceof Uint8Array) {
      stored.push({ path, mode: '100644', content: Buffer.from(spec) });
    } else if ('symlink' in spec) {
      stored.push({ path, mode: '120000', content: Buffer.from(spec.symlink) });
    } else if ('executable' in spec) {
      stored.push({ path, mode: '100755', content: Buffer.from(spec.executable) });
    } else if ('gitlink' in spec) edits.set(path, { mode: '160000', sha: spec.gitlink });
    else edits.set(path, spec);
  }
  const ids = repository.git.writeBlobs(stored.map(({ content }) => content));
  for (const [index, { path, mode }] of stored.entries()) {
    edits.set(path, { mode, sha: ids[index] ?? '' });
  }
  return edits;
}
