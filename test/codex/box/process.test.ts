import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { start } from '../../../src/codex/box/process.ts';
import { Stopped } from '../../../src/decision.ts';

const MIB = 1024 * 1024;

/** Runs a script of the shell, which starts in a tenth of the time of Node, without a box. */
function shell(script: string, options: { timeoutMs?: number; input?: string } = {}) {
  return waiting(script, { input: '', ...options });
}

/** The same, and it waits for its input if none is given. */
function waiting(
  script: string,
  options: { timeoutMs?: number; input?: string; timeFrom?: 'startTime' },
) {
  const lines: string[] = [];
  const running = start(
    { file: '/bin/sh', args: ['-c', script], env: { GIVEN: 'yes' } },
    { timeoutMs: 120_000, ...options, onLine: (line) => lines.push(line) },
  );
  return { running, lines, ended: running.ended };
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Its pipes close a moment before a process that was killed is gone. */
async function expectDead(pid = ''): Promise<void> {
  expect(pid).toMatch(/^\d+$/);
  await expect.poll(() => isAlive(Number(pid)), { timeout: 60_000 }).toBe(false);
}

describe('a child process', () => {
  it('that has no streams, since too many files are open, is one that cannot be started', () => {
    const { href } = new URL('../../../src/codex/box/process.ts', import.meta.url);
    const script = `
      import { closeSync, openSync } from 'node:fs';
      const { start } = await import('${href}');
      const open = [];
      try { for (;;) open.push(openSync('/dev/null')); } catch {}
      // Room for the first files, and not for all streams.
      for (const one of open.slice(0, 4)) closeSync(one);
      const running = start({ file: '/bin/true', args: [], env: {} }, { timeoutMs: 1, onLine() {} });
      running.write('x');
      running.stop(null);
      const { fault } = await running.ended;
      process.stdout.write(fault.reason + ' ' + fault.message);`;
    const node = [process.execPath, '--input-type=module', '-e', script];
    const limited = ['-c', 'ulimit -n 64; exec "$@"', 'sh', ...node];
    const { stdout, stderr } = spawnSync('sh', limited, { encoding: 'utf8' });
    expect(stdout || stderr).toBe(
      'codex-unavailable Codex cannot be started: spawn /bin/true EMFILE.',
    );
  });

  it('has its output read line by line, the last one without an end too', async () => {
    const { ended, lines } = shell("printf 'one\\n\\ntw'; sleep 0.02; printf 'o\\nthree'");
    expect(await ended).toMatchObject({ code: 0, fault: null });
    expect(lines).toEqual(['one', 'two', 'three']);
  });

  it('gets its input whole, and then its end', async () => {
    const { ended, lines } = shell('cat', { input: 'a\nb' });
    await ended;
    expect(lines).toEqual(['a', 'b']);
  });

  it('has its time again from when it is told to start', async () => {
    const { running, ended, lines } = waiting('cat', { timeoutMs: 5_000 });
    await pause(100);
    running.write('a\n');
    running.closeInput();
    running.startTime();
    expect(await ended).toMatchObject({ code: 0, fault: null });
    expect(lines).toEqual(['a']);
    const slow = waiting('sleep 3; echo late', { timeoutMs: 2_500 });
    await pause(1_500);
    slow.running.closeInput();
    slow.running.startTime();
    expect(await slow.ended).toMatchObject({ fault: null });
    expect(slow.lines).toEqual(['late']);
  });

  it('can have no time limit at all before it is told to start', async () => {
    const script = 'cat; sleep 1000';
    const { running, ended } = waiting(script, { timeoutMs: 300, timeFrom: 'startTime' });
    let fault: unknown = 'none yet';
    ended.then((end) => {
      fault = end.fault;
    });
    running.closeInput();
    await pause(900);
    expect(fault).toBe('none yet');
    running.startTime();
    expect(await ended).toMatchObject({ fault: { reason: 'codex-timeout' } });
  });

  it('has no variable that it was not given', async () => {
    vi.stubEnv('CANARY_OF_PROCESS', 'seen');
    onTestFinished(() => void vi.unstubAllEnvs());
    const { ended, lines } = shell("tr '\\0' '\\n' < /proc/$$/environ");
    await ended;
    expect(lines).toEqual(['GIVEN=yes']);
  });

  it('has no file open that this process was itself given open', () => {
    const listing = `
      import { start } from ${JSON.stringify(join(import.meta.dirname, '../../../src/codex/box/process.ts'))};
      const show = 'ls -l /proc/self/fd | grep canary || echo none';
      start({ file: '/bin/sh', args: ['-c', show], env: {} }, { timeoutMs: 5000, input: '', onLine: console.log });`;
    const path = join(mkdtempSync(join(tmpdir(), 'process-test-')), 'canary');
    onTestFinished(() => rmSync(dirname(path), { recursive: true }));
    // Node itself closes those with small numbers.
    const script = ['-c', 'exec 200>"$0"; exec "$@"', path, process.execPath];
    const node = ['--input-type=module', '-e', listing];
    const { stdout } = spawnSync('/bin/bash', [...script, ...node], { encoding: 'utf8' });
    expect(stdout).toBe('none\n');
  });

  it('is ended at its time limit, with all of its children', async () => {
    const { running, ended, lines } = waiting('sleep 1000 & echo $!; wait', {
      timeoutMs: 700,
      timeFrom: 'startTime',
    });
    await expect.poll(() => lines.length, { timeout: 60_000 }).toBe(1);
    running.startTime();
    const { fault } = await ended;
    expect(fault).toMatchObject({ reason: 'codex-timeout' });
    await expectDead(lines[0]);
  });

  it('leaves none of its children behind when it ends by itself', async () => {
    const { ended, lines } = shell('sleep 1000 & echo $!; exit 3');
    expect(await ended).toMatchObject({ code: 3, fault: null });
    await expectDead(lines[0]);
  });

  it('is ended when it prints a line that never ends', async () => {
    const { ended, lines } = shell("tr '\\0' x < /dev/zero");
    expect((await ended).fault).toMatchObject({ reason: 'limit-exceeded' });
    expect(lines).toEqual([]);
  });

  it('is ended when it prints without end', async () => {
    const { ended, lines } = shell(`yes ${'y'.repeat(1023)}`);
    expect((await ended).fault).toMatchObject({ reason: 'limit-exceeded' });
    expect(lines.length).toBeLessThanOrEqual((256 * MIB) / 1024);
  });

  it('has the end of its complaints kept', async () => {
    const { ended } = shell(
      "head -c 100000 /dev/zero | tr '\\0' a >&2; echo 'the reason' >&2; exit 1",
    );
    const { stderr, code } = await ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/the reason\n$/);
    expect(stderr.length).toBeLessThanOrEqual(16 * 1024);
  });

  it('is ended when a line cannot be handled', async () => {
    const fault = new Stopped('codex-failed', 'garbage');
    const running = start(
      { file: '/bin/sh', args: ['-c', 'echo x; sleep 1000'], env: {} },
      {
        timeoutMs: 10_000,
        onLine: () => {
          throw fault;
        },
      },
    );
    expect((await running.ended).fault).toBe(fault);
  });

  it.each([
    ['platform-unsupported', 'EMFILE'],
    ['internal', 'ENOTSUP'],
  ])('ends as %s if a line meets the error %s', async (reason, code) => {
    const running = start(
      { file: '/bin/sh', args: ['-c', 'echo x; sleep 1000'], env: {} },
      {
        timeoutMs: 10_000,
        onLine: () => {
          throw Object.assign(new Error('of the system'), { code });
        },
      },
    );
    expect((await running.ended).fault).toMatchObject({ reason });
  });

  it('that does not exist is said so', async () => {
    const running = start(
      { file: '/nonexistent/codex', args: [], env: {} },
      { timeoutMs: 1000, onLine: () => {} },
    );
    expect((await running.ended).fault).toMatchObject({ reason: 'codex-unavailable' });
  });
});
