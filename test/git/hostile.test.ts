/** What boxed code may have left in a workspace: nothing of it runs, is followed, is obeyed, or holds the action up. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FileChange } from '../../src/core/plan/scope.ts';
import { Stopped } from '../../src/decision.ts';
import { createGit } from '../../src/git/git.ts';
import { defaultLimits, type Limits, WorkTree } from '../../src/git/work-tree.ts';
import { GitWorkspace } from '../../src/git/workspace.ts';
import { GitWorkspaces } from '../../src/git/workspaces.ts';
import type { CountedFiles, Workspace } from '../../src/ports/workspaces.ts';
import { repositoryOf } from '../../src/system/workspace-folders.ts';
import { recordGit } from './recorder.ts';
import { blobId, type Entry, fetchFromDisk, folder, Repository } from './repository.ts';

const origin = new Repository();
const recorder = recordGit();
const tools = { ...createGit({ PATH: recorder.path }, 'token'), fetch: fetchFromDisk };

const afterRun: CountedFiles = { unignoredAnd: ['src/a.ts', 'src/tax.ts'] };
const submodule: Entry = { mode: '160000', content: Buffer.from('a commit') };

/** A path whose names hold one character a byte. */
const bytes = (root: string, path: string) => Buffer.from(`${root}/${path}`, 'latin1');

interface Stage {
  readonly workspace: Workspace;
  readonly at: (path: string) => string;
  /** A file that a program leaves if something on the host starts it. */
  readonly mark: string;
}

/** A workspace with a file, a submodule and rules about what is ignored. */
async function stage(
  limits: Partial<Limits> = {},
  rules = 'build/\n*.log\n',
  more: Record<string, string> = {},
): Promise<Stage> {
  const root = origin.commit(
    origin.tree(
      new Map(
        Object.entries({
          '.gitignore': { mode: '100644', content: Buffer.from(rules) },
          'src/a.ts': { mode: '100644', content: Buffer.from('a\n') },
          sub: submodule,
          ...Object.fromEntries(
            Object.entries(more).map(([path, text]) => [
              path,
              { mode: '100644', content: Buffer.from(text) },
            ]),
          ),
        }),
      ),
    ),
  );
  const parent = folder();
  const workspaces = new GitWorkspaces(tools, parent, `file://${origin.directory}`);
  const built = await workspaces.build({ head: root, base: root });
  const { directory, commit, tree, mergeBases } = built;
  const workspace = new GitWorkspace({
    tools,
    folder: dirname(directory),
    directory,
    repository: repositoryOf(directory),
    commit,
    tree,
    mergeBases,
    head: root,
    trees: new Map(),
    reach: 'files',
    commits: [root],
    fetch: () => Promise.reject(new Error('all of it is there')),
    limits: { ...defaultLimits, ...limits },
  });
  recorder.starts();
  return { workspace, at: (path) => join(directory, path), mark: join(folder(), 'ran') };
}

/** A repository that runs a program whenever git looks at its files. */
function makeRepository(at: string, mark: string): void {
  const run = (...args: string[]) => execFileSync('git', args, { cwd: at, stdio: 'pipe' });
  mkdirSync(at, { recursive: true });
  run('init', '--quiet');
  writeFileSync(join(at, 'x'), 'x\n');
  run('add', '.');
  run('-c', 'user.name=x', '-c', 'user.email=x@localhost', 'commit', '--quiet', '-m', 'x');
  writeFileSync(join(at, '.gitattributes'), '* filter=x\n');
  for (const [key, command] of [
    ['filter.x.clean', `touch ${mark}; cat`],
    ['core.fsmonitor', `touch ${mark}; false`],
  ]) {
    run('config', key as string, command as string);
  }
  // Other than what the index says, so that git has to filter it to know whether it has changed.
  writeFileSync(join(at, 'x'), 'y\n');
}

async function outcome(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
    return 'accepted';
  } catch (error) {
    expect(error).toBeInstanceOf(Stopped);
    return (error as Stopped).reason;
  }
}

const paths = (changes: readonly FileChange[]) => changes.map(({ path }) => path);

