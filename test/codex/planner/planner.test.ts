import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { boxUser } from '../../../src/codex/box/box-user.ts';
import { PINNED_VERSION } from '../../../src/codex/install/install.ts';
import { createPlanner } from '../../../src/codex/planner/planner.ts';
import type { CodexOptions } from '../../../src/codex/session.ts';
import { Stopped } from '../../../src/decision.ts';
import { repositoryOf } from '../../../src/system/workspace-folders.ts';
import {
  call,
  create,
  cut,
  hang,
  type ModelCall,
  messages,
  noQuota,
  outputs,
  patch,
  refuse,
  run,
  runInOnePiece,
  type Script,
  say,
} from '../../support/model/index.ts';
import { present } from '../../support/present.ts';
import { commandLines, fakeCodex, KEY, onRamDisk, PLAN, codex as realCodex } from '../setting.ts';

const { repository, setting } = onRamDisk;

const task = {
  prompt: 'Greet the world\n',
  anchor: null,
  purpose: 'plan',
  instructions: null,
  struck: [],
} as const;

/** Whether Codex is running in a box that shows a folder of this one. */
const isRunning = (temporary: string) =>
  commandLines().some((line) => line.includes(temporary) && line.includes(' exec '));

async function propose(
  script: Script,
  changes: Partial<CodexOptions> = {},
  workspace = repository(),
) {
  const all = await setting(script, changes);
  const planner = createPlanner({ ...all.options, enforcement: 'before-write' });
  return { ...all, workspace, proposal: () => planner.propose({ ...task, workspace }) };
}

