/** What a folder of programs holds, as one digest. */
import { createHash } from 'node:crypto';
import { createReadStream, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

const CHUNK_BYTES = 1024 * 1024;

/**
 * A SHA-256 over every entry below `folder`: its path, what it is, whether it can be run, and its content. Files that are
 * there too many, too few or changed give another digest.
 * @throws Error if an entry is neither a file, a folder nor a link, or cannot be read
 */
export async function digestOf(folder: string): Promise<string> {
  const lines: string[] = [];
  for (const path of entriesOf(folder, '')) {
    const absolute = join(folder, path);
    const found = lstatSync(absolute);
    if (found.isSymbolicLink()) lines.push(`link ${path} ${readlinkSync(absolute)}`);
    else if (found.isFile()) {
      const kind = (found.mode & 0o111) === 0 ? 'file' : 'program';
      lines.push(`${kind} ${path} ${await digestOfFile(absolute)}`);
    } else if (!found.isDirectory()) throw new Error(`It is no file: ${path}`);
  }
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

function entriesOf(folder: string, below: string): string[] {
  return readdirSync(join(folder, below), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(below, entry.name);
      return entry.isDirectory() ? entriesOf(folder, path) : [path];
    });
}

async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES }))
    hash.update(chunk);
  return hash.digest('hex');
}
