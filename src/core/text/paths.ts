import { findInvisible, nameCharacter } from './characters.ts';

declare const checked: unique symbol;

/**
 * A checked path inside the repository: one at which a file may be created (`parsePath`), or one at which git can
 * have a file, byte for byte (`parseExistingPath`).
 */
export type CanonicalPath = string & { readonly [checked]: 'path' };

/** The message says why a text is not such a path, without the text itself. */
export class PathError extends Error {}

/**
 * The beginning of what replaces a name in git that is not UTF-8; the bytes follow in hexadecimal digits. No name in
 * git contains a NUL, so no real name looks like this.
 */
export const notUtf8 = '\0bytes:';

const maxBytes = 4096;
const maxSegmentBytes = 255;
const maxSegments = 64;

/** On Windows these names open a device, also with any extension, and with blanks before that. */
const deviceName = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9]|conin\$|conout\$) *(?:\.|$)/;

/**
 * A path that means the same file to git, to every file system and to a reader: relative, `/`-separated, NFC, without
 * characters that are not drawn. Globs and git's pathspec magic are literal text: the action never expands a path.
 * @throws PathError
 */
export function parsePath(text: string): CanonicalPath {
  const problem = pathProblem(text);
  if (problem !== undefined) throw new PathError(problem);
  return text as CanonicalPath;
}

/** @returns undefined if `parsePath` throws */
export function tryPath(text: string): CanonicalPath | undefined {
  return pathProblem(text) === undefined ? (text as CanonicalPath) : undefined;
}

/**
 * A path that an existing file may have, however it is spelled: repositories contain decomposed names, names with a
 * colon or a backslash, names that differ only in case, and `aux.c`. The caller must find it in a tree, byte for
 * byte. Names that git itself refuses in a tree are refused here, too, and so are control characters, which no file
 * needs.
 * @throws PathError
 */
export function parseExistingPath(text: string): CanonicalPath {
  const problem = existingPathProblem(text);
  if (problem !== undefined) throw new PathError(problem);
  return text as CanonicalPath;
}

/** @returns undefined if `parseExistingPath` throws */
export function tryExistingPath(text: string): CanonicalPath | undefined {
  return existingPathProblem(text) === undefined ? (text as CanonicalPath) : undefined;
}

/** Why no file can have a path, as a sentence without the text itself; undefined if one can. */
export function existingPathProblem(text: string): string | undefined {
  const size = sizeProblem(text);
  if (size !== undefined) return size;
  if (text.split('/').some((segment) => segment.startsWith(notUtf8))) {
    return 'It is not valid Unicode.';
  }
  const control = /\p{Cc}/u.exec(text)?.[0];
  if (control !== undefined) return `It holds ${nameCharacter(control)}.`;
  if (text.startsWith('/')) return 'It is not relative.';
  const segments = text.split('/');
  if (segments.includes('')) return 'It has an empty segment.';
  if (segments.includes('.') || segments.includes('..')) return 'A segment is . or ..';
  return segments.some(isGitFolder) ? "It reaches into git's own folder." : undefined;
}

function sizeProblem(text: string): string | undefined {
  if (!text.isWellFormed()) return 'It is not valid Unicode.';
  if (Buffer.byteLength(text) > maxBytes) return `It is longer than ${maxBytes} bytes.`;
  const segments = text.split('/');
  if (segments.length > maxSegments) return `It is deeper than ${maxSegments} folders.`;
  return segments.some((segment) => Buffer.byteLength(segment) > maxSegmentBytes)
    ? `A segment is longer than ${maxSegmentBytes} bytes.`
    : undefined;
}

/** Why no file may be created at a path, as a sentence without the text itself; undefined if one may. */
export function pathProblem(text: string): string | undefined {
  const size = sizeProblem(text);
  if (size !== undefined) return size;
  if (text !== text.normalize('NFC')) return 'It is not in Unicode normal form C.';
  const hidden = findInvisible(text) ?? /[\t\n]/.exec(text)?.[0];
  if (hidden !== undefined) return `It holds ${nameCharacter(hidden)}.`;
  if (text.startsWith('/') || text.startsWith('~')) return 'It is not relative.';
  if (text.includes('\\')) return 'It holds a backslash.';
  if (text.includes(':')) return 'It holds a colon.';
  return text
    .split('/')
    .map(segmentProblem)
    .find((problem) => problem !== undefined);
}

