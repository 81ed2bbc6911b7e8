/** What the demo leaves in `demo/out`: the conversation as a page, comments as Markdown, evidence as files. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Comment, PullView, Repository } from '../test/support/github/index.ts';
import { projectFolder } from '../test/support/loop/action.ts';
import { unpack } from '../test/support/loop/evidence.ts';

const folder = join(projectFolder, 'demo', 'out');
const written = new Set<string>();

export function clear(): void {
  rmSync(folder, { recursive: true, force: true });
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

/** Keeps the newest artifact of each name, unpacked. */
export async function evidence(name: string, repo: Repository, pull: PullView): Promise<void> {
  const ending = new RegExp(`-${pull.number}$`);
  for (const each of new Set(repo.artifacts.list().map((artifact) => artifact.name))) {
    if (!ending.test(each)) continue;
    const files = await unpack(repo.artifacts.newest(each));
    for (const [file, content] of Object.entries(files)) {
      write(join('evidence', name, each, file), content);
    }
  }
}

function write(path: string, content: string): string {
  const target = join(folder, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
  written.add(path);
  return target;
}
