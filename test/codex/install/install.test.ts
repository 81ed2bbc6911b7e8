import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CodexPackage } from '../../../src/codex/install/codex-package.ts';
import {
  findCodex,
  type InstallOptions,
  locateCodex,
  PINNED,
  PINNED_VERSION,
  type Pin,
} from '../../../src/codex/install/install.ts';
import { registryAccess } from '../../../src/codex/install/npm.ts';
import { digestOf } from '../../../src/codex/install/package-digest.ts';
import { codex, onRamDisk, platformPackage } from '../setting.ts';

const { folder } = onRamDisk;

const LAUNCHER = join(dirname(platformPackage), '../.bin/codex');
const LOCK = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../package-lock.json'), 'utf8'),
).packages;

let kept: NodeJS.ProcessEnv;
beforeEach(() => {
  kept = { ...process.env };
  delete process.env.RUNNER_TOOL_CACHE;
});
afterEach(() => {
  // In place: the home folder is looked up in the environment of the process itself.
  for (const name of Object.keys(process.env)) if (!(name in kept)) delete process.env[name];
  Object.assign(process.env, kept);
});

async function locate(changes: Partial<InstallOptions> = {}) {
  return withVersion(
    await locateCodex({
      version: null,
      codexPath: null,
      forbidden: [],
      temporary: folder(),
      report: () => {},
      ...changes,
    }),
  );
}

async function withVersion(found: CodexPackage) {
  return { ...found, version: await found.version };
}

function executable(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode: 0o755 });
  return path;
}

const speaking = (version: string) => `#!/bin/sh\necho "codex-cli ${version}"\n`;

describe('codex-path', () => {
  it("may be npm's launcher: the program behind it is run", async () => {
    const found = await locate({ codexPath: LAUNCHER });
    expect(found).toEqual(await withVersion(await codex()));
    expect(found.version).toBe(PINNED_VERSION);
    expect(found.binaryInBox).toBe('/opt/codex/bin/codex');
  });

  it('may be the native program itself', async () => {
    const { binary } = await codex();
    expect(await locate({ codexPath: binary })).toEqual(await withVersion(await codex()));
  });

  it('may be a script, whose folder is shown where it is', async () => {
    const root = folder();
    const path = executable(join(root, 'codex'), speaking('1.2.3'));
    symlinkWithBubblewrap(root, (await codex()).bwrap);
    expect(await locate({ codexPath: path })).toMatchObject({
      version: '1.2.3',
      binary: path,
      root,
      binaryInBox: path,
    });
  });

  it('must be what codex-version says, if that is set', async () => {
    await expect(locate({ codexPath: LAUNCHER, version: '0.1.0' })).rejects.toMatchObject({
      reason: 'codex-unavailable',
      message: expect.stringContaining('expected 0.1.0'),
    });
  });

  it('must not lie in the checkout, or lead into it', async () => {
    const checkout = folder();
    const inside = executable(join(checkout, 'bin/codex'), speaking('1.2.3'));
    const link = join(folder(), 'codex');
    symlinkSync(inside, link);
    for (const codexPath of [inside, link]) {
      await expect(locate({ codexPath, forbidden: [checkout] })).rejects.toMatchObject({
        reason: 'config-invalid',
        message: expect.stringContaining(checkout),
      });
    }
  });

  it('must not lie in the checkout under another name of that', async () => {
    const checkout = folder();
    const inside = executable(join(checkout, 'codex'), speaking('1.2.3'));
    const alias = join(folder(), 'alias');
    symlinkSync(checkout, alias);
    await expect(locate({ codexPath: inside, forbidden: [alias] })).rejects.toMatchObject({
      reason: 'config-invalid',
    });
  });

  it.each(['RUNNER_TEMP', 'GITHUB_WORKSPACE', 'HOME', 'TMPDIR'])(
    'must not lie where the box would show what %s names, at any depth',
    async (name) => {
      const root = folder();
      const codexPath = executable(join(root, 'codex'), speaking('1.2.3'));
      symlinkWithBubblewrap(root, (await codex()).bwrap);
      await locate({ codexPath });
      for (const place of [root, join(root, 'a/b')]) {
        mkdirSync(place, { recursive: true });
        process.env[name] = place;
        await expect(locate({ codexPath })).rejects.toMatchObject({
          reason: 'config-invalid',
          message: expect.stringContaining('give it a separate folder'),
        });
      }
    },
  );

  it('must not lie around the checkout, by whatever name, nor in a package that does', async () => {
    const root = folder();
    const checkout = join(root, 'shop/shop');
    const alias = join(folder(), 'alias');
    mkdirSync(checkout, { recursive: true });
    mkdirSync(join(root, 'bin'));
    symlinkSync(checkout, alias);
    writeFileSync(join(root, 'codex-package.json'), '{}');
    symlinkWithBubblewrap(root, (await codex()).bwrap);
    for (const name of ['codex', 'bin/codex']) {
      const codexPath = executable(join(root, name), speaking('1.2.3'));
      await expect(locate({ codexPath, forbidden: [alias] })).rejects.toMatchObject({
        reason: 'config-invalid',
        message: expect.stringContaining(alias),
      });
    }
  });

  it('must be a program', async () => {
    const text = join(folder(), 'codex');
    writeFileSync(text, 'x');
    chmodSync(text, 0o644);
    for (const codexPath of [text, '/nonexistent/codex', folder()]) {
      await expect(locate({ codexPath })).rejects.toMatchObject({ reason: 'codex-unavailable' });
    }
  });

  it.each([
    ['says no version', '#!/bin/sh\necho hello\n'],
    ['says two', '#!/bin/sh\necho "codex-cli 1.2.3"; echo "codex-cli 1.2.4"\n'],
    ['fails', '#!/bin/sh\nexit 1\n'],
    ['cannot be started', '#!/nonexistent/interpreter\n'],
  ])('that %s is unavailable', async (_, script) => {
    const codexPath = executable(join(folder(), 'codex'), script);
    await expect(locate({ codexPath })).rejects.toMatchObject({ reason: 'codex-unavailable' });
  });

  it('is asked for its version without a variable of the job', async () => {
    process.env.GITHUB_TOKEN = 'ghs_secret';
    const root = folder();
    const script = `#!/bin/sh\nenv > ${root}/seen\n${speaking('1.2.3')}`;
    const codexPath = executable(join(root, 'codex'), script);
    symlinkWithBubblewrap(root, (await codex()).bwrap);
    await locate({ codexPath });
    expect(readFileSync(join(root, 'seen'), 'utf8')).not.toContain('ghs_secret');
  });

  it("that is npm's launcher without its program is unavailable", async () => {
    const root = join(folder(), 'node_modules/@openai/codex');
    const codexPath = executable(join(root, 'bin/codex.js'), '#!/usr/bin/env node\n');
    writeFileSync(join(root, 'package.json'), '{"name":"@openai/codex"}');
    await expect(locate({ codexPath })).rejects.toMatchObject({
      reason: 'codex-unavailable',
      message: expect.stringContaining('is not installed'),
    });
  });
});

