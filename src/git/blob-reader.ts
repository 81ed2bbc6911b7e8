/** Reads the content of files from a repository, many of them by one process. */
import { type ObjectId, parseObjectId } from '../core/text/object-id.ts';
import { Stopped } from '../decision.ts';
import type { Git } from './git.ts';

export type Blobs = ReadonlyMap<ObjectId, Uint8Array>;

/**
 * @returns the bytes of each
 * @throws Stopped internal if one of them is missing, limit-exceeded if one of them is too large
 */
export async function readBlobs(
  git: Git,
  repository: string,
  ids: readonly ObjectId[],
): Promise<Blobs> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const input = wanted.map((id) => `${id}\n`).join('');
  try {
    return parseBatch(await git(['cat-file', '--batch'], { repository, input }), wanted);
  } catch (error) {
    const isTooMuch = error instanceof Stopped && error.reason === 'limit-exceeded';
    if (!isTooMuch || wanted.length === 1) throw error;
  }
  // Together they are larger than the limit for one answer of git. Each of them may be smaller.
  const half = Math.ceil(wanted.length / 2);
  const [first, second] = [wanted.slice(0, half), wanted.slice(half)];
  return new Map([
    ...(await readBlobs(git, repository, first)),
    ...(await readBlobs(git, repository, second)),
  ]);
}

/** Those of these objects that the repository does not have. */
export async function listMissing(
  git: Git,
  repository: string,
  ids: readonly ObjectId[],
): Promise<readonly ObjectId[]> {
  if (ids.length === 0) return [];
  const input = ids.map((id) => `${id}\n`).join('');
  const output = await git(['cat-file', '--batch-check'], { repository, input });
  return output
    .toString('latin1')
    .split('\n')
    .flatMap((line) => /^(\S+) missing$/.exec(line)?.[1] ?? [])
    .map((id) => parseObjectId(id) ?? unreadable());
}

/** `git cat-file --batch`: of each object a line with its id, kind and size, then its bytes and one more. */
function parseBatch(output: Buffer, wanted: readonly ObjectId[]): Blobs {
  const blobs = new Map<ObjectId, Uint8Array>();
  let at = 0;
  for (const id of wanted) {
    const end = output.indexOf(10, at);
    const [name, kind, size = ''] = output
      .subarray(at, Math.max(at, end))
      .toString('latin1')
      .split(' ');
    const [from, to] = [end + 1, end + 1 + Number(size)];
    if (end === -1 || name !== id || kind !== 'blob' || !/^\d+$/.test(size) || output[to] !== 10) {
      unreadable();
    }
    blobs.set(id, output.subarray(from, to));
    at = to + 1;
  }
  if (at !== output.length) unreadable();
  return blobs;
}

function unreadable(): never {
  throw new Stopped('internal', 'git does not have the content of a file.');
}
