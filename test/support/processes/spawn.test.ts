/** Holds the stand-in for `spawn` to the original: the same table of programs runs with both. */
import { spawn as realSpawn, type SpawnOptions } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { smallProcessAddress } from './connection.ts';
import { encodeFrame, readFrames } from './frames.ts';
import { spawn as remoteSpawn } from './spawn.ts';

const ways = { real: realSpawn, remote: remoteSpawn };
type Child = ReturnType<(typeof ways)[keyof typeof ways]>;

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'spawn-')));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'not-for-execution'), '#!/bin/sh\n');
chmodSync(join(folder, 'not-for-execution'), 0o644);

/** Everything that is seen of a program, in the order in which the events come. */
async function watch(child: Child, use: (child: Child) => void = (child) => child.stdin?.end()) {
  const events: unknown[] = [];
  const output = ['', ''];
  for (const [fd, stream] of [child.stdout, child.stderr].entries()) {
    stream?.on('data', (bytes: Buffer) => {
      output[fd] += bytes.toString('latin1');
    });
  }
  const note = (name: string) => (code: unknown, signal: unknown) =>
    events.push([name, code, signal]);
  child.on('spawn', () => events.push(['spawn', typeof child.pid]));
  child.on('error', ({ name, message, stack, ...facts }: Error) =>
    events.push(['error', name, message, facts]),
  );
  child.on('exit', note('exit')).on('close', note('close'));
  const closed = new Promise((resolve) => child.on('close', resolve));
  use(child);
  await closed;
  const { exitCode, signalCode, killed, spawnfile, spawnargs } = child;
  const seen = { exitCode, signalCode, killed, spawnfile, spawnargs };
  const streams = child.stdio.slice(0, 3).map((stream) => stream?.destroyed ?? null);
  return { events, output, ...seen, streams, after: child.kill() };
}

interface Case {
  readonly file?: string;
  readonly args?: readonly string[];
  /** A script for the shell, in the place of `file` and `args`. */
  readonly script?: string;
  readonly options?: SpawnOptions;
  readonly use?: (child: Child) => void;
  /** What the outcome must contain, so that two wrong outcomes are not taken for a right one. */
  readonly expected: object;
}

const exited = (code: number | null, signal: string | null = null) => ({
  exitCode: code,
  signalCode: signal,
});

