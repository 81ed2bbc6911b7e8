/** What a folder of programs holds, as one digest. */
import { createHash, webcrypto } from 'node:crypto';
import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';

/** Pieces are read and hashed by Node's threads, so that all processors of the machine work on one large file. */
const PIECE_BYTES = 1024 * 1024;
/** Several times what a version of Codex has. */
const MOST_FILES = 1_000;
const MOST_BYTES = 4 * 1024 * PIECE_BYTES;
/** As many as Node has threads for this. */
const AT_ONCE = 4;

/**
 * A SHA-256 over every entry below `folder`: its path, what it is, whether it can be run, and the SHA-256 of each piece of
 * its content. Files that are there too many, too few or changed give another digest.
 * @throws Error if an entry is neither a file, a folder nor a link, or cannot be read; if there is so much that it cannot be
 *   Codex: what another job left there must not take all of the memory or the time of this one
 */
export async function digestOf(folder: string): Promise<string> {
  const hasher = new Hasher();
  try {
    const lines: (() => string)[] = [];
    for (const path of entriesOf(folder, '')) {
      if (lines.length === MOST_FILES) throw tooMuch();
      const absolute = join(folder, path);
      const found = lstatSync(absolute);
      if (found.isSymbolicLink()) {
        const target = readlinkSync(absolute);
        lines.push(() => JSON.stringify(['link', path, target]));
      } else if (found.isFile()) {
        const kind = (found.mode & 0o111) === 0 ? 'file' : 'program';
        const pieces = await hasher.add(absolute);
        lines.push(() => JSON.stringify([kind, path, ...pieces]));
      } else if (!found.isDirectory()) throw new Error(`It is no file: ${path}`);
    }
    await hasher.run();
    const text = lines.map((line) => line()).join('\n');
    return createHash('sha256').update(text).digest('hex');
  } finally {
    await hasher.close();
  }
}

function* entriesOf(folder: string, below: string): Generator<string> {
  const entries = readdirSync(join(folder, below), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(below, entry.name);
    if (entry.isDirectory()) yield* entriesOf(folder, path);
    else yield path;
  }
}

function tooMuch(): Error {
  return new Error('It is more than Codex has.');
}

interface Piece {
  readonly file: FileHandle;
  readonly position: number;
  readonly bytes: number;
  /** Where its digest goes. */
  readonly digests: string[];
  readonly index: number;
}

class Hasher {
  readonly #files: FileHandle[] = [];
  readonly #pieces: Piece[] = [];
  #bytes = 0;

  /** @returns the digests of its pieces, which are there after `run` */
  async add(path: string): Promise<readonly string[]> {
    const file = await open(path, 'r');
    this.#files.push(file);
    const { size } = await file.stat();
    this.#bytes += size;
    if (this.#bytes > MOST_BYTES) throw tooMuch();
    const digests: string[] = [];
    for (let position = 0; position < size; position += PIECE_BYTES) {
      const bytes = Math.min(PIECE_BYTES, size - position);
      this.#pieces.push({ file, position, bytes, digests, index: position / PIECE_BYTES });
    }
    return digests;
  }

  async run(): Promise<void> {
    const rest = this.#pieces.values();
    const work = async (): Promise<void> => {
      const buffer = Buffer.allocUnsafeSlow(PIECE_BYTES);
      for (const piece of rest) await hash(piece, buffer);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  async close(): Promise<void> {
    // They were only read: whatever is wrong with that, the digest is right, or there is none.
    await Promise.allSettled(this.#files.map((file) => file.close()));
  }
}

async function hash(piece: Piece, buffer: Buffer): Promise<void> {
  const { file, position, bytes, digests, index } = piece;
  const { bytesRead } = await file.read(buffer, 0, bytes, position);
  if (bytesRead !== bytes) throw new Error('It was written while it was read.');
  const digest = await webcrypto.subtle.digest('SHA-256', buffer.subarray(0, bytes));
  digests[index] = Buffer.from(digest).toString('hex');
}
