import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isReachable } from '../../src/system/reachable.ts';
import { startGitHub } from './github/index.ts';
import { makeRamFolder, sweep } from './ram-disk.ts';

let disk: string;
beforeEach(() => {
  disk = mkdtempSync(join(tmpdir(), 'disk-'));
  chmodSync(disk, 0o755);
});
afterEach(() => rmSync(disk, { recursive: true }));

describe('a folder on the RAM disk', () => {
  it('is made for this process alone', () => {
    const folder = makeRamFolder(disk, 1) ?? '';
    expect(folder).toContain(`-${process.pid}-`);
    expect(readdirSync(folder)).toEqual([]);
    // If not, a step of root would keep its work tree elsewhere.
    expect(isReachable(join(folder, 'x'))).toBe(true);
  });

  it('is not made if there is no RAM disk, or too little room', () => {
    expect(makeRamFolder(join(disk, 'missing'), 1)).toBe(undefined);
    expect(makeRamFolder(disk, Number.MAX_SAFE_INTEGER)).toBe(undefined);
    expect(readdirSync(disk)).toEqual([]);
  });

  /** What is made on a disk that is mounted in this way; null if this user may mount nothing. */
  function madeOn(options: string): string | null {
    const url = new URL('./ram-disk.ts', import.meta.url).href;
    const script = `const { makeRamFolder } = await import('${url}'); console.log(makeRamFolder('${disk}', 1) ?? 'none');`;
    const mount = `mount -t tmpfs -o ${options} none '${disk}' || exit 9; exec "$@"`;
    const node = [process.execPath, '--input-type=module', '-e', script];
    const { status, stdout, stderr } = spawnSync(
      'unshare',
      ['--user', '--map-root-user', '--mount', 'sh', '-c', mount, 'sh', ...node],
      { encoding: 'utf8' },
    );
    if (status !== 0 && /unshare|mount/.test(stderr)) return null;
    return stdout.trim();
  }

  it('is not made where nothing can be executed', ({ skip }) => {
    const usual = madeOn('size=50m');
    if (usual === null) return skip('this user may mount nothing');
    expect(usual).toContain(disk);
    expect(madeOn('size=50m,noexec')).toBe('none');
  });

  it('is removed after its process is gone, and no other is', () => {
    const namespace = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '';
    const { pid: gone } = spawnSync('true');
    const left = `codex-plan-${namespace}-${gone}-a`;
    const others = [
      `codex-plan-${namespace}-${process.pid}-a`,
      // A process of another container may have this number.
      `codex-plan-1${namespace}-${gone}-a`,
      `somebody-${namespace}-${gone}-a`,
    ];
    for (const name of [left, ...others]) mkdirSync(join(disk, name, 'full'), { recursive: true });
    sweep(disk, namespace);
    expect(readdirSync(disk).sort()).toEqual(others.sort());
  });
});

describe('the embedded GitHub', () => {
  it('has its repositories, and the jobs that may, in one folder, and removes it', async () => {
    const github = await startGitHub();
    const repo = github.createRepository({ collaborators: { alice: 'write' } });
    const pull = repo.openPullRequest({ author: 'alice', files: { a: 'a' } });
    const event = repo.as('alice').comment(pull.number, 'x');
    const quick = repo.startRun({ event });
    const onDisk = repo.startRun({ event, onDisk: true });
    const below = (folder: string) => expect.stringMatching(`^${folder}/`);
    expect(repo.git.folder).toEqual(below(github.quickFolder));
    expect(quick.folder).toEqual(below(github.quickFolder));
    // A rerun may be with the CLI, or the other way round.
    expect(repo.rerun(quick, 'alice', true).folder).toEqual(below(github.folder));
    expect(repo.rerun(onDisk, 'alice').folder).toEqual(below(github.quickFolder));
    expect(onDisk.folder).toEqual(below(github.folder));
    await github.close();
    for (const folder of [github.folder, github.quickFolder])
      expect(existsSync(folder)).toBe(false);
  });

  it('has everything in the folder that was chosen', async () => {
    const github = await startGitHub({ root: disk });
    expect(github.quickFolder).toBe(github.folder);
    await github.close();
  });
});
