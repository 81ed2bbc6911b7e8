import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stagePrograms } from '../../../src/codex/box/staging.ts';
import { isReachable } from '../../../src/system/reachable.ts';
import { folder } from '../setting.ts';

const isRoot = process.getuid?.() === 0;

/** Codex in a folder that nobody but its owner may enter. */
function privatePackage() {
  const home = folder();
  const root = join(home, 'codex');
  mkdirSync(join(root, 'bin'), { recursive: true });
  writeFileSync(join(root, 'bin/codex'), 'a program', { mode: 0o755 });
  symlinkSync('bin/codex', join(root, 'latest'));
  writeFileSync(join(home, 'bwrap'), 'another program', { mode: 0o755 });
  chmodSync(home, 0o700);
  return {
    version: Promise.resolve('1.0.0'),
    binary: join(root, 'bin/codex'),
    root,
    rootInBox: '/opt/codex',
    binaryInBox: '/opt/codex/bin/codex',
    bwrap: join(home, 'bwrap'),
  };
}

describe.runIf(isRoot)('programs behind a private folder', () => {
  it('are put where the user of the box can reach them', () => {
    const found = privatePackage();
    const own = folder();
    const staged = stagePrograms({ codex: found, node: '/bin/sh' }, own);
    for (const path of [staged.codex.root, staged.codex.bwrap]) {
      expect(path.startsWith(own)).toBe(true);
    }
    expect(readFileSync(join(staged.codex.root, 'bin/codex'), 'utf8')).toBe('a program');
    expect(readFileSync(staged.codex.bwrap, 'utf8')).toBe('another program');
    expect(lstatSync(join(staged.codex.root, 'latest')).isSymbolicLink()).toBe(true);
    expect(staged.codex.rootInBox).toBe(found.rootInBox);
  });

  it('stay where they are if everybody can pass through', () => {
    const own = folder();
    expect(stagePrograms({ codex: privatePackage(), node: '/bin/sh' }, own).node).toBe('/bin/sh');
    expect(existsSync(join(own, 'node'))).toBe(false);
  });
});

describe('a path', () => {
  it('can be reached if every folder on the way lets everybody pass', () => {
    expect(isReachable('/usr/bin/env')).toBe(true);
    const home = folder();
    chmodSync(home, 0o700);
    expect(isReachable(join(home, 'file'))).toBe(false);
    expect(isReachable(join(home, 'deep', '..', 'file'))).toBe(false);
  });
});
