/** Planned changes that cannot be made, found out before a reviewer approves them. */
import type { Operation, PlannedFile } from '../core/plan/plan.ts';
import type { FileState } from '../core/plan/scope.ts';
import type { UnsupportedFile } from '../ports/workspaces.ts';

export interface Ground {
  /** All files of the merge, where Codex makes the change, and of the head, on which it is committed. */
  readonly merge: ReadonlyMap<string, FileState>;
  readonly head: ReadonlyMap<string, FileState>;
  readonly attributes: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Whether Codex changes files by patches alone. */
  readonly patchesOnly: boolean;
  /** The content of an ordinary file of the merge, if Codex changes files by patches alone. */
  readonly content: (file: FileState) => Uint8Array;
}

type Planned = Pick<PlannedFile, 'path' | 'operation'>;

/** @param files the whole scope: what one file makes way for, another can take the place of */
export function findUnsupported(files: readonly Planned[], ground: Ground): UnsupportedFile[] {
  const deleted = new Set(
    files.filter((one) => one.operation === 'delete').map(({ path }) => path),
  );
  // Mostly head and merge are one tree, and only a new file can take the place of a folder.
  const creates = files.some(({ operation }) => operation === 'create');
  const trees = creates ? [...new Set([ground.merge, ground.head])] : [];
  const folders = trees.map((tree) => foldersOf(tree, deleted));
  const created = new Set(
    files
      .filter(({ path, operation }) => operation === 'create' && !isFolder(path, folders))
      .map(({ path }) => path),
  );
  const found: UnsupportedFile[] = [];
  for (const { path, operation } of files) {
    const why =
      whyNotAt(path, ground.merge, deleted) ??
      whyNotAt(path, ground.head, deleted) ??
      whyBelow(path, operation, created) ??
      whyFolder(path, operation, folders) ??
      whyTransformed(operation, ground.attributes.get(path)) ??
      (ground.patchesOnly ? whyNotByPatch(path, operation, ground) : undefined);
    if (why !== undefined) found.push({ path, why });
  }
  return found;
}

/** A part of the path that is not a folder. */
function whyNotAt(
  path: string,
  tree: ReadonlyMap<string, FileState>,
  deleted: ReadonlySet<string>,
): string | undefined {
  for (const above of foldersAbove(path)) {
    const mode = tree.get(above)?.mode;
    const name = JSON.stringify(above);
    if (mode === '160000') return `It lies in the submodule ${name}.`;
    if (mode === '120000') return `It lies below the symbolic link ${name}.`;
    if (mode !== undefined && !deleted.has(above)) return `It lies below the file ${name}.`;
  }
  return undefined;
}

/** A path cannot be a file and a folder in one plan. */
function whyBelow(
  path: string,
  operation: Operation,
  created: ReadonlySet<string>,
): string | undefined {
  if (operation !== 'create') return undefined;
  const above = foldersAbove(path).find((folder) => created.has(folder));
  return above && `It lies below the file ${JSON.stringify(above)}, which the plan creates.`;
}

/** The folders of a path, outermost first. */
function foldersAbove(path: string): string[] {
  const names = path.split('/');
  return names.slice(1).map((_, index) => names.slice(0, index + 1).join('/'));
}

/** A new file in place of a folder that is not empty. */
function whyFolder(
  path: string,
  operation: Operation,
  folders: readonly ReadonlySet<string>[],
): string | undefined {
  if (operation !== 'create') return undefined;
  return isFolder(path, folders) ? 'There is a folder at this path.' : undefined;
}

function isFolder(path: string, folders: Iterable<ReadonlySet<string>>): boolean {
  return [...folders].some((one) => one.has(path));
}

/** The folders that are left once these files are gone. */
function foldersOf(
  tree: ReadonlyMap<string, FileState>,
  deleted: ReadonlySet<string>,
): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of tree.keys()) {
    if (deleted.has(path)) continue;
    let slash = path.lastIndexOf('/');
    while (slash !== -1 && !folders.has(path.slice(0, slash))) {
      folders.add(path.slice(0, slash));
      slash = path.lastIndexOf('/', slash - 1);
    }
  }
  return folders;
}

/**
 * git does not store the content of such a file, but a pointer (Git LFS) or encrypted text (git-crypt). Codex would
 * write the plain content, and that would be committed instead.
 */
function whyTransformed(
  operation: Operation,
  attributes: ReadonlyMap<string, string> | undefined,
): string | undefined {
  const filter = attributes?.get('filter') ?? 'unspecified';
  if (operation === 'delete' || filter === 'unspecified' || filter === 'unset') return undefined;
  return `git transforms it: .gitattributes says filter=${filter}.`;
}

/** Codex reads a file as UTF-8 before it patches or deletes it, and refuses what is not. */
function whyNotByPatch(
  path: string,
  operation: Operation,
  { merge, attributes, content: contentOf }: Ground,
): string | undefined {
  if (operation === 'create') {
    // The meaning of the macro `binary`. https://git-scm.com/docs/gitattributes
    const binary = ['diff', 'merge', 'text'].every(
      (one) => attributes.get(path)?.get(one) === 'unset',
    );
    return binary ? 'Codex changes text by patches, and .gitattributes says binary.' : undefined;
  }
  const file = merge.get(path);
  if (!file?.mode.startsWith('100')) return undefined;
  // Seen with Codex 0.171.0: it drops such white space, looks for another file, and leaves this one as it is.
  if (/\p{White_Space}$/u.test(path)) {
    return 'Codex changes text by patches, and drops the white space at the end of its name.';
  }
  const content = contentOf(file);
  if (!isUtf8(content)) return 'Codex changes text by patches, and it is not UTF-8.';
  if (operation === 'delete' || !content.includes(0)) return undefined;
  return 'Codex changes text by patches, and it is binary: it holds a NUL.';
}

function isUtf8(content: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(content);
    return true;
  } catch {
    return false;
  }
}
