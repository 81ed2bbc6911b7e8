/** What the demo leaves in `demo/out`: the conversation as a page, comments as Markdown, evidence as files. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Comment, Repository } from '../test/support/github/index.ts';
import { projectFolder } from '../test/support/loop/action.ts';
import { unpack } from '../test/support/loop/evidence.ts';

const out = join(projectFolder, 'demo', 'out');
const written = new Set<string>();
let newestKept = 0;

export function clear(): void {
  rmSync(out, { recursive: true, force: true });
}

/** @returns the path of the page */
export function page(html: string): string {
  return write('pull-request.html', html);
}

/** Keeps the first comment of each kind that a step with this name wrote or changed: `planned-plan.md` for example. */
export function comment(name: string, { body }: Comment): void {
  const kind = /^<!-- codex-([a-z]+) /.exec(body)?.[1] ?? 'comment';
  const path = join('comments', `${name}-${kind}.md`);
  if (!written.has(path)) write(path, body);
}

/** A new GitHub counts from the beginning. */
export function beginStory(): void {
  newestKept = 0;
}

/** What was uploaded until now is not kept. */
export function forgetEvidence(repo: Repository): void {
  newestKept = Math.max(newestKept, ...repo.artifacts.list().map(({ id }) => id));
}

/**
 * Keeps what was uploaded since the last call, unpacked. The newest artifact of each name is a folder of that name; the
 * name of an older one begins with the run that made it.
 * @returns each folder, with what `sha256sum -c` says in it
 */
export async function evidence(
  name: string,
  repo: Repository,
): Promise<readonly { readonly folder: string; readonly lines: readonly string[] }[]> {
  const fresh = repo.artifacts.list().filter(({ id }) => id > newestKept);
  forgetEvidence(repo);
  const kept = [];
  for (const artifact of fresh.toReversed()) {
    const newest = fresh.find((one) => one.name === artifact.name);
    const folder = artifact === newest ? artifact.name : `${artifact.run.id}-${artifact.name}`;
    const path = join('evidence', name, folder);
    const files = Object.entries(await unpack(artifact));
    for (const [file, content] of files) write(join(path, file), content);
    const checksums = files.map(([file]) => file).find((file) => file.endsWith('.sha256'));
    const printed = execFileSync('sha256sum', ['-c', '--strict', checksums ?? ''], {
      cwd: join(out, path),
      encoding: 'utf8',
    });
    kept.push({ folder: join('demo', 'out', path), lines: printed.trim().split('\n') });
  }
  return kept;
}

function write(path: string, content: string): string {
  const target = join(out, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
  written.add(path);
  return target;
}