describe('a Codex that need not be installed', () => {
  const find = (version: string | null = null, codexPath: string | null = null) =>
    findCodex({ version, codexPath, forbidden: [], report: () => {} });

  it('is the one that codex-path names', async () => {
    expect(await find(null, LAUNCHER)).toMatchObject({ root: (await codex()).root });
  });

  it('is none if the tool cache has something else: nothing is asked of npm yet', async () => {
    process.env.PATH = '/nowhere';
    expect(await find()).toBeNull();
    process.env.RUNNER_TOOL_CACHE = folder();
    const cached = join(process.env.RUNNER_TOOL_CACHE, 'codex-cli', PINNED_VERSION, process.arch);
    mkdirSync(cached, { recursive: true });
    expect(await find()).toBeNull();
    expect(existsSync(cached)).toBe(false);
    expect(await find('0.1.0')).toBeNull();
  });
});

describe('codex-version', () => {
  it.each([
    'latest',
    '^0.171.0',
    '0.171',
    '0.171.x',
    '>=1',
    'v0.171.0',
    '1.2.3 || 2',
    ' 0.171.0',
    '0.171.0\n',
    'git+https://x',
    '../x',
    '0.171.0-',
  ])('is not %j: only an exact version is', async (version) => {
    await expect(locate({ version })).rejects.toMatchObject({ reason: 'config-invalid' });
  });
});

