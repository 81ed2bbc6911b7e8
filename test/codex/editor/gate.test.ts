import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { boxUser } from '../../../src/codex/box/box-user.ts';
import { Gate, type GateOptions } from '../../../src/codex/editor/gate.ts';
import type { FileUpdate } from '../../../src/codex/editor/protocol.ts';
import type { FileAttempt } from '../../../src/core/plan/attempts.ts';
import { onRamDisk } from '../setting.ts';

const { folder } = onRamDisk;

let workspace: string;
let judged: FileAttempt[];

beforeEach(() => {
  workspace = folder();
  judged = [];
  writeFileSync(join(workspace, 'a.txt'), 'a');
  mkdirSync(join(workspace, 'src/.github'), { recursive: true });
  mkdirSync(join(workspace, '.git'));
});

function rule(...changes: FileUpdate[]) {
  return ruleBy({}, ...changes);
}

function ruleBy(disk: Pick<GateOptions, 'lookUp'>, ...changes: FileUpdate[]) {
  const gate = new Gate({
    ...disk,
    workspace,
    workspaceInBox: '/workspace',
    judge: (attempt) => {
      judged.push(attempt);
      return null;
    },
  });
  return gate.rule(changes);
}

const add = (path: string): FileUpdate => ({ path, kind: { type: 'add' } });
const remove = (path: string): FileUpdate => ({ path, kind: { type: 'delete' } });
const update = (path: string, move_path?: string): FileUpdate => ({
  path,
  kind: { type: 'update', move_path },
});

describe('what a change is', () => {
  it('is a create if nothing is there', () => {
    rule(add('/workspace/new/b.txt'));
    expect(judged).toEqual([{ path: 'new/b.txt', operation: 'create' }]);
  });

  it('is a modify if an added file is there already', () => {
    rule(add('/workspace/a.txt'));
    expect(judged).toEqual([{ path: 'a.txt', operation: 'modify' }]);
  });

  it('is a modify, or a delete, as it says', () => {
    rule(update('/workspace/a.txt'), remove('/workspace/a.txt'));
    expect(judged.map(({ operation }) => operation)).toEqual(['modify', 'delete']);
  });

  it('is both ends of a move', () => {
    rule(update('/workspace/a.txt', '/workspace/b.txt'));
    expect(judged).toEqual([
      { path: 'a.txt', operation: 'delete' },
      { path: 'b.txt', operation: 'create' },
    ]);
  });

  it.each(['/workspace/a.txt', '/workspace/./a.txt'])(
    'is a delete, too, if a move leads to itself as %s',
    (target) => {
      rule(update('/workspace/a.txt', target));
      expect(judged).toEqual([
        { path: 'a.txt', operation: 'delete' },
        { path: 'a.txt', operation: 'modify' },
      ]);
    },
  );

  it('is the path that dots lead to', () => {
    rule(add('/workspace/src/../x/./b.txt'), add('src//c.txt'));
    expect(judged.map(({ path }) => path)).toEqual(['x/b.txt', 'src/c.txt']);
  });
});

describe('what never reaches the judge', () => {
  it.each([
    '/workspace/../opt/x',
    '../x',
    '/etc/passwd',
    '/workspace',
    '/workspacex/a.txt',
    '/workspace/src/../../codex-home/config.toml',
  ])('is %s, outside the workspace', (path) => {
    const { refused } = rule(add(path));
    const detail = 'It lies outside the workspace.';
    expect(refused).toEqual([{ path, operation: 'create', reason: 'path-invalid', detail }]);
    expect(rule(remove(path)).refused).toMatchObject([{ operation: 'delete' }]);
    expect(judged).toEqual([]);
  });

  it.each(['.git/hooks/pre-commit', '.GIT/config', 'src/.Git/x', '.git'])('is %s', (path) => {
    const [refused] = rule(add(`/workspace/${path}`)).refused;
    expect(refused).toMatchObject({ path, reason: 'path-invalid', detail: 'It lies in .git.' });
    expect(judged).toEqual([]);
  });

  it('is a path through a symbolic link, wherever that leads', () => {
    symlinkSync('src', join(workspace, 'inside'));
    symlinkSync('/nowhere', join(workspace, 'dangling'));
    symlinkSync('a.txt', join(workspace, 'link.txt'));
    const changes = ['inside/x', 'dangling/x', 'dangling', 'link.txt'].map((path) =>
      add(`/workspace/${path}`),
    );
    const through = (name: string) => `It is reached through a symbolic link: ${name}.`;
    const told = (...updates: FileUpdate[]) =>
      rule(...updates).refused.map(({ operation, detail }) => [operation, detail]);
    expect(told(...changes)).toEqual([
      ['create', through('inside')],
      ['create', through('dangling')],
      ['modify', through('dangling')],
      ['modify', through('link.txt')],
    ]);
    expect(told(remove('/workspace/link.txt'))).toEqual([['delete', through('link.txt')]]);
    expect(judged).toEqual([]);
  });

  it('is a folder, or a path through a file', () => {
    const { refused } = rule(add('/workspace/src'), add('/workspace/a.txt/b'));
    expect(refused.map(({ operation, detail }) => [operation, detail])).toEqual([
      ['modify', 'It is not a file.'],
      ['create', 'a.txt is not a folder.'],
    ]);
    expect(judged).toEqual([]);
  });

  it('is a path that the system does not take', () => {
    const [refused] = rule(add(`/workspace/${'a'.repeat(256)}`)).refused;
    expect(refused).toMatchObject({ operation: 'create', detail: 'It cannot be looked up.' });
    expect(judged).toEqual([]);
  });

  it('is a path with a NUL, which Node does not take', () => {
    expect(rule(add('/workspace/a\0b')).refused).toMatchObject([{ reason: 'path-invalid' }]);
    expect(judged).toEqual([]);
  });

  it('is the other end of a move out of the workspace, alone', () => {
    const { refused } = rule(update('/workspace/a.txt', '/tmp/stolen'));
    expect(refused.map(({ path }) => path)).toEqual(['/tmp/stolen']);
  });
});

