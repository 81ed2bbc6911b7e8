/** Names that nobody can guess. */
import { closeSync, openSync, readSync } from 'node:fs';

/**
 * A random UUID, from the source that `node:crypto` has its own from on Linux. To load that module takes a quarter of what
 * a run about an ordinary comment takes.
 */
export function randomName(): string {
  const bytes = Buffer.alloc(16);
  if (process.platform === 'linux') fill(bytes);
  else process.getBuiltinModule('node:crypto').randomFillSync(bytes);
  // Version and variant of a random UUID: https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-4
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** @throws Error if the system does not give that many bytes */
function fill(bytes: Buffer): void {
  const source = openSync('/dev/urandom', 'r');
  try {
    const read = readSync(source, bytes, 0, bytes.length, null);
    if (read !== bytes.length) throw new Error('There is no randomness.');
  } finally {
    closeSync(source);
  }
}
