/** Reads a patch that git made, and tells people what it does to each file. */

/** One file of a patch. */
export interface PatchFile {
  /** The line `diff --git …`, as git wrote it. */
  readonly name: string;
  /** `new file mode 100755` and the like, without ids. */
  readonly modes: readonly string[];
  /** The hunks with their headers, one line after the other; empty if the content is binary or the same. */
  readonly hunks: string;
  readonly binary: boolean;
  readonly added: number;
  readonly removed: number;
}

/** @param patch as `git diff` writes it */
export function readPatch(patch: string): PatchFile[] {
  const files: PatchFile[] = [];
  let lines: string[] = [];
  // Each line of a file comes after a sign, and packed content has no blanks, so neither can look like this line.
  for (const line of patch.split('\n')) {
    if (line.startsWith('diff --git ')) {
      if (lines.length > 0) files.push(readFile(lines));
      lines = [];
    }
    lines.push(line);
  }
  if (lines[0]?.startsWith('diff --git ')) files.push(readFile(lines));
  return files;
}

/**
 * The parts of a patch that people read, as a diff. The name of each file becomes a line without a change.
 * @param diff made by git, or one that has only hunks
 */
export function withoutHeaders(diff: string): string {
  const files = readPatch(diff);
  if (files.length > 0) {
    return files
      .map(({ name, hunks }) => [` ${name}`, ...(hunks === '' ? [] : [hunks])].join('\n'))
      .join('\n');
  }
  const lines = diff.trimEnd().split('\n');
  const first = lines.findIndex((line) => hunkHeader.test(line));
  return (first === -1 ? lines : lines.slice(first)).join('\n');
}

const hunkHeader = /^@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@/;

function readFile([name = '', ...lines]: readonly string[]): PatchFile {
  const start = lines.findIndex((line) => hunkHeader.test(line));
  const header = start === -1 ? lines : lines.slice(0, start);
  const body = start === -1 ? [] : trimEnd(lines.slice(start));
  return {
    name,
    modes: header.filter((line) =>
      /^(?:old mode|new mode|new file mode|deleted file mode) /.test(line),
    ),
    hunks: body.join('\n'),
    binary: header.some(
      (line) => line.startsWith('GIT binary patch') || line.startsWith('Binary files '),
    ),
    added: body.filter((line) => line.startsWith('+')).length,
    removed: body.filter((line) => line.startsWith('-')).length,
  };
}

/** The line end of the last line begins no new line. */
function trimEnd(lines: readonly string[]): readonly string[] {
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
