import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { endless, expectNoneLeft, fakeCodex, folder } from '../codex/setting.ts';
import { apiKey, type StepOptions } from '../support/loop/action.ts';
import { journalOf, sha256sumCheck, unpack } from '../support/loop/evidence.ts';
import {
  examplePlan,
  exampleScript,
  type Loop,
  label,
  type StepInLoop,
  startLoop,
} from '../support/loop/loop.ts';
import { remember } from '../support/loop/memory.ts';
import { type Answer, cut, hang, noQuota, refuse, say } from '../support/model/index.ts';

let loop: Loop;
let restore: () => void;
let answer: Answer;
let whilePlanning = () => {};

beforeAll(async () => {
  const plan = () => {
    whilePlanning();
    return answer;
  };
  const script = { ...exampleScript, plan };
  loop = await startLoop({ scripted: true, script });
  restore = remember(loop);
  answer = JSON.stringify(examplePlan);
});
afterAll(() => loop.close());
afterEach(() => {
  restore();
  answer = JSON.stringify(examplePlan);
  whilePlanning = () => {};
  expect(loop.github.violations).toEqual([]);
});

const comment = (body: string, by = 'alice') => loop.repo.as(by).comment(1, body);
const ask = (body: string, options: StepOptions = {}) => loop.step('plan', comment(body), options);

/** Red, with a code of its own and what to do next; nothing published, no label left on. */
function expectRefused(step: StepInLoop, reason: string, says?: string | RegExp): void {
  expectRed(step, reason, says);
  expect(loop.repo.artifacts.list()).toEqual([]);
}

/** The same, after Codex ran: what it did is recorded, and nothing else. */
async function expectRecorded(step: StepInLoop, reason: string, says: string | RegExp) {
  expectRed(step, reason, says);
  const [record, ...others] = loop.repo.artifacts.list();
  expect(others).toEqual([]);
  expect(record?.name).toBe('codex-denial-1');
  const files = await unpack(loop.repo.artifacts.newest('codex-denial-1'));
  expect(sha256sumCheck(files, 'denial.sha256')).toHaveLength(4);
  const denial = JSON.parse(files['denial.json'] ?? '');
  expect(denial).toMatchObject({ mode: 'plan', plan_id: null, reason, label_events: [] });
  expect(journalOf(files)).toMatchObject([{ event: 'denied', detail: reason }]);
  expect(readFileSync(join(step.outputs['evidence-path'] ?? '', 'run.log'), 'utf8')).toBe(
    files['run.log'],
  );
}

function expectRed(step: StepInLoop, reason: string, says?: string | RegExp): void {
  expect(step).toMatchObject({ reason, status: 1 });
  expect(['denied', 'failed']).toContain(step.decision);
  expect(step.log).toContain(`::error title=Codex plan%3A ${reason}::`);
  if (says !== undefined) expect(step.log).toMatch(says);
  expect(step.outputs).toMatchObject({ approved: 'false', verified: 'false', 'plan-id': '' });
  expect(loop.pull.labels).toEqual([]);
  // But for one line that says what came of the request.
  const said = loop.pull.comments.filter(({ body }) => /^<!-- codex-(?!request )/.test(body));
  expect(said).toEqual([]);
}

describe('a comment that is not for this action', () => {
  const ignores = async (step: Promise<StepInLoop>, reason: string) => {
    const ignored = await step;
    expect(ignored).toMatchObject({ decision: 'ignored', reason, status: 0, requests: [] });
    expect(loop.model.calls).toEqual([]);
  };

  // test/core/plan/prompt.test.ts has all of them.
  it.each([
    ['a look-alike command', '/соdex add a tax'],
    ['plain talk', 'What about /codex add a tax?'],
  ])('is ignored without a call: %s', async (_name, body) => {
    await ignores(ask(body), 'not-a-command');
  });

  it('is ignored without a call: an edited or deleted comment', async () => {
    const event = comment('Hello.');
    const edited = loop.repo.as('alice').editComment(event, '/codex add a tax');
    await ignores(loop.step('plan', edited), 'unsupported-event');
    const deleted = loop.repo.as('alice').deleteComment(event);
    await ignores(loop.step('plan', deleted), 'unsupported-event');
  });

  it('is ignored without a call: a comment on an issue', async () => {
    const issue = loop.repo.openIssue();
    const event = loop.repo.as('alice').comment(issue.number, '/codex add a tax');
    await ignores(loop.step('plan', event), 'unsupported-event');
    loop.repo.issues.delete(issue.number);
  });
});

