import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type InstallOptions,
  locateCodex,
  PINNED_VERSION,
} from '../../../src/codex/install/install.ts';
import { codex, folder, platformPackage } from '../setting.ts';

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

const locate = (changes: Partial<InstallOptions> = {}) =>
  locateCodex({
    version: null,
    codexPath: null,
    forbidden: [],
    temporary: folder(),
    report: () => {},
    ...changes,
  });

function executable(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode: 0o755 });
  return path;
}

const speaking = (version: string) => `#!/bin/sh\necho "codex-cli ${version}"\n`;

describe('codex-path', () => {
  it("may be npm's launcher: the program behind it is run", async () => {
    const found = await locate({ codexPath: LAUNCHER });
    expect(found).toEqual(await codex());
    expect(found.version).toBe(PINNED_VERSION);
    expect(found.binaryInBox).toBe('/opt/codex/bin/codex');
  });

  it('may be the native program itself', async () => {
    const { binary } = await codex();
    expect(await locate({ codexPath: binary })).toEqual(await codex());
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

  it('must be what codex-version says, where that is set', async () => {
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
          message: expect.stringContaining('give it a folder of its own'),
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
  const expectedVersion = new RegExp(`expected ${PINNED_VERSION.replaceAll('.', '\\.')}`);
  const platform = `linux-${process.arch}`;
  const pinned = LOCK[`node_modules/@openai/codex-${platform}`].integrity;

  /** An npm that writes down how it was called, and installs a script that says it is `says`. */
  function fakeNpm({
    version = `${PINNED_VERSION}-${platform}`,
    integrity = pinned,
    says = PINNED_VERSION,
    status = 0,
    at = folder(),
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
      ].join('\n'),
    );
    process.env.PATH = `${at}${delimiter}/usr/bin${delimiter}/bin`;
    return join(at, 'called');
  }

  it('is one exact package, without its scripts, in an empty folder, without a variable of the job', async () => {
    process.env.GITHUB_TOKEN = 'ghs_secret';
    process.env.NODE_OPTIONS = '--require=/evil.js';
    const called = fakeNpm();
    const found = await locate();
    const said = readFileSync(called, 'utf8');
    expect(found.version).toBe(PINNED_VERSION);
    expect(said.split('\n').slice(1, 9)).toEqual([
      'install',
      '--prefix',
      said.split('\n')[0],
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--no-update-notifier',
      '--',
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
    process.env.RUNNER_TOOL_CACHE = folder();
    const temporary = folder();
    fakeNpm();
    const first = await locate({ temporary });
    fakeNpm({ status: 1 });
    const second = await locate({ temporary });
    expect(second).toEqual(first);
    expect(first.binary).toContain(join('codex-cli', PINNED_VERSION));
    expect(readdirSync(temporary)).toEqual([]);
  });

  it.each([
    [
      'another content than the tested one',
      { integrity: `sha512-${'A'.repeat(86)}==` },
      /serves another/,
    ],
    ['no sha512', { integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' }, /no sha512/],
    ['another version', { version: '0.1.0' }, expectedVersion],
    ['a program that says another version', { says: '0.1.0' }, expectedVersion],
    ['nothing', { status: 1 }, /E404/],
  ])('that brings %s is not used', async (_, npm, said) => {
    fakeNpm(npm);
    const temporary = folder();
    await expect(locate({ temporary })).rejects.toMatchObject({
      reason: 'codex-unavailable',
      message: expect.stringMatching(said),
    });
  });

  it('of another version asks for a sha512, whichever', async () => {
    const integrity = `sha512-${'A'.repeat(86)}==`;
    fakeNpm({ version: `0.200.1-${platform}`, says: '0.200.1', integrity });
    expect((await locate({ version: '0.200.1' })).version).toBe('0.200.1');
  });
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
