/** Git's loose objects, written as git writes them but without a start of git: tests make thousands. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import type { ObjectId } from '../../src/core/text/object-id.ts';
import { objectId } from './object-ids.ts';

export type ObjectType = 'blob' | 'tree' | 'commit';

/** The object id of this content. */
export function idOf(type: ObjectType, content: Buffer): ObjectId {
  return objectId(createHash('sha1').update(header(type, content)).update(content).digest('hex'));
}

/**
 * Stores an object, if it is not there.
 * @param repository the folder with `HEAD` and `objects`
 */
export function storeObject(repository: string, type: ObjectType, content: Buffer): ObjectId {
  const id = idOf(type, content);
  const path = join(repository, 'objects', id.slice(0, 2), id.slice(2));
  if (existsSync(path)) return id;
  mkdirSync(dirname(path), { recursive: true });
  // Under another name first, so that nobody reads half of it.
  writeFileSync(`${path}.new`, deflateSync(Buffer.concat([header(type, content), content])), {
    mode: 0o444,
  });
  renameSync(`${path}.new`, path);
  return id;
}

export interface TreeEntry {
  /** The folders that lead to the file, and its own name. Each character is one byte. */
  readonly names: readonly string[];
  readonly mode: string;
  readonly id: ObjectId;
}

/** Stores a folder and all folders in it. Git sorts a folder as if its name ended in a slash. */
export function storeTree(repository: string, entries: readonly TreeEntry[]): ObjectId {
  const sorted = [...Map.groupBy(entries, ({ names: [first = ''] }) => first)]
    .map(([name, below]) => {
      const file = below.find(({ names }) => names.length === 1);
      if (file !== undefined) return { name, order: name, ...file };
      const inner = below.map((each) => ({ ...each, names: each.names.slice(1) }));
      return { name, order: `${name}/`, mode: '40000', id: storeTree(repository, inner) };
    })
    .sort((one, other) => (one.order < other.order ? -1 : 1));
  const content = sorted.flatMap(({ mode, name, id }) => [
    Buffer.from(`${mode} ${name}\0`, 'latin1'),
    Buffer.from(id, 'hex'),
  ]);
  return storeObject(repository, 'tree', Buffer.concat(content));
}

/** Stores a commit of the year 2001 with the message `message`. */
export function storeCommit(
  repository: string,
  tree: string,
  parents: readonly string[],
  message: string,
): ObjectId {
  const by = 'x <x@localhost> 978307200 +0000';
  const lines = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${by}`,
    `committer ${by}`,
    '',
    `${message}\n`,
  ];
  return storeObject(repository, 'commit', Buffer.from(lines.join('\n')));
}

function header(type: ObjectType, { length }: Buffer): Buffer {
  return Buffer.from(`${type} ${length}\0`);
}
