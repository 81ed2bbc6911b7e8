import { readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Judge } from '../../../src/core/plan/attempts.ts';
import { create, move, patch, remove, run, update } from '../../support/model/index.ts';
import { once } from '../../support/once.ts';
import { onRamDisk } from '../setting.ts';
import { edit, NOT_PLANNED, only } from './edit.ts';

const { folder, repository } = onRamDisk;

/** One run for most of these tests: each has files of its own, and looks at what became of them. */
const patched = once(async () => {
  const files = [
    'a.txt',
    'b.txt',
    'leaving.txt',
    'moving.txt',
    'gone.txt',
    'kept.txt',
    'twice.txt',
  ];
  const workspace = repository({
    ...Object.fromEntries(files.map((path) => [path, 'hello\n'])),
    'there.txt': 'old\n',
    'lines.txt': 'one\r\ntwo\r\n',
  });
  const planned = only(
    ...['a.txt', 'leaving.txt', 'moving.txt', 'moved.txt', 'gone.txt', 'good.txt'],
    ...['new/deep/c.txt', 'lines.txt'],
  );
  const judged: string[] = [];
  const judge: Judge = (attempt) => {
    const { operation, path } = attempt;
    const before = judged.filter((one) => one.endsWith(` ${path}`));
    judged.push(`${operation} ${path}`);
    return path === 'twice.txt' && before.length === 0 ? null : planned(attempt);
  };
  const heredoc = (path: string) =>
    run(`apply_patch <<'EOF'\n*** Begin Patch\n*** Add File: ${path}\n+x\n*** End Patch\nEOF`);
  const again = patch(create('again.txt', 'x'));
  const { report, read } = await edit(
    [
      patch(update('a.txt', 'hello', 'hi'), update('b.txt', 'hello', 'evil')),
      patch(move('leaving.txt', 'left.txt', 'hello', 'hi')),
      patch(move('moving.txt', 'moved.txt', 'hello', 'hi')),
      patch(remove('gone.txt')),
      patch(remove('kept.txt')),
      patch(create('there.txt', 'new')),
      ...[heredoc('evil.txt'), heredoc('good.txt')],
      patch(update('twice.txt', 'hello', 'hi')),
      patch(update('twice.txt', 'hi', 'ho')),
      ...[again, again, again],
      patch(create('new/deep/c.txt', 'x')),
      patch(update('lines.txt', 'one', 'uno')),
    ],
    { judge, workspace },
  );
  const { declined } = await report();
  // Now, since the workspace is removed when the test that asked first is over.
  const paths = [
    'a.txt',
    'b.txt',
    'leaving.txt',
    'left.txt',
    'moving.txt',
    'moved.txt',
    'gone.txt',
  ];
  const others = ['kept.txt', 'there.txt', 'evil.txt', 'good.txt', 'twice.txt', 'lines.txt'];
  const left = new Map([...paths, ...others, 'new/deep/c.txt'].map((path) => [path, read(path)]));
  return { declined, judged, left };
});

/** What was refused of these files, and how they were ruled on. */
async function ruled(...paths: string[]) {
  const { declined, judged, left } = await patched();
  const isOne = (path = '') => paths.includes(path);
  return {
    left: (path: string) => left.get(path),
    declined: declined.filter(({ path }) => isOne(path)),
    judged: judged.filter((one) => isOne(one.split(' ')[1])),
  };
}

