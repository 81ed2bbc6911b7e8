/** Secrets: no part of one leaves the run, in any disguise that a model knows. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { secretFinder } from '../../src/core/text/secrets.ts';
import {
  attempt,
  commentEdit,
  comments,
  expectShut,
  labelOff,
  reaction,
  status,
  uploads,
} from '../support/attack.ts';
import { disguises, randomSecret } from '../support/disguises.ts';
import { unpack } from '../support/loop/evidence.ts';
import { exampleEdit, examplePlan, type Loop, label, startLoop } from '../support/loop/loop.ts';
import { remember } from '../support/loop/memory.ts';
import { create, patch, run, say, update } from '../support/model/index.ts';

/** As a runner shows it: what a step asked to mask is gone. */
function masked(log: string): string {
  const masks = [...log.matchAll(/^::add-mask::(.+)$/gm)].map(([, value = '']) => value);
  const shown = log.replace(/^::add-mask::.*$/gm, '');
  return masks.reduce((text, mask) => text.replaceAll(mask, '***'), shown);
}

describe('a secret in reach of a model that was talked over', () => {
  const key = `sk-proj-${randomSecret(40)}`;
  const finder = secretFinder({ key });
  let loop: Loop;
  let planWith: string;
  let edit: typeof exampleEdit;

  const inputs = { 'openai-api-key': key };
  /** Back to a pull request without a plan, with one, and with an approval. */
  let fresh: () => void;
  let planned: () => void;
  let approved: () => void;

  beforeAll(async () => {
    planWith = '';
    edit = exampleEdit;
    loop = await startLoop({
      scripted: true,
      script: {
        plan: () => JSON.stringify({ ...examplePlan, summary: planWith }),
        edit: (call) => edit[call.turn % edit.length] ?? 'Done.',
      },
    });
    fresh = remember(loop);
    expect((await loop.plan('add a tax', { inputs })).reason).toBe('ok');
    planned = remember(loop);
    expect((await loop.approve({ inputs })).reason).toBe('ok');
    approved = remember(loop);
  });
  beforeEach(() => {
    planWith = '';
    edit = exampleEdit;
    fresh();
  });
  afterAll(() => loop.close());
  afterEach(async () => {
    // Whatever went wrong: nothing that reached GitHub holds any of it.
    for (const { raw, path } of loop.github.requests) {
      expect(finder(raw)).toBeUndefined();
      expect(finder(path)).toBeUndefined();
    }
    for (const artifact of loop.repo.artifacts.list()) {
      for (const text of Object.values(await unpack(artifact)))
        expect(finder(text)).toBeUndefined();
    }
    expect(loop.github.violations).toEqual([]);
  });

  /** What became of the run is recorded, without what was found; `afterEach` looks at every artifact. */
  const denial = [labelOff, comments, commentEdit, status, ...uploads];
  const withheld = (result: { log: string; summary: string; outputs: object }) => {
    for (const text of [masked(result.log), result.summary, JSON.stringify(result.outputs)]) {
      expect(finder(text)).toBeUndefined();
    }
  };

  // The real CLI has one of each kind: as planner or editor, it must not write down more than the scripted agents.
  it.each([
    ['plain', true],
    ['without its first characters', false],
    ['backwards', false],
    ['with dashes', false],
    ['hex', false],
    ['base64 of it and more', false],
  ])('is withheld from a plan: %s', async (disguise, bundle) => {
    planWith = `Use ${disguises[disguise]?.(key)} here.`;
    const attack = await attempt(loop, () => loop.plan('add a tax', { inputs, bundle }));
    expectShut(attack, 'secret-detected', { writes: [reaction, ...denial], model: true });
    withheld(attack.result);
    expect(loop.repo.artifacts.list('codex-plan-1')).toEqual([]);
  });

  it('is withheld from a request', async () => {
    const attack = await attempt(loop, () => loop.plan(`use ${key.slice(8)}`, { inputs }));
    expect(attack.result.reason).toBe('secret-detected');
    withheld(attack.result);
    // The requester wrote it on the page, in full; the action repeats none of it.
    loop.github.requests.splice(0);
  });

  it.each([
    [
      'a file',
      [patch(create('src/tax.ts', `export const tax = '${key.slice(8)}';\n`)), say('Done.')],
    ],
    [
      'a file, as bytes',
      [
        patch(
          update(
            'src/cart.ts',
            'export const total = 1;',
            `export const total = [${disguises['hex, byte by byte']?.(key)}];`,
          ),
        ),
        say('Done.'),
      ],
    ],
    [
      'its last message',
      [...exampleEdit.slice(0, 1), say(`The key is ${[...key].reverse().join('')}`)],
    ],
    [
      'its last message, a character a line',
      [...exampleEdit.slice(0, 1), say(`The key is ${[...key].join('\n')}`)],
    ],
    ['a command, between tabs', [run(`echo ${[...key].join('\t')}`), ...exampleEdit]],
    [
      'the path of a refused file, between what is not drawn',
      [patch(create(`src/${[...key].join('\u200b')}.ts`, 'x\n')), say('Done.')],
    ],
    [
      'a file that git packs',
      [patch(create('src/tax.ts', `// \0\nexport const tax = '${key.slice(8)}';\n`)), say('Done.')],
    ],
    ['a command', [run(`echo ${[...key].join('.')}`), ...exampleEdit]],
    [
      'a command after a refused file',
      [patch(create('src/other.ts', 'x\n')), run(`echo ${[...key].join('.')}`), say('Done.')],
    ],
    ['the path of a refused file', [patch(create(`src/${key.slice(8)}.ts`, 'x\n')), say('Done.')]],
  ])('is withheld from an approval: in %s', async (where, answers) => {
    planned();
    edit = answers as typeof exampleEdit;
    const bundle = where === 'a file' || where.startsWith('a command');
    const attack = await attempt(loop, () => loop.approve({ inputs, bundle }));
    expectShut(attack, 'secret-detected', { writes: denial, model: true });
    withheld(attack.result);
    expect(loop.repo.artifacts.list('codex-approval-1')).toEqual([]);
    expect(loop.pull.labels).not.toContain(label);
  });

  it('in what the plan comment would show is withheld before the plan is stored', async () => {
    // No file of the evidence has the name of the label.
    const named = { ...inputs, label: key.slice(0, 40) };
    const planned = await loop.plan('add a tax', { inputs: named });
    expect(planned).toMatchObject({ reason: 'secret-detected', status: 1 });
    expect(loop.repo.artifacts.list('codex-plan-1')).toEqual([]);
    expect(loop.repo.artifacts.list('codex-denial-1')).toHaveLength(1);
    // The action asks GitHub for the label by its name.
    loop.github.requests.splice(0);
  });

  it('in the plan comment, which the planning job did not know, ends an approval before Codex runs', async () => {
    const named = { label: key.slice(0, 40) };
    expect((await loop.plan('add a tax', { inputs: named })).reason).toBe('ok');
    loop.github.clock.advance({ minutes: 1 });
    const event = loop.repo.as('bob').label(1, named.label);
    const calls = loop.model.calls.length;
    const step = await loop.step('approve', event, { inputs: { ...inputs, ...named } });
    expect(step).toMatchObject({ reason: 'secret-detected', status: 1 });
    expect(loop.model.calls.length).toBe(calls);
    expect(loop.repo.artifacts.list('codex-approval-1')).toEqual([]);
    loop.github.requests.splice(0);
  });

  it('is withheld from a drift report', async () => {
    approved();
    planWith = disguises['in quotes']?.(key) ?? '';
    const always = { ...inputs, regenerate: 'always' };
    const attack = await attempt(loop, () => loop.verify({ inputs: always }));
    expectShut(attack, 'secret-detected', { writes: denial, model: true });
    withheld(attack.result);
    expect(loop.repo.artifacts.list('codex-verification-1')).toEqual([]);
  });

  it('in a drift report ends the approval, although GitHub refuses once to remove the label', async () => {
    approved();
    planWith = disguises['in quotes']?.(key) ?? '';
    const path = /\/issues\/1\/labels\//;
    const fault = loop.github.fault({ method: 'DELETE', path, status: 403 });
    const verified = await loop.verify({ inputs: { ...inputs, regenerate: 'always' } });
    fault.remove();
    expect(fault.hits).toBe(1);
    expect(verified).toMatchObject({ reason: 'secret-detected', status: 1 });
    withheld(verified);
    expect(loop.pull.labels).not.toContain(label);
    const report = loop.pull.comments.find(({ body }) => body.startsWith('<!-- codex-report'));
    expect(report?.body).toContain('`secret-detected`');
    expect(report?.body).not.toContain('a label that is set stays');
  });

  it('is withheld from a commit, if the approving job did not know it', async () => {
    edit = [patch(create('src/tax.ts', `// \0 ${key}\n`)), say('Done.')];
    planned();
    expect((await loop.approve()).reason).toBe('ok');
    expect((await loop.verify()).reason).toBe('ok');
    const attack = await attempt(loop, () => loop.execute({ inputs }));
    expectShut(attack, 'secret-detected', { writes: [labelOff, comments] });
    withheld(attack.result);
    loop.repo.uploads.length = 0;
  });

  it('is withheld from the evidence and the outputs if the policy says it', async () => {
    const policy = `tests: [{ paths: 'src/**', run: 'test --key ${key.slice(8)}' }]\n`;
    loop.repo.push('main', { '.github/codex-plan.yml': policy });
    const planned = await loop.plan('add a tax', { inputs });
    expect(planned).toMatchObject({ reason: 'secret-detected', status: 1 });
    expect(planned.log).toContain('would have stood in policy.json');
    expect(JSON.parse(planned.outputs['impacted-tests'] ?? '')).toEqual([]);
    withheld(planned);
  });

  it('is withheld from the sentence that a run ends with', async () => {
    const options = { inputs: { ...inputs, label: `not ${key.slice(8)}` } };
    const approved = await loop.approve(options);
    expect(approved).toMatchObject({ reason: 'secret-detected', status: 1 });
    expect(approved.log).toContain('would have stood in the outputs');
    withheld(approved);
  });

  it('is withheld from what is told of an error that nobody foresaw', async () => {
    // Loaded before the action: no folder for a workspace can be made. The run tells that in a comment, and ends.
    const saboteur = `
      import fs from 'node:fs/promises';
      import { syncBuiltinESMExports } from 'node:module';
      const { mkdtemp } = fs;
      fs.mkdtemp = async (prefix) => {
        if (prefix.includes('workspace-')) throw new Error('No room for ${key.slice(8)}.');
        return mkdtemp(prefix);
      };
      syncBuiltinESMExports();`;
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(saboteur)}` };
    const planned = await loop.plan('add a tax', { inputs, env });
    expect(planned).toMatchObject({ reason: 'secret-detected', status: 1 });
    expect(planned.log).toContain('would have stood in a comment');
    withheld(planned);
  });

  it('is withheld from the stack of an error that nobody foresaw and no comment tells', async () => {
    // Loaded before the action: no private folder can be made.
    const saboteur = `
      import fs from 'node:fs';
      import { syncBuiltinESMExports } from 'node:module';
      const { mkdirSync } = fs;
      fs.mkdirSync = (path, options) => {
        if (/codex-plan-[^/]*$/.test(path)) throw new Error('No room for ${key.slice(8)}.');
        return mkdirSync(path, options);
      };
      syncBuiltinESMExports();`;
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(saboteur)}` };
    const planned = await loop.plan('add a tax', { inputs, env });
    expect(planned).toMatchObject({ reason: 'secret-detected', status: 1 });
    expect(planned.log).toContain('would have stood in the log');
    withheld(planned);
  });

  it('is withheld in debug mode, too', async () => {
    const env = { RUNNER_DEBUG: '1', ACTIONS_STEP_DEBUG: 'true' };
    const options = { inputs, env, bundle: true };
    const planned = await attempt(loop, () => loop.plan('add a tax', options));
    expect(planned.result.reason).toBe('ok');
    withheld(planned.result);
    expect(planned.writes.filter((write) => uploads.includes(write))).not.toEqual([]);
    expect(masked(planned.result.log)).not.toMatch(/ghs_embedded|sig=(?!\*)/);
  });
});
