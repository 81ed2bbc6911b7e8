/** The search for secrets in what a run is about to publish. */
import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneLine } from '../../../src/codex/run-log.ts';
import { secretFinder } from '../../../src/core/text/secrets.ts';
import { line, text } from '../../../src/report/foreign-text.ts';
import { annotation, logLines } from '../../../src/report/log.ts';
import { block, code, diffBlock, pathCode } from '../../../src/report/markdown.ts';
import { anyCharacter } from '../../support/any-character.ts';
import { disguises, keyCharacters, randomSecret } from '../../support/disguises.ts';
import { expectLinear } from '../../support/growth.ts';
import { runs } from '../../support/properties.ts';

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
      .noBias(fc.array(fc.constantFrom(...keyCharacters), { minLength: 32, maxLength: 64 }))
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
    expect(secretFinder({ key: 'x7Kq9pZ2' })('it is x7Kq9pZ2')).toBe('key');
    const hex = (text: string) => Buffer.from(text).toString('hex');
    expect(secretFinder({ key: ' hunter2pass\n' })(hex('hunter2pass'))).toBe('key');
    expect(secretFinder({ key: 'x7Kq9pZ' })(hex('x7Kq9pZ'))).toBeUndefined();
    for (const before of ['', 'a', 'is']) {
      const encoded = Buffer.from(`${before}hunter2pass.`).toString('base64');
      expect(secretFinder({ key: 'hunter2pass' })(encoded)).toBe('key');
    }
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
    // An escape in an escape in an escape.
    expectLinear(
      (length) => `%${'25'.repeat(length / 2)}41`,
      (text) => expect(find(text)).toBeUndefined(),
      1_000_000,
    );
  });
});
