import { type FileChange, type FileState, toTransition } from '../../src/core/plan/scope.ts';

/** One changed file, from what was there to what is there; null for nothing. */
export function fileChange(
  path: string,
  before: FileState | null,
  after: FileState | null,
): FileChange {
  const transition = toTransition(before, after);
  if (transition === undefined) throw new Error(`${path} is not there at all.`);
  return { path, ...transition };
}
