/** Installations that were not finished. */
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { removeTree } from '../../system/remove-tree.ts';
import { oneLine } from '../run-log.ts';

/** How the folder begins that a job installs into. */
export const UNFINISHED = 'install-';
/** Much longer than an installation may take. */
const ABANDONED_AFTER_MS = 3_600_000;

/**
 * A job that was cancelled leaves hundreds of megabytes in the tool cache of a machine that stays. A folder that is not
 * old may belong to another job, which is using it.
 * @param tool the folder of Codex in the tool cache, with one folder a version
 */
export function removeAbandoned(tool: string, report: (line: string) => void): void {
  const before = Date.now() - ABANDONED_AFTER_MS;
  for (const version of readdirSync(tool)) {
    if (!lstatSync(join(tool, version)).isDirectory()) continue;
    for (const name of readdirSync(join(tool, version))) {
      const path = join(tool, version, name);
      if (!name.startsWith(UNFINISHED) || lstatSync(path).mtimeMs > before) continue;
      report(`Removing what a job left that did not come to its end: ${oneLine(path)}`);
      for (const failure of removeTree(path)) report(`It is still there: ${oneLine(failure)}`);
    }
  }
}