describe('a patch', () => {
  it('of several files is refused whole, and only what is outside is reported', async () => {
    const { declined, left } = await ruled('a.txt', 'b.txt');
    expect(declined).toEqual([{ path: 'b.txt', operation: 'modify', ...NOT_PLANNED }]);
    expect(left('a.txt')).toBe('hello\n');
    expect(left('b.txt')).toBe('hello\n');
  });

  it('that moves a file out of the scope is refused at its other end', async () => {
    const { declined, left } = await ruled('leaving.txt', 'left.txt');
    expect(declined).toEqual([{ path: 'left.txt', operation: 'create', ...NOT_PLANNED }]);
    expect(left('leaving.txt')).toBe('hello\n');
    expect(left('left.txt')).toBeNull();
  });

  it('that moves a file inside the scope is made', async () => {
    const { declined, judged, left } = await ruled('moving.txt', 'moved.txt');
    expect(declined).toEqual([]);
    expect(judged).toEqual(['delete moving.txt', 'create moved.txt']);
    expect(left('moving.txt')).toBeNull();
    expect(left('moved.txt')).toBe('hi\n');
  });

  describe('that moves a file to itself', () => {
    const targets = [
      ['a.txt', 'a.txt'],
      ['b.txt', './b.txt'],
      ['c.txt', 'src/../c.txt'],
    ] as const;
    const moved = once(async () => {
      const files = Object.fromEntries(targets.map(([path]) => [path, 'hello\n']));
      const moves = targets.map(([path, target]) => patch(move(path, target, 'hello', 'hi')));
      const { report, read } = await edit(moves, {
        workspace: repository(files),
        judge: ({ operation }) => (operation === 'modify' ? null : NOT_PLANNED),
      });
      const { declined } = await report();
      return { declined, left: new Map(targets.map(([path]) => [path, read(path)])) };
    });

    it.each(targets)('%s as %s, is refused as the delete that Codex makes of it', async (path) => {
      const { declined, left } = await moved();
      expect(declined.filter((one) => one.path === path)).toEqual([
        { path, operation: 'delete', ...NOT_PLANNED },
      ]);
      expect(declined).toHaveLength(targets.length);
      expect(left.get(path)).toBe('hello\n');
    });
  });

  it('that deletes is ruled on as a delete', async () => {
    const { declined, left } = await ruled('gone.txt', 'kept.txt');
    expect(declined).toEqual([{ path: 'kept.txt', operation: 'delete', ...NOT_PLANNED }]);
    expect(left('gone.txt')).toBeNull();
    expect(left('kept.txt')).toBe('hello\n');
  });

  it('that adds a file which is there is ruled on as a modify', async () => {
    const { judged, left } = await ruled('there.txt');
    expect(judged).toEqual(['modify there.txt']);
    expect(left('there.txt')).toBe('old\n');
  });

  describe('to a place that is not the workspace', () => {
    const places = [
      ['../escaped.txt', '/escaped.txt'],
      ['/tmp/escaped.txt', '/tmp/escaped.txt'],
      ['.git/hooks/pre-commit', '.git/hooks/pre-commit'],
      ['.GIT/config', '.GIT/config'],
      ['x/../../codex-home/config.toml', '/codex-home/config.toml'],
    ] as const;
    const tried = once(async () => {
      const judged: string[] = [];
      const { report, workspace } = await edit(
        places.map(([path]) => patch(create(path, 'x'))),
        {
          judge: ({ path }) => {
            judged.push(path);
            return null;
          },
        },
      );
      const { declined } = await report();
      const left = readdirSync(workspace).sort();
      return { declined, judged, left, git: readdirSync(join(workspace, '.git')) };
    });

    it.each(places)('%s never reaches the judge', async (_, reported) => {
      const { declined, judged, left, git } = await tried();
      expect(declined.filter(({ path }) => path === reported)).toMatchObject([
        { reason: 'path-invalid' },
      ]);
      expect(declined).toHaveLength(places.length);
      expect(judged).toEqual([]);
      expect(left).toEqual(['.git', 'a.txt', 'b.txt']);
      expect(git).toEqual([]);
    });
  });

  it('through a symbolic link never reaches the judge', async () => {
    const outside = folder();
    const workspace = repository();
    symlinkSync(outside, join(workspace, 'out'));
    symlinkSync('.', join(workspace, 'self'));
    symlinkSync('a.txt', join(workspace, 'link.txt'));
    const { report, read } = await edit(
      [
        patch(create('out/x.txt', 'x')),
        patch(update('self/a.txt', 'hello', 'hi')),
        patch(update('link.txt', 'hello', 'hi')),
      ],
      { judge: () => null, workspace },
    );
    const declined = (await report()).declined.map(({ path, reason }) => `${reason} ${path}`);
    expect(declined).toEqual([
      'path-invalid out/x.txt',
      'path-invalid self/a.txt',
      'path-invalid link.txt',
    ]);
    expect(readdirSync(outside)).toEqual([]);
    expect(read('a.txt')).toBe('hello\n');
  });

  it('inside a command is ruled on alike', async () => {
    const { declined, left } = await ruled('evil.txt', 'good.txt');
    expect(declined.map(({ path }) => path)).toEqual(['evil.txt']);
    expect(left('evil.txt')).toBeNull();
    expect(left('good.txt')).toBe('x\n');
  });

  it('is ruled on each time: what was approved once may be refused later', async () => {
    const { declined, left } = await ruled('twice.txt');
    expect(declined).toHaveLength(1);
    expect(left('twice.txt')).toBe('hi\n');
  });

  it('that is tried again and again is reported once', async () => {
    const { declined, judged } = await ruled('again.txt');
    expect(judged).toHaveLength(3);
    expect(declined).toHaveLength(1);
  });

  it('may make folders, and keeps line ends', async () => {
    const { declined, left } = await ruled('new/deep/c.txt', 'lines.txt');
    expect(declined).toEqual([]);
    expect(left('new/deep/c.txt')).toBe('x\n');
    expect(left('lines.txt')).toBe('uno\r\ntwo\r\n');
  });
});
