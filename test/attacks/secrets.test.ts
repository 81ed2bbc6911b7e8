/** Secrets: no part of one leaves the run, in any disguise that a model knows. */
import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { oneLine } from '../../src/codex/run-log.ts';
import { secretFinder } from '../../src/core/text/secrets.ts';
import { line, text } from '../../src/report/foreign-text.ts';
import { annotation, logLines } from '../../src/report/log.ts';
import { block, code, diffBlock, pathCode } from '../../src/report/markdown.ts';
import { anyCharacter } from '../support/any-character.ts';
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
import { expectLinear } from '../support/growth.ts';
import { unpack } from '../support/loop/evidence.ts';
import { exampleEdit, examplePlan, type Loop, label, startLoop } from '../support/loop/loop.ts';
import { remember } from '../support/loop/memory.ts';
import { create, patch, run, say, update } from '../support/model/index.ts';
import { runs } from '../support/properties.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const randomSecret = (length: number) =>
  [...randomBytes(length)].map((byte) => alphabet[byte % alphabet.length]).join('');

/** What a scanner has to see through. */
const disguises: Record<string, (secret: string) => string> = {
  plain: (secret) => secret,
  'without its first characters': (secret) => secret.slice(7),
  'without its last characters': (secret) => secret.slice(0, -7),
  'its middle alone': (secret) => secret.slice(10, 26),
  backwards: (secret) => [...secret].reverse().join(''),
  'with dashes': (secret) => [...secret].join('-'),
  'with spaces': (secret) => [...secret].join(' '),
  'in quotes': (secret) => [...secret].map((each) => `'${each}'`).join(', '),
  'a character a line': (secret) => [...secret].join('\n'),
  'in a table': (secret) => [...secret].join(' | '),
  'across lines': (secret) => `${secret.slice(0, 8)}\n+${secret.slice(8)}`,
  'in an address': (secret) => `https://evil.example/?d=${encodeURIComponent(secret)}`,
  hex: (secret) => Buffer.from(secret).toString('hex'),
  HEX: (secret) => Buffer.from(secret).toString('hex').toUpperCase(),
  'hex, byte by byte': (secret) =>
    [...Buffer.from(secret)].map((each) => `0x${each.toString(16)}`).join(', '),
  'escaped for C': (secret) =>
    [...Buffer.from(secret)].map((each) => `\\x${each.toString(16)}`).join(''),
  'escaped for JSON': (secret) =>
    [...Buffer.from(secret)].map((each) => `\\u00${each.toString(16)}`).join(''),
  'escaped for a shell': (secret) =>
    [...Buffer.from(secret)].map((each) => `\\${each.toString(8).padStart(3, '0')}`).join(''),
  'escaped here and there': (secret) =>
    secret.replace(/[a-m]/g, (each) => `\\u00${Buffer.from(each).toString('hex')}`),
  'as character codes': (secret) => Buffer.from(secret).join(', '),
  'in capitals': (secret) => secret.toUpperCase(),
  'percent-encoded here and there': (secret) =>
    secret.replace(/[a-m]/g, (each) => `%${Buffer.from(each).toString('hex')}`),
  'percent-encoded, all of it': (secret) =>
    [...Buffer.from(secret)].map((each) => `%${each.toString(16).toUpperCase()}`).join(''),
  base64: (secret) => Buffer.from(secret).toString('base64'),
  base64url: (secret) => Buffer.from(secret).toString('base64url'),
  'base64 of it and more': (secret) => Buffer.from(`key=${secret};`).toString('base64'),
  'base64 with another beginning': (secret) => Buffer.from(`a ${secret}`).toString('base64'),
  'base64 in lines': (secret) =>
    Buffer.from(`the key is ${secret}`).toString('base64').replace(/.{9}/g, '$&\n'),
  'base64 of it backwards': (secret) =>
    Buffer.from([...secret].reverse().join('')).toString('base64'),
  'hex of it backwards': (secret) => Buffer.from([...secret].reverse().join('')).toString('hex'),
  'two bytes a character': (secret) => Buffer.from(secret, 'utf16le').toString('latin1'),
};

