import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ObjectId } from '../../src/core/text/object-id.ts';
import { createGit, GitError } from '../../src/git/git.ts';
import { findLack, type GitFailure } from '../../src/git/lacks.ts';
import { availableDisk, findDiskLack } from '../../src/system/disk.ts';
import { folder, Repository } from './repository.ts';

const failure: GitFailure = { status: 128, signal: null, errors: '', repository: folder() };
const said = (errors: string, status = 128) => findLack({ ...failure, errors, status });

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
  ])('is told as what it is: %s', (errors, lack) => {
    const stopped = said(`${errors}\n`);
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
  ])('is told also by what comes of it: %s', (last) => {
    const stopped = said(`error: write error: No space left on device\n${last}\n`);
    expect(stopped?.message).toContain('disk is full');
  });

  it('is told also if the system ended a program of git', () => {
    const last = 'fatal: fetch-pack: invalid index-pack output';
    expect(said(`error: index-pack died of signal 9\n${last}`)?.message).toContain(
      'no memory left',
    );
    expect(said(`error: index-pack died of signal 11\n${last}`)).toBeUndefined();
  });
});

describe('a file with a name like an error of the machine', () => {
  it.each([
    'error: patch failed: No space left on device/a:1',
    'error: docs: No space left on device: patch does not apply',
    "error: invalid path 'Disk quota exceeded'",
    "error: invalid path 'x\nfatal: Out of memory, malloc failed'",
    'error: x: No space left on device\u2028y: does not exist in index',
    'error: x: No space left on device\u2029y: does not exist in index',
    'error: unable to create symlink x: No space left on device\ny: No such file or directory',
    'error: unable to create file x: No space left on device\nfatal: y: File name too long',
    'error: unable to create file x: No space left on device\nerror: unable to write file y: File name too long',
  ])('is none: %s', (errors) => {
    expect(said(errors)).toBeUndefined();
  });

  it('is none for git itself, though the name has two lines and cannot be written', async () => {
    const origin = new Repository();
    const repository = `${origin.directory}/.git`;
    const blob = origin.blob(Buffer.from('x'));
    const made = createGit({ PATH: process.env.PATH }, 'secret');
    const options = { repository, index: `${folder()}/index` };
    const name = `x: No space left on device\n${'y'.repeat(300)}`;
    const input = `100644 blob ${blob}\t${name}\0`;
    const tree = (await made.git(['mktree', '-z'], { repository, input })).toString().trim();
    const failed = made.checkOut(tree as ObjectId, folder(), options);
    await expect(failed).rejects.toBeInstanceOf(GitError);
  });
});

describe('a signal', () => {
  it.each(['SIGKILL', 'SIGTERM', 'SIGXFSZ'] as const)('of the machine: %s', (signal) => {
    const stopped = findLack({ ...failure, status: null, signal });
    expect(stopped?.reason).toBe('platform-unsupported');
    expect(stopped?.message).toContain(signal);
  });

  it.each(['SIGSEGV', 'SIGABRT', 'SIGBUS'] as const)('of a mistake in git: %s', (signal) => {
    expect(findLack({ ...failure, status: null, signal })).toBeUndefined();
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
