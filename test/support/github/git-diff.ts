import { runGit, zeroSeparated } from './git-process.ts';

/** One file of a comparison, as `git diff --find-renames` sees it. */
export interface DiffFile {
  status: 'added' | 'removed' | 'modified' | 'renamed' | 'changed';
  path: string;
  previous: string | null;
  /** The blob after the change, or the one before if the file is removed. */
  sha: string;
  additions: number;
  deletions: number;
  patch: string | null;
}

/** The files that differ between two trees, with their patches. */
export function diffTrees(folder: string, before: string, after: string): DiffFile[] {
  const options = ['--find-renames', '--no-color', '--no-ext-diff'];
  const raw = zeroSeparated(
    runGit(folder, ['diff-tree', '-r', '-z', '--raw', '--no-abbrev', ...options, before, after]),
  );
  const files: DiffFile[] = [];
  /** How many parts of the patch each file has: a change of type is a deletion and a creation. */
  const pieces: number[] = [];
  for (let at = 0; at < raw.length; ) {
    const [beforeMode = '', afterMode = '', beforeSha = '', afterSha = '', letter = ''] = (
      raw[at++] ?? ''
    )
      .slice(1)
      .split(' ');
    const first = raw[at++] ?? '';
    const renamed = letter.startsWith('R');
    const path = renamed ? (raw[at++] ?? '') : first;
    pieces.push(letter === 'T' ? 2 : 1);
    files.push({
      status: statusOf(letter, beforeMode !== afterMode && beforeSha === afterSha),
      path,
      previous: renamed ? first : null,
      sha: letter === 'D' ? beforeSha : afterSha,
      additions: 0,
      deletions: 0,
      patch: null,
    });
  }
  const numbers = runGit(folder, ['diff-tree', '-r', '-z', '--numstat', ...options, before, after]);
  fillStatistics(files, pieces, zeroSeparated(numbers), patchOfTrees(folder, before, after));
  return files;
}

function fillStatistics(
  files: DiffFile[],
  pieces: number[],
  numbers: string[],
  whole: string,
): void {
  const patches = whole.split(/^(?=diff --git )/m);
  for (let at = 0, index = 0; at < numbers.length; index++) {
    const [added = '', deleted = '', path = ''] = (numbers[at++] ?? '').split('\t');
    if (path === '') at += 2;
    const patch = patches.splice(0, pieces[index] ?? 1).join('');
    const file = files[index];
    if (!file || added === '-') continue;
    file.additions = Number(added);
    file.deletions = Number(deleted);
    const hunks = patch.search(/^@@ /m);
    if (hunks >= 0) file.patch = patch.slice(hunks).replace(/\n$/, '');
  }
}

/** The whole difference of two trees as one patch. */
export function patchOfTrees(folder: string, before: string, after: string): string {
  return runGit(folder, [
    'diff-tree',
    '-r',
    '-p',
    '--no-color',
    '--no-ext-diff',
    '--find-renames',
    before,
    after,
  ]).toString();
}

function statusOf(letter: string, modeOnly: boolean): DiffFile['status'] {
  if (letter === 'A') return 'added';
  if (letter === 'D') return 'removed';
  if (letter.startsWith('R')) return 'renamed';
  return modeOnly || letter === 'T' ? 'changed' : 'modified';
}