const cases: Record<string, Case> = {
  'says both outputs apart': {
    script: 'echo out; echo err >&2',
    expected: { ...exited(0), output: ['out\n', 'err\n'] },
  },
  'ends with its status': { script: 'exit 7', expected: exited(7) },
  'ends by a signal': { script: 'kill -TERM $$', expected: exited(null, 'SIGTERM') },
  'gets its input to the end': {
    file: 'cat',
    use: ({ stdin }) => {
      stdin?.write('one ');
      stdin?.end(Buffer.from('two ÿ'));
    },
    expected: { ...exited(0), output: [Buffer.from('one two ÿ').toString('latin1'), ''] },
  },
  'sees the end of an empty input': { file: 'cat', expected: { ...exited(0), output: ['', ''] } },
  'has no input': {
    script: 'cat; readlink /proc/self/fd/0',
    options: { stdio: ['ignore', 'pipe', 'pipe'] },
    expected: { output: ['/dev/null\n', ''], streams: [null, true, true] },
  },
  'is not heard': {
    script: 'echo out; echo err >&2; exit 3',
    options: { stdio: 'ignore' },
    expected: { ...exited(3), output: ['', ''], streams: [null, null, null] },
  },
  'gets its whole environment, and no other': {
    file: 'env',
    options: { env: { PATH: process.env.PATH, A: 'a b\nc', B: undefined } },
    expected: { output: [`PATH=${process.env.PATH}\nA=a b\nc\n`, ''] },
  },
  'is looked for in the PATH that it gets': {
    file: 'cat',
    options: { env: { PATH: '/nonexistent' } },
    expected: {
      events: [['error', 'Error', 'spawn cat ENOENT', expect.anything()], expect.anything()],
    },
  },
  'works in its folder': {
    file: 'pwd',
    options: { cwd: folder },
    expected: { output: [`${folder}\n`, ''] },
  },
  'gets its arguments as they are': {
    file: 'printf',
    args: ['%s|', '', ' ', '-x', 'ä\n"$HOME"'],
    expected: { output: [Buffer.from('| |-x|ä\n"$HOME"|').toString('latin1'), ''] },
  },
  'has another name': {
    file: 'sh',
    args: ['-c', 'tr "\\0" "\\n" < /proc/$$/cmdline | head -n 1'],
    options: { argv0: 'another' },
    expected: { output: ['another\n', ''] },
  },
  'does not exist': {
    file: join(folder, 'missing'),
    args: ['a'],
    expected: {
      events: [
        [
          'error',
          'Error',
          expect.stringContaining('ENOENT'),
          expect.objectContaining({ code: 'ENOENT', spawnargs: ['a'] }),
        ],
        expect.arrayContaining(['close']),
      ],
    },
  },
  'may not be executed': {
    file: join(folder, 'not-for-execution'),
    expected: {
      events: [
        [
          'error',
          'Error',
          expect.stringContaining('EACCES'),
          expect.objectContaining({ code: 'EACCES' }),
        ],
        expect.arrayContaining(['close']),
      ],
    },
  },
  'has no folder to work in': {
    file: 'pwd',
    options: { cwd: join(folder, 'missing') },
    expected: {
      events: [['error', 'Error', 'spawn pwd ENOENT', expect.anything()], expect.anything()],
    },
  },
  'is killed': {
    script: 'echo ready; exec sleep 60',
    use: (child) => child.stdout?.once('data', () => child.kill('SIGKILL')),
    expected: { ...exited(null, 'SIGKILL'), killed: true },
  },
  'is asked to end': {
    script: 'echo ready; exec sleep 60',
    use: (child) => child.stdout?.once('data', () => child.kill()),
    expected: { ...exited(null, 'SIGTERM'), killed: true },
  },
  'is killed with its group': {
    script: 'sleep 60 & echo ready; wait',
    options: { detached: true },
    use: (child) => child.stdout?.once('data', () => process.kill(-(child.pid ?? 0), 'SIGKILL')),
    expected: { ...exited(null, 'SIGKILL'), killed: false },
  },
  'is in a group of its own if detached': {
    script: 'test "$(ps -o pgid= -p $$ | tr -d " ")" = $$ && echo leads',
    options: { detached: true },
    expected: { output: ['leads\n', ''] },
  },
  'closes its output before it ends': {
    script: 'exec >&- 2>&-; sleep 0.2; exit 4',
    expected: exited(4),
  },
  'leaves a process that has its output': {
    script: '(sleep 0.3; echo late) & echo early',
    expected: { ...exited(0), output: ['early\nlate\n', ''] },
  },
  'handles a signal': {
    script: 'trap "echo caught; exit 5" USR1; echo ready; while :; do sleep 0.05; done',
    use: (child) => child.stdout?.once('data', () => child.kill('SIGUSR1')),
    expected: { ...exited(5), output: ['ready\ncaught\n', ''] },
  },
};

