/**
 * A program that runs the action's git on a small disk, and fills it. The disk is mounted where no other process sees it:
 * `full-disk.test.ts` starts the program there, and reads what it prints.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ObjectId } from '../../src/core/text/object-id.ts';
import { createGit } from '../../src/git/git.ts';
import { GitWorkspace } from '../../src/git/workspace.ts';
import { findDiskLack } from '../../src/system/disk.ts';

/** What the program is told: by its arguments, as JSON. */
export interface SmallDisk {
  /** Where the disk is mounted. */
  readonly disk: string;
  /** A bare repository elsewhere. */
  readonly origin: string;
  /** Trees of it, and commits of two branches that merge. */
  readonly tree: ObjectId;
  readonly ours: ObjectId;
  readonly theirs: ObjectId;
  /** A file with a patch for the tree. */
  readonly patch: string;
}

/** How something ended: `ok`, or the reason and the sentence of the error. */
export type End = 'ok' | { readonly reason?: string; readonly message: string };

/** How each command ended on the disk, by its name. */
export type Ends = Readonly<Record<string, End>>;

/** What the program prints. */
export interface OnSmallDisk {
  readonly full: Ends;
  /** How git says on a full disk that it does not have an object. */
  readonly answer: End;
  /** Room for bytes, and none for another file. */
  readonly manyFiles: Ends;
  readonly readOnly: Ends;
  readonly withRoom: Ends;
}

const { disk, origin, tree, ours, theirs, patch } = JSON.parse(process.argv[2] ?? '') as SmallDisk;
const tools = createGit(process.env, 'token');
const folder = join(disk, 'workspace');
const repository = join(folder, 'tree.git');
mkdirSync(folder);
cpSync(origin, repository, { recursive: true });

let made = 0;
/** An index on the disk, with this tree. */
async function newIndex(): Promise<string> {
  const index = join(folder, `made-${made++}`);
  await tools.git(['read-tree', tree], { repository, index });
  return index;
}

function newFolder(): string {
  const path = join(folder, `made-${made++}`);
  mkdirSync(path);
  return path;
}

function openWorkspace(): GitWorkspace {
  return new GitWorkspace({
    ...{ tools, folder, directory: join(folder, 'tree'), repository, commit: ours, tree },
    ...{ trees: new Map(), head: ours, mergeBases: [ours], reach: 'files', commits: [] },
    fetch: async () => {},
  });
}

/** Each command that writes, made ready while there is room. */
async function makeReady(): Promise<Readonly<Record<string, () => Promise<unknown>>>> {
  const [one, two, into] = [await newIndex(), await newIndex(), newFolder()];
  const blob = (await tools.git(['rev-parse', `${tree}:m`], { repository })).toString().trim();
  const entry = `100644 ${blob}\tq\0`;
  await tools.git(['update-index', '-z', '--index-info'], {
    ...{ repository, index: two, input: entry },
  });
  const options = { repository };
  const fetch = ['-c', 'protocol.file.allow=always', 'fetch', '--quiet', origin, theirs];
  return {
    'read-tree': () => tools.git(['read-tree', tree], { ...options, index: join(folder, 'i') }),
    'update-index': () =>
      tools.git(['update-index', '-z', '--index-info'], { ...options, index: one, input: entry }),
    'write-tree': () => tools.git(['write-tree'], { ...options, index: two }),
    'merge-tree': () => tools.git(['merge-tree', '--write-tree', '-z', ours, theirs], options),
    checkout: () => tools.checkOut(tree, into, { ...options, index: join(folder, 'i') }),
    fetch: () => tools.git(fetch, { repository: newRepository }),
    replay: () => openWorkspace().replay(readFileSync(patch)),
  };
}

let newRepository = '';
function makeRepository(): void {
  newRepository = newFolder();
  spawnSync('git', ['init', '--quiet', '--bare', newRepository]);
}

async function runAll(
  commands: Readonly<Record<string, () => Promise<unknown>>>,
  between: () => void,
): Promise<Ends> {
  const ends: Record<string, End> = {};
  for (const [name, command] of Object.entries(commands)) {
    between();
    ends[name] = await command().then(
      () => 'ok' as const,
      ({ reason, message }) => ({ reason, message }),
    );
  }
  return ends;
}

const filler = join(disk, 'filler');

/** Writes until the disk takes no more; then leaves that many bytes. */
function fill(leave = 0): void {
  const { bavail, bsize } = statfsSync(disk);
  const bytes = bavail * bsize - leave;
  if (bytes > 0) writeFileSync(filler, Buffer.alloc(bytes), { flag: 'a' });
}

/** Makes files until there can be no more. */
function fillWithFiles(): void {
  mkdirSync(filler, { recursive: true });
  for (let left = statfsSync(disk).ffree; left > 0; left--) {
    writeFileSync(join(filler, `${made++}`), '');
  }
}

const clean = (): void => rmSync(filler, { recursive: true, force: true });

/** The mount alone: the options of the disk itself name users whom this namespace does not know, so they cannot be set again. */
function remount(how: 'ro' | 'rw'): void {
  const { status, stderr } = spawnSync('mount', ['-o', `remount,bind,${how}`, disk]);
  if (status !== 0) throw new Error(String(stderr));
}

async function main(): Promise<OnSmallDisk> {
  makeRepository();
  const commands = await makeReady();
  const full = await runAll(commands, () => fill());
  const missing = ['cat-file', '-e', ours.replaceAll(/./g, '1')];
  const { answer = 'ok' } = await runAll(
    { answer: () => tools.git(missing, { repository }) },
    () => {},
  );
  clean();
  // git begins, and comes to the end of the disk.
  const begun = await runAll(
    { 'a checkout that has begun': commands.checkout as () => Promise<unknown> },
    () => fill(64 * 1024),
  );
  clean();
  const manyFiles = await runAll(commands, fillWithFiles);
  clean();
  remount('ro');
  const probe = async () => {
    const lack = findDiskLack(folder, { bytes: 0, files: 0 });
    if (lack !== undefined) throw new Error(lack.code);
  };
  const readOnly = await runAll({ ...commands, probe }, () => {});
  remount('rw');
  const withRoom = await runAll({ ...commands, probe }, () => {});
  return { full: { ...full, ...begun }, answer, manyFiles, readOnly, withRoom };
}

process.stdout.write(JSON.stringify(await main()));
