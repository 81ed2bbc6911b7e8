/**
 * Reads what boxed code left behind in a folder. Everything there is hostile: links that lead out, devices and pipes
 * that never end, repositories whose configuration runs programs, paths longer than the system accepts, millions of
 * entries. So no link is followed, only ordinary files are opened, and everything has a limit.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
} from 'node:fs';
import { isGitFolder } from '../core/text/paths.ts';
import { Stopped } from '../decision.ts';
import { isAboutPath } from '../system/path-errors.ts';
import { inFolder, isEmpty, names, openFolder, within } from './open-folder.ts';
import { decodePath } from './output.ts';

export interface Limits {
  /** Files and folders, ignored ones included. */
  readonly entries: number;
  /** Folders within folders. */
  readonly depth: number;
  /** The path of one file within the folder. The system names no path of more than 4096 bytes. */
  readonly pathBytes: number;
  /** One file. GitHub accepts no larger ones than 100 MiB. */
  readonly fileBytes: number;
  /** All files that differ from the merge. */
  readonly changedBytes: number;
  readonly milliseconds: number;
}

const MIB = 1024 * 1024;

export const defaultLimits: Limits = {
  entries: 1_000_000,
  depth: 128,
  pathBytes: 4000,
  fileBytes: 100 * MIB,
  changedBytes: 512 * MIB,
  milliseconds: 300_000,
};

/** An ordinary file or a link; the caller decides whether it may be there. */
export interface FoundFile {
  /** As `decodePath` names it. */
  readonly path: string;
  readonly mode: '100644' | '100755' | '120000';
  /** Where a link leads to, as bytes; null for a file. */
  readonly link: Buffer | null;
  /** One character a byte. */
  readonly raw: string;
  readonly device: bigint;
  readonly inode: bigint;
}

/** Something that no change may contain. */
export interface Obstacle {
  readonly path: string;
  /**
   * If this path is ignored, the obstacle does not matter: it is not read. Of a repository the folder that it lies
   * in, with `/` after it; empty at the root, which nothing ignores.
   */
  readonly raw: string;
  /** For example `a repository`. */
  readonly is: string;
}

export interface Found {
  readonly files: readonly FoundFile[];
  readonly obstacles: readonly Obstacle[];
  /** Those of the given submodules whose folder is there, and empty. */
  readonly submodules: ReadonlySet<string>;
}

/** The folder of git itself in a work tree: a mount point that must have stayed empty. */
const gitFolder = '.git';
/** O_NONBLOCK: without it, opening a pipe waits for somebody who writes into it. */
const openFile =
  constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;

export class WorkTree {
  readonly #limits: Limits;
  readonly #root: number;
  readonly #deadline: number;

  /** @param directory absolute path; to be closed by `close` */
  constructor(directory: string, limits: Limits) {
    this.#limits = limits;
    this.#deadline = performance.now() + limits.milliseconds;
    this.#root = openSync(directory, openFolder);
  }

