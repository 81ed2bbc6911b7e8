import { createHash } from 'node:crypto';

/**
 * @param digits how many an id has in this repository: 40, or 64 if its hash is SHA-256
 * @returns the id that git gives to these bytes as the content of a file
 */
export function blobId(bytes: Uint8Array, digits: number): string {
  const hash = createHash(digits === 40 ? 'sha1' : 'sha256');
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
