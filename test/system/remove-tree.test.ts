import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { removeTree } from '../../src/system/remove-tree.ts';

const module = join(import.meta.dirname, '../../src/system/remove-tree.ts');

/** A folder with one to remove in it: what is beside that must stay as it is. */
function stage(): { parent: string; root: string } {
  const parent = mkdtempSync(join(tmpdir(), 'remove-test-'));
  onTestFinished(() => {
    execFileSync('chmod', ['-R', 'u+rwx', parent]);
    execFileSync('rm', ['-rf', parent]);
  });
  const root = join(parent, 'root');
  mkdirSync(root);
  writeFileSync(join(parent, 'kept'), 'kept');
  return { parent, root };
}

const remains = (parent: string) => readdirSync(parent).sort();

it('removes a tree of any kind of entry, and nothing beside it', () => {
  const { parent, root } = stage();
  mkdirSync(join(root, 'a/b/c'), { recursive: true });
  writeFileSync(join(root, 'a/b/c/file'), 'x');
  writeFileSync(Buffer.from(`${root}/a/\xff\xfe`, 'latin1'), 'x');
  symlinkSync(parent, join(root, 'out'));
  symlinkSync('..', join(root, 'a/up'));
  symlinkSync('nowhere', join(root, 'a/broken'));
  execFileSync('mkfifo', [join(root, 'pipe')]);
  for (const name of ['0', '1', '2']) mkdirSync(join(root, name, '0'), { recursive: true });
  expect(removeTree(root)).toEqual([]);
  expect(remains(parent)).toEqual(['kept']);
});

it('removes a file, and a link instead of what it leads to', () => {
  const { parent, root } = stage();
  symlinkSync(root, join(parent, 'link'));
  writeFileSync(join(parent, 'file'), 'x');
  expect(removeTree(join(parent, 'link'))).toEqual([]);
  expect(removeTree(join(parent, 'file'))).toEqual([]);
  expect(removeTree(join(parent, 'nothing'))).toEqual([]);
  expect(remains(parent)).toEqual(['kept', 'root']);
});

it('removes folders deeper than the system lets anybody name', async () => {
  const { parent, root } = stage();
  // From the inside out, since no path of that depth can be made.
  let top = join(root, '0');
  mkdirSync(top);
  writeFileSync(join(top, 'deepest'), 'x');
  const name = 'a long name of a folder';
  for (let depth = 1; depth <= 2_000; depth++) {
    const outer = join(root, String(depth));
    mkdirSync(outer);
    renameSync(top, join(outer, name));
    top = outer;
  }
  await expect(rm(root, { recursive: true })).rejects.toThrow('ENAMETOOLONG');
  expect(removeTree(root)).toEqual([]);
  expect(remains(parent)).toEqual(['kept']);
});

/**
 * Root is refused nothing by a mode, so that somebody else has to do it. Root becomes that one after the module is loaded: in root's own
 * home, nobody else reaches it.
 */
const asNobody = (root: string) =>
  spawnSync(process.execPath, [
    '--input-type=module',
    '-e',
    `const { removeTree } = await import(${JSON.stringify(module)});
     if (process.getuid() === 0) {
       process.setgroups([]);
       process.setgid(65534);
       process.setuid(65534);
     }
     console.log(JSON.stringify(removeTree(${JSON.stringify(root)})));`,
  ]);

const giveAway = (path: string) => {
  if (process.getuid?.() === 0) execFileSync('chown', ['-R', '65534:65534', path]);
};

it('removes folders that nobody may read, write or enter', () => {
  const { parent, root } = stage();
  mkdirSync(join(root, 'closed/inner/most'), { recursive: true });
  writeFileSync(join(root, 'closed/inner/most/file'), 'x');
  giveAway(parent);
  chmodSync(join(root, 'closed/inner/most'), 0);
  chmodSync(join(root, 'closed/inner'), 0);
  chmodSync(join(root, 'closed'), 0);
  chmodSync(root, 0);
  const { stdout, stderr } = asNobody(root);
  expect(`${stdout}${stderr}`.trim()).toBe('[]');
  expect(remains(parent)).toEqual(['kept']);
});

it('says what it could not remove, and goes on with the rest', () => {
  const { parent, root } = stage();
  if (process.getuid?.() !== 0) return;
  mkdirSync(join(root, 'of-root/inner'), { recursive: true });
  mkdirSync(join(root, 'mine/inner'), { recursive: true });
  giveAway(parent);
  execFileSync('chown', ['-R', '0:0', join(root, 'of-root')]);
  const { stdout } = asNobody(root);
  const failures: string[] = JSON.parse(String(stdout));
  expect(failures.length).toBeGreaterThan(0);
  expect(failures.join()).toMatch(/EACCES|EPERM/);
  expect(existsSync(join(root, 'mine'))).toBe(false);
  expect(lstatSync(parent).isDirectory()).toBe(true);
});

it('has nothing to remove if a file is in the place of a folder on the way', () => {
  const { parent } = stage();
  expect(removeTree(join(parent, 'kept', 'folder'))).toEqual([]);
  expect(remains(parent)).toEqual(['kept', 'root']);
});
