/** The machine opens no more files: that is told as what it is, and says nothing about Codex or what it did. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { checkCommandBoxUsed } from '../../src/codex/box/command-box.ts';
import type { Given } from './lacking-machine.ts';
import { folder } from './setting.ts';

const program = fileURLToPath(new URL('lacking-machine.ts', import.meta.url));

it('nothing is found out by a machine that opens no more files', () => {
  const codexPath = join(folder(), 'codex');
  writeFileSync(codexPath, '#!/bin/sh\necho codex-cli 9.9.9\n', { mode: 0o755 });
  const toolCache = folder();
  const cached = join(toolCache, 'codex-cli/9.9.9', process.arch);
  mkdirSync(cached, { recursive: true });
  const given: Given = { workspace: folder(), codexPath, toolCache };
  const node = [process.execPath, program, JSON.stringify(given)];
  const limited = ['-c', 'ulimit -n 64; exec "$@"', 'sh', ...node];
  const { stdout, stderr } = spawnSync('sh', limited, { encoding: 'utf8' });
  expect(stderr).toBe('');
  const lack = expect.stringMatching(/^platform-unsupported: The runner .*open.* no more files/);
  expect(JSON.parse(stdout)).toEqual({
    'a folder for a patch': lack,
    'what was written': lack,
    'the watch': lack,
    'the version of a program': lack,
    'what the tool cache has': lack,
    'the event': lack,
  });
  // What is not known to be another one is not removed.
  expect(existsSync(cached)).toBe(true);
});

it('a mark that the system does not look up is not one that Codex did not leave', () => {
  const home = join(folder(), 'a'.repeat(256));
  const check = () => checkCommandBoxUsed(home, '0.171.0');
  expect(check).toThrow(expect.objectContaining({ code: 'ENAMETOOLONG' }));
});
