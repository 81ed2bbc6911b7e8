/** Errors of the system which say something about a path, told from those which say something about the machine. */

/**
 * It may not be read, something else is there, or its name cannot be one: `EINVAL` and `EILSEQ` are what file systems say
 * that take fewer characters, and Node itself takes no NUL.
 * https://man7.org/linux/man-pages/man2/open.2.html#ERRORS
 */
const aboutPaths: ReadonlySet<unknown> = new Set([
  'EACCES',
  'EPERM',
  'ELOOP',
  'ENOTDIR',
  'ENOENT',
  'ENXIO',
  'ENAMETOOLONG',
  'EINVAL',
  'EILSEQ',
  'ERR_INVALID_ARG_VALUE',
]);

/**
 * Whether an error says something about the path that was used. Any other says nothing about it: the machine may have no
 * memory left, or may open no more files. So it must not count as something that whoever named the path has done.
 * @param error as the system throws it, with its code
 */
export function isAboutPath(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && aboutPaths.has(error.code);
}