describe('a program of the small process', () => {
  it.each(Object.entries(cases))('%s, as with the original', async (_name, one) => {
    const { file = 'sh', script, options = {}, use, expected } = one;
    const args = script === undefined ? (one.args ?? []) : ['-c', script];
    const real = await watch(ways.real(file, args, options), use);
    const remote = await watch(ways.remote(file, args, options), use);
    expect(real).toMatchObject(expected);
    expect(remote).toEqual(real);
  });

  const megabytes = 24;
  const big = Buffer.alloc(megabytes * 1024 * 1024, 'every byte counts. ');
  const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

  it.each(Object.entries(ways))('gets and gives much (%s)', async (_way, spawn) => {
    const child = spawn('cat', []);
    const parts: Buffer[] = [];
    child.stdout?.on('data', (part: Buffer) => parts.push(part));
    child.stdin?.end(big);
    await new Promise((resolve) => child.on('close', resolve));
    expect(digest(Buffer.concat(parts))).toBe(digest(big));
  });

  it.each(Object.entries(ways))('waits for a slow reader (%s)', async (way, spawn) => {
    const written = join(folder, `written-${way}`);
    const script = `echo begin; head -c ${big.length} /dev/zero; echo > ${written}`;
    const child = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise((resolve) => child.stdout?.once('readable', resolve));
    await wait(1_000);
    expect(existsSync(written)).toBe(false);
    let size = 0;
    child.stdout?.on('data', ({ length }: Buffer) => {
      size += length;
    });
    await new Promise((resolve) => child.on('close', resolve));
    expect(size).toBe('begin\n'.length + big.length);
    expect(existsSync(written)).toBe(true);
  });

  it.each(Object.entries(ways))('makes a fast writer wait (%s)', async (_way, spawn) => {
    const child = spawn('sh', ['-c', 'sleep 0.5; wc -c'], { stdio: ['pipe', 'pipe', 'ignore'] });
    let size = '';
    child.stdout?.on('data', (text: Buffer) => {
      size += text;
    });
    let waited = 0;
    for (let count = 0; count < 64; count++) {
      if (child.stdin?.write(Buffer.alloc(262144)) === false) {
        waited++;
        await new Promise((resolve) => child.stdin?.once('drain', resolve));
      }
    }
    child.stdin?.end();
    await new Promise((resolve) => child.on('close', resolve));
    expect(waited).toBeGreaterThan(10);
    expect(Number(size)).toBe(64 * 262144);
  });

  it.each(Object.entries(ways))(
    'gets all of its input even if it reads it late (%s)',
    async (_way, spawn) => {
      // More than the system keeps for a program that does not read, and less than what may be on the way to it.
      const bytes = 400_000;
      const child = spawn('sh', ['-c', 'sleep 0.3; wc -c'], { stdio: ['pipe', 'pipe', 'ignore'] });
      let size = '';
      child.stdout?.on('data', (text: Buffer) => {
        size += text;
      });
      child.stdin?.end(Buffer.alloc(bytes));
      await new Promise((resolve) => child.on('close', resolve));
      expect(Number(size)).toBe(bytes);
    },
  );

  it.each(Object.entries(ways))('says that nobody takes the input (%s)', async (_way, spawn) => {
    const child = spawn('sh', ['-c', 'exec <&-; echo closed; exec sleep 60']);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    const error = new Promise<NodeJS.ErrnoException>((resolve) =>
      child.stdin?.on('error', resolve),
    );
    child.stdin?.write(big);
    expect((await error).code).toBe('EPIPE');
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('close', resolve));
  });

  it.each(Object.entries(ways))(
    'learns that nobody reads it any more (%s)',
    async (_way, spawn) => {
      const child = spawn('sh', ['-c', 'while echo more; do :; done 2>/dev/null; exit 6']);
      child.stdout?.once('data', () => child.stdout?.destroy());
      const ended = await new Promise((resolve) =>
        child.on('exit', (code, signal) => resolve(code ?? signal)),
      );
      // The shell is ended by the signal, or sees the error if it was told to ignore the signal.
      expect(['SIGPIPE', 6]).toContain(ended);
    },
  );

  it('runs beside others', async () => {
    const texts = Array.from({ length: 40 }, (_, index) => `text ${index} `.repeat(2_000));
    const answers = await Promise.all(
      texts.map((text) => watch(remoteSpawn('cat'), ({ stdin }) => stdin?.end(text))),
    );
    expect(answers.map(({ output }) => output[0])).toEqual(texts);
  });

  it('refuses what it cannot do, instead of doing something else', () => {
    expect(() => remoteSpawn('true', [], { stdio: 'inherit' })).toThrow('inherit');
    expect(() => remoteSpawn('true', [], { stdio: ['ignore', 1, 'ignore'] })).toThrow('stream 1');
    expect(() => remoteSpawn('true', [], { shell: true })).toThrow('shell');
    expect(() => remoteSpawn('true', [], { timeout: 5 })).toThrow('timeout');
    expect(() => remoteSpawn('true', [], { stdio: Array(4).fill('pipe') })).toThrow('three');
  });
});

