import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createGit } from '../../src/git/git.ts';
import { findLack, type GitFailure } from '../../src/git/lacks.ts';
import { takingPaths } from '../../src/git/trees.ts';
import { availableDisk, findDiskLack } from '../../src/system/disk.ts';
import { folder, Repository } from './repository.ts';

const failure: GitFailure = {
  status: 128,
  signal: null,
  errors: '',
  readForeign: async () => Buffer.from('src/a.ts'),
  repository: folder(),
};
const said = (errors: string, readForeign = failure.readForeign) =>
  findLack({ ...failure, errors, readForeign });

describe('what git says of the machine', () => {
  it.each([
    ['fatal: write error: No space left on device', 'disk is full'],
    ["fatal: sha1 file '/tmp/x/index.lock' write error. Out of diskspace", 'disk is full'],
    ['fatal: unable to write loose object file: Disk quota exceeded', 'disk quota is used up'],
    ['fatal: unable to write loose object file: Quota exceeded', 'disk quota is used up'],
    ["fatal: Unable to create '/tmp/x.lock': Read-only file system", 'disk cannot be written'],
    ['fatal: read error: Input/output error', 'disk fails'],
    ['fatal: /tmp/x: index file open failed: Too many open files', 'open no more files'],
    ["fatal: cannot open '/tmp/x': Too many open files in system", 'opens no more files'],
    ['fatal: mmap failed: Cannot allocate memory', 'no memory left'],
    ['fatal: Out of memory, malloc failed (tried to allocate 400 bytes)', 'no memory left'],
    ['fatal: Out of memory, realloc failed', 'no memory left'],
    ['fatal: unable to create threads: Resource temporarily unavailable', 'no more processes'],
    ['fatal: write error: File too large', 'limits the size of files'],
  ])('is told as what it is: %s', async (errors, lack) => {
    const stopped = await said(`${errors}\n`);
    expect(stopped?.reason).toBe('platform-unsupported');
    expect(stopped?.message).toContain(lack);
    expect(stopped?.message).toContain(`git said: ${errors}.`);
  });

  it.each([
    'fatal: index-pack failed',
    'fatal: fetch-pack: invalid index-pack output',
    'fatal: fetch-pack: unable to fork off index-pack',
    'fatal: git-write-tree: error building trees',
    'fatal: Unable to write new index file',
    'error: unable to write file src/a.ts',
  ])('is told also by what comes of it: %s', async (last) => {
    const stopped = await said(`error: write error: No space left on device\n${last}\n`);
    expect(stopped?.message).toContain('disk is full');
  });

  it('is told also if the system ended a program of git', async () => {
    const last = 'fatal: fetch-pack: invalid index-pack output';
    const killed = await said(`error: index-pack died of signal 9\n${last}`);
    expect(killed?.message).toContain('no memory left');
    expect(await said(`error: index-pack died of signal 11\n${last}`)).toBeUndefined();
  });
});

