/** Secrets: no part of one leaves the run, in any disguise that a model knows. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secretFinder } from '../../src/plan/secrets.ts';
import { attempt, expectShut, labelOff, reaction, uploads } from '../support/attack.ts';
import { exampleEdit, examplePlan, type Loop, label, startLoop } from '../support/loop/loop.ts';
import { create, patch, run, say, update } from '../support/model/index.ts';
import '../support/properties.ts';

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
  'percent-encoded, all of it': (secret) =>
    [...Buffer.from(secret)].map((each) => `%${each.toString(16).toUpperCase()}`).join(''),
  base64: (secret) => Buffer.from(secret).toString('base64'),
  base64url: (secret) => Buffer.from(secret).toString('base64url'),
  'base64 of it and more': (secret) => Buffer.from(`key=${secret};`).toString('base64'),
  'base64 with another beginning': (secret) => Buffer.from(`a ${secret}`).toString('base64'),
  'base64 in lines': (secret) =>
    Buffer.from(`the key is ${secret}`).toString('base64').replace(/.{9}/g, '$&\n'),
};

describe('the search for secrets', () => {
  it.each(Object.entries(disguises))('sees one %s', (_, disguise) => {
    for (let round = 0; round < 50; round++) {
      const secret = `sk-proj-${randomSecret(40)}`;
      const find = secretFinder({ key: secret, other: randomSecret(40) });
      const text = `Some words. ${disguise(secret)} And more of them.`;
      expect(find(text)).toBe('key');
      expect(find(Buffer.from(text))).toBe('key');
    }
  });

  it('sees any twelve characters of one, in any text', () => {
    const words = fc
      .stringMatching(/^[A-Za-z0-9+-]{24,64}$/)
      .filter((text) => new Set(text).size > 12);
    fc.assert(
      fc.property(words, fc.nat(), fc.string(), fc.string(), (secret, at, before, after) => {
        const find = secretFinder({ key: secret });
        const letters = secret.replace(/[+-]/g, '');
        const part = letters.slice(at % (letters.length - 11)).slice(0, 12);
        fc.pre(part.length === 12 && new Set(part).size >= 5);
        expect(find(`${before} ${part} ${after}`)).toBe('key');
      }),
    );
  });

  it('sees none where there is none', () => {
    const find = secretFinder({
      key: `sk-proj-${randomSecret(40)}`,
      token: `ghs_${randomSecret(36)}`,
      run: `${Buffer.from('{"typ":"JWT","alg":"RS256"}').toString('base64url')}.${randomSecret(200)}.${randomSecret(300)}`,
    });
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (text) => {
        expect(find(text)).toBeUndefined();
      }),
    );
    for (let round = 0; round < 20; round++)
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

  it('looks for a short one whole, and for none that is a common word', () => {
    expect(secretFinder({ key: 'hunter2pass' })('it is hunter2pass')).toBe('key');
    expect(secretFinder({ key: 'test' })('a test')).toBeUndefined();
    expect(secretFinder({ key: '' })('')).toBeUndefined();
    expect(secretFinder({ key: undefined })('undefined')).toBeUndefined();
  });

  it('takes time in proportion to the text, also where everything almost fits', () => {
    const secret = `sk-proj-${randomSecret(40)}`;
    const find = secretFinder({ key: secret });
    const near = secret.slice(8, 19);
    const time = (length: number) => {
      const text = `${near}+`.repeat(length / 12).replaceAll(near, () => near.slice(0, -1));
      const started = performance.now();
      expect(find(text)).toBeUndefined();
      return performance.now() - started;
    };
    time(100_000);
    expect(time(4_000_000)).toBeLessThan(40 * Math.max(time(400_000), 2));
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

  beforeEach(async () => {
    planWith = '';
    edit = exampleEdit;
    loop = await startLoop({
      script: {
        plan: () => JSON.stringify({ ...examplePlan, summary: planWith }),
        edit: (call) => edit[call.turn % edit.length] ?? 'Done.',
      },
    });
  });
  afterEach(async () => {
    // Whatever went wrong: nothing that reached GitHub holds any of it.
    for (const { raw, path } of loop.github.requests) {
      expect(finder(raw)).toBeUndefined();
      expect(finder(path)).toBeUndefined();
    }
    for (const { content } of loop.repo.artifacts.list()) expect(finder(content)).toBeUndefined();
    expect(loop.github.violations).toEqual([]);
    await loop.close();
  });

  const inputs = { 'openai-api-key': key };
  const withheld = (result: { log: string; summary: string; outputs: object }) => {
    for (const text of [masked(result.log), result.summary, JSON.stringify(result.outputs)]) {
      expect(finder(text)).toBeUndefined();
    }
  };

  it.each([
    'plain',
    'without its first characters',
    'backwards',
    'with dashes',
    'hex',
    'base64 of it and more',
  ])('is withheld from a plan: %s', async (disguise) => {
    planWith = `Use ${disguises[disguise]?.(key)} here.`;
    const attack = await attempt(loop, () => loop.plan('add a tax', { inputs }));
    expectShut(attack, 'secret-detected', { writes: [reaction, labelOff], model: true });
    withheld(attack.result);
    expect(loop.repo.artifacts.list()).toEqual([]);
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
    ['a command', [run(`echo ${[...key].join('.')}`), ...exampleEdit]],
    ['the path of a refused file', [patch(create(`src/${key.slice(8)}.ts`, 'x\n')), say('Done.')]],
  ])('is withheld from an approval: in %s', async (_, answers) => {
    expect((await loop.plan('add a tax', { inputs })).reason).toBe('ok');
    edit = answers as typeof exampleEdit;
    const attack = await attempt(loop, () => loop.approve({ inputs }));
    expectShut(attack, 'secret-detected', { writes: [labelOff], model: true });
    withheld(attack.result);
    expect(loop.repo.artifacts.list('codex-approval-1')).toEqual([]);
    expect(loop.pull.labels).not.toContain(label);
  });

  it('is withheld from a drift report', async () => {
    expect((await loop.plan('add a tax', { inputs })).reason).toBe('ok');
    expect((await loop.approve({ inputs })).reason).toBe('ok');
    planWith = disguises['in quotes']?.(key) ?? '';
    const attack = await attempt(loop, () => loop.verify({ inputs }));
    expectShut(attack, 'secret-detected', { writes: [labelOff], model: true });
    withheld(attack.result);
    expect(loop.repo.artifacts.list('codex-verification-1')).toEqual([]);
  });

  it('is withheld in debug mode, too', async () => {
    const env = { RUNNER_DEBUG: '1', ACTIONS_STEP_DEBUG: 'true' };
    const planned = await attempt(loop, () => loop.plan('add a tax', { inputs, env }));
    expect(planned.result.reason).toBe('ok');
    withheld(planned.result);
    expect(planned.writes.filter((write) => uploads.includes(write))).not.toEqual([]);
    expect(masked(planned.result.log)).not.toMatch(/ghs_embedded|sig=(?!\*)/);
  });
});
