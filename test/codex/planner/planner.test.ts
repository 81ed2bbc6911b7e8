import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { boxUser } from '../../../src/codex/box/box-user.ts';
import { PINNED_VERSION } from '../../../src/codex/install/install.ts';
import { createPlanner } from '../../../src/codex/planner/planner.ts';
import type { CodexOptions } from '../../../src/codex/session.ts';
import { Stopped } from '../../../src/decision.ts';
import { repositoryOf } from '../../../src/system/workspace-folders.ts';
import {
  call,
  create,
  type ModelCall,
  messages,
  outputs,
  patch,
  run,
  runInOnePiece,
  say,
} from '../../support/model/index.ts';
import { once } from '../../support/once.ts';
import { present } from '../../support/present.ts';
import { endless, expectNoneLeft, fakeCodex, onRamDisk, PLAN } from '../setting.ts';
import { isRunning, propose, task } from './propose.ts';

const { repository, setting } = onRamDisk;

describe('the planner', () => {
  const planned = once(async () => {
    const workspace = repository({ 'a.txt': 'secret of the file' });
    const { proposal, options, ...rest } = await propose(
      { plan: [[say('First I look.'), run('cat a.txt')], PLAN] },
      { choice: { model: 'gpt-5.5', effort: 'high' } },
      workspace,
    );
    const made = await proposal();
    const { temporary } = options;
    return { ...made, ...rest, temporary, left: readdirSync(temporary) };
  });

  it("gives the model's last message back as it came, with what made it", async () => {
    const { answer, log, lines } = await planned();
    expect(answer).toBe(PLAN);
    expect(lines).toEqual([expect.stringMatching(/^\$ .*cat a\.txt.* → exit 0, \d+\.\d s$/)]);
    expect(log).toMatch(/^\S+Z command: .*cat a\.txt.* \(exit 0, \d+\.\d s\)$/m);
    expect(log).toMatch(/^\S+Z message: First I look\.$/m);
    expect(log).toMatch(/^\S+Z tokens: 20 in \(0 cached\), 10 out$/m);
    expect(log).not.toContain('secret of the file');
  });

  it('asks for the model and the effort it was told, and says so', async () => {
    const { toolchain, model } = await planned();
    const choice = { model: 'gpt-5.5', effort: 'high' };
    expect(toolchain).toEqual({ version: PINNED_VERSION, ...choice, tools: [] });
    expect(model.calls[0]?.body).toMatchObject({ model: 'gpt-5.5', reasoning: { effort: 'high' } });
  });

  it('asks for an answer of the form of a plan, every key required', async () => {
    const { model } = await planned();
    const format = model.calls[0]?.body.text.format;
    expect(format).toMatchObject({ type: 'json_schema', strict: true });
    expect(format.schema).toMatchObject({
      required: ['title', 'summary', 'steps', 'files', 'commands', 'risks'],
      additionalProperties: false,
    });
  });

  it('leaves nothing behind', async () => {
    const { temporary, left } = await planned();
    expect(left).toEqual([]);
    await expectNoneLeft(temporary);
  });

  const cmd = endless();
  const tried = once(async () => {
    const looks =
      'exec 2>&1; cat a.txt; echo x > new.txt; echo x > .git/HEAD; git log --format=%s; rg -l hello';
    const { proposal, model, workspace, lines } = await propose({
      plan: [
        runInOnePiece(looks),
        patch(create('patched.txt', 'x')),
        run('head -c 9000000 /dev/zero'),
        call('exec_command', { cmd, yield_time_ms: 250 }),
        PLAN,
      ],
    });
    const made = await proposal();
    return { ...made, model, lines, left: readdirSync(workspace).sort() };
  });

  it('can read the workspace, and write nowhere', async () => {
    const { model, left } = await tried();
    const [command = '', refused] = outputs(present(model.calls[2]));
    expect(command).toMatch(
      /hello[\s\S]*new\.txt: Read-only[\s\S]*HEAD: Read-only[\s\S]*state[\s\S]*a\.txt/,
    );
    expect(refused).toMatch(/rejected|denied|not permitted/i);
    expect(left).toEqual(['.git', 'a.txt']);
  });

  it('goes on after a command that prints more than anybody wants', async () => {
    const { answer, log } = await tried();
    expect(log).toMatch(/^\S+Z command: .*head -c 9000000.* \(exit 0, \d+\.\d s\)$/m);
    expect(answer).toBe(PLAN);
  });

  it('keeps a command that is still running at the end', async () => {
    const { log, lines } = await tried();
    expect(log).toMatch(
      new RegExp(`^\\S+Z command: .*${cmd}.* \\(still running at the end\\)$`, 'm'),
    );
    expect(lines.filter((line) => line.endsWith(' → still running at the end'))).toEqual([
      expect.stringMatching(new RegExp(`^\\$ .*${cmd}.* → still running at the end$`)),
    ]);
    await expectNoneLeft(cmd);
  });

  it('sends a prompt that looks like options, or is long, as a prompt', async () => {
    const prompt = `--dangerously-bypass-approvals-and-sandbox resume --last\n${'long '.repeat(50_000)}`;
    const { options, model } = await setting({ plan: [PLAN] });
    const planner = createPlanner({ ...options, enforcement: 'before-write' });
    await planner.propose({
      workspace: repository(),
      prompt,
      anchor: null,
      purpose: 'plan',
      instructions: null,
      struck: [],
    });
    expect(JSON.stringify(model.calls[0]?.body.input)).toContain(
      JSON.stringify(prompt).slice(1, -1),
    );
  });

  /** Without a choice of a model, with an approved plan, and in a folder that is too deep for a socket. */
  const anchored = once(async () => {
    const choice = { model: null, effort: null };
    const { options, model } = await setting({ plan: [PLAN] }, { choice });
    const temporary = join(options.temporary, 'deep'.repeat(30));
    const planner = createPlanner({ ...options, temporary, enforcement: 'before-write' });
    const proposal = await planner.propose({
      ...task,
      workspace: repository(),
      anchor: PLAN,
      purpose: 'verify',
      instructions: null,
      struck: [],
    });
    return { ...proposal, call: present(model.calls[0]) };
  });

  it('says which model Codex chose if it was told none, and which one answered', async () => {
    const { toolchain, log, call } = await anchored();
    expect(toolchain.model).toBe(call.model);
    expect(log).toContain(`model: ${toolchain.model}, answered by ${toolchain.model}`);
  });

  it('shows the approved plan, to be kept exactly, if it is anchored', async () => {
    const { call } = await anchored();
    expect(messages(call, 'user').at(-1)).toContain(PLAN);
    expect(messages(call, 'developer').join()).toContain(
      'keep every part that still holds to the letter',
    );
  });

  it('takes the network socket elsewhere if its folder is too deep for one', async () => {
    expect((await anchored()).answer).toBe(PLAN);
  });

  it('starts Codex before the workspace is there, and asks a model only after that', async () => {
    const { model, options } = await setting({ plan: [run('cat late.txt'), PLAN] });
    const workspace = repository();
    const before: unknown[] = [];
    const ready = (async () => {
      while (!isRunning(options.temporary)) await pause(20);
      await pause(1_000);
      before.push(...model.calls);
      writeFileSync(join(workspace, 'late.txt'), 'written late');
    })();
    const planner = createPlanner({ ...options, enforcement: 'before-write' });
    const { answer } = await planner.propose({ ...task, workspace, ready });
    expect(answer).toBe(PLAN);
    expect(before).toEqual([]);
    expect(outputs(model.calls[1] as ModelCall).join()).toContain('written late');
  });

  it('asks no model if something speaks against it, whatever else is wrong', async () => {
    const conflict = new Stopped('merge-conflict', 'They conflict.');
    const { model, options } = await setting({ plan: [PLAN] });
    const propose = (changes: Partial<CodexOptions>, ready: Promise<unknown>) => {
      const planner = createPlanner({ ...options, ...changes, enforcement: 'before-write' });
      return planner.propose({ ...task, workspace: repository(), ready });
    };
    const later = async () => {
      while (!isRunning(options.temporary)) await pause(20);
      throw conflict;
    };
    await expect(propose({}, later())).rejects.toBe(conflict);
    const noCodex = () => Promise.reject(new Stopped('codex-unavailable', 'There is none.'));
    const soon = pause(50).then(() => Promise.reject(conflict));
    await expect(propose({ codex: noCodex }, soon)).rejects.toBe(conflict);
    expect(model.calls).toEqual([]);
    expect(readdirSync(options.temporary)).toEqual([]);
    expect(isRunning(options.temporary)).toBe(false);
  });

  it('lets no request through before that, also if Codex does not wait for its prompt', async () => {
    const body = JSON.stringify({
      model: 'gpt-5.5',
      input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Now' }] }],
      store: false,
      stream: true,
    });
    // On a busy machine it can be there before the way out of the box is.
    const ask = `const ask = () => fetch("http://127.0.0.1:8787/v1/responses", {
      method: "POST",
      headers: { authorization: "Bearer " + process.env.CODEX_GATE_TOKEN },
      body: process.argv[1],
    }).catch((error) => {
      if (error.cause?.code !== "ECONNREFUSED") throw error;
      return new Promise((resolve) => setTimeout(resolve, 20)).then(ask);
    });
    ask().then(() => fetch("http://127.0.0.1:8787/answered"))`;
    const fake = await fakeCodex(`/opt/gate/bin/node -e '${ask}' '${body}'; exit 3`);
    const { model, options } = await setting({ plan: [PLAN] });
    const propose = (ready: Promise<unknown>) => {
      const all = { ...options, codex: async () => fake };
      const planner = createPlanner({ ...all, enforcement: 'before-write' });
      return planner.propose({ ...task, workspace: repository(), ready });
    };
    const conflict = new Stopped('merge-conflict', 'They conflict.');
    const later = pause(3_000).then(() => Promise.reject(conflict));
    await expect(propose(later)).rejects.toBe(conflict);
    expect(model.calls).toEqual([]);
    // The same request is one that the model answers.
    await expect(propose(Promise.resolve())).rejects.toMatchObject({ reason: 'codex-failed' });
    expect(model.calls).toHaveLength(1);
  });

  it.skipIf(boxUser === null)('asks no model before the box may read the workspace', async () => {
    const { model, options } = await setting({ plan: [PLAN] });
    const workspace = repository();
    const ready = (async () => {
      while (!isRunning(options.temporary)) await pause(20);
      await pause(2_000);
      // Nobody can tell any more who may read it.
      rmSync(join(repositoryOf(workspace), 'HEAD'));
    })();
    const planner = createPlanner({ ...options, enforcement: 'before-write' });
    await expect(planner.propose({ ...task, workspace, ready })).rejects.toThrow('HEAD');
    expect(model.calls.length).toBe(0);
  });

  it('has all of its time after that, however long the workspace takes', async () => {
    const fake = await fakeCodex('cat >/dev/null; sleep 6; exit 3');
    const { options } = await setting({ plan: [PLAN] });
    const all = { ...options, codex: async () => fake, timeoutMs: 4_000 };
    const planner = createPlanner({ ...all, enforcement: 'before-write' });
    const asked = planner.propose({ ...task, workspace: repository(), ready: pause(5_000) });
    await expect(asked).rejects.toMatchObject({
      reason: 'codex-failed',
      message: expect.stringContaining('status 3'),
    });
  });
});
