import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writtenSince } from '../../../src/codex/box/written.ts';
import { folder } from '../setting.ts';

const KIB = 1024;
const many = { bytes: 1_000 * KIB, files: 1_000 };

describe('what was written since a time', () => {
  it('is counted at any depth, and what was there before is not', async () => {
    const root = folder();
    mkdirSync(join(root, 'a/b'), { recursive: true });
    writeFileSync(join(root, 'a/old'), Buffer.alloc(64 * KIB, 1));
    await sleep(30);
    const since = Date.now();
    await sleep(30);
    writeFileSync(join(root, 'a/b/new'), Buffer.alloc(64 * KIB, 1));
    // Its folder has changed, too.
    expect(await writtenSince(root, since, many)).toMatchObject({ files: 2 });
    expect(await writtenSince(root, since, { ...many, bytes: 32 * KIB })).toBe('more');
    expect(await writtenSince(root, since, { ...many, files: 1 })).toBe('more');
  });

  it('is known by a time that nobody can set back', async () => {
    const root = folder();
    const since = Date.now() - 1_000;
    writeFileSync(join(root, 'new'), Buffer.alloc(64 * KIB, 1));
    utimesSync(join(root, 'new'), 0, 0);
    expect(await writtenSince(root, since, { ...many, bytes: 32 * KIB })).toBe('more');
  });

  it('follows no link', async () => {
    const [root, elsewhere] = [folder(), folder()];
    for (let index = 0; index < 20; index++) writeFileSync(join(elsewhere, `${index}`), 'x');
    symlinkSync(elsewhere, join(root, 'link'));
    symlinkSync('..', join(root, 'around'));
    expect(await writtenSince(root, 0, many)).toMatchObject({ files: 2 });
  });

  it('is too much if it cannot be counted: a folder below hundreds of others', async () => {
    const root = folder();
    const deep = 'i=0; while [ $i -lt 300 ]; do mkdir d && cd d; i=$((i + 1)); done';
    execFileSync('sh', ['-c', deep], { cwd: root });
    expect(await writtenSince(root, 0, { bytes: 1e9, files: 1e6 })).toBe('more');
  });

  it('counts names that are no text, and folders that nobody may read are too much', async () => {
    const root = folder();
    const odd = Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0xfe])]);
    writeFileSync(odd, 'x');
    expect(await writtenSince(root, 0, many)).toMatchObject({ files: 1 });
    mkdirSync(join(root, 'shut'), { mode: 0o000 });
    onTestFinished(() => chmodSync(join(root, 'shut'), 0o700));
    const counted = await writtenSince(root, 0, many);
    expect(counted).toEqual(process.getuid?.() === 0 ? expect.anything() : 'more');
  });
});
