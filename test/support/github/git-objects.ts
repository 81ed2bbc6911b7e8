import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { idOf, type ObjectType, storeObject } from '../loose-objects.ts';
import { plainCommit } from './commit-object.ts';
import { runGit } from './git-process.ts';

/** The mode of a tree entry: file, executable, symbolic link, submodule, folder. */
export type Mode = '100644' | '100755' | '120000' | '160000' | '040000';

/** One entry of a tree. */
export interface TreeEntry {
  path: string;
  mode: Mode;
  type: 'blob' | 'tree' | 'commit';
  sha: string;
  size: number | null;
}

/** The file at a path after an edit; null if there is none. */
export type Edit = { mode: Mode; sha: string } | null;

/** Who made a commit, and when (any date git accepts: commit dates prove nothing). */
export interface Signature {
  name: string;
  email: string;
  date: string;
}

/** A commit object. */
export interface Commit {
  sha: string;
  tree: string;
  parents: string[];
  author: Signature;
  committer: Signature;
  message: string;
}

const SHA = /^[0-9a-f]{40}$/;

/** From this many blobs on, one git process that packs them is quicker than a file each. */
const MANY = 500;

/** The id of git's tree without entries. */
export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** Objects up to this size are kept in memory once read: they never change. */
const MAX_KEPT = 1 << 20;

interface GitObject {
  type: string;
  content: Buffer;
}

/**
 * The objects of a bare repository, one at a time. They are read and written in git's own format on
 * disk, because one process for each would take most of a test's time.
 */
export class GitObjects {
  readonly folder: string;
  readonly #objects = new Map<string, GitObject>();

  constructor(folder: string) {
    this.folder = folder;
  }

  #object(sha: string): GitObject | null {
    const kept = this.#objects.get(sha);
    if (kept) return kept;
    const object = this.#readLoose(sha) ?? this.#readPacked(sha);
    if (object && object.content.length <= MAX_KEPT) this.#objects.set(sha, object);
    return object;
  }

  #loosePath(sha: string): string {
    return join(this.folder, 'objects', sha.slice(0, 2), sha.slice(2));
  }

  #readLoose(sha: string): GitObject | null {
    const path = this.#loosePath(sha);
    if (!SHA.test(sha) || !existsSync(path)) return null;
    return split(inflateSync(readFileSync(path)), 0x00);
  }

  #readPacked(sha: string): GitObject | null {
    if (!SHA.test(sha)) return null;
    const output = runGit(this.folder, ['cat-file', '--batch'], { input: `${sha}\n` });
    const object = split(output, 0x0a, sha.length + 1);
    if (object.type === 'missing') return null;
    return { ...object, content: object.content.subarray(0, -1) };
  }

  #write(type: ObjectType, content: Buffer): string {
    return storeObject(this.folder, type, content);
  }

  /** The type of an object; null if it does not exist. */
  typeOf(sha: string): string | null {
    return this.#object(sha)?.type ?? null;
  }

  /** A blob's bytes; null if there is no such blob. */
  readBlob(sha: string): Buffer | null {
    const object = this.#object(sha);
    return object?.type === 'blob' ? object.content : null;
  }

  /** Stores bytes as a blob. */
  writeBlob(content: Buffer): string {
    return this.#write('blob', content);
  }

  /**
   * Stores a commit.
   * @returns null if git itself must decide what becomes of it
   */
  protected writeCommit(commit: Omit<Commit, 'sha'>): string | null {
    const { tree, parents } = commit;
    const known =
      this.typeOf(tree) === 'tree' && parents.every((id) => this.typeOf(id) === 'commit');
    const content = known ? plainCommit(commit) : null;
    return content && this.#write('commit', content);
  }

  /** Stores many blobs with one process; their ids, in the same order. */
  writeBlobs(contents: readonly Buffer[]): string[] {
    if (contents.length < MANY) return contents.map((content) => this.writeBlob(content));
    const parts: Buffer[] = [];
    for (const content of contents) {
      parts.push(Buffer.from(`blob\ndata ${content.length}\n`), content, Buffer.from('\n'));
    }
    runGit(this.folder, ['fast-import', '--quiet', '--done'], {
      input: Buffer.concat([...parts, Buffer.from('done\n')]),
    });
    return contents.map((content) => idOf('blob', content));
  }

  /** The tree of a commit's or tree's id; null if the id names neither. */
  treeOf(sha: string): string | null {
    const type = this.typeOf(sha);
    if (type === 'tree') return sha;
    return type === 'commit' ? (this.readCommit(sha)?.tree ?? null) : null;
  }

  /** The entry at a path of a tree or commit; null if there is none. */
  entry(treeish: string, path: string): TreeEntry | null {
    let at = this.treeOf(treeish);
    let found: { mode: Mode; sha: string } | null = null;
    for (const name of path.split('/')) {
      found = (at !== null && this.#entries(at).get(name)) || null;
      at = found?.mode === '040000' ? found.sha : null;
    }
    if (!found) return null;
    const type = typeOfMode(found.mode);
    const size = type === 'blob' ? (this.#object(found.sha)?.content.length ?? 0) : null;
    return { ...found, path, type, size };
  }

  /** The entries of one tree, by name. */
  #entries(sha: string): Map<string, { mode: Mode; sha: string }> {
    const entries = new Map<string, { mode: Mode; sha: string }>();
    if (sha === EMPTY_TREE) return entries;
    const content = this.#object(sha)?.content ?? Buffer.alloc(0);
    for (let at = 0; at < content.length; ) {
      const space = content.indexOf(0x20, at);
      const zero = content.indexOf(0x00, space);
      const mode = content.toString('latin1', at, space).padStart(6, '0') as Mode;
      const name = content.toString('utf8', space + 1, zero);
      entries.set(name, { mode, sha: content.toString('hex', zero + 1, zero + 21) });
      at = zero + 21;
    }
    return entries;
  }

  /**
   * Writes the tree that a base tree becomes by some edits. Names are not judged, so that a test
   * can build what git's own commands would refuse.
   */
  editTree(base: string | null, edits: ReadonlyMap<string, Edit>): string {
    const tree = base === null ? null : this.treeOf(base);
    return this.#writeTree(tree, edits) ?? this.#write('tree', Buffer.alloc(0));
  }

  #writeTree(base: string | null, edits: ReadonlyMap<string, Edit>): string | null {
    const entries = base === null ? new Map<string, Edit & object>() : this.#entries(base);
    const folders = new Map<string, Map<string, Edit>>();
    for (const [path, edit] of edits) {
      const slash = path.indexOf('/');
      if (slash < 0) {
        if (edit) entries.set(path, edit);
        else entries.delete(path);
        continue;
      }
      const folder = path.slice(0, slash);
      const inside = folders.get(folder) ?? new Map<string, Edit>();
      inside.set(path.slice(slash + 1), edit);
      folders.set(folder, inside);
    }
    for (const [folder, inside] of folders) {
      const present = entries.get(folder);
      const below = present?.mode === '040000' ? present.sha : null;
      const sha = this.#writeTree(below, inside);
      if (sha) entries.set(folder, { mode: '040000', sha });
      else if (below !== null) entries.delete(folder);
    }
    if (entries.size === 0) return null;
    return this.#write('tree', treeContent(entries));
  }

  /** Reads a commit object; null if the id names none. */
  readCommit(sha: string): Commit | null {
    const object = this.#object(sha);
    return object?.type === 'commit' ? parseCommit(sha, object.content.toString()) : null;
  }
}

