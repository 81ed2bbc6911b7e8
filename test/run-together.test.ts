import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTemporaryFolder } from './support/ram-disk.ts';

const program = fileURLToPath(new URL('../scripts/run-together.ts', import.meta.url));

let folder: string;
/** Each waits for another one, so the order in which they end is certain. */
const begun = (name: string) =>
  `for try in $(seq 2000); do [ -e ${name} ] && break; sleep 0.05; done`;
/** The parent of a script is npm, which has ended when the program has taken notice of it. */
const tellParent = (name: string) => `echo $PPID > ${name}.part; mv ${name}.part ${name}`;
const ended = (name: string) =>
  `${begun(name)}; for try in $(seq 2000); do kill -0 $(cat ${name}) 2>/dev/null || break; sleep 0.05; done; sleep 1`;
const scripts = {
  first: `echo first says; echo first warns >&2; ${tellParent('first')}`,
  last: `${ended('first')}; echo last line`,
  early: `echo early line; ${tellParent('early')}`,
  late: `${ended('early')}; echo nobody has to read this; touch late-ended`,
  fails: `${begun('begun')}; echo why it fails; exit 3`,
  stays: `touch begun; for try in $(seq 1000); do date > alive; sleep 0.1; done`,
  ignores: `trap '' TERM; touch begun; for try in $(seq 1000); do date > alive; sleep 0.1; done`,
  tidies: `trap 'touch tidied; exit 1' TERM; touch begun; for try in $(seq 1000); do sleep 0.1; done`,
  killed: `${ended('early')}; kill -9 $PPID`,
  orphaned: `kill -9 $PPID; for try in $(seq 1000); do date > alive; sleep 0.1; done`,
  'fails-late': `${ended('early')}; echo why it fails late; exit 3`,
};

beforeAll(() => {
  folder = makeTemporaryFolder('together');
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', scripts }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function runTogether(names: readonly (keyof typeof scripts)[], signal?: NodeJS.Signals) {
  for (const left of ['begun', 'alive', 'first', 'early', 'late-ended'])
    rmSync(join(folder, left), { force: true });
  const child = spawn(process.execPath, [program, ...names], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const closed = once(child, 'close');
  if (signal !== undefined) {
    await expect.poll(() => existsSync(join(folder, 'alive')), { timeout: 120_000 }).toBe(true);
    child.kill(signal);
  }
  const [status] = await closed;
  return { status, output };
}

/** The script would write its file again. */
async function expectStopped(): Promise<void> {
  rmSync(join(folder, 'alive'), { force: true });
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(existsSync(join(folder, 'alive'))).toBe(false);
}

describe('scripts that run together', () => {
  it('succeed if each does, and show what the last one prints', async () => {
    const { status, output } = await runTogether(['first', 'last']);
    expect(output).toBe('last line\n');
    expect(status).toBe(0);
  });

  it('are all waited for', async () => {
    const { status, output } = await runTogether(['late', 'early']);
    expect(existsSync(join(folder, 'late-ended'))).toBe(true);
    expect({ status, output }).toEqual({ status: 0, output: 'early line\n' });
  });

  it.each([
    ['fails', 'stays'],
    ['stays', 'fails'],
  ] as const)('are stopped by the first that fails: %s, %s', async (one, other) => {
    const { status, output } = await runTogether([one, other]);
    expect(status).toBe(1);
    expect(output).toContain('why it fails\n');
    expect(output).toContain('fails failed with 3, so this was stopped: stays.');
    await expectStopped();
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('are stopped by %s', async (signal) => {
    const { status, output } = await runTogether(['first', 'stays'], signal);
    expect(status).toBe(1);
    expect(output).toContain(`${signal}, so this was stopped: `);
    await expectStopped();
  });

  it('fail if one fails after the last has ended, and say why', async () => {
    const { status, output } = await runTogether(['fails-late', 'early']);
    expect(status).toBe(1);
    expect(output).toContain('why it fails late\n');
  });

  it('fail if one was killed, which says nothing itself', async () => {
    const { status, output } = await runTogether(['killed', 'early']);
    expect(status).toBe(1);
    expect(output).toMatch(/killed failed with \w+\.\n$/);
  });

  it('end with what they started if npm was killed', async () => {
    const { status } = await runTogether(['early', 'orphaned']);
    expect(status).toBe(1);
    await expectStopped();
  });

  it('are asked to end first, so that they can tidy up', async () => {
    const { status } = await runTogether(['fails', 'tidies']);
    expect(status).toBe(1);
    expect(existsSync(join(folder, 'tidied'))).toBe(true);
  });

  it('are killed if they do not end when they are asked to', async () => {
    const { status } = await runTogether(['fails', 'ignores']);
    expect(status).toBe(1);
    await expectStopped();
  });
});