describe('git on the host', () => {
  it('is never given the folder that Codex wrote to', async () => {
    const { workspace, at } = await stage();
    writeFileSync(at('src/a.ts'), 'changed\n');
    writeFileSync(at('new.log'), 'x\n');
    const changes = await workspace.changes(afterRun);
    const patch = await workspace.patch(changes);
    expect(await workspace.replay(patch)).toEqual(changes);
    await workspace.treeWith(workspace.commit, changes);
    await workspace.hiddenInDiffs(['src/a.ts']);
    await workspace.difference(workspace.tree, workspace.tree, ['src/a.ts']);
    await workspace.blobs(changes.flatMap(({ after }) => after?.blob ?? []));
    const starts = recorder.starts();
    expect(starts.length).toBeGreaterThan(10);
    const hostile = `${workspace.directory}/`;
    for (const { cwd, args, env } of starts) {
      expect(`${cwd}/`.startsWith(hostile), cwd).toBe(false);
      const { GIT_DIR = '', GIT_WORK_TREE, GIT_INDEX_FILE = '' } = env;
      expect(GIT_DIR.startsWith('/')).toBe(true);
      for (const path of [GIT_DIR, GIT_WORK_TREE ?? '/', GIT_INDEX_FILE, ...args]) {
        expect(`${path}/`.startsWith(hostile), path).toBe(false);
      }
      if (GIT_WORK_TREE === undefined) expect(env.GIT_IMPLICIT_WORK_TREE).toBe('0');
    }
  });
});

describe('a repository', () => {
  it.each([
    ["at a submodule's path", 'sub'],
    ['at a planned path', 'src/tax.ts'],
    ['in a new folder', 'deep/er/x'],
  ])('%s is refused, and nothing of it runs', async (_, path) => {
    for (const counted of ['all', afterRun] as const) {
      const { workspace, at, mark } = await stage();
      makeRepository(at(path), mark);
      expect(await outcome(() => workspace.changes(counted))).toBe('path-invalid');
      expect(existsSync(mark)).toBe(false);
    }
  });

  it('that git would run something of is what these tests make', async () => {
    const { at, mark } = await stage();
    makeRepository(at('x'), mark);
    execFileSync('git', ['status'], { cwd: at('x'), stdio: 'pipe' });
    expect(existsSync(mark)).toBe(true);
  });

  it('by another spelling of its folder is seen', () => {
    const names = [
      ...['.git', '.GIT', '.Git', 'git~1', 'GIT~1', '.git ', '.git.', '.git. .', '.g\u200cit'],
      ...[
        '.git::$INDEX_ALLOCATION',
        '.git:x',
        '.\ufeffgit',
        'x\\.git',
        '.git\\config',
        '.\uff47it',
      ],
    ];
    const root = folder();
    for (const place of ['', 'src/', 'src/lib/']) {
      mkdirSync(join(root, place), { recursive: true });
      for (const name of names) writeFileSync(join(root, place + name), 'gitdir: /\n');
    }
    const fine = ['.github', '.gitignore', 'git', 'git~2', 'x.git', '.git-x', 'a.git\\b', 'x:.git'];
    for (const name of fine) writeFileSync(join(root, name), '');
    const disk = new WorkTree(root, defaultLimits);
    onTestFinished(() => disk.close());
    const found = disk.list(new Set());
    const expected = ['', 'src/', 'src/lib/'].flatMap((place) => names.map((name) => place + name));
    expect(found.obstacles.map(({ path }) => path).sort()).toEqual(expected.sort());
    expect(found.files.map(({ path }) => path).sort()).toEqual(fine.sort());
  });

  it('is seen in a folder whose name is no UTF-8', () => {
    const root = folder();
    mkdirSync(bytes(root, 'caf\xe9/\xff'), { recursive: true });
    for (const place of ['caf\xe9', 'caf\xe9/\xff']) {
      writeFileSync(bytes(root, `${place}/.git`), 'gitdir: /\n');
    }
    const disk = new WorkTree(root, defaultLimits);
    onTestFinished(() => disk.close());
    const { files, obstacles } = disk.list(new Set());
    expect(files).toEqual([]);
    expect(obstacles.map(({ is }) => is)).toEqual(['a repository', 'a repository']);
  });

  it('may not even be begun in the folder on which its own is mounted in the box', async () => {
    const { workspace, at } = await stage();
    writeFileSync(at('.git/config'), '');
    expect(await outcome(() => workspace.changes())).toBe('path-invalid');
    expect(await outcome(() => workspace.changes(afterRun))).toBe('path-invalid');
  });

  it('does no harm in a folder that the merge ignores, and is no change', async () => {
    const { workspace, at, mark } = await stage();
    makeRepository(at('build/cache'), mark);
    expect(await workspace.changes(afterRun)).toEqual([]);
    expect(await outcome(() => workspace.changes())).toBe('path-invalid');
    expect(existsSync(mark)).toBe(false);
  });

  it('is refused although the merge ignores every `.git`', async () => {
    const { workspace, at, mark } = await stage({}, '.git\n');
    makeRepository(at('src/tax.ts'), mark);
    expect(await outcome(() => workspace.changes(afterRun))).toBe('path-invalid');
    makeRepository(at('.'), mark);
    expect(await outcome(() => workspace.changes(afterRun))).toBe('path-invalid');
  });
});

