import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { beginRemoval, endRemovals, removeSoon } from '../../src/system/begin-removal.ts';
import { removeTree } from '../../src/system/remove-tree.ts';
import { makeTemporaryFolder } from '../support/ram-disk.ts';

function folder(): string {
  const made = makeTemporaryFolder('removal-test');
  onTestFinished(() => void removeTree(made));
  return made;
}

it('removes folders, and what is in them, while the caller goes on', async () => {
  const parent = folder();
  const names = ['one', '-rf', 'a b', '*'];
  for (const name of names) {
    mkdirSync(join(parent, name, 'deep/er'), { recursive: true });
    writeFileSync(join(parent, name, 'deep/file'), 'x');
  }
  writeFileSync(join(parent, 'kept'), 'x');
  for (const name of names) beginRemoval(join(parent, name));
  await endRemovals();
  expect(names.filter((name) => existsSync(join(parent, name)))).toEqual([]);
  expect(existsSync(join(parent, 'kept'))).toBe(true);
});

it('removes a link, and not what it leads to', async () => {
  const parent = folder();
  mkdirSync(join(parent, 'tree'));
  writeFileSync(join(parent, 'kept'), 'x');
  symlinkSync(parent, join(parent, 'tree/out'));
  beginRemoval(join(parent, 'tree'));
  await endRemovals();
  expect(existsSync(join(parent, 'tree'))).toBe(false);
  expect(existsSync(join(parent, 'kept'))).toBe(true);
});

it('ends if there is nothing to remove, and if nothing was begun', async () => {
  await endRemovals();
  beginRemoval(join(folder(), 'nothing'));
  await endRemovals();
});

it('removes a small folder a little later, after what is removed in it already', async () => {
  const parent = folder();
  mkdirSync(join(parent, 'outer/inner/deep'), { recursive: true });
  beginRemoval(join(parent, 'outer/inner'));
  removeSoon(join(parent, 'outer'));
  expect(existsSync(join(parent, 'outer'))).toBe(true);
  await endRemovals();
  expect(existsSync(join(parent, 'outer'))).toBe(false);
});

it('waits for what is begun while it waits, too', async () => {
  const parent = folder();
  for (const name of ['first', 'second']) mkdirSync(join(parent, name));
  for (let n = 0; n < 3000; n++) writeFileSync(join(parent, `second/${n}`), '');
  removeSoon(join(parent, 'first'));
  const ended = endRemovals();
  setImmediate(() => beginRemoval(join(parent, 'second')));
  await ended;
  expect(existsSync(join(parent, 'second'))).toBe(false);
});

it('leaves a folder to the end of the run if no program can be started for it', async () => {
  // No process can have such an argument. A machine without memory for a process makes Node throw in the same way.
  expect(() => beginRemoval('/nowhere/\0')).not.toThrow();
  await endRemovals();
});
