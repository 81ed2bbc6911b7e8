/**
 * Builds everything that is generated: `dist/` from `src/`, and the README's tables from `action.yml` and the reason
 * codes. With `--check` nothing is written, and whatever is not what it would be is an error.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { regenerate } from './readme.ts';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const fresh = 'build/dist';

rmSync('build', { recursive: true, force: true });
run('tsc', ['--project', 'tsconfig.build.json']);
// TypeScript 7 has no JavaScript API that the bundler could use, so it gets what the compiler wrote.
run('ncc', ['build', 'build/index.js', '--out', fresh, '--license', 'licenses.txt', '--quiet']);
const committed = readFileSync('README.md', 'utf8');
const readme = regenerate(committed);

if (process.argv.includes('--check')) {
  const stale = compareFolders('dist', fresh);
  if (readme !== committed) stale.push('README.md');
  if (stale.length > 0) {
    console.error(
      `Not what the sources build, run "npm run build" and commit: ${stale.join(', ')}`,
    );
    process.exit(1);
  }
} else {
  rmSync('dist', { recursive: true, force: true });
  cpSync(fresh, 'dist', { recursive: true });
  writeFileSync('README.md', readme);
}

function run(tool: string, args: readonly string[]): void {
  execFileSync(`node_modules/.bin/${tool}`, args, { stdio: ['ignore', 'inherit', 'inherit'] });
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
