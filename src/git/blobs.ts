/** Stores objects in a private repository as git does, without starting a process for each of them. */
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import type { ObjectId } from '../core/text/object-id.ts';
import { tryToRemove } from '../system/remove-tree.ts';

/** The names that git gives to content. */
export type HashAlgorithm = 'sha1' | 'sha256';

type Kind = 'blob' | 'commit';

/** @returns the object id of these bytes, exactly as they are: no filter, no line end is converted */
export function blobId(content: Uint8Array, algorithm: HashAlgorithm): ObjectId {
  return idOf('blob', content, algorithm);
}

/** The algorithm that gave this id. */
export function algorithmOf(id: ObjectId): HashAlgorithm {
  return id.length === 40 ? 'sha1' : 'sha256';
}

function idOf(kind: Kind, content: Uint8Array, algorithm: HashAlgorithm): ObjectId {
  const hash = createHash(algorithm).update(header(kind, content)).update(content);
  return hash.digest('hex') as ObjectId;
}

/**
 * Writes a loose object: a build can leave 20,000 files behind, and `git hash-object` takes 3 ms for each.
 * https://git-scm.com/book/en/v2/Git-Internals-Git-Objects#_object_storage
 * @param id as `blobId` says
 */
export function storeBlob(repository: string, id: string, content: Uint8Array): void {
  store(repository, 'blob', id, content);
}

/**
 * Writes a commit, as `git commit-tree` does.
 * @param content in git's form
 * @returns its object id
 */
export function storeCommit(
  repository: string,
  content: Uint8Array,
  algorithm: HashAlgorithm,
): ObjectId {
  const id = idOf('commit', content, algorithm);
  store(repository, 'commit', id, content);
  return id;
}

function store(repository: string, kind: Kind, id: string, content: Uint8Array): void {
  const folder = join(repository, 'objects', id.slice(0, 2));
  mkdirSync(folder, { recursive: true });
  const unfinished = join(folder, `unfinished-${process.pid}`);
  try {
    const packed = deflateSync(Buffer.concat([header(kind, content), content]), { level: 1 });
    writeFileSync(unfinished, packed, { mode: 0o444 });
    renameSync(unfinished, join(folder, id.slice(2)));
  } catch (error) {
    tryToRemove(unfinished);
    throw error;
  }
}

function header(kind: Kind, content: Uint8Array): Buffer {
  return Buffer.from(`${kind} ${content.length}\0`);
}
