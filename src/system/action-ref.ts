/** Which action this is, for the records that it makes. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { ActionRef } from '../core/records/fields.ts';
import { sha256 } from '../core/text/digest.ts';

/**
 * The action as the runner started it. The digest covers the name and the content of each file of the bundle, so that
 * a record tells which code made it whatever a tag says.
 */
export function describeAction(env: NodeJS.ProcessEnv): ActionRef {
  const bundle = dirname(process.argv[1] ?? '');
  const files = readdirSync(bundle, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  const lines = files.map((file) => `${sha256(readFileSync(file))}  ${relative(bundle, file)}\n`);
  return {
    repository: env.GITHUB_ACTION_REPOSITORY || null,
    ref: env.GITHUB_ACTION_REF || null,
    dist_sha256: sha256(lines.join('')),
  };
}
