/** What the demo leaves in `demo/out`: the conversation as a page, comments as Markdown, evidence as files. */
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

/** Keeps the first comment that a step with this name wrote or changed. */
export function comment(name: string, { body }: Comment): void {
  const path = join('comments', `${name}.md`);
  if (!written.has(path)) write(path, body);
}

/** Keeps what was uploaded since the last call: the newest artifact of each name, unpacked. */
export async function evidence(name: string, repo: Repository): Promise<void> {
  const fresh = repo.artifacts.list().filter(({ id }) => id > newestKept);
  newestKept = Math.max(newestKept, ...fresh.map(({ id }) => id));
  // Newest first, so the newest of each name goes into the map last.
  const newest = new Map(fresh.toReversed().map((artifact) => [artifact.name, artifact]));
  for (const [folder, artifact] of newest) {
    for (const [file, content] of Object.entries(await unpack(artifact))) {
      write(join('evidence', name, folder, file), content);
    }
  }
}

function write(path: string, content: string): string {
  const target = join(out, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
  written.add(path);
  return target;
}
