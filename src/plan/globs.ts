import picomatch from 'picomatch';
import { fold } from './paths.ts';

/** Why a text is not taken as a glob; a sentence without the text itself. */
export class GlobError extends Error {}

const maxLength = 256;
/** Each star costs a factor of the path's length at worst; eight stay under a millisecond on the longest segment. */
const maxStars = 8;

const compiled = new WeakMap<readonly string[], (path: string) => boolean>();

/**
 * The globs of the policy: literal text, `*` and `?` within a folder, `**` across folders, `[abc]`, `{a,b}`.
 * A form that a reader takes for something and that would match nothing, or that a hostile path makes slow, is
 * refused: a list of protected paths must not be silently empty.
 * @throws GlobError
 */
export function checkGlob(glob: string): void {
  if (glob.length > maxLength) throw new GlobError(`It is longer than ${maxLength} characters.`);
  if (glob !== glob.trim()) throw new GlobError('It begins or ends with white space.');
  if (glob.includes('\\')) throw new GlobError('It holds a backslash; folders are divided by /.');
  if (glob.startsWith('!')) throw new GlobError('It begins with !, and there are no exceptions.');
  if (/[()|]/.test(glob)) throw new GlobError('It holds ( ) or |; use {a,b} for alternatives.');
  const segments = glob.split('/');
  if (segments.some((segment) => ['.', '..'].includes(segment) || /^\p{Cc}/u.test(segment))) {
    throw new GlobError('It holds . or .. as a folder.');
  }
  if (segments.at(-1) === '') throw new GlobError('It ends with /; write folder/** for a folder.');
  if (segments.includes('')) throw new GlobError('It begins with / or holds an empty folder name.');
  if ((glob.match(/\*+/g)?.length ?? 0) > maxStars) {
    throw new GlobError(`It holds more than ${maxStars} stars.`);
  }
  try {
    compile(glob);
  } catch (cause) {
    throw new GlobError('It is not a glob.', { cause });
  }
}

/**
 * Both sides are folded, so that a spelling which some file system takes for a protected path matches as that path.
 * A leading `**` matches at the root too, and names that begin with a dot are names like any other.
 */
export function matchesAny(globs: readonly string[], path: string): boolean {
  let match = compiled.get(globs);
  if (match === undefined) {
    const matchers = globs.map(compile);
    match = (folded) => matchers.some((matches) => matches(folded));
    compiled.set(globs, match);
  }
  return match(fold(path));
}

function compile(glob: string): (path: string) => boolean {
  return picomatch(fold(glob), {
    dot: true,
    nocase: true,
    // Quantified groups are where a regular expression turns exponential.
    noextglob: true,
    nonegate: true,
    strictBrackets: true,
    windows: false,
  });
}
