/** The folder of the proxy's socket. */
import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SOCKET_NAME } from './box.ts';

const PATH_LIMIT = 100;

/** Private, and short: the path of a unix socket ends at 107 bytes. */
export function socketFolder(folder: string): string {
  const preferred = join(folder, 's');
  if (Buffer.byteLength(join(preferred, SOCKET_NAME)) > PATH_LIMIT) {
    return mkdtempSync(join(tmpdir(), 'codex-'));
  }
  mkdirSync(preferred, { mode: 0o700 });
  chmodSync(preferred, 0o700);
  return preferred;
}
