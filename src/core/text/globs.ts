import { fold } from './paths.ts';

/** Why a text is not accepted as a glob; a sentence without the text itself. */
export class GlobError extends Error {}

const maxLength = 256;
const maxAlternatives = 64;

/**
 * One alternative of a glob: its folders and its file name, each either `**` or a list of characters, in which `*`
 * and `?` are wildcards.
 */
type Alternative = readonly (typeof anyFolders | readonly string[])[];

const anyFolders = '**';

const parsed = new WeakMap<readonly string[], readonly Alternative[]>();

/**
 * The globs of the policy: `*` and `?` match characters of one name, `**` matches any folders, `{a,b}` gives
 * alternatives; everything else, brackets too, is literal. A glob that names a folder matches everything below it, as
 * in a .gitignore file. A form that would protect less than its author expects is refused.
 * @param glob as the policy file has it
 * @throws GlobError
 */
export function checkGlob(glob: string): void {
  if (glob === '') throw new GlobError('It is empty.');
  if (glob.length > maxLength) throw new GlobError(`It is longer than ${maxLength} characters.`);
  if (glob !== glob.trim()) throw new GlobError('It begins or ends with a blank.');
  if (glob.includes('\\')) throw new GlobError('It holds a backslash; folders are divided by /.');
  if (glob.startsWith('!')) throw new GlobError('It begins with !, and there are no exceptions.');
  if (/[!?*+@]\(/.test(glob)) throw new GlobError('Alternatives are written {a,b}.');
  const folded = fold(glob);
  if (countSyntax(folded) !== countSyntax(glob)) {
    throw new GlobError(
      'It holds a character that stands for one of * ? { } , . or /; write that one.',
    );
  }
  for (const alternative of expand(folded)) {
    const segments = alternative.split('/');
    if (segments.at(-1) === '') throw new GlobError('It ends with /; write the folder without it.');
    if (segments.some((segment) => ['', '.', '..'].includes(segment))) {
      throw new GlobError('It is not relative to the root of the repository.');
    }
    // As a name, app/**.ts would be app/*.ts, and every folder below app would go unprotected.
    if (segments.some((segment) => segment.includes(anyFolders) && segment !== anyFolders)) {
      throw new GlobError('It has ** inside a name; the files of all folders are app/**/*.ts.');
    }
  }
}

/**
 * Whether one of the globs names the path, or a folder that the path lies in.
 *
 * Both sides are folded, so that another spelling of a protected path, which is the same file on some file system,
 * matches, too. Regular expressions are not used: with a few stars they take exponential time on a path that a model
 * chose.
 */
export function matchesAny(globs: readonly string[], path: string): boolean {
  let alternatives = parsed.get(globs);
  if (alternatives === undefined) {
    alternatives = globs.flatMap((glob) => expand(fold(glob)).map(parse));
    parsed.set(globs, alternatives);
  }
  const segments = fold(path)
    .split('/')
    .map((segment) => [...segment]);
  return alternatives.some((alternative) => matchFolders(alternative, segments));
}

/** Folding turns some characters into these: a full-width star into a star, for example. */
function countSyntax(text: string): number {
  return text.match(/[*?{},./]/g)?.length ?? 0;
}

/** Whether a glob matches every path: any folders, or any name at the root with everything below it. */
export function coversEverything(glob: string): boolean {
  return expand(fold(glob)).some((alternative) => {
    const names = alternative.split('/').filter((segment) => segment !== anyFolders);
    return names.length <= 1 && names.every(isAnyName);
  });
}

/** A name is never empty, so one `?` beside a star takes nothing away. */
function isAnyName(name: string): boolean {
  return /^[*?]*$/.test(name) && name.includes('*') && name.split('?').length <= 2;
}

/** It ends in `**`, which also matches nothing, so the glob of a folder matches everything below it. */
function parse(glob: string): Alternative {
  return [...glob.split('/'), anyFolders].map((segment) =>
    segment === anyFolders ? anyFolders : [...segment],
  );
}

function matchFolders(alternative: Alternative, segments: readonly (readonly string[])[]): boolean {
  return match(
    alternative,
    segments,
    (wanted) => wanted === anyFolders,
    (wanted, segment) => wanted !== anyFolders && matchName(wanted, segment),
  );
}

function matchName(wanted: readonly string[], name: readonly string[]): boolean {
  return match(
    wanted,
    name,
    (character) => character === '*',
    (character, found) => character === '?' || character === found,
  );
}

/** The first match for the part after a star is as good as any later one, so only the last star is tried again. */
function match<Wanted, Found>(
  wanted: readonly Wanted[],
  found: readonly Found[],
  isStar: (wanted: Wanted) => boolean,
  fits: (wanted: Wanted, found: Found) => boolean,
): boolean {
  let at = 0;
  let star = -1;
  let starEnd = 0;
  for (let next = 0; next < found.length; ) {
    if (at < wanted.length && isStar(wanted[at] as Wanted)) {
      star = at++;
      starEnd = next;
    } else if (at < wanted.length && fits(wanted[at] as Wanted, found[next] as Found)) {
      at++;
      next++;
    } else if (star !== -1) {
      at = star + 1;
      next = ++starEnd;
    } else {
      return false;
    }
  }
  return wanted.slice(at).every(isStar);
}

/** Writes `{a,b}` out. */
function expand(glob: string): string[] {
  const done: string[] = [];
  const open = [glob];
  for (let text = open.pop(); text !== undefined; text = open.pop()) {
    const end = text.indexOf('}');
    const start = text.lastIndexOf('{', end === -1 ? undefined : end);
    if (start === -1 && end === -1) {
      done.push(text);
    } else {
      const choices = end === -1 || start === -1 ? [] : text.slice(start + 1, end).split(',');
      if (choices.length < 2) throw new GlobError('Its braces are not alternatives like {a,b}.');
      for (const choice of choices) open.push(text.slice(0, start) + choice + text.slice(end + 1));
    }
    if (done.length + open.length > maxAlternatives) {
      throw new GlobError(`Its braces make more than ${maxAlternatives} alternatives.`);
    }
  }
  return done;
}