describe('an installation', () => {
  const expectedVersion = new RegExp(`expected is ${PINNED_VERSION.replaceAll('.', '\\.')}`);
  const platform = `linux-${process.arch}`;
  const pinned = LOCK[`node_modules/@openai/codex-${platform}`].integrity;

  /** An npm that writes down how it was called, and installs a script that says it is `says`. */
  function fakeNpm({
    version = `${PINNED_VERSION}-${platform}`,
    integrity = pinned,
    says = PINNED_VERSION,
    status = 0,
    at = folder(),
    after = '',
  } = {}): string {
    const lock = { packages: { 'node_modules/@openai/codex': { version, integrity } } };
    executable(
      join(at, 'npm'),
      [
        '#!/bin/sh',
        `{ pwd; ls -A; printf "%s\\n" "$@"; env; } > ${at}/called`,
        `[ ${status} = 0 ] || { echo "npm error code E404" >&2; exit ${status}; }`,
        `root=node_modules/@openai/codex/vendor/${triple()}`,
        'mkdir -p $root/bin $root/codex-resources',
        `printf '#!/bin/sh\\necho "codex-cli ${says}"\\n' > $root/bin/codex`,
        'chmod +x $root/bin/codex; echo {} > $root/codex-package.json; : > $root/codex-resources/bwrap',
        `printf '%s' '${JSON.stringify(lock)}' > package-lock.json`,
        after,
      ].join('\n'),
    );
    process.env.PATH = `${at}${delimiter}/usr/bin${delimiter}/bin`;
    return join(at, 'called');
  }

  /** The pinned version, consisting of what the fake npm installs. */
  async function fakePin(): Promise<Pin> {
    const { PATH, RUNNER_TOOL_CACHE } = process.env;
    delete process.env.RUNNER_TOOL_CACHE;
    fakeNpm({ version: `9.9.9-${platform}`, says: '9.9.9' });
    const { root } = await locate({ version: '9.9.9' });
    const program = readFileSync(join(root, 'bin/codex'), 'utf8');
    writeFileSync(join(root, 'bin/codex'), program.replace('9.9.9', PINNED_VERSION));
    const content = await digestOf(root);
    Object.assign(process.env, { PATH, ...(RUNNER_TOOL_CACHE && { RUNNER_TOOL_CACHE }) });
    return { ...PINNED, content: { x64: content, arm64: content } };
  }

  let pin: Pin;
  beforeEach(async () => {
    pin = await fakePin();
  });

  it('is one exact package, without its scripts, in an empty folder, without a variable of the job', async () => {
    process.env.GITHUB_TOKEN = 'ghs_secret';
    process.env.NODE_OPTIONS = '--require=/evil.js';
    const called = fakeNpm();
    const found = await locate({ pin });
    const said = readFileSync(called, 'utf8');
    expect(found.version).toBe(PINNED_VERSION);
    const [at, ...args] = said.split('\n');
    // The one file there is npm's own configuration.
    expect(args.slice(0, 15)).toEqual([
      'npmrc',
      'install',
      ...['--prefix', at],
      ...['--userconfig', `${at}/npmrc`, '--globalconfig', `${at}/npmrc-none`],
      ...['--package-lock', '--ignore-scripts', '--no-audit', '--no-fund'],
      ...['--no-update-notifier', '--', `@openai/codex@${PINNED_VERSION}-${platform}`],
    ]);
    expect(said).toContain(`@openai/codex@${PINNED_VERSION}-${platform}\n`);
    expect(said).not.toMatch(/ghs_secret|NODE_OPTIONS/);
  });

  it('never runs an npm of the checkout', async () => {
    const checkout = folder();
    fakeNpm({ at: join(checkout, 'bin') });
    process.env.PATH = `${join(checkout, 'bin')}${delimiter}relative`;
    await expect(locate({ forbidden: [checkout] })).rejects.toMatchObject({
      reason: 'codex-unavailable',
      message: expect.stringContaining('no npm'),
    });
  });

  it('goes into the tool cache, and comes from there the next time', async () => {
    const cache = folder();
    process.env.RUNNER_TOOL_CACHE = cache;
    const temporary = folder();
    fakeNpm();
    const first = await locate({ temporary, pin });
    fakeNpm({ status: 1 });
    const second = await locate({ temporary, pin });
    expect(second).toEqual(first);
    expect(first.root).toContain(join(cache, 'codex-cli', PINNED_VERSION, process.arch));
    expect(readdirSync(temporary)).toEqual([]);
    // Nothing beside it that another job could take for it.
    expect(readdirSync(join(cache, 'codex-cli', PINNED_VERSION))).toEqual([process.arch]);
  });

  it.each([
    [
      'another program',
      (root: string) => writeFileSync(join(root, 'bin/codex'), '#!/bin/sh\nid > /tmp/mark'),
    ],
    [
      'another bubblewrap',
      (root: string) => writeFileSync(join(root, 'codex-resources/bwrap'), 'x'),
    ],
    ['a program too many', (root: string) => writeFileSync(join(root, 'bin/more'), 'x')],
    [
      'a file that can be run now',
      (root: string) => chmodSync(join(root, 'codex-package.json'), 0o755),
    ],
    ['a link', (root: string) => symlinkSync('/bin/sh', join(root, 'bin/sh'))],
    ['half of it', (root: string) => rmSync(join(root, 'codex-package.json'))],
  ])(
    'that an earlier job has exchanged in the tool cache is not used, and not run: %s',
    async (_, exchange) => {
      process.env.RUNNER_TOOL_CACHE = folder();
      fakeNpm();
      const { root, binary } = await locate({ pin });
      exchange(root);
      const lines: string[] = [];
      fakeNpm();
      const again = await locate({ pin, report: (line) => lines.push(line) });
      expect(again.binary).toBe(binary);
      expect(await digestOf(root)).toBe(pin.content.x64);
      expect(lines).toEqual([
        expect.stringContaining('is something else'),
        expect.stringContaining('Installing'),
      ]);
      expect(existsSync('/tmp/mark')).toBe(false);
    },
  );

  it('that is not the pinned version never comes from the tool cache', async () => {
    process.env.RUNNER_TOOL_CACHE = folder();
    const integrity = `sha512-${'A'.repeat(86)}==`;
    fakeNpm({ version: `0.200.1-${platform}`, says: '0.200.1', integrity });
    await locate({ version: '0.200.1' });
    expect(readdirSync(process.env.RUNNER_TOOL_CACHE)).toEqual([]);
    fakeNpm({ status: 1 });
    await expect(locate({ version: '0.200.1' })).rejects.toMatchObject({
      reason: 'codex-unavailable',
    });
  });

  it('by two jobs at a time is one in the tool cache', async () => {
    process.env.RUNNER_TOOL_CACHE = folder();
    fakeNpm({ after: 'sleep 0.3' });
    const jobs = await Promise.all([locate({ pin }), locate({ pin }), locate({ pin })]);
    expect(new Set(jobs.map(({ binary }) => binary)).size).toBe(1);
    expect(readdirSync(join(process.env.RUNNER_TOOL_CACHE, 'codex-cli', PINNED_VERSION))).toEqual([
      process.arch,
    ]);
  });

  it('removes from the tool cache what a job left that was ended half way', async () => {
    const cache = folder();
    process.env.RUNNER_TOOL_CACHE = cache;
    const tool = join(cache, 'codex-cli');
    const leave = (path: string, hours: number) => {
      mkdirSync(join(tool, path, 'node_modules'), { recursive: true });
      const at = new Date(Date.now() - hours * 3_600_000);
      utimesSync(join(tool, path), at, at);
    };
    leave(`${PINNED_VERSION}/install-dead`, 2);
    leave(`${PINNED_VERSION}/install-at-work`, 0.5);
    leave('0.1.0/install-dead', 2);
    leave(`0.1.0/${process.arch}`, 2);
    fakeNpm();
    await locate({ pin });
    const left = [...readdirSync(join(tool, PINNED_VERSION)), ...readdirSync(join(tool, '0.1.0'))];
    expect(left.sort()).toEqual([process.arch, process.arch, 'install-at-work'].sort());
  });

  it.each([
    ['no HOME that can be written', '/dev/null/home', undefined],
    ['a cache that cannot be written', undefined, '/proc/self/nothing'],
  ])('has a place for what npm keeps, with %s', async (_, home, cache) => {
    if (home !== undefined) process.env.HOME = home;
    // `npm test` names a cache itself.
    if (cache === undefined) delete process.env.npm_config_cache;
    else process.env.npm_config_cache = cache;
    const called = fakeNpm();
    const found = await locate({ pin });
    expect(found.version).toBe(PINNED_VERSION);
    const [at, ...said] = readFileSync(called, 'utf8').split('\n');
    expect(said).toContain(`HOME=${at}`);
    expect(said).toContain(`npm_config_cache=${at}/npm-cache`);
  });

  it('goes elsewhere if the tool cache cannot be written', async () => {
    const file = join(folder(), 'file');
    writeFileSync(file, '');
    process.env.RUNNER_TOOL_CACHE = file;
    const temporary = folder();
    const lines: string[] = [];
    fakeNpm();
    const found = await locate({ pin, temporary, report: (line) => lines.push(line) });
    expect(found.root).toContain(temporary);
    expect(lines[1]).toContain('does not take Codex');
  });

  it.each([
    [
      'another content than the tested one',
      { integrity: `sha512-${'A'.repeat(86)}==` },
      /serves another/,
    ],
    ['no sha512', { integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' }, /no sha512/],
    ['another version', { version: '0.1.0' }, expectedVersion],
    ['a program that says another version', { says: '0.1.0' }, /not what Codex/],
    ['nothing', { status: 1 }, /E404/],
  ])('that brings %s is not used', async (_, npm, said) => {
    fakeNpm(npm);
    const temporary = folder();
    await expect(locate({ temporary, pin })).rejects.toMatchObject({
      reason: 'codex-unavailable',
      message: expect.stringMatching(said),
    });
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('that unpacks to something else than it consists of is not run', async () => {
    fakeNpm({ after: 'echo "touch /tmp/mark" >> $root/bin/codex' });
    await expect(locate({ pin })).rejects.toMatchObject({
      reason: 'codex-unavailable',
      message: expect.stringContaining('not what Codex'),
    });
    expect(existsSync('/tmp/mark')).toBe(false);
  });

  it('of another version asks for a sha512, whichever', async () => {
    const integrity = `sha512-${'A'.repeat(86)}==`;
    fakeNpm({ version: `0.200.1-${platform}`, says: '0.200.1', integrity });
    expect((await locate({ version: '0.200.1' })).version).toBe('0.200.1');
  });
});

describe('the configuration of npm', () => {
  function files(...texts: string[]): string[] {
    return texts.map((text) => {
      const path = join(folder(), 'npmrc');
      writeFileSync(path, text);
      return path;
    });
  }

  it('keeps what says how to reach the registry', () => {
    process.env.TOKEN_OF_THE_MIRROR = 'secret';
    const access = [
      'registry = https://npm.example/',
      '@openai:registry=https://mirror.example/',
      'https-proxy=http://proxy.example:3128',
      'cafile=/etc/ssl/company.pem',
      'strict-ssl=true',
      '//mirror.example/:_authToken=secret',
    ];
    const given = access.join('\r\n').replace('=secret', '=${TOKEN_OF_THE_MIRROR}');
    expect(registryAccess(files(given))).toBe(`${access.join('\n')}\n`);
  });

  it('leaves everything else out, and what a variable that is not set would say', () => {
    const rest = [
      'package-lock=false',
      'ignore-scripts=false',
      'global=true',
      'dry-run=true',
      'prefix=/usr',
      'omit[]=optional',
      'node-options=--require=/evil.js',
      '@other:registry=https://other.example/',
      '//mirror.example/:_authToken=${NOT_SET_ANYWHERE}',
      '; registry=https://comment.example/',
      'script-shell=/evil',
    ];
    expect(registryAccess(files(rest.join('\n')))).toBe('');
  });

  it('is read from the machine first and the user last, and may be absent', () => {
    const [machine = '', user = ''] = files('registry=https://a/', 'registry=https://b/');
    const access = 'registry=https://a/\nregistry=https://b/\n';
    expect(registryAccess([machine, '/nonexistent/npmrc', user])).toBe(access);
  });
});

it('the embedded content is what the installed package consists of', async () => {
  const { root } = await codex();
  expect(await digestOf(root)).toBe(PINNED.content[process.arch as 'x64' | 'arm64']);
});

it('the embedded digests are those of the lock file', async () => {
  const source = readFileSync(
    join(import.meta.dirname, '../../../src/codex/install/install.ts'),
    'utf8',
  );
  for (const arch of ['x64', 'arm64']) {
    const locked = LOCK[`node_modules/@openai/codex-linux-${arch}`];
    expect(locked.version).toBe(`${PINNED_VERSION}-linux-${arch}`);
    expect(source).toContain(locked.integrity);
  }
});

function triple(): string {
  return `${process.arch === 'x64' ? 'x86_64' : 'aarch64'}-unknown-linux-musl`;
}

function symlinkWithBubblewrap(root: string, bwrap: string): void {
  mkdirSync(join(root, 'codex-resources'));
  symlinkSync(bwrap, join(root, 'codex-resources/bwrap'));
}
