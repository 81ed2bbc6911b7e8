import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { Stopped } from '../../src/decision.ts';
import { createGit, GitError } from '../../src/git/git.ts';
import { checkVersion } from '../../src/git/version.ts';
import { recordGit, type Start, settings } from './recorder.ts';
import { folder, Repository } from './repository.ts';

const repository = `${new Repository().directory}/.git`;
const path = { PATH: process.env.PATH };
const { git } = createGit(path, 'secret');

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

/** What git itself takes for its configuration. */
async function configuration(
  env: Record<string, string | undefined>,
): Promise<Map<string, string>> {
  const output = await createGit({ ...path, ...env }, 'secret').git(
    ['config', '--list', '--null'],
    {
      repository,
    },
  );
  return new Map(
    output
      .toString()
      .split('\0')
      .slice(0, -1)
      .map((line) => line.split('\n', 2) as [string, string]),
  );
}

/** How the git that reaches the server is started. */
async function startOfFetch(env: Record<string, string | undefined>): Promise<Start> {
  const recorder = recordGit();
  const { fetch } = createGit({ ...env, PATH: recorder.path }, 'secret');
  await expect(fetch(['--no-such-option'], { repository })).rejects.toBeInstanceOf(GitError);
  return recorder.starts()[0] as Start;
}

/** @returns a path on which git is this shell script */
function fakeGit(script: string): string {
  const bin = folder();
  writeFileSync(`${bin}/git`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return `${bin}:${process.env.PATH}`;
}

const basic = Buffer.from('x-access-token:secret').toString('base64');

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
    expect(found.has('protocol.https.allow')).toBe(false);
  });

  it.each([
    'GIT_WORK_TREE',
    'GIT_INDEX_FILE',
    'GIT_EXTERNAL_DIFF',
    'GIT_SSH_COMMAND',
    'GIT_EXEC_PATH',
    'GIT_TRACE',
    'LD_PRELOAD',
    'OPENAI_API_KEY',
    'GITHUB_TOKEN',
    'HTTPS_PROXY',
  ])('does not see %s of the runner', async (name) => {
    const recorder = recordGit();
    const seen = createGit({ [name]: '/evil', PATH: recorder.path }, 'secret');
    await seen.git(['version'], { repository });
    expect(recorder.starts().map(({ env }) => env[name])).toEqual([undefined]);
  });

  it('is looked for in no folder of the checkout, and in none that depends on where it is started', async () => {
    const recorder = recordGit();
    const checkout = folder();
    mkdirSync(`${checkout}/bin`);
    writeFileSync(`${checkout}/bin/git`, '#!/bin/sh\necho evil\n', { mode: 0o755 });
    const PATH = `${checkout}/bin:${checkout}:.:node_modules/.bin::${recorder.path}`;
    const tools = createGit({ PATH, GITHUB_WORKSPACE: checkout }, 'secret');
    expect((await tools.git(['version'], { repository })).toString()).toMatch(/^git version/);
    expect(recorder.starts().map(({ env }) => env.PATH)).toEqual([recorder.path]);
  });

  it('has a repository that it is told of, and no work tree', async () => {
    for (const env of [{}, { GIT_WORK_TREE: '/', GIT_DIR: '/', GIT_IMPLICIT_WORK_TREE: '1' }]) {
      const tools = createGit({ ...path, ...env }, 'secret');
      const inside = await tools.git(['rev-parse', '--is-inside-work-tree'], { repository });
      expect(inside.toString()).toBe('false\n');
      for (const command of [['add', '--all', '.'], ['status'], ['checkout', '.'], ['stash']]) {
        const refused = tools.git(command, { repository });
        await expect(refused).rejects.toThrow('must be run in a work tree');
      }
    }
  });

  it('gives what was written, and its status if it fails', async () => {
    const hash = await git(['hash-object', '--stdin'], { repository, input: 'a\n' });
    expect(hash.toString().trim()).toBe('78981922613b2afb6025042ff6bd878ac1994e85');
    const failed = await git(['rev-parse', '--verify', 'nothing'], { repository }).catch(
      (error) => error,
    );
    expect(failed).toBeInstanceOf(GitError);
    expect(failed.status).toBe(128);
    expect(failed.message).toMatch(/^git rev-parse ended with 128: fatal: /);
  });

  it('is ended if it takes too long', async () => {
    const slow = git(['-c', 'alias.wait=!sleep 300', 'wait'], { repository, timeoutMs: 300 });
    // That is a busy machine, and no mistake of the action.
    await expect(slow).rejects.toMatchObject({ reason: 'platform-unsupported' });
    await expect(slow).rejects.toThrow('git -c took longer than 0.3 seconds.');
  });

  it('is ended if it floods', async () => {
    const flood = git(['-c', 'alias.flood=!yes', 'flood'], { repository });
    await expect(flood).rejects.toMatchObject({ reason: 'limit-exceeded' });
  });

  it('that cannot be started is a fault', async () => {
    const none = createGit({ PATH: '/nonexistent' }, 'secret');
    const failed = await none.git(['version'], { repository }).catch((error) => error);
    expect(failed).toBeInstanceOf(Stopped);
    expect(failed.reason).toBe('platform-unsupported');
  });
});

