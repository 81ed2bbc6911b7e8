import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { type RunFolders, withRunFolders } from '../../src/codex/run-folders.ts';

/** `depth` adds names, so that a socket below it has a path that is too long. */
function temporary(depth: number): string {
  const made = mkdtempSync(join(tmpdir(), 'run-folders-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return join(made, ...Array(depth).fill('d'.repeat(50)));
}

it.each([
  ['in the private folder', 0, true],
  ['elsewhere, if its path would be too long', 3, false],
] as const)('the socket is %s, and nothing is left after a failure', async (_, depth, inside) => {
  const place = temporary(depth);
  let seen: RunFolders | undefined;
  const run = withRunFolders({ temporary: place, report: () => {} }, async (folders) => {
    seen = folders;
    writeFileSync(join(folders.home, 'x'), '');
    writeFileSync(join(folders.sockets, 'x'), '');
    throw new Error('no room');
  });
  await expect(run).rejects.toThrow('no room');
  expect(seen?.sockets.startsWith(`${seen.folder}/`)).toBe(inside);
  for (const folder of [seen?.folder, seen?.sockets]) expect(existsSync(folder ?? '/')).toBe(false);
});

it('a folder below the private one is removed later, if somebody does it', async () => {
  const place = temporary(3);
  const later: string[] = [];
  const options = {
    temporary: place,
    report: () => {},
    removeLater: (path: string) => later.push(path),
  };
  const { folder, sockets } = await withRunFolders(options, async (folders) => folders);
  expect(later).toEqual([folder]);
  expect(existsSync(folder)).toBe(true);
  expect(existsSync(sockets)).toBe(false);
});

it('nothing is left if there is no place for the socket', async () => {
  const place = temporary(3);
  vi.stubEnv('TMPDIR', '/nonexistent');
  onTestFinished(() => void vi.unstubAllEnvs());
  const run = withRunFolders({ temporary: place, report: () => {} }, async () => {});
  await expect(run).rejects.toThrow('ENOENT');
  expect(readdirSync(place)).toEqual([]);
});

it.each(['removeLater', 'report'] as const)(
  'the first error counts if what removes them fails: %s',
  async (which) => {
    const place = temporary(0);
    const told: string[] = [];
    const fail = () => {
      throw new Error('later');
    };
    const options = {
      temporary: place,
      report: (line: string) => (which === 'report' ? fail() : told.push(line)),
      removeLater: fail,
    };
    const failing = withRunFolders(options, () => Promise.reject(new Error('first')));
    await expect(failing).rejects.toThrow('first');
    expect(await withRunFolders(options, async () => 'done')).toBe('done');
    const warning = expect.stringContaining('What Codex left could not be removed. Error: later');
    expect(told).toEqual(which === 'report' ? [] : [warning, warning]);
  },
);