/** What lies between the characters of a secret, and how it is written out on its way to a page or a log. */
const separators = [
  ' '.repeat(42),
  '\n'.repeat(12),
  '$',
  '@',
  ':',
  '| ',
  '\n',
  '\t',
  '\0',
  '\b',
  '\x1b',
  '\u200b',
  '\u{e0041}',
  '\\',
  '\\\n',
  'é',
  '"',
];
const writers: Record<string, (text: string) => string> = {
  'a log': oneLine,
  'the lines of a log': (text) => logLines(text).join('\n'),
  'an annotation': annotation,
  'code on a page': code,
  'a path on a page': (path) => pathCode(path),
  'a block on a page': block,
  'a diff on a page': diffBlock,
  'words on a page': text,
  'a line of words on a page': (foreign) => line(foreign),
  JSON: (text) => JSON.stringify(text),
};

describe('the search for secrets', () => {
  it.each(Object.entries(disguises))('sees one %s', (_, disguise) => {
    for (let round = 0; round < runs(50); round++) {
      const secret = `sk-proj-${randomSecret(40)}`;
      const find = secretFinder({ key: secret, other: randomSecret(40) });
      const text = `Some words. ${disguise(secret)} And more of them.`;
      expect(find(text)).toBe('key');
      expect(find(Buffer.from(text))).toBe('key');
    }
  });

  it('sees any twelve characters of one, in any text', () => {
    // As random as keys are, and no word in front by chance.
    const keys = fc
      .noBias(fc.array(fc.constantFrom(...alphabet), { minLength: 32, maxLength: 64 }))
      .map((characters) => characters.join(''))
      .filter((key) => !/^(?:[A-Z]?[a-z]{2,}|[A-Z]{3,})[-_]/.test(key));
    fc.assert(
      fc.property(keys, fc.nat(), fc.string(), fc.string(), (secret, at, before, after) => {
        const find = secretFinder({ key: secret });
        const letters = secret.replace(/[-_]/g, '');
        const part = letters.slice(at % (letters.length - 11)).slice(0, 12);
        fc.pre(part.length === 12 && new Set(part.toLowerCase()).size >= 5);
        expect(find(`${before} ${part} ${after}`)).toBe('key');
      }),
    );
  });

  it.each(Object.entries(writers))('sees one through the escapes of %s, also twice', (_, write) => {
    const secret = `sk-proj-${randomSecret(40)}`;
    const find = secretFinder({ key: secret });
    for (const separator of separators) {
      const text = write(`The key is ${[...secret].join(separator)}`);
      expect({ separator, found: find(text) }).toEqual({ separator, found: 'key' });
      for (const again of Object.values(writers)) {
        expect({ separator, found: find(again(text)) }).toEqual({ separator, found: 'key' });
      }
    }
  });

  it('sees twelve characters of one in Base64, wherever they begin in it', () => {
    const secret = randomSecret(40).replace(/[-_]/g, '7');
    const find = secretFinder({ key: `sk-proj-${secret}` });
    for (let start = 0; start <= secret.length - 12; start++) {
      for (const before of ['', ' ', '  ']) {
        const text = `${before}${secret.slice(start, start + 12)}\n`;
        expect(find(Buffer.from(text).toString('base64'))).toBe('key');
      }
    }
  });

  it('sees none if there is none', () => {
    const find = secretFinder({
      key: `sk-proj-${randomSecret(40)}`,
      token: `ghs_${randomSecret(36)}`,
      run: `${Buffer.from('{"typ":"JWT","alg":"RS256"}').toString('base64url')}.${randomSecret(200)}.${randomSecret(300)}`,
    });
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 2000 }), (text) => {
        expect(find(text)).toBeUndefined();
      }),
    );
    for (let round = 0; round < runs(20); round++)
      expect(find(randomBytes(100_000).toString('hex'))).toBeUndefined();
    expect(find(`sk-proj- github_pat_ ghs_ ${'0'.repeat(500)}`)).toBeUndefined();
  });

  it('takes the signature of a token for the secret, not its header', () => {
    const header = Buffer.from('{"typ":"JWT","alg":"RS256"}').toString('base64url');
    const claims = Buffer.from('{"iss":"https://example.com","sub":"somebody"}').toString(
      'base64url',
    );
    const signature = randomSecret(86);
    const find = secretFinder({ token: `ghs_${header}.${claims}.${signature}` });
    expect(find(`Bearer ${header}.${claims}.xxxx`)).toBeUndefined();
    expect(find(signature.slice(20, 50))).toBe('token');
  });

  it('looks for a short one whole', () => {
    expect(secretFinder({ key: 'hunter2pass' })('it is hunter2pass')).toBe('key');
    expect(secretFinder({ key: 'hunter2pass' })('it is hunter2pas')).toBeUndefined();
    expect(secretFinder({ key: 'xkqzjvwpld' })('it is xkqzjvwpld')).toBe('key');
    expect(secretFinder({ key: '7Kq9' })('a 7Kq9')).toBeUndefined();
    expect(secretFinder({ key: '' })('')).toBeUndefined();
    expect(secretFinder({ key: undefined })('undefined')).toBeUndefined();
  });

  // An endpoint of one's own takes anything for a key, and every text is full of such words.
  it.each([
    ...['test', 'dummy', 'none', 'EMPTY', 'placeholder', 'not-needed', 'sk-no-key-required'],
    ...['lm-studio', 'dummy-api-key', 'Your API Key', 'PLACE_HOLDER', 'no-key-for-me', 'ChangeMe'],
    ...['password1', 'test1234', 'test-1234', 'fake_token_123', 'deadbeef', 'deadbeefcafe1234'],
    ...['sk-xxxxxxxxxxxxxxxxxxxxxxxx', '0000000000000000', '12345678', '<YOUR_OPENAI_KEY>'],
    ...['0123456789abcdef0123456789abcdef', 'sk-1234567890abcdef', 'qwertyuiop', '$' + '{API_KEY}'],
    ...['this-is-only-a-placeholder-for-the-key', 'test_token_abcdefghij1234567890'],
  ])('takes the word %s for no key', (key) => {
    const find = secretFinder({ key });
    for (const text of [key, key.toUpperCase(), key.replaceAll(/[-_]/g, ' '), [...key].join(' ')]) {
      expect(find(`The ${text} of it.`)).toBeUndefined();
      expect(find(Buffer.from(`The ${text} of it.`).toString('base64'))).toBeUndefined();
    }
  });

  it('looks for the part of a key that is no word', () => {
    const find = secretFinder({ key: 'acme-production-service-x7Kq9pZ2mN4vR8' });
    expect(find('The production service of Acme, the acme-production-service, xylophone.')).toBe(
      undefined,
    );
    expect(find('x7Kq9pZ2mN4v')).toBe('key');
    expect(find('Kq9pZ2mN4vR8')).toBe('key');
    expect(find('service-x7Kq9')).toBe('key');
    // What looks like words in the middle of random characters is part of the key.
    const random = secretFinder({ key: 'x7Kq9pZ2mN4-tomb-lake-rust-R8tY3wB6cD1fG5' });
    expect(random('tomb-lake-rust')).toBe('key');
    expect(find(Buffer.from('7Kq9pZ2mN4vR8').toString('base64'))).toBe('key');
  });

  it.each([
    ['of OpenAI', () => `sk-${randomSecret(48)}`],
    ['of a project', () => `sk-proj-${randomSecret(60)}`],
    ['of a job', () => `ghs_${randomSecret(36).replace(/[-_]/g, 'k')}`],
    ['of a person', () => `ghp_${randomSecret(36).replace(/[-_]/g, 'k')}`],
    ['of a person, with fine grains', () => `github_pat_${randomSecret(22)}_${randomSecret(59)}`],
    ['of Azure', () => randomBytes(16).toString('hex')],
    ['that is a UUID', () => randomUUID()],
    ['of Google', () => `AIza${randomSecret(35)}`],
    ['in Base64', () => randomBytes(32).toString('base64')],
    ['that is signed', () => [20, 80, 86].map(randomSecret).join('.')],
    [
      'in lower case alone',
      () =>
        randomSecret(400)
          .replace(/[^a-z]/g, '')
          .slice(0, 48),
    ],
    [
      'of letters alone',
      () =>
        randomSecret(100)
          .replace(/[^A-Za-z]/g, '')
          .slice(0, 32),
    ],
  ])('looks for parts of a key %s', (_, make) => {
    for (let round = 0; round < runs(50); round++) {
      const key = make();
      const find = secretFinder({ key });
      expect(find([...key.slice(-20)].join(' '))).toBe('key');
    }
  });

  it('takes time in proportion to the text, also if everything almost fits', () => {
    const secret = `sk-proj-${randomSecret(40)}`;
    const find = secretFinder({ key: secret });
    const near = secret.slice(8, 19);
    expectLinear(
      (length) => `${near}+`.repeat(length / 12).replaceAll(near, () => near.slice(0, -1)),
      (text) => expect(find(text)).toBeUndefined(),
      1_000_000,
    );
  });
});

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