function treeContent(entries: ReadonlyMap<string, { mode: Mode; sha: string }>): Buffer {
  const sorted = [...entries]
    .map(([name, entry]) => ({ name: Buffer.from(name), ...entry }))
    .sort((a, b) => Buffer.compare(sortKey(a), sortKey(b)));
  const content: Buffer[] = [];
  for (const { name, mode, sha } of sorted) {
    const short = Buffer.from(`${mode.replace(/^0/, '')} `);
    content.push(short, name, Buffer.from('\0'), Buffer.from(sha, 'hex'));
  }
  return Buffer.concat(content);
}

function typeOfMode(mode: Mode): TreeEntry['type'] {
  if (mode === '040000') return 'tree';
  return mode === '160000' ? 'commit' : 'blob';
}

/** Removes `type size` and the zero byte after it from an object. */
function split(whole: Buffer, mark: number, from = 0): GitObject {
  const end = whole.indexOf(mark, from);
  const [type = ''] = whole.toString('latin1', from, end).split(' ');
  return { type, content: whole.subarray(end + 1) };
}

function parseCommit(sha: string, text: string): Commit {
  const end = text.indexOf('\n\n');
  const headers = text.slice(0, end).split('\n');
  const all = (name: string) =>
    headers
      .filter((line) => line.startsWith(`${name} `))
      .map((line) => line.slice(name.length + 1));
  return {
    sha,
    tree: all('tree')[0] ?? '',
    parents: all('parent'),
    author: parseSignature(all('author')[0] ?? ''),
    committer: parseSignature(all('committer')[0] ?? ''),
    message: text.slice(end + 2).replace(/\n$/, ''),
  };
}

function parseSignature(text: string): Signature {
  const [, name = '', email = '', seconds = '0'] = /^(.*?) ?<(.*)> (\d+) [+-]\d+$/.exec(text) ?? [];
  const date = new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z');
  return { name, email, date };
}

/** Git sorts a folder as if its name ended in a slash. */
function sortKey(entry: { name: Buffer; mode: Mode }): Buffer {
  return entry.mode === '040000' ? Buffer.concat([entry.name, Buffer.from('/')]) : entry.name;
}
