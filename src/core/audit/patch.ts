/**
 * Which files a sealed change is about, and as far as the patch alone shows it, what they hold. It reads exactly what
 * `git diff --binary --full-index` writes: `git apply` could treat anything else in a patch as a change.
 */

import type { FileState } from '../plan/scope.ts';
import { blobId } from '../text/blob-id.ts';
import { parseObjectId } from '../text/object-id.ts';

/** One file of a patch; null if it is not there before or after. */
export interface PatchedFile {
  readonly path: string;
  readonly before: FileState | null;
  readonly after: FileState | null;
  /**
   * Whether the content in the patch has the ids of its header. Unknown for a binary file, and for a large file of which
   * the patch shows a part.
   */
  readonly content: 'as named' | 'another' | 'unknown';
}

const noBlob = /^0+$/;

/** @returns undefined if any line is not as git writes it */
export function readPatchedFiles(patch: Uint8Array): readonly PatchedFile[] | undefined {
  // Latin-1 keeps each byte, and paths are decoded by themselves.
  const text = Buffer.from(patch).toString('latin1');
  if (text !== '' && !text.endsWith('\n')) return undefined;
  const lines = new Lines(text.split('\n').slice(0, -1));
  const files: PatchedFile[] = [];
  while (!lines.done) {
    const file = readFile(lines);
    if (file === undefined) return undefined;
    files.push(file);
  }
  return files;
}

class Lines {
  readonly #lines: readonly string[];
  #at = 0;

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  get done(): boolean {
    return this.#at >= this.#lines.length;
  }

  /** The next line, if it is like that. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    const found = pattern.exec(this.#lines[this.#at] ?? '\n');
    if (found === null) return undefined;
    this.#at++;
    return found;
  }
}

function readFile(lines: Lines): PatchedFile | undefined {
  const path = readPath(lines.take(/^diff --git (.*)$/)?.[1] ?? '');
  if (path === undefined) return undefined;
  const deleted = lines.take(/^deleted file mode ([0-7]{6})$/)?.[1];
  const created = lines.take(/^new file mode ([0-7]{6})$/)?.[1];
  const oldMode = lines.take(/^old mode ([0-7]{6})$/)?.[1];
  const newMode = lines.take(/^new mode ([0-7]{6})$/)?.[1];
  const index = lines.take(/^index ([0-9a-f]{40,64})\.\.([0-9a-f]{40,64})(?: ([0-7]{6}))?$/);
  if (index === undefined) return undefined;
  const [, from = '', to = '', mode] = index;
  const before = toState(deleted ?? oldMode ?? mode, from);
  const after = toState(created ?? newMode ?? mode, to);
  const content = readContent(lines, path, before, after);
  return content && { path: decode(path), before, after, content };
}

/** What follows the header of a file. */
function readContent(
  lines: Lines,
  path: string,
  before: FileState | null,
  after: FileState | null,
): PatchedFile['content'] | undefined {
  if (lines.take(/^GIT binary patch$/) !== undefined) {
    return readBinary(lines) && readBinary(lines) ? 'unknown' : undefined;
  }
  const old = lines.take(/^--- (.*)$/)?.[1];
  // The file was empty, or is.
  if (old === undefined) return compare({ start: 0, before: '', after: '' }, before, after);
  const names: [string | undefined, string | null][] = [
    [old, before && `a/${path}`],
    [lines.take(/^\+\+\+ (.*)$/)?.[1], after && `b/${path}`],
  ];
  if (names.some(([name, expected]) => !isName(name, expected ?? '/dev/null'))) return undefined;
  const hunks = readHunks(lines);
  const [first, ...others] = hunks ?? [];
  if (first === undefined) return undefined;
  return others.length > 0 ? 'unknown' : compare(first, before, after);
}

/** For a small file the only part is the whole file; for a created or deleted file this is always so. */
function compare(
  { start, before, after }: Hunk,
  from: FileState | null,
  to: FileState | null,
): PatchedFile['content'] {
  const fromNamed = from === null ? before === '' : hasId(before, from);
  const toNamed = to === null ? after === '' : hasId(after, to);
  if (fromNamed && toNamed) return 'as named';
  const isPart = from !== null && to !== null && (start > 1 || !fromNamed);
  return isPart ? 'unknown' : 'another';
}

interface Hunk {
  /** The number of the first line, as the file was. */
  readonly start: number;
  /** The lines of this part, in Latin-1. */
  readonly before: string;
  readonly after: string;
}

function readHunks(lines: Lines): Hunk[] | undefined {
  const hunks: Hunk[] = [];
  for (;;) {
    const head = lines.take(/^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@/);
    if (head === undefined) return hunks;
    const [, start, old = '1', now = '1'] = head;
    const hunk = readHunk(lines, Number(start), Number(old), Number(now));
    if (hunk === undefined) return undefined;
    hunks.push(hunk);
  }
}

/** @param old how many lines the part had, `now` how many it has */
function readHunk(lines: Lines, start: number, old: number, now: number): Hunk | undefined {
  const [before, after]: [string[], string[]] = [[], []];
  const endsHere = { before: false, after: false };
  while (before.length < old || after.length < now) {
    const [, sign, text = ''] = lines.take(/^([ +-])(.*)$/s) ?? [];
    if (sign === undefined) return undefined;
    if (sign !== '+') before.push(`${text}\n`);
    if (sign !== '-') after.push(`${text}\n`);
    if (lines.take(/^\\ /) === undefined) continue;
    if (sign !== '+') endsHere.before = true;
    if (sign !== '-') endsHere.after = true;
  }
  if (before.length !== old || after.length !== now) return undefined;
  const join = (all: readonly string[], cut: boolean) =>
    all.join('').slice(0, cut ? -1 : undefined);
  return { start, before: join(before, endsHere.before), after: join(after, endsHere.after) };
}

/** One of the two halves: the lines are in git's own alphabet, the first character is their length. */
function readBinary(lines: Lines): boolean {
  if (lines.take(/^(?:literal|delta) \d+$/) === undefined) return false;
  while (lines.take(/^[A-Za-z][0-9A-Za-z!#$%&()*+;<=>?@^_`{|}~-]{5,}$/) !== undefined);
  return lines.take(/^$/) !== undefined;
}

/** Whether these bytes (in Latin-1) have this object id. */
function hasId(content: string, { blob }: FileState): boolean {
  return blobId(Buffer.from(content, 'latin1'), blob.length) === blob;
}

/** Git ends a name with a blank in it by a tab. */
function isName(name: string | undefined, expected: string): boolean {
  return name !== undefined && unquote(name.replace(/\t$/, '')) === expected;
}

function toState(mode: string | undefined, blob: string): FileState | null {
  const id = parseObjectId(blob);
  return mode === undefined || id === undefined || noBlob.test(blob) ? null : { mode, blob: id };
}

/**
 * `a/<path> b/<path>`, of one file twice; in quotes if the path has bytes that git writes out.
 * @returns the path, in Latin-1
 */
function readPath(names: string): string | undefined {
  const half = names.slice(0, (names.length - 1) / 2);
  const other = names.slice(half.length + 1);
  if (names[half.length] !== ' ') return undefined;
  const [one, two] = [unquote(half), unquote(other)];
  if (!one.startsWith('a/') || !two.startsWith('b/') || one.slice(2) !== two.slice(2)) {
    return undefined;
  }
  return one.slice(2);
}

function decode(path: string): string {
  return Buffer.from(path, 'latin1').toString('utf8');
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