describe('a request that cannot be frozen', () => {
  it.each([
    ['200 KiB', `/codex ${'ab '.repeat(20_000)}`, /longer than 32 KiB/],
    ['what a reader cannot see', '/codex add\u{E0041}', /which a reader cannot see/],
  ])('is prompt-rejected, by a sentence: %s', async (_name, body, says) => {
    const step = await ask(body.slice(0, 65_536));
    expectRefused(step, 'prompt-rejected', says);
    expect(loop.model.calls).toEqual([]);
    const reactions = loop.pull.comments[0]?.reactions.map(({ content }) => content);
    expect(reactions).toEqual(['eyes', 'confused']);
  });

  it('may be 200 KiB large by dispatch, too', async () => {
    const event = loop.repo.as('carol').dispatch('.github/workflows/codex.yml');
    const inputs = { 'pull-request': '1', prompt: 'x'.repeat(60 * 1024) };
    expectRefused(await loop.step('plan', event, { inputs }), 'prompt-rejected', /32 KiB/);
  });

  it('may be blanks alone by dispatch', async () => {
    const event = loop.repo.as('carol').dispatch('.github/workflows/codex.yml');
    const inputs = { 'pull-request': '1', prompt: ' \n' };
    expectRefused(await loop.step('plan', event, { inputs }), 'prompt-rejected', /is empty/);
  });

  it('is frozen if it is only odd, and never run or read as an option', async () => {
    const odd = '--dangerously-bypass $(touch /tmp/x) `id` ${{ secrets.X }} "; rm -rf /\n-c a=b';
    expect(await ask(`/codex ${odd}`)).toMatchObject({ decision: 'planned' });
    const files = await unpack(loop.repo.artifacts.newest('codex-plan-1'));
    expect(files['prompt.txt']).toBe(odd);
  });
});

describe('a request by somebody who may not', () => {
  it.each(['dave', 'mallory'])('is denied for one call, and leaves no trace: %s', async (login) => {
    loop.github.user('mallory');
    const step = await loop.step('plan', comment('/codex add a tax', login));
    expectRefused(step, 'actor-denied');
    expect(step.requests).toHaveLength(1);
    expect(loop.pull.comments[0]?.reactions).toEqual([]);
  });

  it('is denied to a bot', async () => {
    const step = await loop.step('plan', comment('/codex add a tax', 'helper[bot]'));
    expectRefused(step, 'bot-denied');
    expect(step.requests).toEqual([]);
  });
});

describe('a pull request that cannot be planned on', () => {
  it('is closed', async () => {
    loop.repo.as('frank').close(1);
    expectRefused(await ask('/codex add a tax'), 'pull-request-closed', /Reopen it/);
  });

  it('conflicts with its base, by these files', async () => {
    loop.repo.push('main', { 'docs/note.md': 'Their note.\n' });
    expectRefused(await ask('/codex add a tax'), 'merge-conflict', /docs\/note\.md/);
  });

  it('comes from a fork', async () => {
    const fork = loop.repo.fork('mallory');
    const pull = loop.repo.openPullRequest({
      author: 'mallory',
      from: fork,
      head: 'mine',
      files: { 'm.md': 'm\n' },
    });
    const event = loop.repo.as('alice').comment(pull.number, '/codex add a tax');
    const step = await loop.step('plan', event);
    expectRefused(step, 'fork-denied', /forks/);
    loop.repo.issues.delete(pull.number);
  });

  it('has another content of a planned file than its merge', async () => {
    loop.repo.push('main', { 'src/cart.ts': 'export const total = 9;\n' });
    await expectRecorded(await ask('/codex add a tax'), 'base-moved', /src\/cart\.ts/);
  });
});

