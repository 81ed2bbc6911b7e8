import { describe, expect, it } from 'vitest';
import { createEditor } from '../../../src/codex/editor/editor.ts';
import { hang, refuse } from '../../support/model/index.ts';
import { defaultSettings, expectNoneLeft, fakeCodex, onRamDisk, PLAN } from '../setting.ts';
import { edit } from './edit.ts';

const { repository, setting } = onRamDisk;

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
    await expectNoneLeft(options.temporary);
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

  const thread = {
    thread: { id: 't' },
    modelProvider: 'gate',
    approvalPolicy: 'on-request',
    approvalsReviewer: 'user',
    activePermissionProfile: { id: 'gate' },
    instructionSources: [],
  };
  const print = (lines: readonly string[]) =>
    lines.map((line) => `printf '%s\\n' '${line.replaceAll("'", "'\\''")}'`).join('\n');
  /** An answer to what was read. */
  const answer = (result: object) =>
    `printf '{"id":%s,"result":%s}\\n' "$id" '${JSON.stringify(result)}'`;

  /** A server that prints `first`, follows the protocol up to the turn, and then prints `lines`. */
  const server = (lines: string[], first: string[] = []) =>
    fakeCodex(`
      ${print(first)}
      while read -r line; do
        id=\${line#*\\"id\\":}
        id=\${id%%[,\\}]*}
        case "$line" in
          *'"method":"thread/start"'*) ${answer(thread)} ;;
          *'"method":"turn/start"'*)
            ${answer({ turn: { id: 'u' } })}
            ${print(lines)} ;;
          *'"id":99,'*) echo "ANSWER $line" >&2; exit 7 ;;
          *'"id":'*) ${answer({})} ;;
        esac
      done`);

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

  it('that asks no model is a failure, and its log is kept', async () => {
    const turn = { id: 'u', status: 'completed' };
    const over = JSON.stringify({ method: 'turn/completed', params: { threadId: 't', turn } });
    await expect(runFake(await server([over]))).rejects.toMatchObject({
      reason: 'codex-failed',
      message: expect.stringContaining('without asking a model'),
      log: expect.stringContaining('codex 9.8.7'),
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

  // `turn.test.ts` has all that can be said.
  it.each([
    ['of another thread', { ...own, threadId: 'sub' }, 'not ours'],
    ['of no thread', { turnId: 'u' }, 'form that is not known'],
  ])('whose turn is said to be over, %s, is a failure', async (_, { turnId, ...address }, said) => {
    const params = { ...address, turn: { id: turnId, status: 'completed' } };
    const over = JSON.stringify({ method: 'turn/completed', params });
    await expect(runFake(await server([over]))).rejects.toMatchObject({
      reason: 'codex-failed',
      message: expect.stringContaining(said),
    });
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
    ['item/fileChange/requestApproval', { ...own, itemId: 'never seen' }, /"decision":"decline"/],
  ])('that asks %s gets a refusal', async (method, params, refusal) => {
    const codex = await server([JSON.stringify({ id: 99, method, params })]);
    await expect(runFake(codex)).rejects.toMatchObject({
      message: expect.stringMatching(refusal),
    });
  });
});
