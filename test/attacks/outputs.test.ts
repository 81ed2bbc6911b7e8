/** The channels out of a step: log, outputs, environment files, summary and page, with a model that attacks them all. */
import { readFileSync } from 'node:fs';
import { Parser } from 'commonmark';
import { afterEach, describe, expect, it } from 'vitest';
import { readActionFile } from '../../scripts/action-metadata.ts';
import { modeNames } from '../../src/modes/index.ts';
import { attempt, expectShut, labelOff, reaction, status, uploads } from '../support/attack.ts';
import { hostileTexts } from '../support/hostile.ts';
import { runStep } from '../support/loop/action.ts';
import { examplePlan, exampleScript, type Loop, startLoop } from '../support/loop/loop.ts';
import { shareLoop } from '../support/loop/shared.ts';
import { commandsIn } from '../support/runner-log.ts';

let loop: Loop;

afterEach(async () => {
  expect(loop.github.violations).toEqual([]);
  await loop.close();
});

/** What a plan may hold: control characters are refused with the plan. */
const words = hostileTexts
  .map((text) => text.replace(/(?![\t\n])\p{Cc}/gu, '').replaceAll('\u2028', ' '))
  .filter((text) => text.trim() !== '');
const hostilePlan = {
  ...examplePlan,
  title: words.join(' '),
  summary: words.join('\n'),
  steps: words.map((word) => ({ title: word, detail: word, paths: ['src/tax.ts'] })),
  files: examplePlan.files.map((file) => ({ ...file, reason: words.join('\n') })),
  commands: words,
  risks: words,
};
const ours = ['add-mask', 'error', 'warning', 'notice', 'group', 'endgroup'];
const declared = readActionFile()
  .outputs.map(({ name }) => name)
  .sort();

/** The step in a job whose files are looked at afterwards. */
async function looked(mode: 'plan' | 'approve', event: Parameters<Loop['step']>[1]) {
  // A box has another `/dev`: on the RAM disk, boxed code could not reach these files.
  const job = loop.repo.startRun({ event, onDisk: true });
  const inputs = { 'responses-api-endpoint': loop.model.endpoint };
  const result = await runStep(mode, job, { inputs });
  loop.repo.finishRun(job);
  const file = (name: string) => readFileSync(job.env[name] ?? '', 'utf8');
  return {
    result,
    env: file('GITHUB_ENV'),
    path: file('GITHUB_PATH'),
    state: file('GITHUB_STATE'),
  };
}

describe('a hostile plan', () => {
  it('speaks no command, sets no output, and leaves the page in shape', async () => {
    loop = await startLoop({
      script: { ...exampleScript, plan: () => JSON.stringify(hostilePlan) },
    });
    const prompt = hostileTexts
      .filter(
        (text) =>
          !/[\p{Cc}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2028]/u.test(
            text.replaceAll('\n', ''),
          ),
      )
      .join('\n');
    const { result, env, path, state } = await looked(
      'plan',
      loop.repo.as('alice').comment(1, `/codex ${prompt}`),
    );
    expect(result).toMatchObject({ reason: 'ok', status: 0 });
    expect(Object.keys(result.outputs).sort()).toEqual(declared);
    expect(result.outputs).toMatchObject({ verified: 'false', approved: 'false' });
    expect([env, path, state]).toEqual(['', '', '']);
    for (const { name } of commandsIn(result.log)) expect(ours).toContain(name);
    expect(commandsIn(result.log).filter(({ name }) => name === 'error')).toEqual([]);
    for (const text of [result.summary, loop.pull.comments.at(-1)?.body ?? '']) {
      const walked = [...types(text.replaceAll('<!-- -->', '').replace(/<\/?span>/g, ''))];
      expect(walked).not.toContain('image');
      expect(walked).not.toContain('html_inline');
      // The marker, and the evidence that is folded away.
      expect(walked.filter((type) => type === 'html_block')).toHaveLength(3);
      expect(text).not.toMatch(/@[a-z0-9]/i);
      expect(text).not.toMatch(/^[\s>*+-]*\/[a-z]/im);
    }
  });

  it('makes no other bot of ours answer: the plan comment is no command', async () => {
    loop = await startLoop({
      scripted: true,
      script: { ...exampleScript, plan: () => JSON.stringify(hostilePlan) },
    });
    expect((await loop.plan()).reason).toBe('ok');
    const { body } = loop.pull.comments.at(-1) as { body: string };
    const attack = await attempt(loop, () =>
      loop.step('plan', loop.repo.as('github-actions[bot]').comment(1, body)),
    );
    expect(attack.result.decision).toBe('ignored');
    expect(attack.calls).toEqual([]);
  });
});