describe('the small process', () => {
  it('closes the streams of a process that is gone, and lets others be', async () => {
    const socket = connect(await smallProcessAddress());
    const program = {
      file: 'sh',
      args: ['-c', `cat; echo ended > ${folder}/ended`],
      cwd: folder,
      env: { PATH: process.env.PATH ?? '' },
      stdio: ['pipe', 'pipe', 'pipe'],
    };
    const started = new Promise((resolve) => socket.on('data', readFrames(resolve)));
    socket.write(encodeFrame({ id: 1, do: 'start', program }));
    await started;
    const other = watch(remoteSpawn('cat'), ({ stdin }) => setTimeout(() => stdin?.end('x'), 800));
    socket.destroy();
    await vi.waitFor(() => expect(existsSync(join(folder, 'ended'))).toBe(true), 20_000);
    expect((await other).output).toEqual(['x', '']);
  });

  it('ends with the process that started it, and leaves nothing', async () => {
    const { large, path } = await startLarge();
    expect(existsSync(path)).toBe(true);
    large.kill('SIGKILL');
    await vi.waitFor(() => expect(existsSync(dirname(path))).toBe(false), 20_000);
  });

  it.each([
    [
      'has its socket in the folder for temporary files',
      'temporary',
      /\/temporary\/small-process-/,
    ],
    [
      'has it elsewhere if the path would be too long',
      'long/'.repeat(20),
      /^\/tmp\/small-process-/,
    ],
  ])('%s', async (_what, name, expected) => {
    const temporary = join(folder, name);
    mkdirSync(temporary, { recursive: true });
    const { large, path } = await startLarge({ ...process.env, TMPDIR: temporary });
    expect(path).toMatch(expected);
    large.kill('SIGKILL');
    await vi.waitFor(() => expect(existsSync(dirname(path))).toBe(false), 20_000);
  });

  /** Starts a large process with a small one. */
  async function startLarge(env = process.env) {
    const url = new URL('connection.ts', import.meta.url).href;
    const script = `const { smallProcessAddress } = await import('${url}'); console.log(await smallProcessAddress()); setTimeout(() => {}, 1e6)`;
    const args = ['--input-type=module', '-e', script];
    const large = realSpawn(process.execPath, args, { env });
    const path = await new Promise<string>((resolve, reject) => {
      large.stdout.once('data', (text: Buffer) => resolve(text.toString().trim()));
      large.once('exit', (code) => reject(new Error(`it ended with ${code}`)));
    });
    return { large, path };
  }
});

describe('messages', () => {
  it.each([1, 3, 7, 1000])('are read from parts of %i bytes', (size) => {
    const sent = [
      { head: { a: 1 }, content: Buffer.from('x') },
      { head: { b: 'ä' }, content: Buffer.alloc(0) },
      { head: {}, content: Buffer.alloc(500, 'long') },
    ];
    const bytes = Buffer.concat(sent.map(({ head, content }) => encodeFrame(head, content)));
    const got: unknown[] = [];
    const read = readFrames((head, content) => got.push({ head, content: Buffer.from(content) }));
    for (let at = 0; at < bytes.length; at += size) read(bytes.subarray(at, at + size));
    expect(got).toEqual(sent);
  });
});