describe('a file with a name like an error of the machine', () => {
  it.each([
    ['cannot create submodule directory ', 'x: No space left on device', ''],
    ['unable to write file ', 'x: Disk quota exceeded', ''],
    ['git update-index: unable to update ', 'x: Cannot allocate memory', ''],
    ['corrupt binary patch at line 5: ', 'Too many open files', ''],
    ["invalid path '", 'x\nfatal: Out of memory, malloc failed', "'"],
    ["invalid path '", "x\nfatal: sha1 file 'x' write error. Out of diskspace\n", "'"],
    ["invalid path '", 'x\nerror: index-pack died of signal 9\n', "'"],
    ['unable to create file ', 'x: I/O error\ny', ': File name too long'],
  ])('is none: %s%s%s', async (before, name, after) => {
    const errors = `error: ${before}${name}${after}\n`;
    expect(await said(errors)).toBeDefined();
    expect(await said(errors, async () => Buffer.from(`a\0${name}\0b`))).toBeUndefined();
    // Not if only the end of it was kept either.
    const long = `${errors}${'z'.repeat(5000)}: No space left on device`.slice(-4096);
    expect(await said(long, async () => Buffer.from(`a\0${name}\0b`))).toBeUndefined();
  });

  it('is read only if git speaks of such an error, and what keeps it from that counts', async () => {
    const unreadable = () => Promise.reject(new Error('unreadable'));
    expect(await said('fatal: bad object', unreadable)).toBeUndefined();
    await expect(said('fatal: x: No space left on device', unreadable)).rejects.toThrow(
      'unreadable',
    );
  });

  const made = createGit({ PATH: process.env.PATH }, 'secret');
  const end = ': No space left on device';

  it.each([
    ['a submodule', '160000 commit', `${'y'.repeat(300)}${end}`],
    ['a file of two lines', '100644 blob', `x${end}\n${'y'.repeat(300)}`],
  ])('is none when git checks it out: %s', async (_, kind, name) => {
    const origin = new Repository();
    const repository = `${origin.directory}/.git`;
    const options = { repository, index: `${folder()}/index` };
    const blob = origin.blob(Buffer.from('x'));
    const object = kind === '100644 blob' ? blob : origin.commit(origin.tree(new Map()));
    const input = `${kind} ${object}\t${name}\0`;
    const tree = (await made.git(['mktree', '-z'], { repository, input })).toString().trim();
    const failed = takingPaths(made.checkOut(tree, folder(), options));
    await expect(failed).rejects.toMatchObject({ reason: 'path-invalid' });
  });
});

describe('a patch with words like an error of the machine', () => {
  it('is none when git cannot read it', async () => {
    const origin = new Repository();
    const { git } = createGit({ PATH: process.env.PATH }, 'secret');
    const zeros = '0'.repeat(40);
    const input = [
      'diff --git a/x b/x',
      'new file mode 100644',
      `index ${zeros}..${'1'.repeat(40)}`,
      'GIT binary patch',
      'literal 5',
      'bad: No space left on device',
      '',
    ].join('\n');
    const options = { repository: `${origin.directory}/.git`, index: `${folder()}/index`, input };
    await expect(git(['apply', '--cached', '--binary', '-'], options)).rejects.toMatchObject({
      stderr: expect.stringMatching(/: No space left on device$/m),
    });
  });
});

describe('a signal', () => {
  it.each(['SIGKILL', 'SIGTERM', 'SIGXFSZ'] as const)('of the machine: %s', async (signal) => {
    const stopped = await findLack({ ...failure, status: null, signal });
    expect(stopped?.reason).toBe('platform-unsupported');
    expect(stopped?.message).toContain(signal);
  });

  it.each(['SIGSEGV', 'SIGABRT', 'SIGBUS'] as const)('of a mistake in git: %s', async (signal) => {
    expect(await findLack({ ...failure, status: null, signal })).toBeUndefined();
  });
});

describe('the file system', () => {
  const none = { bytes: 0, files: 0 };

  it('has room for bytes and for files', () => {
    const { bytes, files } = availableDisk(folder());
    expect(bytes).toBeGreaterThan(1024 * 1024);
    expect(files).toBeGreaterThan(0);
  });

  it('lacks nothing if a file can be written, and nothing of it is left', () => {
    const asked = folder();
    expect(findDiskLack(asked, none)).toBeUndefined();
    expect(readdirSync(asked)).toEqual([]);
  });

  it.each([
    { ...none, bytes: Number.MAX_SAFE_INTEGER },
    { ...none, files: Number.MAX_SAFE_INTEGER },
  ])('is full if it has less room than that: %o', (least) => {
    expect(findDiskLack(folder(), least)).toMatchObject({ code: 'ENOSPC' });
  });

  it('is not asked if the folder is gone', () => {
    expect(findDiskLack(join(folder(), 'gone'), none)).toBeUndefined();
    mkdirSync(join(failure.repository, 'x'));
    writeFileSync(join(failure.repository, 'x/y'), '');
    expect(findDiskLack(join(failure.repository, 'x/y'), none)?.code).toBe('ENOTDIR');
  });
});
