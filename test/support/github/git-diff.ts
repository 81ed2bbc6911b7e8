import { runGit } from './git-process.ts';

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
  const output = runGit(folder, [
    ...['diff-tree', '-r', '-z', '--raw', '--numstat', '-p', '--no-abbrev'],
    ...['--find-renames', '--no-color', '--no-ext-diff', before, after],
  ]).toString();
  const part = splitter(output);
  const files: DiffFile[] = [];
  /** How many parts of the patch each file has: a change of type is a deletion and a creation. */
  const pieces: number[] = [];
  while (part.next() === ':') {
    const [beforeMode = '', afterMode = '', beforeSha = '', afterSha = '', letter = ''] = part
      .take()
      .slice(1)
      .split(' ');
    const first = part.take();
    const renamed = letter.startsWith('R');
    pieces.push(letter === 'T' ? 2 : 1);
    files.push({
      status: statusOf(letter, beforeMode !== afterMode && beforeSha === afterSha),
      path: renamed ? part.take() : first,
      previous: renamed ? first : null,
      sha: letter === 'D' ? beforeSha : afterSha,
      additions: 0,
      deletions: 0,
      patch: null,
    });
  }
  const numbers = files.map(() => {
    const [added = '', deleted = '', path = ''] = part.take().split('\t');
    if (path === '') part.take(2);
    return { added, deleted };
  });
  part.take();
  fillStatistics(files, pieces, numbers, part.rest());
  return files;
}

/** Reads records that end in a zero byte, one after another. */
function splitter(text: string) {
  let at = 0;
  return {
    next: () => text[at],
    /** Goes past some records; the last of them. */
    take(count = 1): string {
      let record = '';
      for (let each = 0; each < count; each++) {
        const end = text.indexOf('\0', at);
        record = text.slice(at, end);
        at = end + 1;
      }
      return record;
    },
    rest: () => text.slice(at),
  };
}

/*
 * In JavaScript, `^` with the flag `m` also stands after a CR and after two characters of Unicode, which git takes for a part of the
 * line. So a file could have a line that looks like the head of the next file.
 */
const partOfPatch = /(?<=^|\n)(?=diff --git )/;
const hunk = /(?<=\n)@@ /;

function fillStatistics(
  files: DiffFile[],
  pieces: readonly number[],
  numbers: readonly { readonly added: string; readonly deleted: string }[],
  whole: string,
): void {
  const patches = whole.split(partOfPatch);
  for (const [index, { added, deleted }] of numbers.entries()) {
    const patch = patches.splice(0, pieces[index] ?? 1).join('');
    const file = files[index];
    if (!file || added === '-') continue;
    file.additions = Number(added);
    file.deletions = Number(deleted);
    const hunks = patch.search(hunk);
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
