/** Which files a sealed change is about, read from the headers that git wrote. */

import type { FileState } from '../plan/scope.ts';
import { parseObjectId } from '../text/object-id.ts';

/** One file of a patch; null if it is not there before or after. */
export interface PatchedFile {
  readonly path: string;
  readonly before: FileState | null;
  readonly after: FileState | null;
}

const noBlob = /^0+$/;

/**
 * Reads the headers of `git diff --binary --full-index`. Each file begins with `diff --git`, and no line of a hunk or
 * of a binary literal can look so: git puts a blank, a sign or a length before each of them.
 * @returns undefined if a header is not as git writes it
 */
export function readPatchedFiles(patch: Uint8Array): readonly PatchedFile[] | undefined {
  // Latin-1 keeps each byte, and paths are decoded by themselves.
  const lines = Buffer.from(patch).toString('latin1').split('\n');
  const files: PatchedFile[] = [];
  for (const [at, line] of lines.entries()) {
    if (!line.startsWith('diff --git ')) continue;
    const file = readHeader(line.slice('diff --git '.length), lines.slice(at + 1, at + 6));
    if (file === undefined) return undefined;
    files.push(file);
  }
  return files;
}

function readHeader(names: string, next: readonly string[]): PatchedFile | undefined {
  const path = readPath(names);
  const find = (pattern: RegExp) => {
    for (const line of next) {
      if (line.startsWith('diff --git ')) return undefined;
      const found = pattern.exec(line);
      if (found !== null) return found;
    }
    return undefined;
  };
  const index = find(/^index ([0-9a-f]{40,64})\.\.([0-9a-f]{40,64})(?: ([0-7]{6}))?$/);
  if (path === undefined || index === undefined) return undefined;
  const [, from = '', to = '', mode] = index;
  const before = find(/^(?:deleted file|old) mode ([0-7]{6})$/)?.[1] ?? mode;
  const after = find(/^new (?:file )?mode ([0-7]{6})$/)?.[1] ?? mode;
  return { path, before: toState(before, from), after: toState(after, to) };
}

function toState(mode: string | undefined, blob: string): FileState | null {
  const id = parseObjectId(blob);
  return mode === undefined || id === undefined || noBlob.test(blob) ? null : { mode, blob: id };
}

/** `a/<path> b/<path>`, of one file twice; in quotes if the path has bytes that git writes out. */
function readPath(names: string): string | undefined {
  const half = names.slice(0, (names.length - 1) / 2);
  const other = names.slice(half.length + 1);
  if (names[half.length] !== ' ') return undefined;
  const [one, two] = [unquote(half), unquote(other)];
  if (!one.startsWith('a/') || !two.startsWith('b/') || one.slice(2) !== two.slice(2)) {
    return undefined;
  }
  return Buffer.from(one.slice(2), 'latin1').toString('utf8');
}

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function unquote(name: string): string {
  if (!/^".*"$/.test(name)) return name;
  return name
    .slice(1, -1)
    .replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
      code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (escapes[code] ?? code),
    );
}
