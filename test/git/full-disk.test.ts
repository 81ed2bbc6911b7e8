/** git itself, on a disk that is full. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Ends, OnSmallDisk, SmallDisk } from './on-small-disk.ts';
import { type Entry, folder, Repository } from './repository.ts';

const program = fileURLToPath(new URL('on-small-disk.ts', import.meta.url));
const file = (content: string | Buffer): Entry => ({
  mode: '100644',
  content: Buffer.from(content),
});
const lines = Array.from({ length: 3000 }, (_, index) => `line ${index}`);
const changed = (at: number, text: string) => file(`${lines.with(at, text).join('\n')}\n`);

/** Undefined if this user may mount nothing. */
let ends: OnSmallDisk | undefined;

beforeAll(() => {
  const origin = new Repository();
  const many = Array.from({ length: 100 }, (_, index): [string, Entry] => [
    `file-${index}`,
    file(randomBytes(2000)),
  ]);
  const base = new Map([...many, ['m', file(`${lines.join('\n')}\n`)]]);
  const root = origin.commit(origin.tree(base));
  const tree = origin.tree(new Map([...base, ['m', changed(5, 'ours')]]));
  const ours = origin.commit(tree, root);
  const theirs = origin.commit(
    origin.tree(new Map([...base, ['m', changed(2900, 'theirs')]])),
    root,
  );
  // An object that the repository of the workspace does not have.
  const other = new Repository();
  const more = randomBytes(60_000).toString('base64');
  const patch = join(folder(), 'patch');
  const from = other.commit(other.tree(new Map()));
  const to = other.commit(other.tree(new Map([['new', file(`${more}\n`)]])));
  writeFileSync(patch, other.run('diff', '--binary', '--full-index', from, to));

  const disk = folder();
  const told: SmallDisk = { disk, origin: `${origin.directory}/.git`, tree, ours, theirs, patch };
  const mount = `mount -t tmpfs -o size=8m,nr_inodes=5000 none '${disk}' || exit 9; exec "$@"`;
  const { error, status, stdout, stderr } = spawnSync(
    'unshare',
    [
      ...['--user', '--map-root-user', '--mount', 'sh', '-c', mount, 'sh'],
      ...[process.execPath, program, JSON.stringify(told)],
    ],
    { encoding: 'utf8' },
  );
  if (error !== undefined || (status !== 0 && /unshare|mount/.test(stderr))) return;
  if (status !== 0) throw new Error(stderr);
  ends = JSON.parse(stdout);
});

/** The commands that did not end with this reason, and with these words. */
function others(found: Ends, words: string): unknown[] {
  return Object.entries(found).filter(
    ([, end]) =>
      end === 'ok' || end.reason !== 'platform-unsupported' || !end.message.includes(words),
  );
}

describe('every git command that writes', () => {
  it('says so if the disk is full', ({ skip }) => {
    if (ends === undefined) return skip('this user may mount nothing');
    expect(Object.keys(ends.full)).toHaveLength(8);
    expect(others(ends.full, "The runner's disk is full")).toEqual([]);
  });

  it('still answers what it can answer', ({ skip }) => {
    if (ends === undefined) return skip('this user may mount nothing');
    expect(ends.answer).toEqual({ message: 'git cat-file ended with 1: ' });
  });

  it('says so if there can be no more files', ({ skip }) => {
    if (ends === undefined) return skip('this user may mount nothing');
    expect(others(ends.manyFiles, "The runner's disk is full")).toEqual([]);
  });

  it('says so if the disk cannot be written', ({ skip }) => {
    if (ends === undefined) return skip('this user may mount nothing');
    const { probe, ...commands } = ends.readOnly;
    expect(probe).toEqual({ message: 'EROFS' });
    expect(others(commands, "The runner's disk")).toEqual([]);
  });

  it('goes on as soon as there is room', ({ skip }) => {
    if (ends === undefined) return skip('this user may mount nothing');
    const names = [...Object.keys(ends.manyFiles), 'probe'];
    expect(ends.withRoom).toEqual(Object.fromEntries(names.map((name) => [name, 'ok'])));
  });
});
