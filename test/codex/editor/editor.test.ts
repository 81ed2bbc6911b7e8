import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PINNED_VERSION } from '../../../src/codex/install/install.ts';
import { StoppedAfterRefusal } from '../../../src/core/plan/attempts.ts';
import { repositoryOf } from '../../../src/system/workspace-folders.ts';
import {
  call,
  create,
  outputs,
  patch,
  refuse,
  remove,
  run,
  update,
} from '../../support/model/index.ts';
import { once } from '../../support/once.ts';
import { present } from '../../support/present.ts';
import { endless, expectNoneLeft, onRamDisk, PLAN } from '../setting.ts';
import { edit, NOT_PLANNED } from './edit.ts';

const { repository } = onRamDisk;

describe('the editor', () => {
  const edited = once(async () => {
    const { report, read, options, ...rest } = await edit([
      patch(update('a.txt', 'hello', 'hello world')),
      run('cat a.txt'),
    ]);
    const made = await report();
    const left = readdirSync(options.temporary);
    return { ...made, ...rest, written: read('a.txt'), left, temporary: options.temporary };
  });

  it('makes the change that is approved, and tells of it as it goes', async () => {
    const { declined, refusedRequests, toolchain, log, warnings, written, lines } = await edited();
    expect(written).toBe('hello world\n');
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

  it('shows the model the request and the plan', async () => {
    const { model } = await edited();
    const text = JSON.stringify(model.calls[0]?.body.input);
    expect(text).toContain('Greet\\n');
    expect(text).toContain(JSON.stringify(PLAN).slice(1, -1));
  });

  it('leaves nothing behind', async () => {
    const { left, temporary } = await edited();
    expect(left).toEqual([]);
    await expectNoneLeft(temporary);
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

it('a file change that was refused is told, although Codex then fails', async () => {
  const { report, read } = await edit([patch(update('b.txt', 'other', 'evil')), refuse(400)]);
  const stopped = await report().catch((error: unknown) => error);
  expect(stopped).toBeInstanceOf(StoppedAfterRefusal);
  expect(stopped).toMatchObject({
    reason: 'codex-failed',
    declined: [{ path: 'b.txt', operation: 'modify', ...NOT_PLANNED }],
    log: expect.stringContaining('b.txt'),
  });
  expect(read('b.txt')).toBe('other\n');
});

/** One run of a model that tries one thing after another. */
describe('a model', () => {
  const unattended = [
    ['request_user_input', { questions: [] }],
    ['request_permissions', { permissions: { network: { enabled: true } } }],
    ['no_such_tool', {}],
  ] as const;
  const cmd = endless();
  const steps = [
    patch(create('evil.txt', 'x')),
    patch(update('a.txt', 'hello', 'hi')),
    run('echo x > c.txt; rm a.txt; echo x > .git/HEAD'),
    run('echo x > d.txt', { escalate: 'I must' }),
    ...unattended.map(([name, args]) => call(name, args)),
    run('head -c 9000000 /dev/zero'),
    call('exec_command', { cmd, yield_time_ms: 250 }),
    run('true'),
  ];
  const tried = once(async () => {
    const { report, read, workspace, ...rest } = await edit(steps);
    const made = await report();
    const left = readdirSync(workspace).sort();
    return { ...made, ...rest, left, written: read('a.txt') };
  });

  it('that goes beyond the plan is declined before a byte of it is written, and goes on', async () => {
    const { declined, left, written, model } = await tried();
    expect(declined).toEqual([{ path: 'evil.txt', operation: 'create', ...NOT_PLANNED }]);
    expect(left).not.toContain('evil.txt');
    expect(written).toBe('hi\n');
    expect(outputs(present(model.calls[1])).at(-1)).toMatch(/rejected/);
  });

  it('cannot write by a command', async () => {
    const { refusedRequests, left } = await tried();
    expect(refusedRequests.filter(({ request }) => request.includes('rm a.txt'))).toEqual([]);
    expect(left).toEqual(['.git', 'a.txt', 'b.txt']);
  });

  it('that asks to leave the sandbox is refused, and that is reported', async () => {
    const { refusedRequests, left } = await tried();
    expect(refusedRequests).toEqual([
      {
        kind: 'command',
        request: expect.stringContaining('echo x > d.txt'),
        why: 'It asked to leave the sandbox.',
      },
    ]);
    expect(left).not.toContain('d.txt');
  });

  it.each(unattended)('is not held up by a tool that nobody is there for: %s', async (name) => {
    const { model } = await tried();
    expect(model.calls).toHaveLength(steps.length + 1);
    const place = steps.findIndex((step) => step.name === name);
    expect(outputs(present(model.calls[place + 1])).at(-1)).toEqual(expect.any(String));
  });

  it('has a command that is still running at the end kept, and that alone', async () => {
    const { log, lines } = await tried();
    expect(log).toMatch(
      new RegExp(`^\\S+Z command: .*${cmd}.* \\(still running at the end\\)$`, 'm'),
    );
    expect(lines.at(-2)).toMatch(/^\$ .*true.* → exit 0/);
    expect(lines.at(-1)).toMatch(new RegExp(`^\\$ .*${cmd}.* → still running at the end$`));
    expect(lines.filter((line) => line.endsWith('still running at the end'))).toHaveLength(1);
    await expectNoneLeft(cmd);
  });

  it('may print more than anybody wants', async () => {
    expect((await tried()).log).toContain('head -c 9000000');
  });
});

describe('under after-run', () => {
  const edited = once(async () => {
    const { report, read, workspace, model } = await edit(
      [
        run('echo built > built.txt; echo x > .git/HEAD; chmod +x a.txt'),
        patch(create('c.txt', 'x')),
        patch(create('/tmp/x.txt', 'x')),
        patch(create('../opt/x.txt', 'x')),
        run('exec 3<>/dev/tcp/127.0.0.1/8787'),
      ],
      { settings: { enforcement: 'after-run' } },
    );
    const { declined, refusedRequests } = await report();
    const written = ['built.txt', 'c.txt'].map(read);
    const head = readFileSync(join(repositoryOf(workspace), 'HEAD'), 'utf8');
    const git = readdirSync(join(workspace, '.git'));
    return { declined, refusedRequests, written, head, git, model };
  });

  it('commands and patches write in the workspace, and git is out of reach', async () => {
    const { declined, refusedRequests, written, head, git } = await edited();
    expect(declined.map(({ path }) => path)).not.toContain('c.txt');
    expect(refusedRequests).toEqual([]);
    expect(written).toEqual(['built\n', 'x\n']);
    expect(head).toMatch(/^ref: /);
    expect(git).toEqual([]);
  });

  it('nothing is written outside it', async () => {
    const { declined } = await edited();
    expect(declined).toMatchObject([
      { path: '/tmp/x.txt', reason: 'path-invalid' },
      { path: '/opt/x.txt', reason: 'path-invalid' },
    ]);
  });

  it('there is no network', async () => {
    const { model } = await edited();
    expect(outputs(present(model.calls[5])).at(-1)).toMatch(/not permitted|refused/);
  });
});