describe('a machine that lacks something', () => {
  it.each([
    [
      "echo 'fatal: write error: No space left on device' >&2; exit 128",
      'disk is full: git said: ',
    ],
    ['kill -KILL $$', 'The runner ended git (SIGKILL)'],
    ['kill -TERM $$', 'The runner ended git (SIGTERM)'],
  ])('is told as what it is: %s', async (script, said) => {
    const lacking = createGit({ PATH: fakeGit(script) }, 'secret');
    const failed = lacking.git(['write-tree'], { repository });
    await expect(failed).rejects.toMatchObject({ reason: 'platform-unsupported' });
    await expect(failed).rejects.toThrow(said);
    const fetched = lacking.fetch(['x'], { repository });
    await expect(fetched).rejects.toMatchObject({ reason: 'platform-unsupported' });
  });

  it('is not the cause of a git that crashed by itself', async () => {
    const { git } = createGit({ PATH: fakeGit('kill -SEGV $$') }, 'secret');
    const failed = git(['write-tree'], { repository });
    await expect(failed).rejects.toMatchObject({ status: -1 });
  });

  it('is not the cause if the action itself ended git', async () => {
    const { fetch } = createGit({ PATH: fakeGit('exec sleep 300') }, 'secret');
    const failed = fetch(['x'], { repository, timeoutMs: 200 });
    await expect(failed).rejects.toBeInstanceOf(GitError);
    await expect(failed).rejects.toThrow('It took longer than 0.2 seconds.');
  });

  it('is too many open files', () => {
    const { href } = new URL('../../src/git/git.ts', import.meta.url);
    const script = `
      import { openSync } from 'node:fs';
      const { createGit } = await import('${href}');
      try { for (;;) openSync('/dev/null'); } catch {}
      const { git } = createGit(process.env, 'secret');
      const told = ({ reason, message }) => reason + ': ' + message;
      process.stdout.write(await git(['version'], { repository: '/' }).then(String, told));`;
    const node = [process.execPath, '--input-type=module', '-e', script];
    const limited = ['-c', 'ulimit -n 64; exec "$@"', 'sh', ...node];
    const { stdout, stderr } = spawnSync('sh', limited, { encoding: 'utf8' });
    expect(stdout || stderr).toMatch(
      /^platform-unsupported: The runner lets the action open no more files: spawn git EMFILE/,
    );
  });
});

describe('the version of git', () => {
  it.each(['2.38.0', '2.39.5 (Apple Git-154)', '2.51.0.windows.1', '3.0.0', '2.100.1'])(
    'is new enough: %s',
    async (version) => {
      const { git } = createGit({ PATH: fakeGit(`echo 'git version ${version}'`) }, 'secret');
      await expect(checkVersion(git, repository)).resolves.toBeUndefined();
    },
  );

  it.each(['git version 2.34.1', 'git version 2.37.9', 'git version 1.90.0', 'something', ''])(
    'is refused, and what is missing is said: %j',
    async (said) => {
      const { git } = createGit({ PATH: fakeGit(`echo '${said}'`) }, 'secret');
      const refused = checkVersion(git, repository);
      await expect(refused).rejects.toMatchObject({ reason: 'platform-unsupported' });
      await expect(refused).rejects.toThrow('2.38 or newer');
    },
  );
});

