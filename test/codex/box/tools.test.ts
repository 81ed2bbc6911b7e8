import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { findTools } from '../../../src/codex/box/tools.ts';
import { createEditor } from '../../../src/codex/editor/editor.ts';
import { createPlanner } from '../../../src/codex/planner/planner.ts';
import { type ModelCall, outputs, run, say } from '../../support/model/index.ts';
import { defaultSettings, onDisk, PLAN } from '../setting.ts';

const { folder, repository, setting } = onDisk;

const PROJECT = join(import.meta.dirname, '../../..');

/**
 * Makes a folder that is in no temporary folder: there, no tool cache is trusted. The project can be in one, and the home, too. Root's
 * own home, and so a project in it, is closed to the user of the box. Many machines let everybody write to `/run/lock`.
 * @returns undefined if this user has no such place
 */
function makeFolder(): string | undefined {
  // The folders in which the action looks for no tools. A job that runs these tests has them, too.
  const { RUNNER_TEMP, GITHUB_WORKSPACE } = process.env;
  const closed = [tmpdir(), '/tmp', '/var/tmp', RUNNER_TEMP, GITHUB_WORKSPACE]
    .filter((path) => path !== undefined && existsSync(path))
    .map((path) => realpathSync(path as string));
  const project = join(PROJECT, 'node_modules/.cache');
  for (const place of [project, '/opt', join(homedir(), '.cache'), '/run/lock']) {
    if (closed.some((one) => `${realPath(place)}/`.startsWith(`${one}/`))) continue;
    if (process.getuid?.() === 0 && !isOpenToAll(place)) continue;
    let made: string | undefined;
    try {
      mkdirSync(place, { recursive: true });
      made = mkdtempSync(join(place, 'tools-'));
      writeFileSync(join(made, 'program'), '', { mode: 0o755 });
      accessSync(join(made, 'program'), constants.X_OK);
      rmSync(join(made, 'program'));
      return made;
    } catch {
      // This user may not write there, or nothing there can be executed.
      if (made !== undefined) rmSync(made, { recursive: true });
    }
  }
  return undefined;
}

/** Without links, as far as it is there. */
function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : join(realPath(dirname(path)), basename(path));
}

/** Whether everybody may pass through the folders of a path, as far as they are there. */
function isOpenToAll(path: string): boolean {
  const above = dirname(path);
  const isOpen = !existsSync(path) || (statSync(path).mode & 0o001) !== 0;
  return isOpen && (above === path || isOpenToAll(above));
}

const place = makeFolder();
if (place !== undefined) rmSync(place, { recursive: true });

it.skipIf(place !== undefined)(
  'IS SKIPPED: this user has no usable place outside of the temporary folders',
  () => {},
);

/** A tool cache, which is never in a temporary folder, with these programs. */
function toolCache(...programs: string[]): string {
  const cache = makeFolder() ?? '';
  chmodSync(cache, 0o755);
  onTestFinished(() => rmSync(cache, { recursive: true, force: true }));
  for (const path of programs) {
    const program = join(cache, path);
    mkdirSync(dirname(program), { recursive: true });
    writeFileSync(program, '#!/bin/sh\necho "this is $0"\n', { mode: 0o755 });
  }
  return cache;
}

const find = (
  cache: string,
  path: readonly string[],
  more: Record<string, string> = {},
  forbidden: readonly string[] = [],
) => findTools({ RUNNER_TOOL_CACHE: cache, PATH: path.join(':'), ...more }, forbidden);

