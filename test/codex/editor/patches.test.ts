import { readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { create, move, patch, remove, run, update } from '../../support/model/index.ts';
import { once } from '../../support/once.ts';
import { onRamDisk } from '../setting.ts';
import { edit, NOT_PLANNED, only } from './edit.ts';

const { folder, repository } = onRamDisk;

describe('a patch', () => {
  it('of several files is refused whole, and only what is outside is reported', async () => {
    const { report, read } = await edit([
      patch(update('a.txt', 'hello', 'hi'), update('b.txt', 'other', 'evil')),
    ]);
    expect((await report()).declined).toEqual([
      { path: 'b.txt', operation: 'modify', ...NOT_PLANNED },
    ]);
    expect(read('a.txt')).toBe('hello\n');
    expect(read('b.txt')).toBe('other\n');
  });

  it('that moves a file out of the scope is refused at its other end', async () => {
    const { report, read } = await edit([patch(move('a.txt', 'c.txt', 'hello', 'hi'))]);
    expect((await report()).declined).toEqual([
      { path: 'c.txt', operation: 'create', ...NOT_PLANNED },
    ]);
    expect(read('a.txt')).toBe('hello\n');
    expect(read('c.txt')).toBeNull();
  });

  it('that moves a file inside the scope is made', async () => {
    const seen: string[] = [];
    const { report, read } = await edit([patch(move('a.txt', 'c.txt', 'hello', 'hi'))], {
      judge: ({ path, operation }) => {
        seen.push(`${operation} ${path}`);
        return null;
      },
    });
    expect((await report()).declined).toEqual([]);
    expect(seen).toEqual(['delete a.txt', 'create c.txt']);
    expect(read('a.txt')).toBeNull();
    expect(read('c.txt')).toBe('hi\n');
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
    const { report, read } = await edit([patch(remove('a.txt')), patch(remove('b.txt'))]);
    expect((await report()).declined).toEqual([
      { path: 'b.txt', operation: 'delete', ...NOT_PLANNED },
    ]);
    expect(read('a.txt')).toBeNull();
    expect(read('b.txt')).toBe('other\n');
  });

  it('that adds a file which is there is ruled on as a modify', async () => {
    const seen: string[] = [];
    const { report } = await edit([patch(create('a.txt', 'new'))], {
      judge: ({ operation }) => {
        seen.push(operation);
        return NOT_PLANNED;
      },
    });
    await report();
    expect(seen).toEqual(['modify']);
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
    const heredoc = (path: string) =>
      run(`apply_patch <<'EOF'\n*** Begin Patch\n*** Add File: ${path}\n+x\n*** End Patch\nEOF`);
    const { report, read } = await edit([heredoc('evil.txt'), heredoc('good.txt')], {
      judge: only('good.txt'),
    });
    expect((await report()).declined.map(({ path }) => path)).toEqual(['evil.txt']);
    expect(read('evil.txt')).toBeNull();
    expect(read('good.txt')).toBe('x\n');
  });

  it('is ruled on each time: what was approved once may be refused later', async () => {
    let rulings = 0;
    const { report, read } = await edit(
      [patch(update('a.txt', 'hello', 'hi')), patch(update('a.txt', 'hi', 'ho'))],
      { judge: () => (rulings++ === 0 ? null : NOT_PLANNED) },
    );
    expect((await report()).declined).toHaveLength(1);
    expect(read('a.txt')).toBe('hi\n');
  });

  it('that is tried again and again is reported once', async () => {
    const again = patch(create('evil.txt', 'x'));
    const { report } = await edit([again, again, again]);
    expect((await report()).declined).toHaveLength(1);
  });

  it('may make folders, and keeps line ends', async () => {
    const workspace = repository({ 'a.txt': 'one\r\ntwo\r\n' });
    const { report, read } = await edit(
      [patch(create('new/deep/c.txt', 'x')), patch(update('a.txt', 'one', 'uno'))],
      { judge: () => null, workspace },
    );
    await report();
    expect(read('new/deep/c.txt')).toBe('x\n');
    expect(read('a.txt')).toBe('uno\r\ntwo\r\n');
  });
});
