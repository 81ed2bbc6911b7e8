import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEditor } from '../../../src/codex/editor/editor.ts';
import { PINNED_VERSION } from '../../../src/codex/install/install.ts';
import type { CodexOptions } from '../../../src/codex/session.ts';
import type { Judge } from '../../../src/core/plan/attempts.ts';
import type { CodexSettings } from '../../../src/core/policy/codex-settings.ts';
import { repositoryOf } from '../../../src/system/workspace-folders.ts';
import {
  call,
  create,
  hang,
  type Item,
  move,
  outputs,
  patch,
  refuse,
  remove,
  run,
  say,
  update,
} from '../../support/model/index.ts';
import { present } from '../../support/present.ts';
import { commandLines, defaultSettings, fakeCodex, onRamDisk, PLAN } from '../setting.ts';

const { folder, repository, setting } = onRamDisk;

const NOT_PLANNED = { reason: 'outside-plan', detail: 'The plan does not name it.' } as const;

/** Approves these paths, whatever is done to them. */
const only =
  (...paths: string[]): Judge =>
  ({ path }) =>
    paths.includes(path) ? null : NOT_PLANNED;

interface Variation {
  readonly judge?: Judge;
  readonly workspace?: string;
  readonly settings?: Partial<CodexSettings>;
  readonly options?: Partial<CodexOptions>;
}