it.each(['.gitmodules', 'deep/.gitmodules', 'GITMOD~1'])(
  'a link that git takes in no tree is refused, not left out: %s',
  async (path) => {
    const { workspace, at } = await stage();
    mkdirSync(at('deep'), { recursive: true });
    symlinkSync('x', at(path));
    expect(await outcome(() => workspace.changes())).toBe('path-invalid');
    expect(await outcome(() => workspace.changes(afterRun))).toBe('path-invalid');
  },
);

describe("a submodule's folder", () => {
  it('that is empty is no change', async () => {
    const { workspace } = await stage();
    expect(await workspace.changes()).toEqual([]);
  });

  it('that is gone is a deletion, and a file in its place another type', async () => {
    const { workspace, at } = await stage();
    rmSync(at('sub'), { recursive: true });
    const before = { mode: '160000', blob: blobId(submodule.content) };
    expect(await workspace.changes()).toEqual([
      { path: 'sub', operation: 'delete', before, after: null },
    ]);
    writeFileSync(at('sub'), 'x');
    const after = { mode: '100644', blob: blobId(Buffer.from('x')) };
    expect(await workspace.changes()).toEqual([
      { path: 'sub', operation: 'modify', before, after },
    ]);
  });

  it('with anything in it is refused, ignored or not', async () => {
    for (const name of ['x', 'x.log']) {
      const { workspace, at } = await stage();
      writeFileSync(at(`sub/${name}`), 'x');
      expect(await outcome(() => workspace.changes(afterRun))).toBe('path-invalid');
    }
  });
});

const makePipe = (at: string) => execFileSync('mkfifo', [at]);

describe('what is no file', () => {
  const makeSocket = (at: string) =>
    new Promise<void>((resolve) => {
      const server = createServer().listen(at, resolve);
      onTestFinished(() => void server.close());
    });

  it.each([
    ['a pipe at a planned path', makePipe, 'src/tax.ts'],
    ['a pipe in the place of a file', makePipe, 'src/a.ts'],
    ['a pipe named .gitignore', makePipe, '.gitignore'],
    ['a pipe named .gitattributes', makePipe, 'src/.gitattributes'],
    ['a socket', makeSocket, 's'],
  ])('is refused without being opened: %s', async (_, make, path) => {
    const { workspace, at } = await stage();
    rmSync(at(path), { force: true });
    await make(at(path));
    // To open a pipe would wait for ever.
    expect(await outcome(() => workspace.changes(afterRun))).toBe('path-invalid');
  });

  it.skipIf(process.getuid?.() !== 0)('is refused if it is a device', async () => {
    const { workspace, at } = await stage();
    execFileSync('mknod', [at('zero'), 'c', '1', '5']);
    expect(await outcome(() => workspace.changes())).toBe('path-invalid');
  });

  it('does not matter if it is ignored', async () => {
    const { workspace, at } = await stage();
    makePipe(at('x.log'));
    expect(await workspace.changes(afterRun)).toEqual([]);
  });
});

describe('a link', () => {
  it('is its own text, wherever it leads to', async () => {
    const { workspace, at } = await stage();
    const targets = ['/etc/passwd', '..', '/proc/self/environ', 'nowhere', '/dev/zero'];
    for (const [index, target] of targets.entries()) symlinkSync(target, at(`link${index}`));
    expect(await workspace.changes()).toEqual(
      targets.map((target, index) => ({
        path: `link${index}`,
        operation: 'create',
        before: null,
        after: { mode: '120000', blob: blobId(Buffer.from(target)) },
      })),
    );
  });

  it('in the place of a folder hides what was there, and shows nothing', async () => {
    const { workspace, at } = await stage();
    const outside = folder();
    writeFileSync(join(outside, 'a.ts'), 'a\n');
    rmSync(at('src'), { recursive: true });
    symlinkSync(outside, at('src'));
    const changes = await workspace.changes();
    expect(changes.map(({ path, after }) => [path, after?.mode])).toEqual([
      ['src', '120000'],
      ['src/a.ts', undefined],
    ]);
  });

  it('that takes the place of a file or a folder while it is read is not followed', async () => {
    const { at } = await stage();
    const secret = join(folder(), 'a.ts');
    writeFileSync(secret, 'a\n');
    const disk = new WorkTree(at('.'), defaultLimits);
    onTestFinished(() => disk.close());
    const found = disk.list(new Set()).files.find(({ path }) => path === 'src/a.ts');
    if (found === undefined) throw new Error('not found');
    expect(disk.read(found).toString()).toBe('a\n');
    renameSync(at('src'), at('moved'));
    symlinkSync(dirname(secret), at('src'));
    expect(() => disk.read(found)).toThrow('was exchanged');
    rmSync(at('src'));
    mkdirSync(at('src'));
    symlinkSync(secret, at('src/a.ts'));
    expect(() => disk.read(found)).toThrow('cannot be read (ELOOP)');
    rmSync(at('src/a.ts'));
    linkSync(secret, at('src/a.ts'));
    expect(() => disk.read(found)).toThrow('was exchanged');
    rmSync(at('src/a.ts'));
    // Opening a pipe waits for a writer, for ever.
    makePipe(at('src/a.ts'));
    expect(() => disk.read(found)).toThrow('was exchanged');
  });
});