const planOf = (changes: object) => JSON.stringify({ ...examplePlan, ...changes });
const oneFile = (path: string, operation = 'create') =>
  planOf({ files: [{ path, operation, reason: 'r' }], steps: [] });

describe('a model that answers', () => {
  // One of each kind: test/core/plan/plan.test.ts and states-in-head.test.ts have the rest.
  it.each<[string, Answer, string, RegExp]>([
    ['prose', 'I would add a tax.', 'plan-invalid', /not one JSON document/],
    ['nothing', say(''), 'plan-invalid', /not one JSON document/],
    ['no file', planOf({ files: [] }), 'plan-invalid', /names no file/],
    ['a create of what exists', oneFile('src/cart.ts'), 'plan-invalid', /exists already/],
    ['a path into git', oneFile('.git/hooks/x'), 'path-invalid', /git's own folder/],
    ['a twin of a path', oneFile('SRC/cart.ts'), 'path-invalid', /one file on some/],
    [
      '10,000 files',
      planOf({
        files: Array.from({ length: 2_500 }, (_, n) => ({
          path: `f${n}.ts`,
          operation: 'create',
          reason: '',
        })),
      }),
      'limit-exceeded',
      /2500 files; the limit \(limits\.files\) is 200/,
    ],
    [
      'more than a comment holds',
      planOf({ summary: 'x '.repeat(33_000) }),
      'limit-exceeded',
      /65536/,
    ],
  ])('%s makes no plan', async (_name, said, reason, says) => {
    answer = said;
    await expectRecorded(await ask('/codex add a tax'), reason, says);
    const reactions = loop.pull.comments[0]?.reactions.map(({ content }) => content);
    expect(reactions).toEqual(['eyes', 'confused']);
  });
});

describe('a model that has nothing to say', () => {
  it('answers null for a summary, a detail or a reason, and that makes a plan', async () => {
    const [file] = examplePlan.files;
    answer = planOf({
      summary: null,
      steps: [{ title: 'Do it', detail: null, paths: [] }],
      files: [{ ...file, reason: null }],
    });
    expect(await ask('/codex add a tax')).toMatchObject({ decision: 'planned', status: 0 });
    const files = await unpack(loop.repo.artifacts.newest('codex-plan-1'));
    expect(JSON.parse(files['plan.json'] ?? '')).toMatchObject({
      summary: null,
      steps: [{ detail: null }],
      files: [{ reason: null }],
    });
    expect(files['plan.txt']).not.toContain('null');
    expect(loop.pull.comments.at(-1)?.body).not.toContain('null');
  });
});

// What Codex makes of each failure is in test/codex/planner/answers.test.ts; here, what the action makes of a Codex that fails.
describe('an API that', () => {
  it('refuses the key ends it as codex-failed at once', async () => {
    answer = refuse(401, 'Incorrect API key provided');
    const step = await ask('/codex add a tax', { bundle: true });
    await expectRecorded(step, 'codex-failed', /refused the key \(401\)/);
    expect(step.log.replaceAll(`::add-mask::${apiKey}`, '')).not.toContain('sk-canary');
  });

  it.each<[string, Answer]>([
    ['has no quota left', noQuota],
    ['cuts its streams', cut],
  ])('%s ends it as codex-failed', async (_name, said) => {
    answer = said;
    await expectRecorded(await ask('/codex add a tax'), 'codex-failed', /Codex: /);
  });

  it('hangs ends it as codex-timeout', async () => {
    answer = hang;
    const step = await ask('/codex add a tax', { inputs: { 'timeout-minutes': '0.05' } });
    await expectRecorded(step, 'codex-timeout', /after 3 seconds/);
  });
});

describe('a Codex that', () => {
  const asked = async (codexPath: string, inputs: Record<string, string> = {}) =>
    ask('/codex add a tax', { inputs: { 'codex-path': codexPath, ...inputs } });
  /** Of a Codex that never starts, `reason-codes.test.ts` has one with the bundle. */
  const refused = (inputs: Record<string, string>, env = {}) =>
    ask('/codex add a tax', { inputs, env, bundle: false });

  it('is missing is codex-unavailable', async () => {
    const step = await refused({ 'codex-path': '/nowhere/codex' });
    expectRefused(step, 'codex-unavailable', /Check codex-version/);
  });

  it('is another version than asked for is codex-unavailable', async () => {
    const { binary } = await fakeCodex('exit 0');
    const step = await refused({ 'codex-path': binary, 'codex-version': '0.1.0' });
    expectRefused(step, 'codex-unavailable', /expected 0\.1\.0/);
  });

  it('lies where a pull request can write is config-invalid', async () => {
    const { binary, root } = await fakeCodex('exit 0');
    const step = await refused({ 'codex-path': binary }, { GITHUB_WORKSPACE: root });
    expectRefused(step, 'config-invalid', /which a pull request can write to/);
  });

  // Codex is looked for while head and base are merged: what the merge ends with waits for it, and is what counts.
  it('is found after the merge failed is merge-conflict', async () => {
    loop.repo.push('main', { 'docs/note.md': 'Their note.\n' });
    const slow = join(folder(), 'codex');
    writeFileSync(slow, '#!/bin/sh\nsleep 5\necho codex-cli 0.171.0\n', { mode: 0o755 });
    expectRefused(await asked(slow), 'merge-conflict', /docs\/note\.md/);
  });

  it.each([
    ['crashes', 'echo "thread panicked" >&2; exit 101', /status 101.*thread panicked/],
    ['speaks to the runner', 'echo "::set-output name=decision::planned"', /not one of its events/],
  ])('%s is codex-failed', async (_name, body, says) => {
    const step = await asked((await fakeCodex(body)).binary);
    await expectRecorded(step, 'codex-failed', says);
    expect(step.log).not.toMatch(/^\s*::set-output/m);
  });

  it('hangs is codex-timeout', async () => {
    const sleep = endless();
    const { binary } = await fakeCodex(`${sleep} & ${sleep}`);
    const step = await asked(binary, { 'timeout-minutes': '0.02' });
    await expectRecorded(step, 'codex-timeout', /seconds/);
    await expectNoneLeft(sleep);
  });

  // test/codex/planner/fake-codex.test.ts has one that floods its output, one without a sandbox, and more that fail.
});

describe('an input that', () => {
  it.each<[string, Record<string, string>, RegExp]>([
    ['names no mode', { mode: 'plan ', 'github-token': '' }, /github-token must be set/],
    ['is no number', { 'timeout-minutes': 'soon' }, /timeout-minutes must be a positive number/],
    ['is no version', { 'codex-version': 'latest' }, /codex-version must be an exact version/],
    ['is no way of drift', { command: 'codex' }, /command must be a slash and a word/],
    ['is a path from here', { 'policy-file': './ops/policy.yml' }, /policy-file must be a path in/],
    [
      'is a path that climbs',
      { 'policy-file': 'a/../policy.yml' },
      /policy-file must be a path in/,
    ],
    ['is a path from the root', { 'policy-file': '/policy.yml' }, /policy-file must be a path in/],
    ['is a hidden name', { 'artifact-prefix': '.codex' }, /artifact-prefix must be letters/],
    ['is no name', { 'artifact-prefix': 'a/b' }, /artifact-prefix must be letters/],
    ['is no address', { 'responses-api-endpoint': 'file:///etc/passwd' }, /responses-api-endpoint/],
  ])('%s is config-invalid, and named', async (_name, inputs, says) => {
    const step = await ask('/codex add a tax', { inputs, bundle: false });
    expectRefused(step, 'config-invalid', says);
    expect(step.requests).toEqual([]);
  });
});

describe('a runner that', () => {
  it.each(['Windows', 'macOS'])('is %s is platform-unsupported without a call', async (system) => {
    const step = await ask('/codex add a tax', { env: { RUNNER_OS: system } });
    expectRefused(step, 'platform-unsupported', `The runner's system is ${system}.`);
    expect(step.requests).toEqual([]);
  });

  it('has no place for temporary files is platform-unsupported, and says which', async () => {
    const step = await ask('/codex add a tax', { env: { RUNNER_TEMP: '/dev/null/temp' } });
    expectRefused(step, 'platform-unsupported', /RUNNER_TEMP cannot be written.+not a directory/);
    expect(step.requests).toEqual([]);
  });

  it('takes no outputs is red, and nothing is begun', async () => {
    const outputs = '/dev/full';
    const step = await ask('/codex add a tax', { env: { GITHUB_OUTPUT: outputs } });
    expect(step.status).toBe(1);
    expect(step.log).toMatch(/^::error::The outputs could not be written.+ENOSPC/m);
    expect(step.log).not.toContain('waited for what never came');
    expect(step.requests).toEqual([]);
  });

  it('takes no outputs at the end is red, and the log has the outcome', async () => {
    const outputs = join(folder(), 'outputs');
    writeFileSync(outputs, '');
    whilePlanning = () => rmSync(outputs);
    const step = await ask('/codex add a tax', { env: { GITHUB_OUTPUT: outputs } });
    expect(step.status).toBe(1);
    expect(step.log).toMatch(/^planned \(ok\)/m);
    expect(step.log).toMatch(/^::error::The outputs could not be written/m);
    expect(step.log).not.toContain('waited for what never came');
  });

  it('does not say its system is one of Linux', async () => {
    const step = await ask('/codex add a tax', { env: { RUNNER_OS: undefined } });
    expect(step).toMatchObject({ decision: 'planned' });
  });
});

describe('a step that stops before its work', () => {
  const policy = (text: string) => loop.repo.push('main', { '.github/codex-plan.yml': text });
  const told = () =>
    loop.repo.statuses
      .filter(({ sha, context }) => sha === loop.pull.head.sha && context === 'codex-plan')
      .map(({ state, description }) => `${state}: ${description}`);

  it.each([
    ['paused', () => policy('paused: We release today.\n'), '/codex add a tax'],
    ['prompt-rejected', () => {}, '/codex a\u200bb'],
    ['plan-missing', () => {}, '/codex-revise more'],
  ])('says what has become of the plan, and sets the status (%s)', async (reason, set, body) => {
    set();
    const step = await ask(body);
    expect(step).toMatchObject({ reason, status: 1, outputs: { state: 'none' } });
    expect(told()).toEqual(['success: No Codex plan.']);
  });

  it('says that a plan is approved while everything is paused', async () => {
    await ask('/codex add a tax');
    expect(await loop.approve()).toMatchObject({ reason: 'ok' });
    policy('paused: We release today.\n');
    loop.repo.statuses.splice(0);
    for (const mode of ['verify', 'execute'] as const) {
      const step = await loop[mode]();
      const state = { decision: 'denied', reason: 'paused', outputs: { state: 'approved' } };
      expect(step).toMatchObject(state);
      expect(loop.pull.labels).toEqual([label]);
      expect(told()).toHaveLength(1);
      expect(told()[0]).toMatch(/^pending: Plan .* is approved/);
    }
  });
});

describe('an approval and a verification of nothing', () => {
  it('leave no label on if the plan was refused', async () => {
    answer = 'prose';
    await ask('/codex add a tax');
    const approved = await loop.approve();
    expect(approved).toMatchObject({ reason: 'plan-missing', status: 1 });
    expect(loop.pull.labels).not.toContain(label);
  });
});

describe('a failure that no code waits for', () => {
  it('ends the run as internal, though all else went well', async () => {
    // Loaded before the action: something fails in the background when the private folder is made.
    const saboteur = `
      import fs from 'node:fs';
      import { syncBuiltinESMExports } from 'node:module';
      const { mkdirSync } = fs;
      fs.mkdirSync = (path, options) => {
        if (/codex-plan-[^/]*$/.test(String(path))) Promise.reject(new Error('Forgotten.'));
        return mkdirSync(path, options);
      };
      syncBuiltinESMExports();`;
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(saboteur)}` };
    const step = await ask('/codex add a tax', { env });
    expect(step).toMatchObject({ status: 1, decision: 'failed', reason: 'internal' });
    expect(step.log).toContain('Forgotten.');
  });
});
