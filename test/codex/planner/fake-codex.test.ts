import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { endless, expectNoneLeft, fakeCodex, PLAN, codex as realCodex } from '../setting.ts';
import { propose } from './propose.ts';

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
    const sleep = endless();
    const codex = await fakeCodex(`setsid ${sleep} & ${message}; ${completed}`);
    const { proposal } = await propose({}, { codex: async () => codex });
    await expect(proposal()).rejects.toMatchObject({ reason: 'codex-failed' });
    await expectNoneLeft(sleep);
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
    const sleep = endless();
    const codex = await fakeCodex(sleep, sleep);
    const { proposal, lines } = await propose({}, { codex: async () => codex, timeoutMs: 1_000 });
    await expect(proposal()).rejects.toMatchObject({
      reason: 'codex-timeout',
      message: 'Codex was still running after 1 seconds.',
    });
    expect(lines).toEqual([]);
    await expectNoneLeft(sleep);
  });

  it('has to be ended in its sandbox gets no second try', async () => {
    const codex = await fakeCodex(endless(), 'tr "\\0" x < /dev/zero');
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
    const sleep = endless();
    const codex = await fakeCodex(sleep);
    const { proposal } = await propose({}, { codex: async () => codex, timeoutMs: 800 });
    await expect(proposal()).rejects.toMatchObject({ reason: 'codex-timeout' });
    await expectNoneLeft(sleep);
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
