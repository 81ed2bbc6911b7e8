/**
 * Builds everything that is generated: `dist/` from `src/`, and the parts of the documents that `documents.ts` writes.
 * With `--check` it writes nothing, and a file that differs from what it would write is an error.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateFiles } from './documents.ts';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const fresh = 'build/dist';

rmSync('build', { recursive: true, force: true });
// `npm run typecheck` checks the types, of the tests too.
await run('tsc', ['--project', 'tsconfig.build.json', '--noCheck']);
// Without a cache, the bundle comes from the sources alone.
const bundling = ['--license', 'licenses.txt', '--no-cache', '--quiet'];
// TypeScript 7 has no JavaScript API that the bundler could use, so it gets what the compiler wrote.
const bundle = (entry: string, out: string) =>
  run('ncc', ['build', `build/${entry}`, '--out', out, ...bundling]);
// The audit by itself is for a machine that has nothing but Node.
await Promise.all([bundle('index.js', fresh), bundle('offline.js', 'build/audit')]);
renameSync('build/audit', `${fresh}/audit`);
const documents = [...generateFiles()].filter(
  ([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text,
);

if (process.argv.includes('--check')) {
  const stale = [...compareFolders('dist', fresh), ...documents.map(([path]) => path)];
  if (stale.length > 0) {
    console.error(
      `Not what the sources build, run "npm run build" and commit: ${stale.join(', ')}`,
    );
    process.exit(1);
  }
} else {
  rmSync('dist', { recursive: true, force: true });
  cpSync(fresh, 'dist', { recursive: true });
  for (const [path, text] of documents) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

async function run(tool: string, args: readonly string[]): Promise<void> {
  const stdio = ['ignore', 'inherit', 'inherit'] as const;
  const [status] = await once(
    spawn(`node_modules/.bin/${tool}`, args, { stdio: [...stdio] }),
    'close',
  );
  if (status !== 0) throw new Error(`${tool} ${args.join(' ')} failed with ${status}`);
}

/** The files that one of the folders lacks, or that differ. */
function compareFolders(old: string, built: string): string[] {
  const list = (folder: string) =>
    globSync('**/*', { cwd: folder, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length + 1));
  return [...new Set([...list(old), ...list(built)])].sort().flatMap((name) => {
    const [before, after] = [`${old}/${name}`, `${built}/${name}`];
    const same =
      existsSync(before) && existsSync(after) && readFileSync(before).equals(readFileSync(after));
    return same ? [] : [before];
  });
}
