import type { CanonicalPath } from '../../src/core/text/paths.ts';

/** A path that nobody checked, in the place of one that was: what the code does with it is the test. */
export const uncheckedPath = (path: string) => path as CanonicalPath;
