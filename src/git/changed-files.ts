/** What boxed code changed in a work tree, without a program that walks it. */
import type { FileState } from '../core/plan/scope.ts';
import { Stopped } from '../decision.ts';
import { blobId, type HashAlgorithm } from './blobs.ts';
import { type FoundFile, type Obstacle, refuse, type WorkTree } from './work-tree.ts';

/** What the work tree was made of. */
export interface Original {
  /** All files of the merge. */
  readonly files: ReadonlyMap<string, FileState>;
  /**
   * Which of these paths the `.gitignore` files *of the merge* ignore.
   * @param paths one character for each byte
   */
  readonly listIgnored: (paths: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly algorithm: HashAlgorithm;
}

/** One file as it is now; null if it is gone. */
export interface Changed {
  readonly path: string;
  readonly after: FileState | null;
}

/**
 * Compares the disk with the merge, byte for byte.
 * @param counted which paths count although the merge does not have them and ignores them
 * @param keep gets the content of each file that differs
 * @throws Stopped path-invalid for things that a tree cannot contain, or that may not be there; limit-exceeded
 */
export async function readChanges(
  disk: WorkTree,
  { files: before, listIgnored, algorithm }: Original,
  counted: 'all' | ((path: string) => boolean),
  keep: (id: string, content: Uint8Array) => void,
  changedBytes: number,
): Promise<readonly Changed[]> {
  const submodules = new Set(
    [...before].filter(([, { mode }]) => mode === submodule).map(([path]) => path),
  );
  const found = disk.list(submodules);
  const added = [...found.files, ...found.obstacles].filter(({ path }) => !before.has(path));
  const skipped =
    counted === 'all'
      ? new Set()
      : await listIgnored(added.filter(({ path }) => !counted(path)).map(({ raw }) => raw));
  const counts = ({ raw }: FoundFile | Obstacle) => !skipped.has(raw);
  refuse(found.obstacles.filter(counts));

  const changes: Changed[] = [];
  const there = new Set(found.submodules);
  let bytes = 0;
  for (const file of found.files.filter(counts)) {
    const { path, mode } = file;
    there.add(path);
    const old = before.get(path);
    const content = disk.read(file);
    const blob = blobId(content, algorithm);
    if (old?.blob === blob && old.mode === mode) continue;
    bytes += content.length;
    if (bytes > changedBytes) {
      throw new Stopped(
        'limit-exceeded',
        `The files that were changed have more than ${changedBytes} bytes.`,
      );
    }
    keep(blob, content);
    changes.push({ path, after: { mode, blob } });
  }
  const gone = [...before.keys()].filter((path) => !there.has(path));
  return [...gone.map((path) => ({ path, after: null })), ...changes];
}

const submodule = '160000';