describe('the token', () => {
  it('reaches the git that fetches, by its environment, and no other', async () => {
    const recorder = recordGit();
    const tools = createGit({ PATH: recorder.path }, 'secret');
    const [tree, rules] = [folder(), folder()];
    const empty = (await tools.git(['write-tree'], { repository })).toString().trim();
    await tools.checkOut(empty, tree, { repository });
    writeFileSync(`${rules}/.gitignore`, 'a\n');
    await tools.listIgnored(Buffer.from('./a\0'), rules, { repository });
    await expect(tools.fetch(['--no-such-option'], { repository })).rejects.toThrow();
    const starts = recorder.starts();
    expect(starts.map(({ args }) => args[0])).toEqual([
      'write-tree',
      'read-tree',
      'check-ignore',
      'fetch',
    ]);
    const withToken = starts.filter((start) => JSON.stringify(start).includes(basic));
    expect(withToken.map(({ args }) => args)).toEqual([['fetch', '--no-such-option']]);
    expect(settings(withToken[0] as Start).get('http.extraheader')).toBe(
      `AUTHORIZATION: basic ${basic}`,
    );
    expect(JSON.stringify(starts)).not.toContain('x-access-token');
    expect(readdirSync(tree)).toEqual([]);
  });

  it('is not followed to another server', async () => {
    const seen: string[] = [];
    const target = await listen((request, response) => {
      seen.push(`${request.url} ${request.headers.authorization}`);
      response.writeHead(404).end();
    });
    const asked: (string | undefined)[] = [];
    const redirecting = await listen((request, response) => {
      asked.push(request.headers.authorization);
      response.writeHead(302, { location: `${target}${request.url}` }).end();
    });
    const { fetch } = createGit(
      {
        ...path,
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: `url.${redirecting}/.insteadOf`,
        GIT_CONFIG_VALUE_0: 'https://github.com/',
      },
      'secret',
    );
    const fetched = fetch(['https://github.com/octo/shop'], { repository });
    await expect(fetched).rejects.toBeInstanceOf(GitError);
    expect(asked).toEqual([`basic ${basic}`]);
    expect(seen).toEqual([]);
  });
});

describe('the git that fetches', () => {
  it('sees of the runner what it takes to reach the server', async () => {
    const env = {
      https_proxy: 'http://proxy.example:3128',
      no_proxy: 'internal.example',
      GIT_SSL_CAINFO: '/etc/ca.pem',
    };
    const start = await startOfFetch({ ...env, OPENAI_API_KEY: 'sk-x', GIT_SSH_COMMAND: 'evil' });
    expect(start.env).toMatchObject(env);
    expect(JSON.stringify(start)).not.toMatch(/sk-x|evil/);
    expect(settings(start).get('protocol.https.allow')).toBe('always');
    expect(settings(start).get('core.hookspath')).toBe('/dev/null');
  });

  it('sees the proxy as every action reads it', async () => {
    const start = await startOfFetch({
      ...{ https_proxy: '', HTTPS_PROXY: 'p.example:1', HTTP_PROXY: 'http://q.example' },
      ...{ NO_PROXY: 'a.example:443', ALL_PROXY: 'http://q.example' },
    });
    const seen = Object.entries(start.env).filter(([name]) => /proxy/i.test(name));
    expect(Object.fromEntries(seen)).toEqual({
      https_proxy: 'http://p.example:1',
      no_proxy: 'a.example',
    });
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
    const kept = settings(
      await startOfFetch(
        rewrites(['url.http://127.0.0.1:8080/.insteadOf', 'url.http://localhost/.insteadof']),
      ),
    );
    expect(kept.get('url.http://127.0.0.1:8080/.insteadof')).toBe('https://github.com/');
    expect(kept.get('protocol.http.allow')).toBe('always');
    const refused = settings(
      await startOfFetch(
        rewrites([
          'url.http://evil.example/.insteadOf',
          'url.http://127.0.0.1.evil.example/.insteadOf',
          'url.ext::sh -c evil/.insteadOf',
          'url.file:///tmp/.insteadOf',
          'url.http://127.0.0.1/.pushInsteadOf',
          'http.proxy',
        ]),
      ),
    );
    expect(
      [...refused.keys()].filter((key) => key.startsWith('url.') || key === 'http.proxy'),
    ).toEqual([]);
    expect(refused.has('protocol.http.allow')).toBe(false);
  });

  it.each(['999999999', 'x'])('counts no more rewrites than there can be: %s', async (count) => {
    const found = settings(await startOfFetch({ GIT_CONFIG_COUNT: count }));
    expect(found.has('protocol.http.allow')).toBe(false);
  });
});
