import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PINNED_VERSION } from '../../../src/codex/install/install.ts';
import { repositoryOf } from '../../../src/system/workspace-folders.ts';
import { call, create, outputs, patch, remove, run, update } from '../../support/model/index.ts';
import { present } from '../../support/present.ts';
import { endless, expectNoneLeft, onRamDisk, PLAN } from '../setting.ts';
import { edit, NOT_PLANNED } from './edit.ts';

const { repository } = onRamDisk;

describe('the editor', () => {
  it('makes the change that is approved, and tells of it as it goes', async () => {
    const { report, read, lines } = await edit([
      patch(update('a.txt', 'hello', 'hello world')),
      run('cat a.txt'),
    ]);
    const { declined, refusedRequests, toolchain, log, warnings } = await report();
    expect(read('a.txt')).toBe('hello world\n');
    expect({ declined, refusedRequests, warnings }).toEqual({
      declined: [],
      refusedRequests: [],
      warnings: [],
    });
    expect(toolchain).toEqual({
      version: PINNED_VERSION,
      model: 'gpt-5.5',
      effort: null,
      tools: [],
    });
    expect(lines).toEqual([
      'Changed: update a.txt',
      expect.stringMatching(/^\$ .*cat a\.txt.* → exit 0, \d\.\d s$/),
    ]);
    expect(log).toMatch(/^\S+Z Changed: update a\.txt$/m);
    expect(log).toMatch(/^\S+Z message: I am done\.$/m);
    expect(log).toMatch(/^\S+Z tokens: 30 in \(0 cached\), 15 out$/m);
    expect(log).not.toContain('hello world');
  });

  it('declines what is not, before a byte of it is written, and goes on', async () => {
    const { report, read, model } = await edit([
      patch(create('evil.txt', 'x')),
      patch(update('a.txt', 'hello', 'hi')),
    ]);
    expect((await report()).declined).toEqual([
      { path: 'evil.txt', operation: 'create', ...NOT_PLANNED },
    ]);
    expect(read('evil.txt')).toBeNull();
    expect(read('a.txt')).toBe('hi\n');
    expect(outputs(present(model.calls[1])).at(-1)).toMatch(/rejected/);
  });

  it('shows the model the request and the plan', async () => {
    const { report, model } = await edit([]);
    await report();
    const text = JSON.stringify(model.calls[0]?.body.input);
    expect(text).toContain('Greet\\n');
    expect(text).toContain(JSON.stringify(PLAN).slice(1, -1));
  });

  it('leaves nothing behind', async () => {
    const { report, options } = await edit([]);
    await report();
    expect(readdirSync(options.temporary)).toEqual([]);
    await expectNoneLeft(options.temporary);
  });
});

it('a plan whose whole diff is longer than any line is carried out to its end', async () => {
  const text = `${'x'.repeat(999)}\n`.repeat(3_000);
  const names = Array.from({ length: 3 }, (_, i) => `gone/${i}.txt`);
  const files = Object.fromEntries(names.map((name) => [name, text]));
  const steps = names.map((name) => patch(remove(name)));
  const { report, workspace } = await edit(steps, {
    workspace: repository(files),
    judge: () => null,
  });
  await report();
  expect(existsSync(join(workspace, 'gone/2.txt'))).toBe(false);
});

describe('a command', () => {
  it('cannot write', async () => {
    const { report, workspace } = await edit([run('echo x > c.txt; rm a.txt; echo x > .git/HEAD')]);
    expect((await report()).refusedRequests).toEqual([]);
    expect(readdirSync(workspace).sort()).toEqual(['.git', 'a.txt', 'b.txt']);
  });

  it('that asks to leave the sandbox is refused, and reported', async () => {
    const { report, read } = await edit([run('echo x > c.txt', { escalate: 'I must' })]);
    expect((await report()).refusedRequests).toEqual([
      {
        kind: 'command',
        request: expect.stringContaining('echo x > c.txt'),
        why: 'It asked to leave the sandbox.',
      },
    ]);
    expect(read('c.txt')).toBeNull();
  });

  it('that is still running at the end is kept, and alone', async () => {
    const cmd = endless();
    const left = call('exec_command', { cmd, yield_time_ms: 250 });
    const { report, lines } = await edit([left, run('true')]);
    const { log } = await report();
    expect(log).toMatch(
      new RegExp(`^\\S+Z command: .*${cmd}.* \\(still running at the end\\)$`, 'm'),
    );
    expect(lines.map((line) => line.replace(/^.* → /, ''))).toEqual([
      expect.stringMatching(/^exit 0/),
      'still running at the end',
    ]);
    await expectNoneLeft(cmd);
  });

  it('may print more than anybody wants', async () => {
    const { report } = await edit([run('head -c 9000000 /dev/zero')]);
    expect((await report()).log).toContain('head -c 9000000');
  });
});

describe('a tool that nobody is there for', () => {
  it.each([
    ['request_user_input', { questions: [] }],
    ['request_permissions', { permissions: { network: { enabled: true } } }],
    ['no_such_tool', {}],
  ])('%s does not hold the turn', async (name, args) => {
    const { report, model } = await edit([call(name, args)]);
    await report();
    expect(model.calls).toHaveLength(2);
  });
});

describe('under after-run', () => {
  const settings = { enforcement: 'after-run' } as const;

  it('commands and patches write in the workspace, and git is out of reach', async () => {
    const { report, read, workspace } = await edit(
      [
        run('echo built > built.txt; echo x > .git/HEAD; chmod +x a.txt'),
        patch(create('c.txt', 'x')),
      ],
      { settings },
    );
    const { declined, refusedRequests } = await report();
    expect({ declined, refusedRequests }).toEqual({ declined: [], refusedRequests: [] });
    expect(read('built.txt')).toBe('built\n');
    expect(read('c.txt')).toBe('x\n');
    expect(readFileSync(join(repositoryOf(workspace), 'HEAD'), 'utf8')).toMatch(/^ref: /);
    expect(readdirSync(join(workspace, '.git'))).toEqual([]);
  });

  it('nothing is written outside it', async () => {
    const { report } = await edit(
      [patch(create('/tmp/x.txt', 'x')), patch(create('../opt/x.txt', 'x'))],
      { settings, judge: () => null },
    );
    expect((await report()).declined.map(({ path }) => path)).toEqual(['/tmp/x.txt', '/opt/x.txt']);
  });

  it('there is no network', async () => {
    const { report, model } = await edit([run('exec 3<>/dev/tcp/127.0.0.1/8787')], { settings });
    await report();
    expect(outputs(present(model.calls[1]))[0]).toMatch(/not permitted|refused/);
  });
});