describe('a file that a reviewer would overlook', () => {
  const start = async (...paths: string[]) => {
    const files = paths.map((path) => ({ path, operation: 'create', reason: '' }));
    loop = await startLoop({
      scripted: true,
      files: { '.gitattributes': 'gen/** linguist-generated\nnew/* -diff\n' },
      script: { ...exampleScript, plan: () => JSON.stringify({ ...examplePlan, files }) },
    });
    const planned = await loop.plan();
    const rows = planned.summary.split('\n').filter((line) => line.includes('| create |'));
    return rows.map((row) => row.split(' | ').at(-1)?.replace(/ \|$/, ''));
  };

  it('is flagged: protected, in a new folder, or named like another', async () => {
    expect(await start('lib/package.json', 'src/\u0430.ts')).toEqual([
      '**needs an approver with the role maintain**, new folder',
      'confusable name',
    ]);
    expect(loop.pull.comments.at(-1)?.body).toContain('`src/\\u{430}.ts`');
  });

  it('is flagged if the pull request keeps it out of the diffs that GitHub shows', async () => {
    expect(await start('gen/api.ts', 'new/a.ts', 'src/a.ts')).toEqual([
      'new folder, hidden in diffs',
      'new folder, hidden in diffs',
      '',
    ]);
    // What approve renders again is the same, or else the comment would count as edited.
    expect((await loop.approve()).reason).toBe('outside-plan');
  });
});

describe('a hostile answer of the model', () => {
  /** What Codex answered is on record, and the status says so. */
  const ended = { writes: [reaction, labelOff, status, ...uploads], model: true };

  // Those that a sentence of ours could repeat: test/core/plan/plan.test.ts has the rest.
  it.each([
    ['another key', JSON.stringify({ ...examplePlan, approved: true }), false],
    ['a control character', JSON.stringify({ ...examplePlan, title: '\u001b[2J' }), false],
    ['a command of the runner', '::set-output name=verified::true', true],
  ])('is no plan: %s', async (_, answer, bundle) => {
    loop = await startLoop({ scripted: true, script: { ...exampleScript, plan: () => answer } });
    const attack = await attempt(loop, () => loop.plan(undefined, { bundle }));
    expectShut(attack, 'plan-invalid', ended);
    for (const { name } of commandsIn(attack.result.log)) expect(ours).toContain(name);
  });

  it('that cannot be shown whole is not published', async () => {
    const risks = Array.from({ length: 700 }, (_, at) => `${at} ${'x'.repeat(100)}`);
    loop = await startLoop({
      scripted: true,
      script: { ...exampleScript, plan: () => JSON.stringify({ ...examplePlan, risks }) },
    });
    const attack = await attempt(loop, () => loop.plan());
    expect(attack.result).toMatchObject({ reason: 'limit-exceeded', status: 1 });
    expect(loop.pull.comments.filter(({ body }) => body.startsWith('<!-- codex-plan'))).toEqual([]);
    expect(loop.pull.comments.at(-1)?.body).toContain('`limit-exceeded`');
  });

  it('that names more files than the policy lets it is refused', async () => {
    const files = Array.from({ length: 201 }, (_, at) => ({
      path: `f${at}`,
      operation: 'create',
      reason: '',
    }));
    loop = await startLoop({
      scripted: true,
      script: { ...exampleScript, plan: () => JSON.stringify({ ...examplePlan, files }) },
    });
    const attack = await attempt(loop, () => loop.plan());
    expectShut(attack, 'limit-exceeded', ended);
  });
});

describe('the outputs', () => {
  it('deny from the first moment on, whatever ends the step', async () => {
    ({ loop } = await shareLoop('planned'));
    const killer = new AbortController();
    const stop = loop.github.onRequest(() => killer.abort());
    const killed = await loop.approve({ signal: killer.signal });
    stop();
    // It was killed at its first call.
    expect(killed.requests.length).toBeLessThan(5);
    expect(killed.outputs).toMatchObject({
      decision: 'failed',
      approved: 'false',
      verified: 'false',
    });
    expect(killed.status).not.toBe(0);
  });

  it.each(modeNames)('of a mode that cannot even begin say so: %s', async (mode) => {
    ({ loop } = await shareLoop('fresh'));
    const event = loop.repo.as('carol').dispatch('.github/workflows/codex.yml');
    const bundle = mode === 'plan';
    const result = await loop.step(mode as 'plan', event, { payload: {}, bundle });
    expect(result.status).toBe(1);
    expect(result.outputs).toMatchObject({
      decision: 'failed',
      approved: 'false',
      verified: 'false',
    });
  });
});

function* types(markdown: string): Generator<string> {
  const open = [new Parser().parse(markdown)];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node.type;
    for (let child = node.firstChild; child !== null; child = child.next) open.push(child);
  }
}
