/**
 * The per-file gate judges what a patch would do before a byte of it is written. Codex passes on any path that the
 * model wrote; an accepted patch was seen to be written through a symbolic link, to `../` and into `.git`, so a path
 * is resolved here, lexically, and looked up on the disk one component after the other.
 */
import {
  closeSync,
  constants,
  fchownSync,
  lstatSync,
  mkdirSync,
  openSync,
  type Stats,
} from 'node:fs';
import { join, posix } from 'node:path';
import type { AttemptRefusal, Denial, FileAttempt, Judge } from '../../core/plan/attempts.ts';
import { isAboutPath } from '../../system/path-errors.ts';
import { boxUser } from '../box/box-user.ts';
import type { FileUpdate } from './protocol.ts';

/** One end of a change: a move has two. */
interface End {
  /** As Codex gave it: absolute in its own view, or relative to its folder. */
  readonly given: string;
  readonly intent: 'delete' | 'write';
}

export interface Ruling {
  /** Every end that is refused; one of them refuses the whole patch. */
  readonly refused: readonly Denial[];
  /** What the patch would do, end by end: for the log. */
  readonly attempts: readonly FileAttempt[];
}

export interface GateOptions {
  /** The workspace on this side of the box, and as Codex names it. */
  readonly workspace: string;
  readonly workspaceInBox: string;
  readonly judge: Judge;
  /** What lies at a path of the disk, no link followed; undefined if nothing does. The system is asked unless given. */
  readonly lookUp?: (path: string) => Stats | undefined;
  /** Makes one folder, whose parent is there. The system is asked unless given. */
  readonly makeFolder?: (path: string) => void;
}

const askSystem = (path: string): Stats | undefined => lstatSync(path, { throwIfNoEntry: false });

export class Gate {
  readonly #options: GateOptions;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /**
   * Judges a patch by the present disk: which paths are symbolic links, and which exist.
   * @throws an error of the system that says nothing about a path: then nobody knows what the patch would do
   */
  rule(changes: readonly FileUpdate[]): Ruling {
    const rulings = changes.flatMap(ends).map((end) => this.#ruleEnd(end));
    return {
      attempts: rulings.map(({ attempt }) => attempt),
      refused: rulings.flatMap(({ attempt, refusal }) =>
        refusal === null ? [] : [{ ...attempt, ...refusal }],
      ),
    };
  }

  /**
   * Makes the folders that the files of an approved patch lie in: Codex, whose sandbox cannot, fails otherwise.
   * @throws an error of the system that says nothing about a path
   */
  makeFolders(changes: readonly FileUpdate[]): void {
    const { workspace, makeFolder = mkdirSync } = this.#options;
    for (const { given, intent } of changes.flatMap(ends)) {
      const path = intent === 'write' ? this.#relative(given) : null;
      if (path !== null) makeParents(workspace, path, makeFolder);
    }
  }

  #ruleEnd({ given, intent }: End): { attempt: FileAttempt; refusal: AttemptRefusal | null } {
    const path = this.#relative(given);
    if (path === null) {
      return {
        attempt: { path: given, operation: intent === 'delete' ? 'delete' : 'create' },
        refusal: invalid('It lies outside the workspace.'),
      };
    }
    const found = this.#examine(path);
    const written = found.exists ? 'modify' : 'create';
    const attempt: FileAttempt = { path, operation: intent === 'delete' ? 'delete' : written };
    if (path.split('/').some((name) => name.toLowerCase() === '.git')) {
      return { attempt, refusal: invalid('It lies in .git.') };
    }
    if (found.obstacle !== null) return { attempt, refusal: invalid(found.obstacle) };
    return { attempt, refusal: this.#options.judge(attempt) };
  }

  /** Null if it is not inside the workspace. */
  #relative(given: string): string | null {
    const root = this.#options.workspaceInBox;
    const resolved = posix.resolve(root, given);
    return resolved.startsWith(`${root}/`) ? resolved.slice(root.length + 1) : null;
  }

  /** Follows no link: each component itself is examined now. */
  #examine(path: string): { exists: boolean; obstacle: string | null } {
    const { lookUp = askSystem } = this.#options;
    let current = this.#options.workspace;
    const names = path.split('/');
    for (const [index, name] of names.entries()) {
      current = join(current, name);
      const isLast = index === names.length - 1;
      let found: Stats | undefined;
      try {
        found = lookUp(current);
      } catch (error) {
        if (!isAboutPath(error)) throw error;
        return { exists: false, obstacle: 'It cannot be looked up.' };
      }
      if (found === undefined) return { exists: false, obstacle: null };
      if (found.isSymbolicLink()) {
        return { exists: isLast, obstacle: `It is reached through a symbolic link: ${name}.` };
      }
      if (isLast && !found.isFile()) return { exists: true, obstacle: 'It is not a file.' };
      if (!isLast && !found.isDirectory()) {
        return { exists: false, obstacle: `${name} is not a folder.` };
      }
    }
    return { exists: true, obstacle: null };
  }
}

/**
 * One folder at a time, each opened without following a link and the next made inside of what is open: a command
 * outside the sandbox may replace folders by links at the same time.
 */
function makeParents(workspace: string, path: string, make: (folder: string) => void): void {
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
  let folder = openSync(workspace, flags);
  try {
    for (const name of path.split('/').slice(0, -1)) {
      const inside = `/proc/self/fd/${folder}/${name}`;
      const made = makeUnlessThere(inside, make);
      const next = openSync(inside, flags);
      closeSync(folder);
      folder = next;
      if (made && boxUser !== null) fchownSync(folder, boxUser.uid, boxUser.gid);
    }
  } catch (error) {
    if (!isAboutPath(error)) throw error;
    // Then the patch fails too, and the model is told why.
  } finally {
    closeSync(folder);
  }
}

/** @returns whether the folder was not there */
function makeUnlessThere(path: string, make: (folder: string) => void): boolean {
  try {
    make(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function ends({ path, kind }: FileUpdate): End[] {
  switch (kind.type) {
    case 'add':
      return [{ given: path, intent: 'write' }];
    case 'delete':
      return [{ given: path, intent: 'delete' }];
    case 'update':
      if (kind.move_path == null) return [{ given: path, intent: 'write' }];
      // Even if both ends are one file: Codex writes it, and then deletes it as the old one.
      return [
        { given: path, intent: 'delete' },
        { given: kind.move_path, intent: 'write' },
      ];
  }
}

function invalid(detail: string): AttemptRefusal {
  return { reason: 'path-invalid', detail };
}
