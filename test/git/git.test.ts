import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { Stopped } from '../../src/decision.ts';
import { createGit, GitError } from '../../src/git/git.ts';
import { folder } from './repository.ts';

const cwd = folder();
const path = { PATH: process.env.PATH };

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

/** @returns the address of a server on the loopback interface */
async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What git itself takes for its configuration and environment. */
async function configuration(
  env: Record<string, string | undefined>,
): Promise<Map<string, string>> {
  const git = createGit({ ...path, ...env }, 'secret');
  const output = await git(['config', '--list', '--null'], { cwd });
  return new Map(
    output
      .toString()
      .split('\0')
      .slice(0, -1)
      .map((line) => line.split('\n', 2) as [string, string]),
  );
}

describe('git', () => {
  it('takes no configuration of the machine, the home or the folder', async () => {
    const home = folder();
    writeFileSync(`${home}/.gitconfig`, '[core]\n\teditor = evil\n');
    mkdirSync(`${home}/.config/git`, { recursive: true });
    writeFileSync(`${home}/.config/git/config`, '[core]\n\tpager = evil\n');
    const found = await configuration({
      HOME: home,
      XDG_CONFIG_HOME: `${home}/.config`,
      GIT_CONFIG_GLOBAL: `${home}/.gitconfig`,
      GIT_CONFIG_SYSTEM: `${home}/.gitconfig`,
      GIT_CONFIG_PARAMETERS: "'core.sshcommand=evil'",
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.fsmonitor',
      GIT_CONFIG_VALUE_0: 'evil',
    });
    expect([...found.values()].join()).not.toContain('evil');
    expect(found.get('core.hookspath')).toBe('/dev/null');
    expect(found.get('core.fsmonitor')).toBe('false');
    expect(found.get('protocol.allow')).toBe('never');
    expect(found.get('safe.barerepository')).toBe('explicit');
    expect(found.has('protocol.http.allow')).toBe(false);
  });

  it.each([
    'GIT_DIR',
    'GIT_WORK_TREE',
    'GIT_INDEX_FILE',
    'GIT_EXTERNAL_DIFF',
    'GIT_SSH_COMMAND',
    'GIT_EXEC_PATH',
    'GIT_TRACE',
    'LD_PRELOAD',
    'OPENAI_API_KEY',
    'GITHUB_TOKEN',
  ])('does not see %s', async (name) => {
    const seen = createGit({ ...path, [name]: `${cwd}/evil` }, 'secret');
    const output = await seen(['-c', 'alias.env=!env', 'env'], { cwd });
    expect(output.toString()).not.toContain(`${cwd}/evil`);
    expect(existsSync(`${cwd}/evil`)).toBe(false);
  });

  it('has the token in its environment, never in an argument', async () => {
    const git = createGit(path, 'secret');
    const arguments_ = await git(['-c', 'alias.ps=!tr "\\0" " " < /proc/$PPID/cmdline', 'ps'], {
      cwd,
    });
    const basic = Buffer.from('x-access-token:secret').toString('base64');
    expect(arguments_.toString()).not.toContain(basic);
    expect((await configuration({})).get('http.extraheader')).toBe(`AUTHORIZATION: basic ${basic}`);
  });

  it('keeps the rewrite of an address to this machine, and no other', async () => {
    const rewrites = (keys: readonly string[]) => ({
      GIT_CONFIG_COUNT: String(keys.length),
      ...Object.fromEntries(
        keys.flatMap((key, index) => [
          [`GIT_CONFIG_KEY_${index}`, key],
          [`GIT_CONFIG_VALUE_${index}`, 'https://github.com/'],
        ]),
      ),
    });
    const kept = await configuration(
      rewrites(['url.http://127.0.0.1:8080/.insteadOf', 'url.http://localhost/.insteadof']),
    );
    expect(kept.get('url.http://127.0.0.1:8080/.insteadof')).toBe('https://github.com/');
    expect(kept.get('protocol.http.allow')).toBe('always');
    const refused = await configuration(
      rewrites([
        'url.http://evil.example/.insteadOf',
        'url.http://127.0.0.1.evil.example/.insteadOf',
        'url.ext::sh -c evil/.insteadOf',
        'url.file:///tmp/.insteadOf',
        'url.http://127.0.0.1/.pushInsteadOf',
        'http.proxy',
      ]),
    );
    expect(
      [...refused.keys()].filter((key) => key.startsWith('url.') || key === 'http.proxy'),
    ).toEqual([]);
    expect(refused.has('protocol.http.allow')).toBe(false);
  });

  it('counts no more rewrites than there can be', async () => {
    expect(
      (await configuration({ GIT_CONFIG_COUNT: '999999999' })).has('protocol.http.allow'),
    ).toBe(false);
    expect((await configuration({ GIT_CONFIG_COUNT: 'x' })).has('protocol.http.allow')).toBe(false);
  });

  it('follows no redirect, so no other server sees the token', async () => {
    const seen: string[] = [];
    const target = await listen((request, response) => {
      seen.push(`${request.url} ${request.headers.authorization}`);
      response.writeHead(404).end();
    });
    let asked = 0;
    const redirecting = await listen((request, response) => {
      asked++;
      response.writeHead(302, { location: `${target}${request.url}` }).end();
    });
    const git = createGit(
      {
        ...path,
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: `url.${redirecting}/.insteadOf`,
        GIT_CONFIG_VALUE_0: 'https://github.com/',
      },
      'secret',
    );
    const fetched = git(['ls-remote', 'https://github.com/octo/shop'], { cwd });
    await expect(fetched).rejects.toBeInstanceOf(GitError);
    expect(asked).toBe(1);
    expect(seen).toEqual([]);
  });

  it('gives what was written, and its status where it failed', async () => {
    const git = createGit(path, 'secret');
    const hash = await git(['hash-object', '--stdin'], { cwd, input: 'a\n' });
    expect(hash.toString().trim()).toBe('78981922613b2afb6025042ff6bd878ac1994e85');
    const failed = await git(['rev-parse', '--verify', 'nothing'], { cwd }).catch((error) => error);
    expect(failed).toBeInstanceOf(GitError);
    expect(failed.status).toBe(128);
    expect(failed.message).toMatch(/^git rev-parse ended with 128: fatal: /);
  });

  it('is ended where it takes too long', async () => {
    const git = createGit(path, 'secret');
    const slow = git(['-c', 'alias.wait=!sleep 300', 'wait'], { cwd, timeoutMs: 300 });
    await expect(slow).rejects.toBeInstanceOf(GitError);
  });

  it('is ended where it floods', async () => {
    const git = createGit(path, 'secret');
    const flood = git(['-c', 'alias.flood=!yes', 'flood'], { cwd });
    await expect(flood).rejects.toMatchObject({ reason: 'limit-exceeded' });
  });

  it('that cannot be started is a fault', async () => {
    const git = createGit({ PATH: '/nonexistent' }, 'secret');
    const failed = await git(['version'], { cwd }).catch((error) => error);
    expect(failed).toBeInstanceOf(Stopped);
    expect(failed.reason).toBe('internal');
  });
});
