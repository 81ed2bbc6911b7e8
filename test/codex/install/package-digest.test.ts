import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/codex/install/package-digest.ts';
import { onRamDisk } from '../setting.ts';

const { folder } = onRamDisk;

const MIB = 1024 * 1024;

/** A folder with one large file, and what else is done to it. */
function made(change: (root: string, large: Buffer) => void = () => undefined): string {
  const root = folder();
  const large = Buffer.alloc(3 * MIB + 5, 'abc');
  mkdirSync(join(root, 'bin'));
  writeFileSync(join(root, 'empty'), '');
  change(root, large);
  writeFileSync(join(root, 'bin/large'), large);
  return root;
}

describe('the digest of a package', () => {
  it('is the same for the same files', async () => {
    expect(await digestOf(made())).toBe(await digestOf(made()));
  });

  it.each<[string, (root: string, large: Buffer) => void]>([
    ['the first byte', (_, large) => large.write('x', 0)],
    ['the last byte of a piece', (_, large) => large.write('x', MIB - 1)],
    ['the first byte of a piece', (_, large) => large.write('x', 2 * MIB)],
    ['the last byte', (_, large) => large.write('x', large.length - 1)],
    [
      'pieces in another order',
      (_, large) => {
        const first = Buffer.from(large.subarray(0, MIB));
        large.copy(large, 0, MIB, 2 * MIB);
        first.copy(large, MIB);
      },
    ],
    ['a file too many', (root) => writeFileSync(join(root, 'more'), '')],
    ['a program', (root) => chmodSync(join(root, 'empty'), 0o755)],
    ['a link', (root) => symlinkSync('empty', join(root, 'link'))],
  ])('is another one for %s', async (_, change) => {
    expect(await digestOf(made(change))).not.toBe(await digestOf(made()));
  });
});

describe('what another job left in the place of a package', () => {
  it.each<[string, (root: string) => void]>([
    ['an endless file that takes no room', (root) => truncateSync(join(root, 'empty'), 2 ** 43)],
    [
      'thousands of files',
      (root) => {
        for (let count = 0; count < 1_001; count++) writeFileSync(join(root, `f${count}`), '');
      },
    ],
  ])('is given up at once, before it takes all of the memory: %s', async (_, change) => {
    await expect(digestOf(made(change))).rejects.toThrow('It is more than Codex has.');
  });
});