  close(): void {
    closeSync(this.#root);
  }

  /**
   * Everything below the folder.
   * @param submodules paths of the merge at which nothing but an empty folder belongs
   * @throws Stopped limit-exceeded, or path-invalid for what cannot even be looked at
   */
  list(submodules: ReadonlySet<string>): Found {
    const files: FoundFile[] = [];
    const obstacles: Obstacle[] = [];
    const empty = new Set<string>();
    const { entries: most, depth: deepest, pathBytes: longest } = this.#limits;
    let count = 0;

    const visitFolder = (folder: number, prefix: string, depth: number): void => {
      for (const name of names(folder)) {
        const raw = prefix + name;
        if (++count > most) throw exceeded(`It holds more than ${most} files and folders`);
        if (depth > deepest) throw exceeded(`It is more than ${deepest} folders deep`);
        if (raw.length > longest) throw exceeded(`A path in it has more than ${longest} bytes`);
        this.#checkTime();
        look(raw, () => visit(folder, name, raw, depth));
      }
    };
    const visit = (folder: number, name: string, raw: string, depth: number): void => {
      const path = decodePath(Buffer.from(raw, 'latin1'));
      const at = within(folder, name);
      const stat = lstatSync(at, { bigint: true });
      if (raw === gitFolder && stat.isDirectory()) {
        if (!isEmpty(at)) obstacles.push({ path, raw: '', is: 'a repository' });
      } else if (isGitName(path.slice(path.lastIndexOf('/') + 1))) {
        obstacles.push({ path, raw: raw.slice(0, -name.length), is: 'a repository' });
      } else if (stat.isDirectory() && submodules.has(path)) {
        if (isEmpty(at)) empty.add(path);
        else obstacles.push({ path, raw, is: 'a submodule with something in it' });
      } else if (stat.isDirectory()) {
        inFolder(at, (inner) => visitFolder(inner, `${raw}/`, depth + 1));
      } else if (stat.isFile() || stat.isSymbolicLink()) {
        const link = stat.isFile() ? null : readlinkSync(at, { encoding: 'buffer' });
        const plain = stat.mode & 0o100n ? '100755' : '100644';
        const mode = link === null ? plain : '120000';
        files.push({ path, raw, mode, link, device: stat.dev, inode: stat.ino });
      } else {
        obstacles.push({ path, raw, is: 'neither a file, a folder nor a link' });
      }
    };

    visitFolder(this.#root, '', 1);
    return { files, obstacles, submodules: empty };
  }

  /**
   * The bytes of a file that `list` found, or of the text of a link.
   * @throws Stopped limit-exceeded; path-invalid if it cannot be read, or is another one by now
   */
  read(file: FoundFile): Buffer {
    this.#checkTime();
    return file.link ?? look(file.raw, () => this.#readFile(file));
  }

  #readFile({ raw, path, device, inode }: FoundFile): Buffer {
    const most = this.#limits.fileBytes;
    const file = openSync(within(this.#root, raw), openFile);
    try {
      const stat = fstatSync(file, { bigint: true });
      if (!stat.isFile() || stat.dev !== device || stat.ino !== inode) {
        throw invalid(path, 'was exchanged while it was read');
      }
      if (stat.size > most) throw exceeded(`${JSON.stringify(path)} has more than ${most} bytes`);
      const content = Buffer.allocUnsafe(Number(stat.size));
      let length = 0;
      for (let read = -1; read !== 0 && length < content.length; length += read) {
        read = readSync(file, content, length, content.length - length, null);
      }
      if (length !== content.length || readSync(file, Buffer.alloc(1), 0, 1, null) !== 0) {
        throw invalid(path, 'was written while it was read');
      }
      return content;
    } finally {
      closeSync(file);
    }
  }

  #checkTime(): void {
    if (performance.now() < this.#deadline) return;
    throw exceeded(`It takes longer than ${this.#limits.milliseconds / 1000} seconds to read`);
  }
}

/** @throws Stopped path-invalid for the first of them */
export function refuse([first]: readonly Obstacle[]): void {
  if (first !== undefined) throw invalid(first.path, `is ${first.is}`);
}

/**
 * `.git` in each spelling that git or a file system treats as the same: also after a backslash, which separates names
 * on Windows, and before a colon, which begins the name of a stream there.
 */
function isGitName(name: string): boolean {
  return name.split('\\').some((part) => isGitFolder(part.replace(/:.*$/s, '')));
}

function look<T>(raw: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!isAboutPath(error)) throw error;
    throw invalid(decodePath(Buffer.from(raw, 'latin1')), `cannot be read (${error.code})`, error);
  }
}

function invalid(path: string, what: string, cause?: unknown): Stopped {
  return new Stopped('path-invalid', `In the workspace, ${JSON.stringify(path)} ${what}.`, {
    cause,
  });
}

function exceeded(what: string): Stopped {
  return new Stopped('limit-exceeded', `The workspace is too large. ${what}.`);
}