describe.skipIf(place === undefined)('the tools of a job', () => {
  it("are the versions' own folders that its path leads into, in its order", () => {
    const cache = toolCache('node/24.1.0/x64/bin/node', 'go/1.2.3/x64/bin/go', 'py/3/x64/python');
    const [node, go, py] = ['node/24.1.0/x64', 'go/1.2.3/x64', 'py/3/x64'].map((name) => ({
      name,
      folder: join(cache, name),
      real: join(cache, name),
    }));
    const path = [`${cache}/go/1.2.3/x64/bin`, '/usr/bin', `${cache}/node/24.1.0/x64/bin/`];
    const found = find(cache, [...path, `${cache}/py/3/x64`, path[0] as string]);
    expect(found.shown).toEqual([go, node, py]);
    expect(found.path).toEqual([path[0], `${cache}/node/24.1.0/x64/bin/`, `${cache}/py/3/x64`]);
    expect(found.refused).toEqual([]);
  });

  it('are none without a tool cache', () => {
    const cache = toolCache('node/24.1.0/x64/bin/node');
    const PATH = `${cache}/node/24.1.0/x64/bin`;
    for (const RUNNER_TOOL_CACHE of [undefined, '', '/nonexistent']) {
      const env = { PATH, ...(RUNNER_TOOL_CACHE !== undefined && { RUNNER_TOOL_CACHE }) };
      expect(findTools(env, []).shown).toEqual([]);
    }
  });

  it.each([
    ['not a version of a tool', (cache: string) => `${cache}/node/24.1.0`, 'in no version'],
    ['the cache itself', (cache: string) => cache, 'in no version'],
    ['gone', (cache: string) => `${cache}/node/9.9.9/x64/bin`, 'does not exist'],
    [
      'a name that could end a string',
      (cache: string) => `${cache}/node/24.1.0/x"64/bin`,
      'unusual',
    ],
    [
      'a link out of the cache',
      (cache: string) => {
        symlinkSync('/etc', join(cache, 'node/24.1.0/arm64'));
        return `${cache}/node/24.1.0/arm64`;
      },
      'out of the tool cache',
    ],
    [
      'a link to a whole tool',
      (cache: string) => {
        symlinkSync(join(cache, 'node'), join(cache, 'node/24.1.0/arm64'));
        return `${cache}/node/24.1.0/arm64/24.1.0`;
      },
      'out of the tool cache',
    ],
    [
      'a link out of its version',
      (cache: string) => {
        symlinkSync('/usr/bin', join(cache, 'node/24.1.0/x64/sys'));
        return `${cache}/node/24.1.0/x64/sys`;
      },
      'out of its tool',
    ],
  ])('are not %s, which is said', (_, entry, why) => {
    const cache = toolCache('node/24.1.0/x64/bin/node');
    const { shown, path, refused } = find(cache, [entry(cache)]);
    expect({ shown, path }).toEqual({ shown: [], path: [] });
    expect(refused).toEqual([expect.stringContaining(why)]);
  });

  it('are shown by a link of the tool cache, where the link is and as it really is', () => {
    const cache = toolCache('node/24.1.0/x64/bin/node');
    mkdirSync(join(cache, 'node/current'));
    symlinkSync(join(cache, 'node/24.1.0/x64'), join(cache, 'node/current/x64'));
    expect(find(cache, [`${cache}/node/current/x64/bin`]).shown).toEqual([
      {
        name: 'node/current/x64',
        folder: join(cache, 'node/current/x64'),
        real: join(cache, 'node/24.1.0/x64'),
      },
    ]);
  });

  it.each(['GITHUB_WORKSPACE', 'RUNNER_TEMP', 'forbidden'] as const)(
    'share no place with %s',
    (name) => {
      const cache = toolCache('node/24.1.0/x64/bin/node');
      const path = [`${cache}/node/24.1.0/x64/bin`];
      for (const place of [cache, join(cache, 'node/24.1.0/x64'), join(path[0] as string)]) {
        const found =
          name === 'forbidden'
            ? find(cache, path, {}, [place])
            : find(cache, path, { [name]: place });
        expect(found.shown).toEqual([]);
        expect(found.refused).toEqual([expect.stringContaining('shares a place')]);
      }
      expect(find(cache, path).shown).toHaveLength(1);
    },
  );

  it('never lie in a temporary folder', () => {
    const cache = folder();
    mkdirSync(join(cache, 'node/24.1.0/x64/bin'), { recursive: true });
    expect(find(cache, [`${cache}/node/24.1.0/x64/bin`]).shown).toEqual([]);
  });

  it.skipIf(process.getuid?.() !== 0)('belong to root or the runner, and nobody else', () => {
    const cache = toolCache('node/24.1.0/x64/bin/node');
    const path = [`${cache}/node/24.1.0/x64/bin`];
    for (const stranger of [join(cache, 'node/24.1.0/x64'), path[0] as string]) {
      chownSync(stranger, 12_345, 12_345);
      expect(find(cache, path).refused).toEqual([expect.stringContaining('another user')]);
      chownSync(stranger, 0, 0);
    }
    expect(find(cache, path).shown).toHaveLength(1);
  });

  it('bring the variables that lead into them, and no other', () => {
    const cache = toolCache('java/21/x64/bin/java', 'go/1/x64/bin/go', 'py/3/x64/lib/libpy.so');
    const path = [`${cache}/java/21/x64/bin`, `${cache}/go/1/x64/bin`, `${cache}/py/3/x64/lib`];
    const { variables } = find(cache, path, {
      JAVA_HOME: `${cache}/java/21/x64`,
      GOROOT: '/usr/local/go',
      LD_LIBRARY_PATH: `/opt/evil:${cache}/py/3/x64/lib:relative:${cache}/py/4/x64/lib`,
      LD_PRELOAD: `${cache}/py/3/x64/lib/libpy.so`,
      NODE_OPTIONS: '--require=x',
    });
    expect(variables).toEqual({
      JAVA_HOME: `${cache}/java/21/x64`,
      LD_LIBRARY_PATH: `${cache}/py/3/x64/lib`,
    });
  });
});