const failing = (code: string) => () => {
  throw Object.assign(new Error(code), { code });
};

describe('an error of the system', () => {
  it.each(['EACCES', 'ELOOP', 'ENAMETOOLONG', 'EINVAL'])(
    'that says something about the path refuses it: %s',
    (code) => {
      const { refused } = ruleBy({ lookUp: failing(code) }, add('/workspace/b.txt'));
      expect(refused).toMatchObject([{ reason: 'path-invalid' }]);
    },
  );

  it.each(['EIO', 'ENOMEM', 'EMFILE', 'ENFILE', 'ESTALE'])(
    'that says nothing about the path is no refusal: %s',
    (code) => {
      const ruling = () => ruleBy({ lookUp: failing(code) }, add('/workspace/b.txt'));
      expect(ruling).toThrow(expect.objectContaining({ code }));
      expect(judged).toEqual([]);
    },
  );
});

/** What this process has open in a folder. */
const openIn = (folder: string): string[] =>
  readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${name}`);
      return target.startsWith(folder) ? [target] : [];
    } catch {
      // It was closed in between.
      return [];
    }
  });

describe('the folders of an approved patch', () => {
  const gate = (disk: Pick<GateOptions, 'makeFolder'> = {}) =>
    new Gate({ ...disk, workspace, workspaceInBox: '/workspace', judge: () => null });

  it('are made, for what is written and not for what is deleted', () => {
    gate().makeFolders([add('/workspace/x/y/z.txt'), remove('/workspace/gone/z.txt')]);
    gate().makeFolders([add('/workspace/x/w/z.txt')]);
    expect(readdirSync(join(workspace, 'x')).sort()).toEqual(['w', 'y']);
    expect(readdirSync(join(workspace, 'x/y'))).toEqual([]);
    gate().makeFolders([update('/workspace/from/z.txt', '/workspace/to/z.txt')]);
    gate().makeFolders([update('/workspace/edited/z.txt')]);
    const all = ['.git', 'a.txt', 'edited', 'src', 'to', 'x'];
    expect(readdirSync(workspace).sort()).toEqual(all);
  });

  it.skipIf(boxUser === null)('belong to the user of the box, and no others do', () => {
    gate().makeFolders([add('/workspace/src/x/y/z.txt')]);
    const owners = ['src', 'src/x', 'src/x/y'].map((path) => {
      const { uid, gid } = statSync(join(workspace, path));
      return { uid, gid };
    });
    expect(owners).toEqual([{ uid: 0, gid: 0 }, boxUser, boxUser]);
  });

  it.each(['ENOSPC', 'EMFILE', 'EIO'])('are not made if the machine fails: %s', (code) => {
    const making = () =>
      gate({ makeFolder: failing(code) }).makeFolders([add('/workspace/x/z.txt')]);
    expect(making).toThrow(expect.objectContaining({ code }));
  });

  it.each(['EACCES', 'ENAMETOOLONG'])('are left out if their path is at fault: %s', (code) => {
    gate({ makeFolder: failing(code) }).makeFolders([add('/workspace/x/z.txt')]);
    expect(readdirSync(workspace)).not.toContain('x');
  });

  it('leave no folder open', () => {
    mkdirSync(join(workspace, 'held'));
    const held = openSync(join(workspace, 'held'), 'r');
    onTestFinished(() => closeSync(held));
    for (let index = 0; index < 20; index++) {
      gate().makeFolders([add(`/workspace/${index}/a/z.txt`), add('/workspace/a.txt/b/z.txt')]);
    }
    // This finds one that is open.
    expect(openIn(workspace)).toEqual([join(workspace, 'held')]);
  });

  it('are not made through a symbolic link', () => {
    const outside = folder();
    symlinkSync(outside, join(workspace, 'out'));
    gate().makeFolders([add('/workspace/out/x/z.txt'), add('/workspace/../elsewhere/z.txt')]);
    expect(readdirSync(outside)).toEqual([]);
  });
});

it('lets a folder pass that is only named like .git', () => {
  expect(rule(add('/workspace/src/.github/x.yml'), add('/workspace/.gitignore')).refused).toEqual(
    [],
  );
});

it('reports what is refused, and not what was in order beside it', () => {
  const gate = new Gate({
    workspace,
    workspaceInBox: '/workspace',
    judge: ({ path }) =>
      path === 'a.txt' ? null : { reason: 'outside-plan', detail: 'The plan does not name it.' },
  });
  const { refused, attempts } = gate.rule([update('/workspace/a.txt'), add('/workspace/b.txt')]);
  expect(attempts).toEqual([
    { path: 'a.txt', operation: 'modify' },
    { path: 'b.txt', operation: 'create' },
  ]);
  expect(refused).toEqual([
    {
      path: 'b.txt',
      operation: 'create',
      reason: 'outside-plan',
      detail: 'The plan does not name it.',
    },
  ]);
});
