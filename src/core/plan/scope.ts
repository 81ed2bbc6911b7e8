import type { ObjectId } from '../text/object-id.ts';
import { type CanonicalPath, existingPathProblem, findTwin, pathProblem } from '../text/paths.ts';
import type { AttemptRefusal, Denial, Judge } from './attempts.ts';
import type { Operation, PlannedFile } from './plan.ts';

/** What git has at a path: the mode as six octal digits, the object id of the blob. */
export interface FileState {
  readonly mode: string;
  readonly blob: ObjectId;
}

export function sameState(one: FileState | null, other: FileState | null): boolean {
  return one?.mode === other?.mode && one?.blob === other?.blob;
}

/** What happens to a file, with its state before and after; null if it is not there. */
export type Transition =
  | { readonly operation: 'create'; readonly before: null; readonly after: FileState }
  | { readonly operation: 'modify'; readonly before: FileState; readonly after: FileState }
  | { readonly operation: 'delete'; readonly before: FileState; readonly after: null };

/** One changed file as git tells it; `path` is not checked yet. A rename is a delete and a create. */
export type FileChange = { readonly path: string } & Transition;

/** @returns undefined if the file is not there, neither before nor after */
export function toTransition(
  before: FileState | null,
  after: FileState | null,
): Transition | undefined {
  if (before !== null && after !== null) return { operation: 'modify', before, after };
  if (after !== null) return { operation: 'create', before: null, after };
  return before === null ? undefined : { operation: 'delete', before, after: null };
}

/** What parity found. */
export interface Parity {
  readonly denials: readonly Denial[];
  /** Approved, but left as it was: worth a note, not a refusal. */
  readonly untouched: readonly CanonicalPath[];
}

const plainFile = '100644';
const executableFile = '100755';

/** Whether git's mode is that of a file: neither a link, nor a folder, nor a submodule. */
export function isOrdinaryFile(mode: string): boolean {
  return mode === plainFile || mode === executableFile;
}

/**
 * Makes the judge of an approved scope: it decides on one attempted change of one path, before anything is written.
 */
export function judgeBy(scope: readonly PlannedFile[]): Judge {
  const approved = new Map<string, Operation>(scope.map((file) => [file.path, file.operation]));
  return ({ path, operation }) => {
    const planned = approved.get(path);
    // A file that exists is approved under whatever name it has.
    const exists = planned === 'modify' || planned === 'delete';
    const invalid = exists ? existingPathProblem(path) : pathProblem(path);
    if (invalid !== undefined) return { reason: 'path-invalid', detail: invalid };
    if (planned === undefined) {
      return { reason: 'outside-plan', detail: 'The plan does not name this file.' };
    }
    // A created file that is patched again is still the approved creation.
    if (planned === operation || (planned === 'create' && operation === 'modify')) return null;
    return { reason: 'operation-mismatch', detail: `The plan says ${planned}, not ${operation}.` };
  };
}

/**
 * *per_file* parity: the change that was really made lies inside the approved scope. Paths, operations, modes and
 * file types must match exactly; the content of files is not judged.
 * @param changes from git, renames as a delete and a create
 */
export function checkParity(scope: readonly PlannedFile[], changes: readonly FileChange[]): Parity {
  const approved = new Map<string, Operation>(scope.map((file) => [file.path, file.operation]));
  const denials = changes.flatMap((change) => {
    const denial = denyChange(approved, change);
    return denial === undefined
      ? []
      : [{ path: change.path, operation: change.operation, ...denial }];
  });
  const changed = new Set(changes.map((change) => change.path));
  return {
    denials: [...denials, ...denyTwins(scope, changes)],
    untouched: scope.filter((file) => !changed.has(file.path)).map((file) => file.path),
  };
}

function denyChange(
  approved: ReadonlyMap<string, Operation>,
  change: FileChange,
): AttemptRefusal | undefined {
  const { operation } = change;
  const planned = approved.get(change.path);
  if (planned === undefined) {
    const invalid = pathProblem(change.path);
    return {
      reason: 'outside-plan',
      detail: ['The plan does not name this file.', invalid].filter(Boolean).join(' '),
    };
  }
  if (planned !== operation) {
    return { reason: 'operation-mismatch', detail: `The plan says ${planned}, not ${operation}.` };
  }
  return denyMode(change);
}

/**
 * A plan names no modes, so a change of mode is never approved, and neither is a file that is not an ordinary one.
 */
function denyMode({ before, after }: FileChange): AttemptRefusal | undefined {
  const ordinary = (state: FileState | null) => state === null || isOrdinaryFile(state.mode);
  if (!ordinary(before) || !ordinary(after)) {
    return { reason: 'operation-mismatch', detail: 'It is a symbolic link or a submodule.' };
  }
  const expected = before?.mode ?? plainFile;
  if (after !== null && after.mode !== expected) {
    return {
      reason: 'operation-mismatch',
      detail: `Its mode becomes ${after.mode} instead of ${expected}.`,
    };
  }
  return undefined;
}

/**
 * Whether a recorded refusal says that the mode or the kind of a file was refused. An audit asks: records keep the
 * sentences above for years, so add the beginning of a new one here, and keep the old ones.
 */
export function isAboutMode(detail: string): boolean {
  return /^Its mode becomes |^It is a symbolic link /.test(detail);
}

/** A created file must not be a second name of a file that is still there, nor lie in a second name of a folder. */
function denyTwins(scope: readonly PlannedFile[], changes: readonly FileChange[]): Denial[] {
  const created = changes.filter((change) => change.operation === 'create');
  const deleted = new Set(
    changes.filter((change) => change.operation === 'delete').map((change) => change.path),
  );
  const others = [...scope, ...changes].filter(({ path }) => !deleted.has(path));
  const paths = (files: readonly { readonly path: string }[]) => files.map(({ path }) => path);
  const twin = findTwin(paths(created), paths(others));
  if (twin === undefined) return [];
  const [one, other] = twin;
  const detail = `${JSON.stringify(one)} and ${JSON.stringify(other)} are one file on some file systems.`;
  return created
    .filter(({ path }) => path === one || path.startsWith(`${one}/`))
    .map(({ path, operation }) => ({ path, operation, reason: 'path-invalid', detail }));
}