function segmentProblem(segment: string): string | undefined {
  if (segment === '') return 'It has an empty segment.';
  if (segment !== segment.trim()) return 'A segment begins or ends with white space.';
  const folded = fold(segment);
  if (/^\.+$/.test(folded)) return 'A segment has only dots.';
  if (/[/\\:]/.test(folded))
    return 'A segment has a character that some systems read as /, \\ or :';
  if (segment.endsWith('.')) return 'A segment ends with a dot.';
  if (deviceName.test(folded)) return 'A segment is a device name on Windows.';
  return isGitFolder(segment) ? "It reaches into git's own folder." : undefined;
}

/** `.git` in every spelling that some file system treats as the same, and its short name on Windows. */
export function isGitFolder(segment: string): boolean {
  const folded = fold(segment).replace(/[. ]+$/, '');
  return folded === '.git' || folded === 'git~1';
}

/**
 * Two paths with the same fold are the same file on some file system: compatibility forms, case, and characters that
 * are not drawn make no difference. Case goes down, up and down again: a capital sharp s meets ss by its lower case
 * alone, and a dotless i meets i by its upper case alone.
 */
export function fold(path: string): string {
  if (/^[\x20-\x7e]*$/.test(path)) return path.toLowerCase();
  return path
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .normalize('NFKC')
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC');
}

/** Order by UTF-16 code units: the same on every machine and in every locale. */
export function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

/**
 * Finds a path that differs from another one only in case or Unicode form, in the name of a folder or as a whole.
 * @param paths the paths that must not have a twin
 * @param others the other paths, for example those of the tree
 */
export function findTwin(
  paths: Iterable<string>,
  others: Iterable<string> = [],
): [string, string] | undefined {
  const known = newKnown('');
  for (const path of paths) {
    const twin = twinIn(known, path, true);
    if (twin !== undefined) return twin;
  }
  for (const path of others) {
    const twin = twinIn(known, path, false);
    if (twin !== undefined) return twin;
  }
  return undefined;
}

/** @param add whether to add names that are not known yet, or to stop there */
function twinIn(known: Known, path: string, add: boolean): [string, string] | undefined {
  let here = known;
  for (const [start, end] of namesOf(path)) {
    const name = path.slice(start, end);
    // One character can fold to more than one name.
    for (const folded of fold(name).split('/')) {
      const next = here.below.get(folded) ?? (add ? grow(here, folded, path.slice(0, end)) : null);
      if (next === null) return undefined;
      here = next;
    }
    if (here.path.slice(start) !== name) return [here.path, path.slice(0, end)];
  }
  return undefined;
}

/** The folders that contain none of the files. */
export function foldersWithout(files: Iterable<string>, folders: Iterable<string>): Set<string> {
  const found = new Set(folders);
  const known = newKnown('');
  for (const folder of found) {
    let here = known;
    for (const [start, end] of namesOf(folder)) {
      const name = folder.slice(start, end);
      here = here.below.get(name) ?? grow(here, name, folder.slice(0, end));
    }
  }
  for (const file of files) {
    let here: Known | undefined = known;
    for (const [start, end] of namesOf(file)) {
      here = end < file.length ? here.below.get(file.slice(start, end)) : undefined;
      if (here === undefined) break;
      found.delete(here.path);
    }
  }
  return found;
}

/**
 * A tree of names: one walk finds a path, while a lookup of each of its folders takes time that grows with the square
 * of its depth.
 */
interface Known {
  readonly path: string;
  readonly below: Map<string, Known>;
}

function newKnown(path: string): Known {
  return { path, below: new Map() };
}

function grow(above: Known, name: string, path: string): Known {
  const here = newKnown(path);
  above.below.set(name, here);
  return here;
}

/** Where each name of a path begins and ends. */
function* namesOf(path: string): Generator<readonly [number, number]> {
  for (let start = 0, end = 0; end < path.length; start = end + 1) {
    const slash = path.indexOf('/', start);
    end = slash === -1 ? path.length : slash;
    yield [start, end];
  }
}