/** Lets the model do `steps`, one a turn, and then say that it is done. */
async function edit(steps: readonly Item[], { judge, ...rest }: Variation = {}) {
  const script = { edit: [...steps, say('I am done.')] };
  const { options, model, lines } = await setting(script, rest.options);
  const workspace = rest.workspace ?? repository({ 'a.txt': 'hello\n', 'b.txt': 'other\n' });
  const editor = createEditor({ ...options, settings: { ...defaultSettings, ...rest.settings } });
  const task = {
    workspace,
    prompt: 'Greet\n',
    plan: PLAN,
    instructions: null,
    struck: [],
    judge: judge ?? only('a.txt'),
  };
  const read = (path: string) =>
    existsSync(join(workspace, path)) ? readFileSync(join(workspace, path), 'utf8') : null;
  return { model, lines, options, workspace, read, report: () => editor.carryOut(task) };
}

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
    expect(commandLines().filter((line) => line.includes(options.temporary))).toEqual([]);
  });
});

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

  it.each(['a.txt', './a.txt', 'src/../a.txt'])(
    'that moves a file to itself, as %s, is refused as the delete that Codex makes of it',
    async (target) => {
      const { report, read } = await edit([patch(move('a.txt', target, 'hello', 'hi'))], {
        judge: ({ operation }) => (operation === 'modify' ? null : NOT_PLANNED),
      });
      expect((await report()).declined).toEqual([
        { path: 'a.txt', operation: 'delete', ...NOT_PLANNED },
      ]);
      expect(read('a.txt')).toBe('hello\n');
    },
  );

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

  it.each([
    ['../escaped.txt', '/escaped.txt'],
    ['/tmp/escaped.txt', '/tmp/escaped.txt'],
    ['.git/hooks/pre-commit', '.git/hooks/pre-commit'],
    ['.GIT/config', '.GIT/config'],
    ['x/../../codex-home/config.toml', '/codex-home/config.toml'],
  ])('to %s never reaches the judge', async (path, reported) => {
    const { report, workspace } = await edit([patch(create(path, 'x'))], { judge: () => null });
    expect((await report()).declined).toMatchObject([{ path: reported, reason: 'path-invalid' }]);
    expect(readdirSync(workspace).sort()).toEqual(['.git', 'a.txt', 'b.txt']);
    expect(existsSync(join(workspace, '.git/hooks/pre-commit'))).toBe(false);
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
    const left = call('exec_command', { cmd: 'sleep 98767', yield_time_ms: 250 });
    const { report, lines } = await edit([left, run('true')]);
    const { log } = await report();
    expect(log).toMatch(/^\S+Z command: .*sleep 98767.* \(still running at the end\)$/m);
    expect(lines.map((line) => line.replace(/^.* → /, ''))).toEqual([
      expect.stringMatching(/^exit 0/),
      'still running at the end',
    ]);
    expect(commandLines().filter((line) => line.includes('sleep 98767'))).toEqual([]);
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

describe('a run of the app server', () => {
  it('that asks a model which refuses the key ends at once', async () => {
    const { options, model } = await setting({ edit: () => refuse(401) });
    const editor = createEditor({ ...options, settings: defaultSettings });
    const task = {
      workspace: repository(),
      prompt: 'x\n',
      plan: PLAN,
      instructions: null,
      struck: [],
      judge: () => null,
    };
    await expect(editor.carryOut(task)).rejects.toMatchObject({
      reason: 'codex-failed',
      message: expect.stringContaining('refused the key (401)'),
    });
    expect(model.calls.length).toBeLessThan(4);
  });

  it('whose model never answers is a timeout, with nothing left behind', async () => {
    const { options } = await setting({ edit: [hang] }, { timeoutMs: 2_500 });
    const editor = createEditor({ ...options, settings: defaultSettings });
    const task = {
      workspace: repository(),
      prompt: 'x\n',
      plan: PLAN,
      instructions: null,
      struck: [],
      judge: () => null,
    };
    await expect(editor.carryOut(task)).rejects.toMatchObject({ reason: 'codex-timeout' });
    expect(commandLines().filter((line) => line.includes(options.temporary))).toEqual([]);
  });

  it('whose turn fails is a failure that says why', async () => {
    const { options } = await setting({ edit: () => refuse(400, 'The model `x` is gone') });
    const editor = createEditor({ ...options, settings: defaultSettings });
    const task = {
      workspace: repository(),
      prompt: 'x\n',
      plan: PLAN,
      instructions: null,
      struck: [],
      judge: () => null,
    };
    await expect(editor.carryOut(task)).rejects.toMatchObject({
      reason: 'codex-failed',
      message: expect.stringContaining('The model `x` is gone'),
    });
  });

  /** A server that prints `first`, follows the protocol up to the turn, and then prints `lines`. */
  const server = (lines: string[], first: string[] = []) =>
    fakeCodex(
      `exec node -e '
        const { createInterface } = require("node:readline");
        const say = (object) => console.log(JSON.stringify(object));
        const [first, lines] = ${JSON.stringify([first, lines]).replaceAll("'", '\\u0027')};
        first.forEach((each) => console.log(each));
        createInterface(process.stdin).on("line", (line) => {
          const { id, method, error, result } = JSON.parse(line);
          if (method === "thread/start") say({ id, result: { thread: { id: "t" }, modelProvider: "gate", approvalPolicy: "on-request", approvalsReviewer: "user", activePermissionProfile: { id: "gate" }, instructionSources: [] } });
          else if (method === "turn/start") { say({ id, result: { turn: { id: "u" } } }); lines.forEach((each) => console.log(each)); }
          else if (id === 99) { console.error("ANSWER", JSON.stringify(error ?? result)); process.exit(7); }
          else if (id) say({ id, result: {} });
        });'`,
    );

  /** What its thread and its turn are called. */
  const own = { threadId: 't', turnId: 'u' };

  const runFake = async (codex: Awaited<ReturnType<typeof fakeCodex>>) => {
    const { report } = await edit([], { options: { codex: async () => codex } });
    return report();
  };

  it('that prints garbage is a failure', async () => {
    await expect(runFake(await server(['{"method":']))).rejects.toMatchObject({
      reason: 'codex-failed',
      message: expect.stringContaining('no message'),
    });
  });

  it('that dies in the middle is a failure', async () => {
    await expect(runFake(await fakeCodex('exit 3'))).rejects.toMatchObject({
      reason: 'codex-failed',
      message: expect.stringContaining('status 3'),
    });
  });

  it('that sends an item in another form is a failure', async () => {
    const params = { ...own, item: { type: 'fileChange', id: 'i' } };
    const strange = JSON.stringify({ method: 'item/started', params });
    await expect(runFake(await server([strange]))).rejects.toMatchObject({
      reason: 'codex-failed',
      message: expect.stringContaining('fileChange'),
    });
  });

  it('that ran a command beside itself is a failure', async () => {
    const item = { type: 'commandExecution', id: 'i', command: 'id', status: 'inProgress' };
    const turn = { id: 'u', status: 'completed' };
    const lines = [
      { method: 'item/started', params: { ...own, item } },
      { method: 'turn/completed', params: { threadId: 't', turn } },
    ].map((line) => JSON.stringify(line));
    await expect(runFake(await server(lines))).rejects.toMatchObject({
      reason: 'codex-failed',
      message: expect.stringContaining('did not run its commands in the box'),
    });
  });

  it('that wrote a file without having asked is a failure', async () => {
    const item = {
      type: 'fileChange',
      id: 'i',
      status: 'completed',
      changes: [{ path: '/workspace/a.txt', kind: { type: 'update', move_path: null }, diff: '' }],
    };
    const lines = ['item/started', 'item/completed'].map((method) =>
      JSON.stringify({ method, params: { ...own, item } }),
    );
    await expect(runFake(await server(lines))).rejects.toMatchObject({
      reason: 'codex-failed',
      message: expect.stringContaining('update a.txt'),
    });
  });

  const message = { type: 'agentMessage', text: 'Half of it.' };
  const total = { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1 };

  it.each([
    ['turn/completed', { threadId: 'sub', turn: { id: 'v', status: 'completed' } }],
    ['turn/completed', { threadId: 't', turn: { id: 'v', status: 'completed' } }],
    ['turn/completed', { threadId: 'sub', turn: { id: 'u', status: 'completed' } }],
    ['turn/started', { threadId: 't', turn: { id: 'v' } }],
    ['thread/started', { thread: { id: 'sub' } }],
    ['thread/tokenUsage/updated', { ...own, threadId: 'sub', tokenUsage: { total } }],
    ['item/completed', { ...own, threadId: 'sub', item: message }],
    ['item/started', { ...own, turnId: 'v', item: message }],
    ['warning', { threadId: 'sub', message: 'x' }],
    ['something/new', { threadId: 'sub' }],
  ])('that says %s of %j, not its own, is a failure', async (method, params) => {
    await expect(runFake(await server([JSON.stringify({ method, params })]))).rejects.toMatchObject(
      {
        reason: 'codex-failed',
        message: expect.stringContaining('not ours'),
      },
    );
  });

  it.each([
    ['turn/completed', { turn: { id: 'u', status: 'completed' } }],
    ['turn/completed', { threadId: 't', turn: { status: 'completed' } }],
    ['item/completed', { turnId: 'u', item: message }],
    ['thread/tokenUsage/updated', { threadId: 't', tokenUsage: { total } }],
  ])('that does not say whose %s is in %j is a failure', async (method, params) => {
    await expect(runFake(await server([JSON.stringify({ method, params })]))).rejects.toMatchObject(
      {
        reason: 'codex-failed',
        message: expect.stringContaining('form that is not known'),
      },
    );
  });

  it('that asks for another thread is a failure, and gets no answer', async () => {
    const params = { ...own, threadId: 'sub', itemId: 'i' };
    const method = 'item/fileChange/requestApproval';
    const codex = await server([JSON.stringify({ id: 99, method, params })]);
    await expect(runFake(codex)).rejects.toMatchObject({
      message: expect.stringContaining('not ours'),
    });
  });

  it('that spoke of another thread before it had one is a failure', async () => {
    const early = JSON.stringify({ method: 'thread/started', params: { thread: { id: 'sub' } } });
    await expect(runFake(await server([], [early]))).rejects.toMatchObject({
      message: expect.stringContaining('not ours'),
    });
  });

  it.each([
    ['something/new', {}, /"code":-32601/],
    ['item/tool/call', { tool: 'x' }, /"code":-32601/],
    ['execCommandApproval', { command: ['x'] }, /"code":-32601/],
    ['item/fileChange/requestApproval', { ...own, itemId: 'never seen' }, /"decision":"decline"/],
    [
      'item/commandExecution/requestApproval',
      { ...own, itemId: 'i', command: 'x' },
      /"decision":"decline"/,
    ],
    ['item/permissions/requestApproval', { permissions: {} }, /"permissions":\{\}/],
    ['item/tool/requestUserInput', { questions: [] }, /"answers":\{\}/],
    ['mcpServer/elicitation/request', { message: 'x' }, /"action":"decline"/],
  ])('that asks %s gets a refusal', async (method, params, refusal) => {
    const codex = await server([JSON.stringify({ id: 99, method, params })]);
    await expect(runFake(codex)).rejects.toMatchObject({
      message: expect.stringMatching(refusal),
    });
  });
});