it('that stands for the whole folder is not followed either', () => {
  const link = join(folder(), 'link');
  symlinkSync(folder(), link);
  expect(() => new WorkTree(link, defaultLimits)).toThrow(/ELOOP|ENOTDIR/);
});

describe('rules about what is ignored', () => {
  it('are those of the merge, whatever Codex made of them', async () => {
    const { workspace, at } = await stage();
    writeFileSync(at('.gitignore'), '*\n');
    mkdirSync(at('lib'));
    writeFileSync(at('lib/.gitignore'), '*\n');
    for (const path of ['lib/x.ts', 'x.ts', 'y.log']) writeFileSync(at(path), 'x\n');
    expect(paths(await workspace.changes(afterRun))).toEqual([
      '.gitignore',
      'lib/.gitignore',
      'lib/x.ts',
      'x.ts',
    ]);
    rmSync(at('.gitignore'));
    expect(paths(await workspace.changes(afterRun))).toContain('.gitignore');
    expect(paths(await workspace.changes(afterRun))).not.toContain('y.log');
  });

  it('are read in a folder whose name is no UTF-8, too', async () => {
    const { workspace, at } = await stage({}, '', { 'caf\xe9/.gitignore': '*.tmp\n' });
    const place = at('.');
    for (const name of ['x.tmp', 'x.ts']) writeFileSync(bytes(place, `caf\xe9/${name}`), 'x\n');
    expect(paths(await workspace.changes(afterRun))).toEqual(['\0bytes:636166e9/x.ts']);
  });

  it('hide no change of a file that the merge has', async () => {
    const { workspace, at } = await stage({}, '*\n');
    for (const path of ['src/a.ts', 'other']) writeFileSync(at(path), '2\n');
    expect(paths(await workspace.changes({ unignoredAnd: [] }))).toEqual(['src/a.ts']);
  });
});

describe('too much', () => {
  it.each([
    [
      'entries, also if they are ignored',
      { entries: 8 },
      ({ at }: Stage) => {
        mkdirSync(at('build'));
        for (const name of 'abc') writeFileSync(at(`build/${name}`), '');
      },
    ],
    ['depth', { depth: 4 }, ({ at }: Stage) => mkdirSync(at('1/2/3/4/5'), { recursive: true })],
    [
      'of a path',
      { pathBytes: 300 },
      ({ at }: Stage) =>
        mkdirSync(at('x'.repeat(200) + '/'.repeat(1) + 'y'.repeat(200)), { recursive: true }),
    ],
    [
      'of a file, which has no bytes on the disk',
      {},
      ({ at }: Stage) => {
        writeFileSync(at('src/tax.ts'), '');
        truncateSync(at('src/tax.ts'), 2 ** 40);
      },
    ],
    [
      'of changed files together',
      { changedBytes: 100 },
      ({ at }: Stage) => {
        for (const name of 'abc') writeFileSync(at(name), 'x'.repeat(40));
      },
    ],
    ['time', { milliseconds: 0 }, () => undefined],
  ])('is a limit: %s', async (_, limits: Partial<Limits>, spoil: (stage: Stage) => void) => {
    const made = await stage(limits);
    spoil(made);
    expect(await outcome(() => made.workspace.changes(afterRun))).toBe('limit-exceeded');
  });

  it('deep for the system is a limit too, and ends at once', async () => {
    const { workspace, at } = await stage();
    mkdirSync(at('deep'));
    let top = at('deep');
    for (let depth = 0; depth < 600; depth++) {
      const outer = `${at('deep')}-${depth % 2}`;
      mkdirSync(outer);
      renameSync(top, join(outer, 'd'));
      top = outer;
    }
    expect(await outcome(() => workspace.changes(afterRun))).toBe('limit-exceeded');
    execFileSync('rm', ['-rf', top]);
  });
});

describe('what nobody may read', () => {
  it.skipIf(process.getuid?.() === 0).each(['src', 'src/a.ts'])('is refused: %s', async (path) => {
    const { workspace, at } = await stage();
    chmodSync(at(path), 0);
    expect(await outcome(() => workspace.changes())).toBe('path-invalid');
    chmodSync(at(path), 0o700);
  });
});