describe.skipIf(place === undefined)('the commands of a model', () => {
  const LOOK =
    'exec 2>&1; mytool; echo $PATH; env | grep -E "JAVA|LD_"; bin=$(dirname "$(command -v mytool)"); touch "$bin/x"; other; ls "$bin/../../../.."';

  async function setUp() {
    const cache = toolCache('mytool/1.2.3/x64/bin/mytool', 'other/1/x64/bin/other');
    const bin = join(cache, 'mytool/1.2.3/x64/bin');
    vi.stubEnv('RUNNER_TOOL_CACHE', cache);
    vi.stubEnv('PATH', `${bin}:${join(cache, 'other/1')}:${process.env.PATH}`);
    vi.stubEnv('JAVA_HOME', join(cache, 'mytool/1.2.3/x64'));
    onTestFinished(() => void vi.unstubAllEnvs());
    const script = { plan: [run(LOOK), PLAN], edit: [run(LOOK), say('done')] };
    const { options, model } = await setting(script, { tools: true });
    return { bin, cache, options, model };
  }

  const task = () => ({ workspace: repository(), prompt: 'x\n', instructions: null, struck: [] });

  function checkSeen(seen: string, bin: string): void {
    expect(seen).toContain(`this is ${bin}/mytool\n`);
    expect(seen).toContain(`\n${bin}:/opt/codex/codex-path:/usr/local/bin:/usr/bin:/bin\n`);
    expect(seen).toContain(`JAVA_HOME=${dirname(bin)}\n`);
    expect(seen).toMatch(/x': Read-only file system/);
    expect(seen).toMatch(/other: command not found/);
    // Of the tool cache, the tool alone.
    expect(seen).toMatch(/\nmytool\n$/);
  }

  it('have them while a plan is made, and the log and the toolchain say so', async () => {
    const { bin, cache, options, model } = await setUp();
    const planner = createPlanner({ ...options, enforcement: 'before-write' });
    const { toolchain, log } = await planner.propose({ ...task(), anchor: null, purpose: 'plan' });
    checkSeen(outputs(model.calls[1] as ModelCall)[0] ?? '', bin);
    expect(toolchain.tools).toEqual(['mytool/1.2.3/x64']);
    expect((await planner.describe()).tools).toEqual(['mytool/1.2.3/x64']);
    expect(log).toMatch(new RegExp(`tool: mytool/1.2.3/x64 at ${cache}/mytool/1.2.3/x64$`, 'm'));
    expect(log).toMatch(new RegExp(`${cache}/other/1 is not shown: it lies in no version`));
  });

  it.each(['before-write', 'after-run'] as const)(
    'have them while a plan is carried out, %s',
    async (enforcement) => {
      const { bin, options, model } = await setUp();
      const editor = createEditor({ ...options, settings: { ...defaultSettings, enforcement } });
      const report = await editor.carryOut({ ...task(), plan: PLAN, judge: () => null });
      checkSeen(outputs(model.calls[1] as ModelCall)[0] ?? '', bin);
      expect(report.toolchain.tools).toEqual(['mytool/1.2.3/x64']);
      expect(report.log).toContain('tool: mytool/1.2.3/x64');
    },
  );

  it('have none if the policy says so', async () => {
    const { options, model } = await setUp();
    const planner = createPlanner({ ...options, tools: false, enforcement: 'before-write' });
    const { toolchain } = await planner.propose({ ...task(), anchor: null, purpose: 'plan' });
    expect(outputs(model.calls[1] as ModelCall)[0]).toContain('mytool: command not found');
    expect(toolchain.tools).toEqual([]);
  });
});
