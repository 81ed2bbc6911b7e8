import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Whether any user of the machine can pass through all folders on the way to a path.
 * @param path absolute, without links in it
 */
export function isReachable(path: string): boolean {
  for (let folder = dirname(path); folder !== '/'; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
  }
  return true;
}