describe('the planner', () => {
  it("gives the model's last message back as it came, with what made it", async () => {
    const workspace = repository({ 'a.txt': 'secret of the file' });
    const { proposal, lines } = await propose(
      { plan: [[say('First I look.'), run('cat a.txt')], PLAN] },
      {},
      workspace,
    );
    const { answer, toolchain, log } = await proposal();
    expect(answer).toBe(PLAN);
    expect(toolchain).toEqual({
      version: PINNED_VERSION,
      model: 'gpt-5.5',
      effort: null,
      tools: [],
    });
    expect(lines).toEqual([expect.stringMatching(/^\$ .*cat a\.txt.* → exit 0, \d+\.\d s$/)]);
    expect(log).toMatch(/^\S+Z command: .*cat a\.txt.* \(exit 0, \d+\.\d s\)$/m);
    expect(log).toMatch(/^\S+Z message: First I look\.$/m);
    expect(log).toMatch(/^\S+Z tokens: 20 in \(0 cached\), 10 out$/m);
    expect(log).not.toContain('secret of the file');
  });

  it('asks for the model and the effort it was told, and says so', async () => {
    const choice = { model: 'gpt-5.4', effort: 'high' };
    const { proposal, model } = await propose({ plan: [PLAN] }, { choice });
    expect((await proposal()).toolchain).toEqual({ version: PINNED_VERSION, ...choice, tools: [] });
    expect(model.calls[0]?.body).toMatchObject({ model: 'gpt-5.4', reasoning: { effort: 'high' } });
  });

  it('says which model Codex chose if it was told none, and which one answered', async () => {
    const { proposal, model } = await propose(
      { plan: [PLAN] },
      { choice: { model: null, effort: null } },
    );
    const { toolchain, log } = await proposal();
    expect(toolchain.model).toBe(model.calls[0]?.model);
    expect(log).toContain(`model: ${toolchain.model}, answered by ${toolchain.model}`);
  });

  it('asks for an answer of the form of a plan, every key required', async () => {
    const { proposal, model } = await propose({ plan: [PLAN] });
    await proposal();
    const format = model.calls[0]?.body.text.format;
    expect(format).toMatchObject({ type: 'json_schema', strict: true });
    expect(format.schema).toMatchObject({
      required: ['title', 'summary', 'steps', 'files', 'commands', 'risks'],
      additionalProperties: false,
    });
  });

  it('can read the workspace, and write nowhere', async () => {
    const { proposal, model, workspace } = await propose({
      plan: [
        runInOnePiece(
          'exec 2>&1; cat a.txt; echo x > new.txt; echo x > .git/HEAD; git log --format=%s; rg -l hello',
        ),
        patch(create('patched.txt', 'x')),
        PLAN,
      ],
    });
    await proposal();
    const [command = '', refused] = outputs(present(model.calls[2]));
    expect(command).toMatch(
      /hello[\s\S]*new\.txt: Read-only[\s\S]*HEAD: Read-only[\s\S]*state[\s\S]*a\.txt/,
    );
    expect(refused).toMatch(/rejected|denied|not permitted/i);
    expect(readdirSync(workspace).sort()).toEqual(['.git', 'a.txt']);
  });

  it('goes on after a command that prints more than anybody wants', async () => {
    const { proposal } = await propose({ plan: [run('head -c 9000000 /dev/zero'), PLAN] });
    expect((await proposal()).answer).toBe(PLAN);
  });

  it('keeps a command that is still running at the end', async () => {
    const left = call('exec_command', { cmd: 'sleep 98766', yield_time_ms: 250 });
    const { proposal, lines } = await propose({ plan: [left, PLAN] });
    const { log } = await proposal();
    expect(log).toMatch(/^\S+Z command: .*sleep 98766.* \(still running at the end\)$/m);
    expect(lines).toEqual([expect.stringMatching(/^\$ .*98766.* → still running at the end$/)]);
    expect(commandLines().filter((line) => line.includes('sleep 98766'))).toEqual([]);
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

  it('shows the approved plan, to be kept exactly, if it is anchored', async () => {
    const { options, model } = await setting({ plan: [PLAN] });
    const planner = createPlanner({ ...options, enforcement: 'before-write' });
    await planner.propose({
      ...task,
      workspace: repository(),
      anchor: PLAN,
      purpose: 'verify',
      instructions: null,
      struck: [],
    });
    const [call] = model.calls as [ModelCall];
    expect(messages(call, 'user').at(-1)).toContain(PLAN);
    expect(messages(call, 'developer').join()).toContain(
      'keep every part that still holds to the letter',
    );
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
    const ask = `fetch("http://127.0.0.1:8787/v1/responses", {
      method: "POST",
      headers: { authorization: "Bearer " + process.env.CODEX_GATE_TOKEN },
      body: process.argv[1],
    }).then(() => fetch("http://127.0.0.1:8787/answered"))`;
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
    const fake = await fakeCodex('cat >/dev/null; sleep 10; exit 3');
    const { options } = await setting({ plan: [PLAN] });
    const all = { ...options, codex: async () => fake, timeoutMs: 8_000 };
    const planner = createPlanner({ ...all, enforcement: 'before-write' });
    const asked = planner.propose({ ...task, workspace: repository(), ready: pause(9_000) });
    await expect(asked).rejects.toMatchObject({
      reason: 'codex-failed',
      message: expect.stringContaining('status 3'),
    });
  });

  it('leaves nothing behind', async () => {
    const { proposal, options } = await propose({ plan: [PLAN] });
    await proposal();
    expect(readdirSync(options.temporary)).toEqual([]);
    expect(commandLines().filter((line) => line.includes(options.temporary))).toEqual([]);
  });

  it('takes the network socket elsewhere if its folder is too deep for one', async () => {
    const { options } = await setting({ plan: [PLAN] });
    const temporary = join(options.temporary, 'deep'.repeat(30));
    const planner = createPlanner({ ...options, temporary, enforcement: 'before-write' });
    const { answer } = await planner.propose({ ...task, workspace: repository() });
    expect(answer).toBe(PLAN);
  });
});

describe('an answer of the model', () => {
  it('may come after an error that passes', async () => {
    const { proposal, model } = await propose({ plan: [refuse(500), PLAN] });
    expect((await proposal()).answer).toBe(PLAN);
    expect(model.calls).toHaveLength(2);
  });

  it('may come after the API asked to wait', async () => {
    const wait = refuse(429, 'Rate limit reached', { 'retry-after': '1' });
    const { proposal, model } = await propose({ plan: [wait, PLAN] });
    expect((await proposal()).answer).toBe(PLAN);
    expect(model.calls).toHaveLength(2);
  });

  it('is not waited for if the account has no money left', async () => {
    const { proposal, model } = await propose({ plan: () => noQuota });
    await expect(proposal()).rejects.toMatchObject({ reason: 'codex-failed' });
    expect(model.calls).toHaveLength(1);
  });

  it('is given back when it is prose: somebody else judges it', async () => {
    const { proposal } = await propose({ plan: ['I would rather not.'] });
    expect((await proposal()).answer).toBe('I would rather not.');
  });

  it('that says nothing is a failure', async () => {
    const { proposal } = await propose({ plan: [[]] });
    await expect(proposal()).rejects.toMatchObject({ reason: 'codex-failed' });
  });

  it.each([401, 403])('that refuses the key (%i) ends the run at once', async (status) => {
    const { proposal, model } = await propose({
      plan: () => refuse(status, `Incorrect API key provided: ${KEY}`),
    });
    await expect(proposal()).rejects.toMatchObject({
      reason: 'codex-failed',
      message: expect.stringMatching(/refused the key .*Incorrect API key provided: \*\*\*/),
    });
    expect(model.calls.length).toBeLessThan(4);
  });

  it('that never comes is a timeout, with nothing left behind', async () => {
    const { proposal, options } = await propose({ plan: [hang] }, { timeoutMs: 2_500 });
    await expect(proposal()).rejects.toMatchObject({ reason: 'codex-timeout' });
    expect(commandLines().filter((line) => line.includes(options.temporary))).toEqual([]);
    expect(readdirSync(options.temporary)).toEqual([]);
  });

  it('that fails for good is a failure, once Codex has given up', async () => {
    const failing = [refuse(500), refuse(429, 'slow', { 'retry-after': '0' }), cut];
    const runs = failing.map(async (failure) => {
      const { proposal, model } = await propose({ plan: () => failure }, { timeoutMs: 240_000 });
      await expect(proposal()).rejects.toMatchObject({ reason: 'codex-failed' });
      expect(model.calls.length).toBeGreaterThan(4);
    });
    await Promise.all(runs);
  });

  it('to a request that the API calls wrong is a failure that says why', async () => {
    const { proposal } = await propose({ plan: () => refuse(400, 'The model `x` does not exist') });
    await expect(proposal()).rejects.toMatchObject({
      reason: 'codex-failed',
      message: expect.stringContaining('The model `x` does not exist'),
    });
  });
});

describe('a Codex that', () => {
  const { RUNNER_ENVIRONMENT } = process.env;
  afterEach(() => {
    if (RUNNER_ENVIRONMENT === undefined) delete process.env.RUNNER_ENVIRONMENT;
    else process.env.RUNNER_ENVIRONMENT = RUNNER_ENVIRONMENT;
  });
  const completed = `echo '{"type":"turn.completed","usage":{"input_tokens":1,"cached_input_tokens":0,"output_tokens":1}}'`;
  const message = `echo '{"type":"item.completed","item":{"id":"i","type":"agent_message","text":"{}"}}'`;

  it.each([
    ['says nothing', 'exit 0', /ended before its turn/],
    ['crashes', 'echo "thread panicked" >&2; kill -9 $$', /status 137.*panicked/],
    ['ends with an error', `${message}; ${completed}; echo no >&2; exit 1`, /status 1.*no/],
    [
      'has a failed turn, and ends well',
      `${message}; echo '{"type":"turn.failed","error":{"message":"boom"}}'; exit 0`,
      /boom/,
    ],
    ['gives no message', completed, /without a message/],
    ['prints garbage', `echo '{"type":'; exit 0`, /not one of its events/],
    [
      'prints an event in another form',
      `echo '{"type":"turn.completed"}'`,
      /not one of its events/,
    ],
    [
      'prints a message in another form',
      `echo '{"type":"item.completed","item":{"type":"agent_message"}}'`,
      /not one of its events/,
    ],
    [
      'has a thread beside its own',
      `echo '{"type":"thread.started","thread_id":"t"}'; echo '{"type":"thread.started","thread_id":"sub"}'`,
      /sub-agent/,
    ],
    [
      'calls a sub-agent',
      `echo '{"type":"item.completed","item":{"id":"i","type":"collab_tool_call","tool":"wait"}}'; ${message}; ${completed}`,
      /sub-agent/,
    ],
    [
      'runs a command beside itself',
      `echo '{"type":"item.started","item":{"id":"c","type":"command_execution","command":"id","status":"in_progress"}}'; ${message}; ${completed}`,
      /did not run its commands in the box/,
    ],
    ['answers without asking a model', `${message}; ${completed}`, /without asking a model/],
  ])('%s is a failure', async (_, body, said) => {
    const codex = await fakeCodex(body);
    const { proposal } = await propose({}, { codex: async () => codex });
    await expect(proposal()).rejects.toMatchObject({
      reason: 'codex-failed',
      message: expect.stringMatching(said),
    });
  });

  it.each([
    ['ends before its turn', 'exit 0'],
    ['answers without asking a model', `${message}; ${completed}`],
  ])('%s leaves its log, which is kept', async (_, body) => {
    const codex = await fakeCodex(body);
    const { proposal } = await propose({}, { codex: async () => codex });
    await expect(proposal()).rejects.toMatchObject({ log: expect.any(String) });
  });

  it('floods its output is ended', async () => {
    const codex = await fakeCodex('tr "\\0" x < /dev/zero');
    const { proposal } = await propose({}, { codex: async () => codex });
    await expect(proposal()).rejects.toMatchObject({
      log: expect.any(String),
      reason: 'limit-exceeded',
      message: expect.stringMatching(/a line of more than \d+ MiB/),
    });
  });

  it('leaves a daemon that holds its output is not waited for', async () => {
    const codex = await fakeCodex(`setsid sleep 98765 & ${message}; ${completed}`);
    const { proposal } = await propose({}, { codex: async () => codex });
    await expect(proposal()).rejects.toMatchObject({ reason: 'codex-failed' });
    expect(commandLines().filter((line) => line.includes('sleep 98765'))).toEqual([]);
  });

  it('cannot start its sandbox is not asked anything', async () => {
    const codex = await fakeCodex('exit 0', 'echo "bwrap: No permissions" >&2; exit 1');
    const { proposal, model } = await propose({ plan: [PLAN] }, { codex: async () => codex });
    await expect(proposal()).rejects.toMatchObject({
      reason: 'sandbox-unavailable',
      message: expect.stringContaining('No permissions'),
    });
    expect(model.calls).toEqual([]);
  });

  it('hangs in its sandbox has the time of the run, and no second try', async () => {
    const codex = await fakeCodex('sleep 98766', 'sleep 98766');
    const { proposal, lines } = await propose({}, { codex: async () => codex, timeoutMs: 1_000 });
    await expect(proposal()).rejects.toMatchObject({
      reason: 'codex-timeout',
      message: 'Codex was still running after 1 seconds.',
    });
    expect(lines).toEqual([]);
    expect(commandLines().filter((line) => line.includes('sleep 98766'))).toEqual([]);
  });

  it('has to be ended in its sandbox gets no second try', async () => {
    const codex = await fakeCodex('sleep 98767', 'tr "\\0" x < /dev/zero');
    const { proposal, lines } = await propose({}, { codex: async () => codex });
    await expect(proposal()).rejects.toMatchObject({
      reason: 'sandbox-unavailable',
      message: expect.stringContaining('a line of more than'),
    });
    expect(lines).toEqual([]);
  });

  it('cannot start its sandbox on a machine of somebody else leaves that as it is', async () => {
    const codex = await fakeCodex('exit 0', 'echo no >&2; exit 1');
    const { proposal, lines, model } = await propose({}, { codex: async () => codex });
    process.env.RUNNER_ENVIRONMENT = 'self-hosted';
    await expect(proposal()).rejects.toMatchObject({
      reason: 'sandbox-unavailable',
      message: expect.stringMatching(/^The sandbox says: no\./),
    });
    expect(lines).toEqual([]);
    expect(model.calls).toEqual([]);
  });

  it('starts its sandbox once the runner allows it is asked after all', async () => {
    process.env.RUNNER_ENVIRONMENT = 'github-hosted';
    const real = await realCodex();
    const fake = await fakeCodex('exec "$(dirname "$0")/real" "$@"', 'echo no >&2; exit 1');
    copyFileSync(real.binary, join(fake.root, 'real'));
    const cured = readFileSync(fake.binary, 'utf8').replace('echo no >&2; exit 1', 'exit 0');
    const { proposal, model } = await propose(
      { plan: [PLAN] },
      { codex: async () => fake, report: () => writeFileSync(fake.binary, cured) },
    );
    expect((await proposal()).answer).toBe(PLAN);
    expect(model.calls).toHaveLength(1);
  });

  it('waits for ever is ended', async () => {
    const codex = await fakeCodex('sleep 98764');
    const { proposal } = await propose({}, { codex: async () => codex, timeoutMs: 800 });
    await expect(proposal()).rejects.toMatchObject({ reason: 'codex-timeout' });
    expect(commandLines().filter((line) => line.includes('sleep 98764'))).toEqual([]);
  });

  it('reads what the answer looks like, and nothing of the runner', async () => {
    const codex = await fakeCodex('cat /codex-home/plan-schema.json | head -c 20; env >&2; exit 5');
    const { proposal } = await propose({}, { codex: async () => codex });
    await expect(proposal()).rejects.toMatchObject({
      message: expect.not.stringContaining('HOME=/root'),
    });
    expect(existsSync('/codex-home')).toBe(false);
  });
});

it('a missing key is a wrong configuration', async () => {
  const { proposal, model } = await propose({ plan: [PLAN] }, { apiKey: '', endpoint: null });
  await expect(proposal()).rejects.toMatchObject({ reason: 'config-invalid' });
  expect(model.calls).toEqual([]);
});

it.each([
  'ftp://x/v1/responses',
  'nonsense',
  'https://user:pass@host/v1/responses',
  'http://host/v1/responses',
  'http://127.0.0.1.example/v1/responses',
  'http://localhost.example/v1/responses',
  'http://10.0.0.1/v1/responses',
])('the endpoint %s is a wrong configuration', async (endpoint) => {
  const { proposal } = await propose({}, { endpoint });
  await expect(proposal()).rejects.toMatchObject({ reason: 'config-invalid' });
});
